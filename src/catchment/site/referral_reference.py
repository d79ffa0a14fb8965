"""What the reference page of referral says, written from the tables of steps and the default editions."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import override

from catchment.kernel.flow import Step, Table
from catchment.rooms.referral import rules

EDITIONS = Path(rules.__file__).resolve().parents[1] / "editions"
SIDES = {"sender": "sender", "receiver": "receiver", "system": "the clock"}
Row = tuple[str, ...]


def states(table: Table, named: Any) -> list[Row]:
    """Code and name of every state, and whether it is an end."""
    with override("zh-hans"):
        return [
            (f"`{state.value}`", str(named[state]), "yes" if state.value in table.final else "")
            for state in table.states
        ]


def steps(table: Table, named: Any) -> list[Row]:
    """Every step: name, from, to, who takes it and by what capability, its list of reasons, the clock it starts."""
    with override("zh-hans"):
        return [_step(step, named[step.verb]) for step in table.steps]


def _step(step: Step, name: object) -> Row:
    return (
        f"`{step.verb}` {name}",
        ", ".join(f"`{source}`" for source in step.sources),
        f"`{step.target}`" if step.target else "stays",
        SIDES[step.side],
        f"`{step.capability}`",
        ", ".join(step.variants),
        step.reasons,
        step.clock,
    )


def urgencies() -> list[Row]:
    """The times of each urgency in the default edition."""
    return [
        (
            f"`{item['code']}` {item['zh']}",
            _minutes(item["accept_minutes"]),
            ", then ".join(f"{rung['role']} {_minutes(rung['minutes'])}" for rung in item["escalation"]),
            _minutes(item["expire_minutes"]),
            f"{item['arrive_days']} d",
            "yes" if item["phone_first"] else "",
        )
        for item in _edition("urgency")["content"]["urgencies"]
    ]


def times() -> list[Row]:
    """The other times of the default edition, each with its unit in its name."""
    return [(f"`{name}`", str(value)) for name, value in _edition("times")["content"].items()]


def editions() -> Iterator[Row]:
    """Every edition of referral: key, title, version, whether a person verified it, its source."""
    for path in sorted(EDITIONS.glob("*.yaml")):
        told = _edition(path.stem)
        verified = "yes" if told["verified"] else "no"
        yield f"`{told['key']}`", told["title"], told["version"], verified, " ".join(told["source"].split())


def _edition(name: str) -> Any:
    return yaml.safe_load((EDITIONS / f"{name}.yaml").read_text(encoding="utf-8"))


def _minutes(count: int) -> str:
    """A count of minutes in its largest whole unit."""
    for size, unit in ((1440, "d"), (60, "h")):
        if count % size == 0:
            return f"{count // size} {unit}"
    return f"{count} min"
