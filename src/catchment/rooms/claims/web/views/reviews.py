"""What a hospital asks about a case, special review or dispute: asked with its documents, opened, decided."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from catchment.kernel import clock, uploads
from catchment.kernel.access import actor_of, needs
from catchment.kernel.errors import NotFound
from catchment.rooms.claims import actions, queries
from catchment.rooms.claims.web.views.claim import tried


@require_POST
@needs("claims.work")
def ask(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask for a special review."""
    actor = actor_of(request)
    claim = queries.by_public_id(actor, public_id)
    told: dict[str, Any] = {name: request.POST.get(name, "") for name in ("code", "text")}
    asked = {"actor": actor, "now": clock.now(), "claim_id": claim.pk, "files": _files(request), **told}
    return tried(request, claim, actor, lambda: actions.ask_review(**asked))


@require_POST
@needs("claims.work")
def dispute(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Dispute what became of the claim."""
    actor = actor_of(request)
    claim = queries.by_public_id(actor, public_id)
    asked: dict[str, Any] = {"actor": actor, "now": clock.now(), "claim_id": claim.pk, "files": _files(request)}
    return tried(request, claim, actor, lambda: actions.dispute_claim(**asked, text=request.POST.get("dispute", "")))


@require_POST
@needs("claims.work")
def add(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Put further documents with the review that waits."""
    actor = actor_of(request)
    claim = queries.by_public_id(actor, public_id)
    asked: dict[str, Any] = {"actor": actor, "now": clock.now(), "review_id": queries.review_waiting(claim).pk}
    return tried(request, claim, actor, lambda: actions.add_documents(**asked, files=_files(request)))


@needs("claims.read")
@require_GET
def document(request: HttpRequest, public_id: UUID, document_id: UUID) -> HttpResponse:
    """A document, to keep."""
    actor = actor_of(request)
    found = queries.document_of(queries.by_public_id(actor, public_id), document_id)
    content = actions.read_document(actor=actor, now=clock.now(), document=found)
    return uploads.to_keep(content, found.content_type, found.file_name)


@require_POST
@needs("claims.read")
def decide(request: HttpRequest, public_id: UUID, verb: str) -> HttpResponse:
    """Grant, refuse or withdraw the review that waits."""
    actor = actor_of(request)
    claim = queries.by_public_id(actor, public_id)
    if verb not in {"grant", "refuse", "withdraw"}:
        raise NotFound("not-found", _("没有这个步骤"))
    waiting = queries.review_waiting(claim)
    asked: dict[str, Any] = {"actor": actor, "now": clock.now(), "review_id": waiting.pk, "verb": verb}
    return tried(request, claim, actor, lambda: actions.decide_review(**asked, text=request.POST.get("text", "")))


def _files(request: HttpRequest) -> list[tuple[str, bytes]]:
    return [(sent.name or "", sent.read(uploads.LARGEST_DOCUMENT + 1)) for sent in request.FILES.getlist("file")]
