"""Every address declares what it asks of a post."""

import pytest
from django.urls import URLPattern, get_resolver

from catchment.kernel.access import PUBLIC, SIGNED_IN
from catchment.rooms.staff.rules import KNOWN

ASKED = KNOWN | {PUBLIC, SIGNED_IN}


def addresses(resolver=None, prefix=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        where = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield pytest.param(where, pattern.callback, id=where or "/")
        elif not where.startswith("api/v1/"):
            yield from addresses(pattern, where)


@pytest.mark.parametrize(("where", "view"), addresses())
def test_an_address_declares_a_capability_that_some_role_has(where, view):
    assert getattr(view, "capability", None) in ASKED


def test_every_operation_of_the_api_asks_who_calls():
    from catchment.site.api import api

    assert api.auth
    for _prefix, router in api._routers:
        for view in router.path_operations.values():
            assert all(operation.auth_callbacks or api.auth for operation in view.operations)
