"""Publishing editions. An edition is never changed; a correction is a new one."""

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from catchment.kernel import audit
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.rulebook import queries
from catchment.rooms.rulebook.actions.files import read_yaml
from catchment.rooms.rulebook.models import Edition
from catchment.rooms.rulebook.rules import check_content
from catchment.rooms.rulebook.types import EditionForm

ROOMS = Path(__file__).resolve().parents[2]


def publish_edition(*, actor: Actor, now: datetime, form: EditionForm) -> Edition:
    """Publish one edition. Raises `Invalid` naming what is wrong; an edition's version and first day are its own."""
    return _publish(actor, now, [form])[0]


def publish_defaults(*, actor: Actor, now: datetime) -> list[Edition]:
    """Publish the editions that rooms ship, where a rule has none of that version yet."""
    known = set(Edition.objects.values_list("key", "version"))
    return _publish(actor, now, [form for form in _shipped() if (form.key, form.version) not in known])


@cache
def _shipped() -> tuple[EditionForm, ...]:
    texts = (path.read_text(encoding="utf-8") for path in sorted(ROOMS.glob("*/editions/*.yaml")))
    return tuple(read_yaml(text, shipped=True) for text in texts)


def _publish(actor: Actor, now: datetime, forms: list[EditionForm]) -> list[Edition]:
    actor.require("rulebook.publish")
    for form in forms:
        check_content(form.key, form.content)
    _require_new(forms)
    with transaction.atomic():
        editions = Edition.objects.bulk_create(_edition(form, actor, now) for form in forms)
        for one in editions:
            detail = {"key": one.key, "version": one.version, "digest": one.digest}
            audit.record(actor=actor, event="rulebook.publish", at=now, subject=("edition", one.pk), detail=detail)
    queries.forget()
    return editions


def _edition(form: EditionForm, actor: Actor, now: datetime) -> Edition:
    return Edition(
        **{name: getattr(form, name) for name in EditionForm.__dataclass_fields__},
        digest=hashlib.sha256(orjson.dumps(form.content, option=orjson.OPT_SORT_KEYS)).hexdigest(),
        published_at=now,
        published_by=actor.name,
    )


def _require_new(forms: list[EditionForm]) -> None:
    rows = Edition.objects.filter(key__in={form.key for form in forms})
    taken = {(key, value) for key, *values in rows.values_list("key", "version", "in_force_from") for value in values}
    for form in forms:
        if (form.key, form.version) in taken:
            raise Invalid(Problem("version", _("版本 %s 已经发布，请换一个版本号") % form.version))
        if (form.key, form.in_force_from) in taken:
            raise Invalid(Problem("in_force_from", _("已有一版自 %s 起生效，请换一个日期") % form.in_force_from))
        taken |= {(form.key, form.version), (form.key, form.in_force_from)}
