"""Questions about staff."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from catchment.kernel import compiled
from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.rooms.people import queries as people
from catchment.rooms.people.models import Person
from catchment.rooms.places.models import Facility
from catchment.rooms.places.queries import open_on
from catchment.rooms.places.types import Level
from catchment.rooms.rulebook import queries as rulebook
from catchment.rooms.staff.models import ApiToken, CareResponsibility, Post, Practitioner
from catchment.rooms.staff.rules import (
    CAPABILITY_CHANGES,
    FAMILY_DOCTORS,
    SECOND_FACTOR,
    SESSION,
    CapabilityRule,
    SecondFactorRule,
    SessionRule,
    capabilities_of,
    digest_of,
    role_label,
)
from catchment.rooms.staff.types import Banner, Role


class LiveToken(NamedTuple):
    """A token that is good now and the post behind it; `scopes` as JSON, `beneath` the clinics it answers for."""

    pk: int
    scopes: str | None
    last_used_at: datetime | None
    role: str
    post_id: int
    practitioner_id: int
    user_id: int | None
    name: str
    facility_id: int
    facility_name: str
    unit: str | None
    beneath: list[int]


def actor_of_post(
    post_id: int, *, user_id: int, begun: datetime | None = None, request_id: str = "", day: date | None = None
) -> Actor | None:
    """The actor of an open post that belongs to this user; `None` when it has ended or is somebody else's.

    `begun`: when the session did; `None` too for one that began before its user ended all sessions. `day`: whose
    edition of capabilities holds; without one the installed capabilities do.
    """
    post = (
        _with_scope(Post.objects.select_related("practitioner", "facility", "service"))
        .filter(pk=post_id, until__isnull=True, practitioner__active=True, practitioner__user_id=user_id)
        .filter(_not_ended(begun))
        .first()
    )
    return None if post is None else actor_for(post, request_id=request_id, beneath=post.answered_for, day=day)


def _not_ended(begun: datetime | None) -> Q:
    never = Q(practitioner__sessions_ended_at__isnull=True)
    return never if begun is None else never | Q(practitioner__sessions_ended_at__lt=begun)


def capabilities_on(role: str, day: date) -> frozenset[str]:
    """What the role may do on a day, by the installed capabilities and the county's own changes to them."""
    try:
        return capabilities_of(role, rulebook.rule_on(CAPABILITY_CHANGES, day, CapabilityRule))
    except NotFound:
        return capabilities_of(role)


def idle_limit(role: str, day: date) -> timedelta:
    """How long a session through this role may rest by the edition of the day; an hour where there is none."""
    try:
        return rulebook.rule_on(SESSION, day, SessionRule).idle_of(role)
    except NotFound:
        return timedelta(hours=1)


def second_factor_due(post_id: int, role: str, day: date) -> date | None:
    """The last day on which this post may do without a second factor; `None` when its role need not have one."""
    try:
        edition = rulebook.edition_on(SECOND_FACTOR, day)
    except NotFound:
        return None
    rule = rulebook.rule_on(SECOND_FACTOR, day, SecondFactorRule)
    if role not in rule.roles:
        return None
    since = Post.objects.values_list("since", flat=True).get(pk=post_id)
    return max(since, edition.in_force_from) + timedelta(days=rule.grace_days)


def live_token(secret: str, now: datetime) -> LiveToken | None:
    """The token of a secret with its post; `None` for one that is unknown, revoked or past its time."""
    found = compiled.rows(_live_tokens, digest_of(secret), now)
    return LiveToken(*found[0]) if found else None


def _live_tokens(digest: str, now: datetime) -> QuerySet[Any, tuple[Any, ...]]:
    rows = (
        ApiToken.objects.filter(digest=digest, revoked_at__isnull=True, expires_at__gt=now)
        .filter(post__until__isnull=True, post__practitioner__active=True)
        .exclude(post__practitioner__user__is_active=False)
    )
    found: QuerySet[Any, tuple[Any, ...]] = rows.values_list(
        "pk", "scopes", "last_used_at", "post__role", "post_id", "post__practitioner_id", "post__practitioner__user_id",
        "post__practitioner__name", "post__facility_id", "post__facility__name", "post__service__name",
        _answered_for("post__facility"),
    )  # fmt: skip
    return found


