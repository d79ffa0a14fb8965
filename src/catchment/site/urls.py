"""Every address of the site."""

from django.urls import URLPattern, URLResolver, path

from catchment.site.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
]
