"""Every address of the site."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from catchment.kernel.access import public
from catchment.site.api import api
from catchment.site.pages import health, session, tour

handler500 = "catchment.site.outages.on_error"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("catchment.rooms.board.web.urls")),
    path("sign-in", session.sign_in, name="sign-in"),
    path("", include("catchment.site.pages.account")),
    path("enter-as", session.enter_as, name="enter-as"),
    path("choose-post", session.choose_post, name="choose-post"),
    path("sign-out", session.sign_out, name="sign-out"),
    path("sign-out-everywhere", session.sign_out_everywhere, name="sign-out-everywhere"),
    path("me", session.me, name="me"),
    path("tour", tour.tour, name="tour"),
    path("language", public(set_language), name="set_language"),
    path("people/duplicates/", include("catchment.rooms.people.web.duplicates.urls")),
    path("people/", include("catchment.rooms.people.web.urls")),
    path("people/", include("catchment.rooms.staff.web.doctor_urls")),
    path("staff/", include("catchment.rooms.staff.web.urls")),
    path("places/", include("catchment.rooms.places.web.urls")),
    path("people/", include("catchment.rooms.record.web.urls")),
    path("", include("catchment.rooms.consent.web.urls")),
    path("", include("catchment.rooms.portal.web.urls")),
    path("schedule/", include("catchment.rooms.booking.web.urls")),
    path("referrals/", include("catchment.rooms.referral.web.urls")),
    path("claims/", include("catchment.rooms.claims.web.urls")),
    path("budget/", include("catchment.rooms.budget.web.urls")),
    path("", include("catchment.rooms.measures.web.atlas.urls")),
    path("measures/", include("catchment.rooms.measures.web.urls")),
    path("screening/", include("catchment.rooms.screening.web.urls")),
    path("rulebook/", include("catchment.rooms.rulebook.web.urls")),
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("api/v1/", api.urls),
    path("fhir/R4/", include("catchment.site.fhir.urls")),
]