def actor_of_token(token: LiveToken, *, request_id: str = "", day: date) -> Actor:
    """The actor behind a `live_token`: its post, with the capabilities that both its role and its scopes have."""
    given = capabilities_on(token.role, day)
    return Actor(
        role=token.role,
        capabilities=given if token.scopes is None else given & frozenset(json.loads(token.scopes)),
        user_id=token.user_id,
        post_id=token.post_id,
        facility_id=token.facility_id,
        practitioner_id=token.practitioner_id,
        name=token.name,
        facility_name=token.facility_name,
        unit=token.unit or "",
        role_label=role_label(token.role),
        request_id=request_id,
        scope=frozenset({token.facility_id, *token.beneath}),
    )


def actor_for(post: Post, *, request_id: str = "", beneath: Iterable[int] = (), day: date | None = None) -> Actor:
    """The actor that a post is, answering for its facility and for those `beneath` it, with the rights of a `day`.

    `post` needs its practitioner, facility and service loaded.
    """
    return Actor(
        role=post.role,
        capabilities=capabilities_of(post.role) if day is None else capabilities_on(post.role, day),
        user_id=post.practitioner.user_id,
        post_id=post.pk,
        facility_id=post.facility_id,
        practitioner_id=post.practitioner_id,
        name=post.practitioner.name,
        facility_name=post.facility.name,
        unit=post.service.name if post.service else "",
        role_label=role_label(post.role),
        request_id=request_id,
        scope=frozenset({post.facility_id, *beneath}),
    )


def user_named(name: str, *, by: str) -> Any | None:
    """The sign-in of the practitioner who works here with this staff code or username; `None` for any other."""
    field = {"staff-code": "code", "username": "user__username"}[by]
    rows = Practitioner.objects.select_related("user").filter(active=True, user__isnull=False, **{field: name})
    found = rows.first()
    return found.user if found else None


def posts_of_user(user_id: int, day: date) -> list[Post]:
    """The posts a user may act through on a day."""
    rows = Post.objects.filter(open_on(day), practitioner__user_id=user_id, practitioner__active=True)
    return list(rows.select_related("practitioner", "facility", "service").order_by("id"))


def demo_posts() -> list[Post]:
    """The posts of the demo's cast: practitioners whose code begins with `demo-`, from the village up."""
    rows = Post.objects.filter(practitioner__code__startswith="demo-", until__isnull=True)
    order = {role.value: place for place, role in enumerate(Role)}
    found = rows.select_related("practitioner__user", "facility", "service").order_by("id")
    return sorted(found, key=lambda post: order.get(post.role, len(order)))


def demo_post(code: str) -> Post | None:
    """The post of one of the demo's cast."""
    return next((post for post in demo_posts() if post.practitioner.code == code), None)


def post_line(post: Post) -> dict[str, Any]:
    """A post as a page offers it."""
    return {
        "code": post.practitioner.code,
        "name": post.practitioner.name,
        "role": post.role,
        "role_label": role_label(post.role),
        "unit": post.service.name if post.service else "",
        "facility_name": post.facility.name,
        "facility_code": post.facility.code,
    }


def _with_scope(rows: QuerySet[Post]) -> QuerySet[Any]:
    return rows.annotate(answered_for=_answered_for("facility"))


def _answered_for(facility: str) -> ArraySubquery:
    """The village clinics of a township's or community's centre: it answers for their residents too."""
    clinics = Facility.objects.filter(parent=OuterRef(facility), parent__level=Level.TOWNSHIP, level=Level.VILLAGE)
    return ArraySubquery(clinics.order_by("pk").values("pk"))


def post_of_role(role: Role, day: date) -> Post | None:
    """The first open post of a role in the network on a day; `None` when nobody holds one."""
    rows = Post.objects.filter(open_on(day), role=role, practitioner__active=True)
    return rows.select_related("facility").order_by("id").first()


def answering_on(day: date) -> Q:
    """Which responsibilities hold on a day: begun, not ended, and no contract past the last day it was agreed for."""
    return open_on(day) & (Q(agreed_until__isnull=True) | Q(agreed_until__gte=day))


def has_contract(person_id: int, day: date) -> bool:
    """Whether a family doctor's contract with the person runs on a day."""
    return bool(compiled.rows(_contracts, person_id, day))


