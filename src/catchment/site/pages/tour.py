"""Where the demo opens: who you can be, one story, what to look at."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from catchment.kernel.access import public
from catchment.rooms.staff import queries as staff
from catchment.site.pages.story import STORY


@public
@require_GET
def tour(request: HttpRequest) -> HttpResponse:
    """The guided tour. Outside the demo it only says what the system is for."""
    posts = staff.demo_posts() if settings.DEMO else []
    cast = [staff.post_line(post) for post in posts]
    context = {"cast": cast, "story": STORY, "section": "tour"}
    return render(request, "tour.html", context)
