"""For load balancers: is the process alive, can it serve."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from catchment.kernel.access import public


@public
@require_GET
def live(_request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all; nothing else is looked at."""
    return JsonResponse({"status": "live"})


@public
@require_GET
def ready(_request: HttpRequest) -> HttpResponse:
    """200 when the database answers, 503 when it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError:
        return JsonResponse({"status": "database unreachable"}, status=503)
    return JsonResponse({"status": "ready"})
