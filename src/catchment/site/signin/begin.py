"""The beginning of a session: when it began, and through which post it acts."""

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from catchment.kernel import audit
from catchment.rooms.staff import queries as staff

POST_KEY, BEGUN_KEY, SEEN_KEY = "post", "begun", "seen"


def begin(request: HttpRequest, user_id: int, now: datetime) -> bool:
    """Mark the session as begun and take the user's post; `False` when there is not exactly one to take."""
    request.session[BEGUN_KEY] = request.session[SEEN_KEY] = now.timestamp()
    posts = staff.posts_of_user(user_id, timezone.localdate(now))
    if len(posts) != 1:
        return False
    request.session[POST_KEY] = posts[0].pk
    audit.record(actor=staff.actor_for(posts[0]), event="session.begin", at=now)
    return True
