"""Networks and who belongs to them, by period."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from catchment.kernel import audit
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, NotFound, Problem, Refusal
from catchment.rooms.places.models import Facility, Membership, Network
from catchment.rooms.places.types import MemberRole, NetworkKind

CAPABILITY = "places.manage"


def save_network(
    *, actor: Actor, now: datetime, code: str, name: str, kind: NetworkKind, specialty: str = ""
) -> Network:
    """Make the network of that code, or rename it. A specialty alliance names its specialty (`Invalid` else)."""
    actor.require(CAPABILITY)
    problems = [Problem(field, _("请填写")) for field, value in (("code", code), ("name", name)) if not value.strip()]
    if kind is NetworkKind.SPECIALTY_ALLIANCE and not specialty:
        problems.append(Problem("specialty", _("专科联盟需注明专科")))
    if problems:
        raise Invalid(*problems)
    with transaction.atomic():
        columns = {"name": name.strip(), "kind": kind, "specialty": specialty}
        network, created = Network.objects.update_or_create(code=code, defaults=columns)
        event = "network.create" if created else "network.update"
        audit.record(actor=actor, event=event, at=now, subject=("network", network.pk))
    return network


def join_network(
    *, actor: Actor, now: datetime, network_id: int, facility_id: int, role: MemberRole, since: date
) -> Membership:
    """Open a membership from a day on. Periods of one facility in one network never overlap, and one leads at a time.

    Raises `NotFound` for an unknown network or facility, `Refusal` where the period is taken.
    """
    actor.require(CAPABILITY)
    with transaction.atomic():
        network = Network.objects.select_for_update().filter(pk=network_id).first()
        if network is None or not Facility.objects.filter(pk=facility_id).exists():
            raise NotFound("not-found", _("没有找到这个网络或机构"))
        _require_free(network, facility_id, role, since)
        membership = Membership.objects.create(network=network, facility_id=facility_id, role=role, since=since)
        _audit(actor, now, "network.join", membership)
    return membership


def leave_network(*, actor: Actor, now: datetime, membership_id: int, until: date) -> Membership:
    """End an open membership; `until` is the first day it no longer holds. The lead leaves when no member is left.

    Raises `Invalid` for a day that is not after its beginning, `Refusal` when it has ended or others depend on it.
    """
    actor.require(CAPABILITY)
    with transaction.atomic():
        membership = Membership.objects.select_for_update().filter(pk=membership_id).first()
        if membership is None:
            raise NotFound("not-found", _("没有找到这段成员关系"))
        if membership.until is not None:
            raise Refusal("ended", _("这段成员关系已于 %s 结束") % membership.until)
        if until <= membership.since:
            raise Invalid(Problem("until", _("结束日期应晚于开始日期 %s") % membership.since))
        others = Membership.objects.filter(network_id=membership.network_id, until__isnull=True).exclude(
            pk=membership.pk
        )
        if membership.role == MemberRole.LEAD and others.exists():
            raise Refusal("lead-needed", _("网络里还有成员，牵头机构不能先退出；请先结束成员关系"))
        membership.until = until
        membership.save(update_fields=["until"])
        _audit(actor, now, "network.leave", membership)
    return membership


def _require_free(network: Network, facility_id: int, role: MemberRole, since: date) -> None:
    rows = Membership.objects.filter(network=network)
    own = rows.filter(facility_id=facility_id)
    if own.filter(until__isnull=True).exists():
        raise Refusal("member", _("这家机构已在这个网络里"))
    if own.filter(until__gt=since).exists():
        raise Refusal("overlap", _("与这家机构从前的成员期重叠，请选更晚的日期"))
    if role is MemberRole.LEAD and rows.filter(role=role, until__isnull=True).exists():
        raise Refusal("lead-taken", _("这个网络已有牵头机构"))


def _audit(actor: Actor, now: datetime, event: str, membership: Membership) -> None:
    detail = {"facility": membership.facility_id, "role": str(membership.role)}
    audit.record(actor=actor, event=event, at=now, subject=("network", membership.network_id), detail=detail)
