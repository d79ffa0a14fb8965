"""Single sign-on: whom the provider names is found among the accounts that an administrator has made; none is made."""

from typing import Any, cast

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.adapter import _build_apps_from_settings as configured_apps
from allauth.socialaccount.providers.base import AuthError
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from catchment.kernel import audit, clock
from catchment.kernel.actor import system
from catchment.rooms.staff import queries as staff
from catchment.site.signin.provider import Provider

BAD_GATEWAY, FORBIDDEN = 502, 403
SINGLE_KEY = "single-sign-on"


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Matches and never makes: no user, no lasting link to the provider, no token of it is kept."""

    def list_apps(self, _request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """The provider of the settings alone; none can be put into the database."""
        return [app for apps in configured_apps(provider=provider, client_id=client_id).values() for app in apps]

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the account that the claim names; tell who has none whom to ask."""
        told = claim_of(sociallogin.account.extra_data)
        user = staff.user_named(told, by=_provider().matches) if told else None
        if user is None:
            audit.record(actor=system("sign-in"), event="session.unknown", at=clock.now(), detail={"by": "single"})
            raise ImmediateHttpResponse(refused(request, "nobody", FORBIDDEN, told=told))
        sociallogin.user = user
        request.session[SINGLE_KEY] = True

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002 the library's signature
        return False

    def on_authentication_error(self, request: HttpRequest, *_more: Any, error: Any = None, **_known: Any) -> None:
        """Nothing of what the provider answered is shown: it may tell secrets, and helps nobody at the door."""
        audit.record(actor=system("sign-in"), event="session.refused", at=clock.now(), detail={"by": "single"})
        cancelled = error == AuthError.CANCELLED
        raise ImmediateHttpResponse(refused(request, str(error), FORBIDDEN if cancelled else BAD_GATEWAY))


def claim_of(told: dict[str, Any]) -> str:
    """The configured claim in what the provider told of the person; empty where it is missing or no plain text."""
    for part in ("userinfo", "id_token"):
        value = (told.get(part) or {}).get(_provider().claim)
        if isinstance(value, str | int) and not isinstance(value, bool):
            return str(value).strip()
    return ""


def _provider() -> Provider:
    return cast("Provider", settings.SINGLE_SIGN_ON)


def refused(request: HttpRequest, why: str, status: int, told: str = "") -> HttpResponse:
    """The page that says why one is not in, and what to do."""
    context = {"why": why, "told": told, "provider": settings.SINGLE_SIGN_ON}
    return render(request, "single_sign_on.html", context, status=status)
