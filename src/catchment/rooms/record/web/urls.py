"""The addresses of a person's record."""

from django.urls import path

from catchment.rooms.record.web import entry, terms, views, visit

urlpatterns = [
    path("visit/terms/<str:field>", terms.proposed, name="visit-terms"),
    path("visit/term/<str:field>", terms.chosen, name="visit-term"),
    path("<uuid:public_id>/", views.person, name="person"),
    path("<uuid:public_id>/timeline", views.timeline, name="person-timeline"),
    path("<uuid:public_id>/known", views.known, name="person-known"),
    path("<uuid:public_id>/visit", visit.visit, name="person-visit"),
    path("<uuid:public_id>/entry/<str:kind>/<int:key>", entry.entry, name="person-entry"),
    path("<uuid:public_id>/entry/<str:kind>/<int:key>/amend", entry.amend, name="person-entry-amend"),
]
