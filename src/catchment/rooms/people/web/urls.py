"""The addresses of people."""

from django.urls import path

from catchment.rooms.people.web import views

urlpatterns = [
    path("", views.search, name="people"),
    path("scan", views.scan, name="scan"),
]
