"""The addresses of slots and beds, mounted at /schedule/."""

from django.urls import path

from catchment.rooms.booking.web import beds, slots

app_name = "schedule"
urlpatterns = [
    path("", slots.own, name="own"),
    path("<str:facility>/", slots.week, name="week"),
    path("<str:facility>/beds", beds.beds, name="beds"),
]
