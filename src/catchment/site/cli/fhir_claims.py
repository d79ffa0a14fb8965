"""The Claims of FHIR files, taken after the record took the people, encounters and diagnoses that they name."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catchment.site.cli import running

if TYPE_CHECKING:
    from catchment.rooms.claims.actions.taking import Intake
    from catchment.rooms.record.actions.intake.tally import Tally

KIND, CAPABILITY = "Claim", "claims.work"


def take(tally: "Tally", *, code: str, files: Sequence[Path], now: datetime) -> None:
    """Take the Claims of the files as drafts of a source; the tally tells their fates instead of `unsupported`."""
    from catchment.rooms.claims import actions

    actor = running.operator(CAPABILITY)
    _tell(tally, actions.take_rows(actor=actor, now=now, source=f"fhir:{code}", rows=claims_in(files)))


def replay(tally: "Tally", *, code: str, now: datetime) -> None:
    """Try the rejected Claims of a source again."""
    from catchment.rooms.claims import actions

    _tell(tally, actions.replay_rows(actor=running.operator(CAPABILITY), now=now, source=f"fhir:{code}"))


def rejected(code: str) -> Iterator[dict[str, Any]]:
    """The Claims of a source that stand rejected, as the record tells its own."""
    from catchment.rooms.claims import queries

    for one in queries.rejected_rows(f"fhir:{code}"):
        yield {"type": KIND, "id": one["row"], "reason": one["reason"]}


def claims_in(files: Sequence[Path]) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Every Claim of the files: its key, its fields, and why it cannot be read (empty where it can)."""
    from catchment.standards.fhir.claims import fields_of
    from catchment.standards.fhir.files import pieces
    from catchment.standards.fhir.references import own_keys

    for file in files:
        for piece in pieces(file):
            for item in piece.items:
                if item.resource is None or item.resource.get("resourceType") != KIND:
                    continue
                key = next(iter(own_keys(item.resource, item.full_url)), f"{file.name}#{item.line}")
                try:
                    yield key, {**fields_of(item.resource, item.scope), "id": key}, ""
                except (ValueError, TypeError, AttributeError, KeyError) as error:
                    yield key, {"id": key}, f"invalid: {error}"


def _tell(tally: "Tally", account: "Intake") -> None:
    from catchment.rooms.record.types import Fate

    tally.forget(KIND, Fate.UNSUPPORTED)
    for fate in (Fate.TAKEN, Fate.KNOWN):
        tally.add(KIND, fate, account[fate])
    for one in account.rejections:
        tally.reject(KIND, one["row"], file="", line=0, reason=one["reason"])
    tally.noted["history"] = account.history
