"""What is written into the audit when a credential changes or is refused."""

from collections.abc import Callable
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as factors
from django.contrib.auth.models import AbstractBaseUser
from django.dispatch import Signal

from catchment.kernel import audit, clock
from catchment.kernel.actor import Actor

EVENTS: tuple[tuple[Signal, str], ...] = (
    (account.password_changed, "password.change"),
    (account.password_set, "password.set"),
    (account.password_reset, "password.set"),
    (factors.authenticator_added, "second-factor.add"),
    (factors.authenticator_removed, "second-factor.remove"),
    (factors.authenticator_reset, "second-factor.reset"),
    (factors.authenticator_used, "second-factor.use"),
    (factors.authentication_failed, "second-factor.refused"),
)
_kept: list[Callable[..., None]] = []


def connect() -> None:
    """Listen to the library. Called once, when Django is ready."""
    for signal, event in EVENTS:
        _kept.append(_noting(event))
        signal.connect(_kept[-1], dispatch_uid=f"audit {event} {id(signal)}")


def _noting(event: str) -> Callable[..., None]:
    def note(user: AbstractBaseUser, request: Any = None, authenticator: Any = None, **_known: Any) -> None:
        acting = getattr(request, "actor", None)
        actor = acting or Actor(role="user", capabilities=frozenset(), user_id=user.pk, name=user.get_username())
        detail = {"type": str(authenticator.type)} if authenticator is not None else {}
        audit.record(actor=actor, event=event, at=clock.now(), subject=("user", user.pk), detail=detail)

    return note
