"""The addresses of the rulebook."""

from django.urls import path

from catchment.rooms.rulebook.web import views

urlpatterns = [
    path("", views.rules, name="rulebook"),
    path("upload", views.upload, name="rulebook-upload"),
    path("<str:key>/", views.rule, name="rule"),
    path("<str:key>/compare", views.compare, name="rule-compare"),
    path("<str:key>/<str:version>.yaml", views.download, name="rule-download"),
]
