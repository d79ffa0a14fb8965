"""The addresses of people."""

from django.urls import path

from catchment.rooms.people.web import keeping, registering, views

urlpatterns = [
    path("", views.search, name="people"),
    path("scan", views.scan, name="scan"),
    path("register", registering.register, name="person-register"),
    path("<uuid:public_id>/keep", keeping.keep, name="person-keep"),
]
