"""What an administrator does with a sign-in: its link, its second factor, its end."""

from datetime import datetime

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from catchment.kernel import audit
from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.rooms.staff.models import ApiToken, Practitioner

CAPABILITY = "staff.manage"


def issue_password_link(*, actor: Actor, now: datetime, username: str) -> str:
    """The end of an address, `<user>-<key>`, where the user sets a password once, within `PASSWORD_RESET_TIMEOUT`.

    The key is kept nowhere and dies when the password changes.
    """
    actor.require(CAPABILITY)
    user = _user(username)
    _audit(actor, now, "password.link", user)
    return f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"


def set_user_active(*, actor: Actor, now: datetime, username: str, active: bool) -> User:
    """Disable a user with every session and token, or let them in again; tokens stay ended."""
    actor.require(CAPABILITY)
    with transaction.atomic():
        user = _user(username)
        user.is_active = active
        user.save(update_fields=["is_active"])
        if not active:
            Practitioner.objects.filter(user=user).update(sessions_ended_at=now)
            held = ApiToken.objects.filter(post__practitioner__user=user, revoked_at__isnull=True)
            held.update(revoked_at=now)
        _audit(actor, now, "user.enable" if active else "user.disable", user)
    return user


def reset_second_factor(*, actor: Actor, now: datetime, username: str) -> int:
    """Take away every second factor and end the sessions; returns how many there were (a set of codes is one)."""
    actor.require(CAPABILITY)
    with transaction.atomic():
        user = _user(username)
        removed, _kinds = Authenticator.objects.filter(user=user).delete()
        Practitioner.objects.filter(user=user).update(sessions_ended_at=now)
        _audit(actor, now, "second-factor.reset", user, removed=removed)
    return int(removed)


def _user(username: str) -> User:
    user = User.objects.filter(username=username).first()
    if user is None:
        raise NotFound("no-such-user", _("没有登录名为 %s 的账号") % username)
    return user


def _audit(actor: Actor, now: datetime, event: str, user: User, **detail: int) -> None:
    audit.record(actor=actor, event=event, at=now, subject=("user", user.pk), detail=dict(detail))
