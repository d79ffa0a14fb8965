"""Filters that say the codes of indicators in the reader's words."""

from collections.abc import Sequence

from django import template
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catchment.kernel.ui.words import worded
from catchment.rooms.measures.models import Run
from catchment.rooms.measures.rules import words

register = template.Library()
WIDTH, HEIGHT = 96, 24


worded(register, "light_word", words.LIGHTS)
worded(register, "mark_word", words.MARKS)
worded(register, "status_word", words.STATUSES)
worded(register, "kind_word", words.KINDS)
worded(register, "way_word", words.DIRECTIONS)
worded(register, "place_level_word", words.LEVEL_WORDS)
worded(register, "answer_word", words.ANSWER_WORDS)


@register.filter
def number(value: float | None, digits: int = 2) -> str:
    """A number as people read it, a dash for none."""
    return words.shown(value, digits)


@register.simple_tag
def as_of(run: Run) -> str:
    """Up to when the facts of a run reach, in local time."""
    moment = parse_datetime(run.as_of) if run.as_of else run.computed_at
    return "" if moment is None else timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


@register.filter
def sparkline(values: Sequence[float | None]) -> SafeString | str:
    """A small line of the values in order; gaps are passed over, fewer than two values draw nothing."""
    known = [(at, value) for at, value in enumerate(values) if value is not None]
    if len(known) < 2:  # noqa: PLR2004 one point is no line
        return ""
    low, high = min(value for _at, value in known), max(value for _at, value in known)
    step, span = (WIDTH - 6) / max(1, len(values) - 1), (high - low) or 1.0
    points = [(3 + at * step, HEIGHT - 4 - (value - low) / span * (HEIGHT - 8)) for at, value in known]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return format_html(
        '<svg class="spark" width="{}" height="{}" viewBox="0 0 {} {}" aria-hidden="true">'
        '<polyline points="{}"/><circle cx="{}" cy="{}" r="2.5"/></svg>',
        WIDTH, HEIGHT, WIDTH, HEIGHT, line, f"{points[-1][0]:.1f}", f"{points[-1][1]:.1f}",
    )  # fmt: skip
