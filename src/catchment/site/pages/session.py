"""Signing in and out, and through which post one acts."""

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from catchment.kernel import audit, clock
from catchment.kernel.access import SIGNED_IN, actor_of, needs, public
from catchment.kernel.actor import system
from catchment.kernel.errors import NotFound
from catchment.rooms.staff import queries as staff
from catchment.site.middleware import POST_KEY

BACKEND = "django.contrib.auth.backends.ModelBackend"


@public
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; in the demo, the cast stands above the form."""
    failed = False
    if request.method == "POST":
        user = authenticate(
            request, username=request.POST.get("username", ""), password=request.POST.get("password", "")
        )
        if isinstance(user, User):
            return _enter(request, user)
        failed = True
        audit.record(actor=system("sign-in"), event="session.refused", at=clock.now())
    context = {"failed": failed, "next": _next(request), "cast": _cast()}
    return render(request, "sign_in.html", context, status=422 if failed else 200)


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
    logout(request)
    return redirect("sign-in")


@needs(SIGNED_IN)
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """The acting post and what it may do."""
    context = {"section": "me", "capabilities": sorted(actor_of(request).capabilities)}
    return render(request, "me.html", context)


def _enter(request: HttpRequest, user: User) -> HttpResponse:
    wanted = _next(request)
    login(request, user, backend=BACKEND)
    posts = staff.posts_of_user(int(user.pk), timezone.localdate())
    if len(posts) != 1:
        return redirect("choose-post")
    request.session[POST_KEY] = posts[0].pk
    audit.record(actor=staff.actor_for(posts[0]), event="session.begin", at=clock.now())
    return HttpResponseRedirect(wanted or "/")


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else ""


def _cast() -> list[dict[str, Any]]:
    return [staff.post_line(post) for post in staff.demo_posts()] if settings.DEMO else []
