"""Every page declares what it asks of a post. A page that declares nothing is refused by a test and by the site."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponseBase

from catchment.kernel.actor import Actor

PUBLIC = "public"
SIGNED_IN = "signed-in"
type_of_view = Callable[..., HttpResponseBase]


def actor_of(request: HttpRequest) -> Actor:
    """The post through which this request acts; only meaningful behind `needs`."""
    return cast("Actor", request.actor)  # type: ignore[attr-defined]


def needs(capability: str) -> Callable[[type_of_view], type_of_view]:
    """Open the view only to a signed-in post with the capability (`SIGNED_IN`: any post)."""

    def declare(view: type_of_view) -> type_of_view:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor: Actor | None = getattr(request, "actor", None)
            if actor is None:
                from django.contrib.auth.views import redirect_to_login

                return redirect_to_login(request.get_full_path())
            if capability != SIGNED_IN:
                actor.require(capability)
            return view(request, *args, **kwargs)

        guarded.capability = capability  # type: ignore[attr-defined]
        return guarded

    return declare


def public(view: type_of_view) -> type_of_view:
    """Declare a page open to everyone, signed in or not."""
    view.capability = PUBLIC  # type: ignore[attr-defined]
    return view
