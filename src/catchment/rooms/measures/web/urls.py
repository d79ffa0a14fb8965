"""Every address of indicators, mounted at /measures/."""

from django.urls import URLPattern

app_name = "measures"
urlpatterns: list[URLPattern] = []
