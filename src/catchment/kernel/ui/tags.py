"""Template tags that say time, age and numbers as people say them."""

from datetime import date, datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from catchment.kernel.ui.words import unit_words
from catchment.standards import money

register = template.Library()
MINUTE, HOUR, DAY = 60, 3600, 86400
SOON = 6 * HOUR
LONG_AGO = timedelta(days=60)


@register.filter
def ago(moment: datetime | None) -> SafeString | str:
    """How long ago, in words, exact on hover: 3 小时前; after sixty days the date itself."""
    if moment is None:
        return ""
    since = timezone.now() - moment
    if since > LONG_AGO:
        return _timed(moment, timezone.localtime(moment).strftime("%Y-%m-%d"))
    words = _("%(span)s前") % {"span": span(since)}
    return _timed(moment, _("刚刚") if since < timedelta(minutes=1) else words)


@register.filter
def left(moment: datetime | None) -> SafeString | str:
    """How long until a due time, or how long past it, exact on hover: 还剩 40 分钟 / 已超 2 天."""
    if moment is None:
        return ""
    rest = moment - timezone.now()
    late = rest < timedelta(0)
    length = _near(rest) if HOUR <= rest.total_seconds() < SOON else span(abs(rest))
    words = (_("已超 %(span)s") if late else _("还剩 %(span)s")) % {"span": length}
    return _timed(moment, words)


@register.filter
def is_past(moment: datetime | None) -> bool:
    return moment is not None and moment < timezone.now()


@register.filter
def age(birth_date: date | None) -> str:
    """Age today: years; months under three years; days under one month. A 29 February birthday counts on 1 March."""
    if birth_date is None:
        return _("年龄不详")
    today = timezone.localdate()
    months = (today.year - birth_date.year) * 12 + today.month - birth_date.month - (today.day < birth_date.day)
    if months < 1:
        return _("%(n)s天") % {"n": (today - birth_date).days}
    if months < 36:  # noqa: PLR2004 small children are counted in months
        return _("%(n)s个月") % {"n": months}
    return _("%(n)s岁") % {"n": months // 12}


@register.filter
def sex(code: str) -> str:
    """FHIR AdministrativeGender in words."""
    return {"male": _("男"), "female": _("女"), "other": _("其他")}.get(code, _("性别不详"))


@register.filter
def unit(ucum: str) -> str:
    """A unit of the record (UCUM) as people write it."""
    return unit_words(ucum)


@register.filter
def cell(count: float | None, after: str = "") -> SafeString | str:
    """A figure with what stands `after` it; a mark, explained on hover, for one withheld as too small to tell."""
    if count is None:
        return format_html('<span class="text-secondary" title="{}">＊</span>', _("人数过少，为保护个人信息不显示"))
    return f"{count}{after}"


@register.filter
def lookup(mapping: dict[str, object], key: str) -> object:
    """The value under a key that the template holds in a variable, or an empty string."""
    return mapping.get(key, "")


def span(length: timedelta) -> str:
    """A length of time in its largest fitting unit."""
    seconds = int(length.total_seconds())
    if seconds < HOUR:
        return _("%(n)s 分钟") % {"n": max(1, seconds // MINUTE)}
    if seconds < 2 * DAY:
        return _("%(n)s 小时") % {"n": seconds // HOUR}
    return _("%(n)s 天") % {"n": seconds // DAY}


def _near(rest: timedelta) -> str:
    """Hours and minutes: an hour and 59 minutes left are not one hour."""
    hours, seconds = divmod(int(rest.total_seconds()), HOUR)
    return _("%(n)s 小时 %(m)s 分") % {"n": hours, "m": seconds // MINUTE}


def _timed(moment: datetime, words: str) -> SafeString:
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', local.isoformat(), local.strftime("%Y-%m-%d %H:%M"), words
    )


@register.filter
def yuan(fen: int | str | None) -> str:
    """Fen as yuan with commas and two decimals; a dash for nothing known."""
    return "—" if fen in (None, "") else money.yuan(int(fen))
