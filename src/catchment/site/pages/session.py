"""Signing in and out, and through which post one acts."""

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from catchment.kernel import audit, clock
from catchment.kernel.access import SIGNED_IN, actor_of, needs, public
from catchment.kernel.errors import NotFound
from catchment.rooms.staff import actions as staff_actions
from catchment.rooms.staff import queries as staff
from catchment.site.signin.begin import POST_KEY, begin
from catchment.site.signin.single import SINGLE_KEY


class SignIn(LoginView):  # type: ignore[misc]
    """The sign-in page; in the demo, the cast stands above the form."""

    template_name = "sign_in.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        """Tell what was wrong: 422 for a wrong password, 429 for too many tries."""
        codes = {error.code for error in form.non_field_errors().as_data()}
        status = 429 if "too_many_login_attempts" in codes else 422
        answer: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=status)
        return answer

    def get_context_data(self, **known: Any) -> dict[str, Any]:
        """The form, where one was going, and the cast."""
        return {
            **super().get_context_data(**known),
            "next": _next(self.request),
            "cast": _cast(),
            **_single(self.request),
        }


sign_in = public(SignIn.as_view())


@public
@require_POST
def enter_as(request: HttpRequest) -> HttpResponse:
    """Enter as one of the demo's cast; there is no such door outside the demo."""
    post = staff.demo_post(request.POST.get("who", "")) if settings.DEMO else None
    if post is None or post.practitioner.user is None:
        raise NotFound("not-found", "没有这位演示人物")
    return _enter(request, post.practitioner.user)


@public
@require_http_methods(["GET", "POST"])
def choose_post(request: HttpRequest) -> HttpResponse:
    """Choose the post to act through; with only one, it is taken at once."""
    if not request.user.is_authenticated:
        return redirect("sign-in")
    posts = staff.posts_of_user(int(request.user.pk), timezone.localdate())
    wanted = request.POST.get("post", "")
    chosen = [post for post in posts if f"{post.facility.code}:{post.role}" == wanted]
    if chosen:
        request.session[POST_KEY] = chosen[0].pk
        return HttpResponseRedirect(_next(request) or "/")
    context = {"posts": [staff.post_line(post) for post in posts], "cast": _cast()}
    return render(request, "choose_post.html", context)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    actor = getattr(request, "actor", None)
    if actor is not None:
        audit.record(actor=actor, event="session.end", at=clock.now())
    return _out(request)


@needs(SIGNED_IN)
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End this session and every other one of the same user."""
    staff_actions.end_sessions(actor=actor_of(request), now=clock.now(), user_id=int(request.user.pk or 0))
    return _out(request)


@needs(SIGNED_IN)
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """The acting post and what it may do."""
    context = {"section": "me", "capabilities": sorted(actor_of(request).capabilities)}
    return render(request, "me.html", context)


def _out(request: HttpRequest) -> HttpResponse:
    """To the door; who came by single sign-on is told there that it still knows them."""
    single = SINGLE_KEY in request.session
    logout(request)
    return redirect(f"{reverse('sign-in')}?left=single") if single else redirect("sign-in")


def _enter(request: HttpRequest, user: User) -> HttpResponse:
    wanted = _next(request)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return HttpResponseRedirect(wanted or "/") if begin(request, int(user.pk), clock.now()) else redirect("choose-post")


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else ""


def _single(request: HttpRequest) -> dict[str, Any]:
    return {"single": settings.SINGLE_SIGN_ON, "left_single": request.GET.get("left") == "single"}


def _cast() -> list[dict[str, Any]]:
    return [staff.post_line(post) for post in staff.demo_posts()] if settings.DEMO else []
