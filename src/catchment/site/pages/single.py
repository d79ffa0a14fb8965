"""The doors to the county's single sign-on: there, back, and out of it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.socialaccount.providers.openid_connect import views
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET
from requests import RequestException

from catchment.kernel.access import public
from catchment.kernel.errors import NotFound
from catchment.site.signin.provider import CODE
from catchment.site.signin.single import BAD_GATEWAY, refused


def _reached(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The library's view; its own page where the provider does not answer, or answers with what is no answer."""

    def guarded(request: HttpRequest, provider_id: str) -> HttpResponse:
        if settings.SINGLE_SIGN_ON is None or provider_id != CODE:
            raise NotFound("not-found", "没有接入统一身份认证")
        try:
            return view(request, provider_id)
        except (RequestException, KeyError, ValueError):
            return refused(request, "away", BAD_GATEWAY)

    return guarded


begin = public(require_GET(_reached(views.login)))
back = public(require_GET(_reached(views.callback)))


@public
@require_GET
def leave(request: HttpRequest) -> HttpResponse:
    """Out of the provider too, if it offers a way; the session here has ended before."""
    if settings.SINGLE_SIGN_ON is None:
        return redirect("sign-in")
    adapter = views.OpenIDConnectOAuth2Adapter(request, CODE)
    try:
        ending: Any = adapter.openid_config.get("end_session_endpoint")
    except (RequestException, ValueError):
        return refused(request, "away", BAD_GATEWAY)
    if not ending:
        return redirect("sign-in")
    asked = {
        "client_id": settings.SINGLE_SIGN_ON.client_id,
        "post_logout_redirect_uri": request.build_absolute_uri(reverse("sign-in")),
    }
    return redirect(f"{ending}?{urlencode(asked)}")
