"""Every address of referral, mounted at /referrals/."""

from django.urls import path

from catchment.rooms.referral.web.views import (
    advice,
    compose,
    letters,
    listing,
    paper,
    parts,
    patient,
    statistics,
    steps,
)

app_name = "referral"
urlpatterns = [
    path("", listing.show, name="list"),
    path("new/<uuid:person>/", compose.write, name="new"),
    path("new/<uuid:person>/kept", compose.keep, name="keep"),
    path("new/<uuid:person>/diagnoses", parts.diagnoses, name="diagnoses"),
    path("new/<uuid:person>/diagnosis", parts.diagnosis, name="diagnosis"),
    path("new/<uuid:person>/destinations", parts.destinations, name="destinations"),
    path("new/<uuid:person>/slots", parts.slots, name="slots"),
    path("new/<uuid:person>/record", parts.record_parts, name="record"),
    path("new/<uuid:person>/file", parts.attach, name="attach"),
    path("statistics", statistics.show, name="statistics"),
    path("statistics.csv", statistics.export, name="statistics-export"),
    path("advice/", advice.index, name="advices"),
    path("advice/<uuid:public_id>/", advice.show, name="advice"),
    path("advice/<uuid:public_id>/<slug:verb>/", advice.step, name="advice-step"),
    path("track/<str:secret>/", patient.track, name="track"),
    path("check/<str:signed>/", paper.check, name="check"),
    path("<uuid:public_id>/", letters.show, name="referral"),
    path("<uuid:public_id>/form.pdf", paper.form, name="paper"),
    path("<uuid:public_id>/link", patient.issue, name="link"),
    path("<uuid:public_id>/destinations", parts.other_destinations, name="other-destinations"),
    path("<uuid:public_id>/files/<int:number>", letters.file, name="file"),
    path("<uuid:public_id>/<slug:verb>/", steps.take, name="step"),
]
