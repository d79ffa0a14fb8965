"""The site's own settings with one more address: the floor."""

import os

from catchment.site.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"

if os.environ.get("BENCH_WALLS") == "off":
    MIDDLEWARE = [one for one in MIDDLEWARE if one != "catchment.site.middleware.wall"]  # noqa: F405
