"""The addresses of the administrator's pages."""

from django.urls import path

from catchment.rooms.staff.web import administration

urlpatterns = [
    path("", administration.everybody, name="staff"),
    path("new", administration.new, name="staff-new"),
    path("capabilities", administration.capabilities, name="staff-capabilities"),
    path("<str:code>/", administration.one, name="staff-member"),
]
