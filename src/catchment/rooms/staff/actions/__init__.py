"""Every write about staff: practitioners, posts, sign-ins, tokens, who answers for whom."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel import audit
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, NotFound, Problem, Refusal
from catchment.rooms.places.models import Facility, Service
from catchment.rooms.staff import queries
from catchment.rooms.staff.actions.accounts import issue_password_link, reset_second_factor, set_user_active
from catchment.rooms.staff.actions.responsibility import assign_responsibility, end_lapsed, end_responsibility
from catchment.rooms.staff.models import ApiToken, CareResponsibility, Post, Practitioner
from catchment.rooms.staff.rules import capabilities_of, digest_of
from catchment.rooms.staff.types import IssuedToken, Role

__all__ = [
    "act_by_token", "assign_responsibility", "close_post", "create_practitioner", "create_user_for",
    "end_lapsed", "end_responsibility", "end_sessions", "issue_password_link", "issue_token", "open_post",
    "reset_second_factor",
    "revoke_token", "set_user_active",
]  # fmt: skip

CAPABILITY = "staff.manage"
PREFIX: Final = "ct_"
LONGEST_TOKEN: Final = timedelta(days=366)
USE_KEPT_EVERY: Final = timedelta(minutes=1)


def create_practitioner(
    *, actor: Actor, now: datetime, code: str, name: str, sex: str = "", title: str = "", phone: str = ""
) -> Practitioner:
    """Enter somebody who works here. Raises `Invalid` by field, among them a code that is taken."""
    actor.require(CAPABILITY)
    problems = [Problem(field, _("请填写")) for field, value in (("code", code), ("name", name)) if not value.strip()]
    if Practitioner.objects.filter(code=code.strip()).exists():
        problems.append(Problem("code", _("工号 %s 已有人使用，请换一个") % code))
    if problems:
        raise Invalid(*problems)
    with transaction.atomic():
        practitioner = Practitioner.objects.create(
            code=code.strip(), name=name.strip(), sex=sex, title=title, phone=phone
        )
        _audit(actor, now, "practitioner.create", "practitioner", practitioner.pk)
    return practitioner


def open_post(
    *,
    actor: Actor,
    now: datetime,
    practitioner_id: int,
    facility_id: int,
    role: Role,
    since: date,
    service_id: int | None = None,
) -> Post:
    """Let a practitioner act at a facility in a role from a day on.

    Raises `Invalid` by field, `Refusal` when the same post is open or was open on that day.
    """
    actor.require(CAPABILITY)
    _require_parts(practitioner_id, facility_id, service_id)
    with transaction.atomic():
        Practitioner.objects.select_for_update().get(pk=practitioner_id)
        same = Post.objects.filter(practitioner_id=practitioner_id, facility_id=facility_id, role=role)
        if same.filter(until__isnull=True).exists() or same.filter(until__gt=since).exists():
            raise Refusal("post-open", _("这位人员在该机构已有同样的岗位，或日期重叠"))
        post = Post.objects.create(
            practitioner_id=practitioner_id, facility_id=facility_id, role=role, since=since, service_id=service_id
        )
        _audit(actor, now, "post.open", "post", post.pk)
    return post


def close_post(*, actor: Actor, now: datetime, post_id: int, until: date) -> Post:
    """End a post (`until` is the first day without it), its tokens with it. People it answered for need a new doctor.

    Raises `Invalid` for a day that is not after its beginning or still to come, `Refusal` when it has ended.
    """
    actor.require(CAPABILITY)
    with transaction.atomic():
        post = Post.objects.select_for_update().filter(pk=post_id).first()
        if post is None:
            raise NotFound("no-such-post", _("没有找到这个岗位"))
        if post.until is not None:
            raise Refusal("ended", _("这个岗位已于 %s 结束") % post.until)
        if until <= post.since:
            raise Invalid(Problem("until", _("结束日期应晚于开始日期 %s") % post.since))
        if until > timezone.localdate(now):
            raise Invalid(Problem("until", _("岗位结束请在当天或之后办理，不能提前填写 %s") % until))
        post.until = until
        post.save(update_fields=["until"])
        ApiToken.objects.filter(post=post, revoked_at__isnull=True).update(revoked_at=now)
        ended = CareResponsibility.objects.filter(post=post, until__isnull=True, since__lt=until).update(until=until)
        _audit(actor, now, "post.close", "post", post.pk, residents=ended)
    return post


def create_user_for(
    *, actor: Actor, now: datetime, practitioner_id: int, username: str, password: str | None = None
) -> User:
    """Give a practitioner a sign-in; without a password nobody can sign in with it until one is set.

    Raises `Invalid` for a name that is taken or a password the site's rules refuse, `Refusal` for a second sign-in.
    """
    actor.require(CAPABILITY)
    with transaction.atomic():
        practitioner = Practitioner.objects.select_for_update().filter(pk=practitioner_id).first()
        if practitioner is None:
            raise NotFound("no-such-practitioner", _("没有找到这位人员"))
        if practitioner.user_id is not None:
            raise Refusal("has-user", _("这位人员已有登录账号"))
        _require_sound_sign_in(username, password)
        user = User.objects.create_user(username=username.strip(), password=password)
        practitioner.user = user
        practitioner.save(update_fields=["user"])
        _audit(actor, now, "user.create", "practitioner", practitioner.pk)
    return user


def end_sessions(*, actor: Actor, now: datetime, user_id: int) -> None:
    """End every session of a user at once: one's own, or anybody's for who manages staff."""
    if actor.user_id != user_id:
        actor.require(CAPABILITY)
    with transaction.atomic():
        practitioner = _of_user(user_id)
        practitioner.sessions_ended_at = now
        practitioner.save(update_fields=["sessions_ended_at"])
        _audit(actor, now, "session.end-all", "user", user_id)


def _of_user(user_id: int) -> Practitioner:
    practitioner = Practitioner.objects.select_for_update().filter(user_id=user_id).first()
    if practitioner is None:
        raise NotFound("no-such-user", _("没有找到这个登录账号"))
    return practitioner


def issue_token(
    *, actor: Actor, now: datetime, post_id: int, name: str, expires_at: datetime, scopes: Iterable[str] | None = None
) -> IssuedToken:
    """Make a key with which a system acts through a post. It is told here once; only its SHA-256 digest is kept.

    `scopes`: the capabilities it may use of those its post has; `None` for all of them. Raises `Invalid` for a missing
    name, a scope the role has not, an end that is past or more than a year away; `Refusal` for an ended post.
    """
    actor.require(CAPABILITY)
    problems = [] if name.strip() else [Problem("name", _("请写明给哪个系统使用"))]
    if not now < expires_at <= now + LONGEST_TOKEN:
        problems.append(Problem("expires_at", _("有效期应在一年以内，且晚于现在")))
    if problems:
        raise Invalid(*problems)
    wanted = None if scopes is None else sorted(set(scopes))
    with transaction.atomic():
        post = Post.objects.filter(pk=post_id).first()
        if post is None:
            raise NotFound("no-such-post", _("没有找到这个岗位"))
        if post.until is not None:
            raise Refusal("ended", _("这个岗位已于 %s 结束") % post.until)
        _require_held(post.role, wanted)
        secret = PREFIX + secrets.token_urlsafe(32)
        token = ApiToken.objects.create(
            name=name.strip(),
            digest=digest_of(secret),
            post=post,
            created_at=now,
            expires_at=expires_at,
            scopes=wanted,
        )
        _audit(actor, now, "token.issue", "token", token.pk)
    return IssuedToken(id=token.pk, name=token.name, secret=secret, expires_at=expires_at)


def _require_held(role: str, scopes: list[str] | None) -> None:
    if scopes is not None and not scopes:
        raise Invalid(Problem("scopes", _("请至少选择一项权限")))
    foreign = sorted(set(scopes or ()) - capabilities_of(role))
    if foreign:
        raise Invalid(Problem("scopes", _("这个岗位没有权限 %s，令牌不能超出岗位") % "、".join(foreign)))


def act_by_token(*, secret: str, now: datetime, request_id: str = "") -> Actor | None:
    """The actor behind a system's token; `None` when there is none. First use is noted, last use kept to the minute."""
    token = queries.live_token(secret, now)
    if token is None:
        return None
    actor = queries.actor_of_token(token, request_id=request_id, day=timezone.localdate(now))
    if token.last_used_at is None:
        with transaction.atomic():
            if ApiToken.objects.filter(pk=token.pk, last_used_at__isnull=True).update(last_used_at=now):
                _audit(actor, now, "token.first-use", "token", token.pk)
    elif now - token.last_used_at > USE_KEPT_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return actor


