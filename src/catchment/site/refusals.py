"""What was refused is noted: who asked, through which post, for which page, and why it was not given."""

from django.db import connection
from django.http import HttpRequest

from catchment.kernel import audit, clock
from catchment.kernel.errors import NotAllowed, Refusal


def note(request: HttpRequest, refusal: Refusal) -> None:
    """Write a refusal of permission into the audit; every other answer is none. The person goes by public identifier.

    Silent inside a transaction that is to be rolled back: what it held is gone with it.
    """
    actor = getattr(request, "actor", None)
    if actor is None or not isinstance(refusal, NotAllowed) or connection.needs_rollback:
        return
    match = request.resolver_match
    detail = {"code": refusal.code, "page": (match.view_name or match.route) if match else "", "method": request.method}
    if "public_id" in refusal.facts:
        detail["person"] = refusal.facts["public_id"]
    audit.record(actor=actor, event="access.refused", at=clock.now(), detail=detail)