def _contracts(person_id: int, day: date) -> QuerySet[CareResponsibility, tuple[int]]:
    rows = CareResponsibility.objects.filter(answering_on(day), person_id=person_id, contracted=True)
    return rows.values_list("pk")[:1]


def family_doctors(facility_id: int | None, day: date) -> list[Post]:
    """The open posts of a facility that may answer for residents; only its own posts sign with them."""
    found = posts_at(facility_id, day) if facility_id else []
    return [one for one in found if one.role in FAMILY_DOCTORS and one.until is None]


def responsible_post(person_id: int, day: date) -> CareResponsibility | None:
    """Who answers for the person on a day."""
    rows = CareResponsibility.objects.filter(answering_on(day), person_id=person_id)
    return rows.select_related("post__practitioner", "post__facility").first()


def responsibilities_of(person_id: int) -> list[CareResponsibility]:
    """Who answers and answered for the person, latest first."""
    rows = CareResponsibility.objects.filter(person_id=person_id)
    return list(rows.select_related("post__practitioner", "post__facility").order_by("-since", "-pk"))


def person_in_care(public_id: UUID, day: date) -> tuple[Person, Banner]:
    """The person of an identifier, or the one they were merged into, and their banner of a day. One query.

    Raises `NotFound`, and `NotAllowed` with `no-relation` for whom the acting post may find but not open.
    """
    try:
        return _in_care(public_id, day)
    except NotFound:
        raise people.refusal_for(public_id) from None


def _in_care(public_id: UUID, day: date) -> tuple[Person, Banner]:
    held = CareResponsibility.objects.filter(answering_on(day), person_id=OuterRef("pk"))
    rows = Person.objects.select_related("area", "primary_facility", "household").annotate(
        doctor_name=Subquery(held.values("post__practitioner__name")[:1]),
        doctor_facility_name=Subquery(held.values("post__facility__name")[:1]),
        contracted=Subquery(held.values("contracted")[:1]),
    )
    person = rows.filter(
        pk=Subquery(Person.objects.filter(public_id=public_id).values(kept=Coalesce("merged_into_id", "pk"))[:1])
    ).first()
    if person is None:
        raise NotFound("no-such-person", _("没有找到这位居民"))
    banner = Banner(
        **asdict(people.banner(person)),
        doctor_name=person.doctor_name or "",
        doctor_facility_name=person.doctor_facility_name or "",
        contracted=bool(person.contracted),
    )
    return person, banner


def posts_at(facility_id: int, day: date) -> list[Post]:
    """Who works at a facility on a day, by role and name."""
    rows = Post.objects.filter(open_on(day), facility_id=facility_id, practitioner__active=True)
    return list(rows.select_related("practitioner", "service").order_by("role", "practitioner__name", "id"))


def posts_of(practitioner_id: int) -> list[Post]:
    """Every post a practitioner ever held, latest first."""
    rows = Post.objects.filter(practitioner_id=practitioner_id).select_related("facility", "service")
    return list(rows.order_by("-since", "-id"))


def open_posts(day: date, *, facility_code: str = "", text: str = "") -> list[Post]:
    """Posts that are open on a day: all, or of one facility, or of practitioners by part of name or code."""
    rows = Post.objects.filter(open_on(day)).select_related("practitioner__user", "facility", "service")
    if facility_code:
        rows = rows.filter(facility__code=facility_code)
    if text:
        rows = rows.filter(Q(practitioner__name__icontains=text) | Q(practitioner__code__icontains=text))
    return list(rows.order_by("facility__code", "role", "practitioner__code"))


def practitioner_by_code(code: str) -> Practitioner:
    """The practitioner of a staff code; `NotFound` when there is none."""
    practitioner = Practitioner.objects.select_related("user").filter(code=code).first()
    if practitioner is None:
        raise NotFound("no-such-practitioner", _("没有找到工号 %s 的人员") % code)
    return practitioner


def tokens(*, facility_code: str = "") -> list[ApiToken]:
    """Every token ever issued, revoked and expired ones included; never the secret, which nobody has."""
    rows = ApiToken.objects.select_related("post__practitioner", "post__facility")
    if facility_code:
        rows = rows.filter(post__facility__code=facility_code)
    return list(rows.order_by("id"))
