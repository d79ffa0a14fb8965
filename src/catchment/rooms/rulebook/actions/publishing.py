"""Publishing editions. An edition is never changed; a correction is a new one."""

import hashlib
from datetime import datetime
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
    actor.require("rulebook.publish")
    check_content(form.key, form.content)
    _require_new(form)
    with transaction.atomic():
        edition = Edition.objects.create(
            **{name: getattr(form, name) for name in EditionForm.__dataclass_fields__},
            digest=hashlib.sha256(orjson.dumps(form.content, option=orjson.OPT_SORT_KEYS)).hexdigest(),
            published_at=now,
            published_by=actor.name,
        )
        detail = {"key": form.key, "version": form.version, "digest": edition.digest}
        audit.record(actor=actor, event="rulebook.publish", at=now, subject=("edition", edition.pk), detail=detail)
    queries.forget()
    return edition


def publish_defaults(*, actor: Actor, now: datetime) -> list[Edition]:
    """Publish the editions that rooms ship, where a rule has none of that version yet."""
    known = set(Edition.objects.values_list("key", "version"))
    forms = [read_yaml(path.read_text(encoding="utf-8")) for path in sorted(ROOMS.glob("*/editions/*.yaml"))]
    fresh = [form for form in forms if (form.key, form.version) not in known]
    return [publish_edition(actor=actor, now=now, form=form) for form in fresh]


def _require_new(form: EditionForm) -> None:
    same = Edition.objects.filter(key=form.key)
    if same.filter(version=form.version).exists():
        raise Invalid(Problem("version", _("版本 %s 已经发布，请换一个版本号") % form.version))
    if same.filter(in_force_from=form.in_force_from).exists():
        raise Invalid(Problem("in_force_from", _("已有一版自 %s 起生效，请换一个日期") % form.in_force_from))
