"""What was refused is told to programs in one form, and noted: who asked, for which page, and why it was not given."""

from typing import Any

from django.db import connection
from django.http import HttpRequest

from catchment.kernel import audit, clock
from catchment.kernel.errors import Invalid, NotAllowed, Refusal


def body(refusal: Refusal) -> dict[str, Any]:
    """A refusal as JSON: its code for programs, its words for people, its facts, each problem with its field."""
    told: dict[str, Any] = {"code": refusal.code, "message": str(refusal), "facts": refusal.facts}
    if isinstance(refusal, Invalid):
        told["problems"] = [{"field": one.field, "message": str(one.message)} for one in refusal.problems]
    return told


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
