"""Watching the fund: looking for signs, putting them up for review, judging them. Nothing is ever deducted here."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from catchment.kernel import audit, flow, wall
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, NotFound, Problem, Refusal
from catchment.kernel.flow import Outcome, Step
from catchment.rooms.board import actions as board
from catchment.rooms.board.types import Holder, Origin, Priority, Subject
from catchment.rooms.budget.models import Evidence, Finding
from catchment.rooms.budget.queries import budgets, findings, heads, inputs, watching
from catchment.rooms.budget.queries.spending import Community
from catchment.rooms.budget.queries.watching import Span
from catchment.rooms.budget.rules.case_mix import drifts
from catchment.rooms.budget.rules.editions import WATCH, WatchItem, WatchRule
from catchment.rooms.budget.rules.steps import FINDING
from catchment.rooms.budget.rules.watching import signs
from catchment.rooms.budget.rules.work import FINDING as WORK
from catchment.rooms.budget.types import Event, FindingState, Sign, Watch
from catchment.rooms.places import queries as places
from catchment.rooms.places.models import Facility, Network
from catchment.rooms.places.types import FacilityKind
from catchment.rooms.rulebook import queries as rulebook
from catchment.rooms.staff.types import Role


def watch_year(*, actor: Actor, now: datetime, community: str, year: int) -> list[Finding]:
    """Look at the months of a year that are over. What was found before and not judged is renewed, the judged stays.

    `Refusal` before the year's first month is over.
    """
    actor.require("budget.review")
    network, today = places.network_by_code(community), timezone.localdate(now)
    span = Span(since=date(year, 1, 1), until=min(date(year + 1, 1, 1), today.replace(day=1)))
    if span.until <= span.since:
        raise Refusal("too-early", _("%d 年还没有一个完整的月份") % year)
    edition = rulebook.edition_on(WATCH, span.until)
    rule = WatchRule.model_validate(edition.content)
    with transaction.atomic(), wall.acting("budget"):
        found = [
            _keep(actor, now, network, span, sign, events, edition.version, rule)
            for sign, events in _seen(network, rule, span)
        ]
        detail = {"year": year, "found": len(found)}
        audit.record(actor=actor, event="budget.watch", at=now, subject=("network", network.pk), detail=detail)
    return found


def judge(*, actor: Actor, now: datetime, finding_id: int, verb: str, outcome: str) -> Finding:
    """Say what a finding is: confirmed, explained, or nothing; with the reason in words."""
    if not outcome.strip():
        raise Invalid(Problem("outcome", _("请写明复核结论")))

    def effects(finding: Finding, _step: Step) -> Outcome:
        finding.outcome, finding.judged_by = outcome.strip(), actor.name
        return Outcome()

    if not Finding.objects.filter(pk=finding_id).exists():
        raise NotFound("not-found", _("没有这条风险提示"))
    with transaction.atomic():
        finding = flow.perform(
            FINDING,
            Finding.objects.filter(pk=finding_id),
            verb=verb,
            actor=actor,
            now=now,
            sides=lambda _row: findings.sides_of(actor),
            effects=effects,
            reason=("", outcome.strip()),
        )
        with wall.acting("budget"):
            board.settle_work(actor=actor, now=now, subject=_subject(finding))
        return finding


def open_evidence(*, actor: Actor, now: datetime, finding: Finding) -> list[Evidence]:
    """The events behind a finding, as far as the post may see them; that they were opened is noted for each person."""
    actor.require("budget.evidence")
    rows = list(findings.evidence_of(finding))
    for person in sorted({row.person_id for row in rows}):
        audit.record(
            actor=actor, event="budget.evidence", at=now, person_id=person, subject=(FINDING.kind, finding.pk)
        )  # fmt: skip
    return rows


def _seen(network: Network, rule: WatchRule, span: Span) -> list[tuple[Sign, list[Event]]]:
    _edition, model = budgets.model_on(span.since)
    of = inputs.community_of(network, model)
    counted = heads.heads_on(of, span.since).total, heads.heads_on(of, span.before.since).total
    return [
        (sign, watching.events_behind(item, sign, of, span))
        for item in rule.items
        for sign in _signs(item, of, span, counted)
    ]


def _signs(item: WatchItem, of: Community, span: Span, heads_counted: tuple[int, int]) -> list[Sign]:
    if item.watch is Watch.CASE_MIX:
        return drifts(item, watching.weighed(item, of, span), span.since.year, span.until)
    return signs(item, watching.figures(item, of, span, heads_counted))


def _keep(
    actor: Actor,
    now: datetime,
    network: Network,
    span: Span,
    sign: Sign,
    events: list[Event],
    edition: str,
    rule: WatchRule,
) -> Finding:
    known = Finding.objects.filter(
        network=network, facility=sign.facility_id, watch=sign.watch, year=span.since.year
    ).first()
    if known is not None and known.state != FindingState.OPEN:
        return known
    finding = known or Finding(
        network=network, facility_id=sign.facility_id, watch=sign.watch.value, year=span.since.year,
        state=FindingState.OPEN.value, state_since=now, found_at=now,
    )  # fmt: skip
    _figures(finding, span, sign, edition)
    finding.save()
    Evidence.objects.filter(finding=finding).delete()
    Evidence.objects.bulk_create(_evidence(finding, event) for event in events)
    if known is None:
        flow.write_event(FINDING, finding, "find", "", actor, now)
        _put(now, finding, rule)
    return finding


def _figures(finding: Finding, span: Span, sign: Sign, edition: str) -> None:
    finding.until = span.until
    finding.value, finding.limit = f"{float(sign.value):.1f}", f"{float(sign.limit):g}"
    finding.before = "" if sign.before is None else f"{float(sign.before):.1f}"
    finding.counted, finding.of = sign.counted, sign.of
    finding.why, finding.edition = sign.why.as_dict(), edition


def _evidence(finding: Finding, event: Event) -> Evidence:
    return Evidence(
        finding=finding, person_id=event.person_id, kind=event.kind, event_id=event.key, day=event.day,
        place=event.facility, what=event.what[:200], fund=event.fund,
    )  # fmt: skip


def _put(now: datetime, finding: Finding, rule: WatchRule) -> None:
    office = Facility.objects.filter(kind=FacilityKind.INSURANCE_OFFICE, active=True).order_by("pk").first()
    holder = office or inputs.lead_of(finding.network)
    with override("zh-hans"):
        words = {item.watch.value: item.zh for item in rule.items}[finding.watch]
        place = finding.facility.name if finding.facility else finding.network.name
    board.put_work(
        now=now,
        kind=WORK.code,
        subject=_subject(finding),
        holder=Holder(facility_id=holder.pk, role=Role.INSURANCE_OFFICER.value if office else ""),
        origin=Origin(facility_id=holder.pk),
        priority=Priority.ORDINARY,
        headline=f"{words} · {place} · {finding.year}",
        due_at=now + timedelta(days=rule.review_days),
    )


def _subject(finding: Finding) -> Subject:
    return Subject(kind=FINDING.kind, key=finding.pk, ref=str(finding.public_id))
