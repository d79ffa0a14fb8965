"""The one place that reads the time. Only doors and jobs call it; everything beneath is told."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, timezone-aware, UTC."""
    return datetime.now(UTC)
