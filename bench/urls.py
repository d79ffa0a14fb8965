"""The site's addresses and the floor: a bare view that inserts one row and one audit row, behind the walls."""

from django.db import transaction
from django.http import JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from catchment.kernel import audit, clock, wall
from catchment.kernel.actor import system
from catchment.kernel.models import FlowEvent
from catchment.site.urls import urlpatterns as site

wall.register_system("floor", "referral:read-all")


@csrf_exempt
def floor(_request):
    now = clock.now()
    with wall.acting("floor", at=now), transaction.atomic():
        row = FlowEvent.objects.create(
            subject_kind="floor", subject_id=0, verb="floor", to_state="floor", at=now, actor_role="floor"
        )
        audit.record(actor=system("floor"), event="floor", at=now, subject=("floor", row.pk))
    return JsonResponse({"id": row.pk})


urlpatterns = [*site, path("floor", floor)]
