"""Questions about staff."""

import hashlib
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from catchment.kernel.actor import Actor
from catchment.rooms.staff.models import ApiToken, CareResponsibility, Post
from catchment.rooms.staff.rules import capabilities_of, role_label


def open_on(day: date) -> Q:
    """Filter for rows with a `since`/`until` period that covers the day."""
    return Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gt=day))


def actor_of_post(post_id: int, *, user_id: int, request_id: str = "") -> Actor | None:
    """The actor of an open post that belongs to this user; `None` when it has ended or is somebody else's."""
    post = (
        Post.objects.select_related("practitioner", "facility", "service")
        .filter(pk=post_id, until__isnull=True, practitioner__active=True, practitioner__user_id=user_id)
        .first()
    )
    return None if post is None else actor_for(post, request_id=request_id)


def actor_of_token(token: str, now: datetime, *, request_id: str = "") -> Actor | None:
    """The actor behind a system's token; `None` for one that is unknown, revoked or past its time."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    row = (
        ApiToken.objects.select_related("post__practitioner", "post__facility", "post__service")
        .filter(digest=digest, revoked_at__isnull=True, expires_at__gt=now, post__until__isnull=True)
        .first()
    )
    return None if row is None else actor_for(row.post, request_id=request_id)


def actor_for(post: Post, *, request_id: str = "") -> Actor:
    """The actor that a post is. `post` needs its practitioner, facility and service loaded."""
    return Actor(
        role=post.role,
        capabilities=capabilities_of(post.role),
        user_id=post.practitioner.user_id,
        post_id=post.pk,
        facility_id=post.facility_id,
        practitioner_id=post.practitioner_id,
        name=post.practitioner.name,
        facility_name=post.facility.name,
        unit=post.service.name if post.service else "",
        role_label=role_label(post.role),
        request_id=request_id,
    )


def posts_of_user(user_id: int, day: date) -> list[Post]:
    """The posts a user may act through on a day."""
    rows = Post.objects.filter(open_on(day), practitioner__user_id=user_id, practitioner__active=True)
    return list(rows.select_related("practitioner", "facility", "service").order_by("id"))


def demo_posts() -> list[Post]:
    """The posts of the demo's cast: practitioners whose code begins with `demo-`, in the order of the story."""
    rows = Post.objects.filter(practitioner__code__startswith="demo-", until__isnull=True)
    return list(rows.select_related("practitioner__user", "facility", "service").order_by("id"))


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


def responsible_post(person_id: int) -> CareResponsibility | None:
    """Who answers for the person now."""
    rows = CareResponsibility.objects.filter(person_id=person_id, until__isnull=True)
    return rows.select_related("post__practitioner", "post__facility").first()
