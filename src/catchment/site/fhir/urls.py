"""Addresses below /fhir/R4/."""

from django.urls import path, re_path

from catchment.site.fhir import kinds, views

kinds.register_all()

urlpatterns = [
    path("metadata", views.metadata),
    path("Patient/<str:key>/$everything", views.person_everything),
    re_path(r"^(?P<resource_type>[A-Za-z]+)/?$", views.search_type),
    re_path(r"^(?P<resource_type>[A-Za-z]+)/_search$", views.search_form),
    re_path(r"^(?P<resource_type>[A-Za-z]+)/(?P<key>[A-Za-z0-9\-.]{1,64})$", views.read),
    re_path(r"^(?P<rest>.*)$", views.nothing),
]
