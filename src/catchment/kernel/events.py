"""What a lower room says has happened, for higher rooms that want to act on it in the same transaction."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Handler = Callable[..., None]
_handlers: dict[str, dict[str, Handler]] = defaultdict(dict)


def subscribe(event: str, name: str, handler: Handler) -> None:
    """Call the handler with the facts of every such event; the same name again replaces it."""
    _handlers[event][name] = handler


@contextmanager
def unheard(event: str, name: str) -> Iterator[None]:
    """Keep one subscriber out of it for the time of the `with`: bulk work that does afterwards what it would do."""
    kept = _handlers[event].pop(name, None)
    try:
        yield
    finally:
        if kept is not None:
            _handlers[event][name] = kept


def publish(event: str, **facts: Any) -> None:
    """Tell every subscriber, in the order in which they subscribed, inside the caller's transaction."""
    for handler in _handlers[event].values():
        handler(**facts)
