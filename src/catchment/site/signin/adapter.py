"""What this county decides differently from django-allauth: nobody signs up, refusals are noted, secrets are sealed."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from catchment.kernel import audit, clock
from catchment.kernel.actor import system
from catchment.site.signin.begin import begin

QUIET = frozenset({"account/messages/logged_in.txt", "account/messages/logged_out.txt"})


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator only."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("用户名或密码不对，请再试一次。"),
        "too_many_login_attempts": _("尝试次数太多，请过几分钟再试，或请管理员重设密码。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 the library's signature
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse, and note, who has tried too often."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            audit.record(actor=system("sign-in"), event="session.locked-out", at=clock.now())
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ARG002 as above
        audit.record(actor=system("sign-in"), event="session.refused", at=clock.now())

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Begin the session and take the post, where there is just one."""
        super().login(request, user)
        begin(request, user.pk, clock.now())

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **known: Any) -> HttpResponse:
        """Go where one was going, or choose a post first."""
        response: HttpResponse = super().post_login(request, user, **known)
        return response if "post" in request.session else redirect("choose-post")

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *more: Any, **known: Any
    ) -> None:
        """Nobody needs to be told that they have just signed in."""
        if message_template not in QUIET:
            super().add_message(request, level, message_template, *more, **known)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are sealed with the installation's key: a copy of the database does not tell them."""

    def encrypt(self, text: str) -> str:
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _seal().decrypt(encrypted_text.encode()).decode()

    def send_notification_mail(self, *_more: Any, **_known: Any) -> None:
        """Accounts have no mail address; what happened stands in the audit."""


def _seal() -> Fernet:
    key = hashlib.sha256(b"catchment second factor " + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
