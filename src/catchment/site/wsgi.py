"""The application as a WSGI server finds it."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "catchment.site.settings")
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 every page's code is read now, and not while somebody waits for the first
