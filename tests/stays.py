"""Stays of the small county's person, and claims of them at every step."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import county as small
from catchment.kernel.actor import system
from catchment.rooms.claims import actions, queries
from catchment.rooms.claims.models import Claim, Settlement
from catchment.rooms.people.models import Coverage
from catchment.rooms.record.models import Condition, Encounter, Source
from catchment.rooms.rulebook import queries as rulebook
from catchment.rooms.rulebook.models import Edition

CLERK = system("tests", "claims.work")


def maker(county):
    """A function that writes a finished stay of the county's person, 1,000 yuan a part, and gives its key."""
    source = Source.objects.create(code="s", name="s", kind="native")
    Coverage.objects.create(person=county.person, kind="resident")

    def make(begins=date(2026, 1, 5), days=6, code="J18.900", facility=None, person=None, also=(), parts=None, **more):
        at = datetime(begins.year, begins.month, begins.day, 2, tzinfo=UTC)
        parts = parts or {"drug": 100_000, "exam": 100_000, "lab": 100_000, "service": 100_000, "fund": 7}
        given = {"status": "finished", "klass": "IMP", "reason_code": code, "reason": "x", **more}
        row = Encounter.objects.create(
            person=person or county.person, facility=facility or county.hospital, source=source, at=at,
            ended_at=at + timedelta(days=days), recorded_at=at, cost_parts=parts,
            cost_fen=sum(amount for name, amount in parts.items() if name != "fund"), **given,
        )  # fmt: skip
        for one in also:
            Condition.objects.create(
                person=row.person, facility=row.facility, source=source, encounter=row, code=one, display=one,
                status="active", at=at, recorded_at=at,
            )  # fmt: skip
        return row.pk

    return make


def made(*keys):
    told, _left = queries.from_encounters(keys)
    return actions.make_claims(actor=CLERK, now=small.NOW, told=told)


def checked(*keys):
    claims = made(*keys)
    actions.check_claims(actor=CLERK, now=small.NOW, claim_ids=[one.pk for one in claims])
    return [Claim.objects.get(pk=one.pk) for one in claims]


def settled(*keys):
    claims = checked(*keys)
    actions.settle_claims(actor=CLERK, now=small.NOW, claim_ids=[one.pk for one in claims])
    return [Claim.objects.get(pk=one.pk) for one in claims]


def mended(claim, **changes):
    content = replace(queries.content_of(claim), **changes)
    return actions.mend_claim(actor=CLERK, now=small.NOW, claim_id=claim.pk, content=content)


def live(claim):
    return Settlement.objects.get(claim=claim, cancelled_at__isnull=True)


def codes(claim):
    return {one["code"]: one["severity"] for one in claim.findings}


def sent(page, **changes):
    """What the mending page's form would send as it stands, with some fields typed over."""
    form = page.context["form"]
    lists = (form.diagnoses, form.procedures, form.lines)
    parts = [form.basics, *(part for rows in lists for part in (rows.management_form, *rows))]
    told = {field.html_name: field.field.prepare_value(field.value()) for part in parts for field in part}
    return {**{name: str(value) for name, value in told.items() if value is not None and value is not False}, **changes}


def amend(key, **changes):
    """The edition in force says something else from now on."""
    edition = Edition.objects.get(key=key)
    edition.content = {**edition.content, **changes}
    edition.save()
    rulebook.forget()
