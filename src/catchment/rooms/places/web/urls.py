"""The addresses of places."""

from django.urls import path

from catchment.rooms.places.web import drawing, views

urlpatterns = [
    path("", views.facilities, name="places"),
    path("map.json", drawing.drawn, name="places-map"),
    path("networks/", views.networks, name="networks"),
    path("networks/<str:code>/", views.network, name="network"),
    path("<str:code>/", views.facility, name="facility"),
]
