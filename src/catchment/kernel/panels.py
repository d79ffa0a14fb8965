"""How a lower page shows what a higher room knows: rooms register panels, the page asks for them by place."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

Panel = Callable[..., Any]
_panels: dict[str, list[tuple[int, str, Panel]]] = defaultdict(list)


def register(place: str, name: str, panel: Panel, *, order: int = 50) -> None:
    """Add a panel to a place; registering the same name again replaces it, so that reloading is harmless."""
    kept = [entry for entry in _panels[place] if entry[1] != name]
    _panels[place] = sorted([*kept, (order, name, panel)], key=lambda entry: (entry[0], entry[1]))


def gather(place: str, **facts: Any) -> list[tuple[str, Any]]:
    """What every panel of the place answers, in order, those that have nothing to show (`None`) left out."""
    answers = ((name, panel(**facts)) for _, name, panel in _panels[place])
    return [(name, answer) for name, answer in answers if answer is not None]


def merged(place: str, **facts: Any) -> dict[str, Any]:
    """One dictionary of what every panel of the place answers; each panel has keys of its own."""
    return {key: value for _name, answer in gather(place, **facts) for key, value in answer.items()}