def revoke_token(*, actor: Actor, now: datetime, token_id: int) -> ApiToken:
    """End a key at once. `Refusal` when it has been ended before."""
    actor.require(CAPABILITY)
    with transaction.atomic():
        token = ApiToken.objects.select_for_update().filter(pk=token_id).first()
        if token is None:
            raise NotFound("no-such-token", _("没有找到这个令牌"))
        if token.revoked_at is not None:
            raise Refusal("revoked", _("这个令牌已经停用"))
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
        _audit(actor, now, "token.revoke", "token", token.pk)
    return token


def _require_parts(practitioner_id: int, facility_id: int, service_id: int | None) -> None:
    problems = []
    if not Practitioner.objects.filter(pk=practitioner_id, active=True).exists():
        problems.append(Problem("practitioner", _("没有这位人员，或已停用")))
    if not Facility.objects.filter(pk=facility_id, active=True).exists():
        problems.append(Problem("facility", _("没有这家机构，或已停用")))
    if service_id is not None and not Service.objects.filter(pk=service_id, facility_id=facility_id).exists():
        problems.append(Problem("service", _("这家机构没有这个科室")))
    if problems:
        raise Invalid(*problems)


def _require_sound_sign_in(username: str, password: str | None) -> None:
    problems = [] if username.strip() else [Problem("username", _("请填写登录名"))]
    if User.objects.filter(username=username.strip()).exists():
        problems.append(Problem("username", _("登录名 %s 已有人使用，请换一个") % username))
    if password is not None:
        try:
            validate_password(password)
        except ValidationError as error:
            problems += [Problem("password", message) for message in error.messages]
    if problems:
        raise Invalid(*problems)


def _audit(actor: Actor, now: datetime, event: str, kind: str, key: int, **detail: int) -> None:
    audit.record(actor=actor, event=event, at=now, subject=(kind, key), detail=dict(detail))
