"""The addresses of the resident's own pages."""

from django.urls import path

from catchment.rooms.portal.web import views

urlpatterns = [
    path("people/<uuid:public_id>/access/link", views.issue, name="resident-link"),
    path("my/<str:secret>", views.mine, name="resident"),
]
