"""The addresses of places."""

from django.urls import path

from catchment.rooms.places.web import bringing, drawing, facilities, keeping, views

urlpatterns = [
    path("", views.facilities, name="places"),
    path("map.json", drawing.drawn, name="places-map"),
    path("bring", bringing.bring, name="places-bring"),
    path("new", facilities.new, name="facility-new"),
    path("networks/", views.networks, name="networks"),
    path("networks/new", keeping.new, name="network-new"),
    path("networks/<str:code>/", views.network, name="network"),
    path("networks/<str:code>/keep", keeping.keep, name="network-keep"),
    path("<str:code>/", views.facility, name="facility"),
    path("<str:code>/keep", facilities.keep, name="facility-keep"),
]
