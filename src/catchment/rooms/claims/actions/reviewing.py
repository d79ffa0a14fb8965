"""What a hospital asks about one case, with documents, and the insurance office decides: special review, dispute."""

from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel import audit, flow, uploads, wall
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, NotAllowed, NotFound, Problem, Refusal
from catchment.kernel.flow import Outcome
from catchment.rooms.board import actions as board
from catchment.rooms.board.types import Holder, Origin, Priority, Subject
from catchment.rooms.claims import queries
from catchment.rooms.claims.actions.checking import GROUPED, locked_one, take
from catchment.rooms.claims.actions.making import DESK, WORK
from catchment.rooms.claims.models import Claim, ReviewDocument, SpecialReview
from catchment.rooms.claims.queries.context import Books
from catchment.rooms.claims.rules import DESK as SIDE
from catchment.rooms.claims.rules import REVIEW, words
from catchment.rooms.claims.rules.work import DISPUTE_WORK, REVIEW_WORK
from catchment.rooms.claims.types import Kind, ReviewKind, ReviewState, Severity, State
from catchment.rooms.rulebook import queries as rulebook
from catchment.rooms.staff import queries as staff
from catchment.rooms.staff.types import Role

FOLDER, NAME_LENGTH, MOST_DOCUMENTS = "reviews", 200, 20
File = tuple[str, bytes]
"""A file's name as it was sent, and its content."""


def ask_review(
    *, actor: Actor, now: datetime, claim_id: int, code: str, text: str, files: Sequence[File] = ()
) -> SpecialReview:
    """Ask that a settled stay be paid for what it cost, with the documents that show why.

    Refused beyond the share of discharges that the edition allows; `Invalid` without a reason of the edition's list,
    and for a file that is no document: then nothing is asked.
    """
    actor.require(WORK)
    with transaction.atomic(), wall.acting(DESK):
        claim = locked_one(claim_id)
        if SIDE not in queries.sides_of(actor, claim):
            raise NotAllowed("side", _("由结算单所在的机构申请"))
        rule = Books().payment(claim.ends_on)[0]
        _require_fit(claim, rule.review_reasons, code, text)
        asked, allowed = queries.review_room(claim.facility_id, claim.ends_on.year, rule.review_permille)
        if asked >= allowed:
            told = {"asked": asked, "allowed": allowed, "share": f"{rule.review_permille / 10:g}"}
            raise Refusal(
                "review-limit",
                _("今年已申请 %(asked)d 例，按出院人次的 %(share)s%% 最多 %(allowed)d 例") % told,
                **told,
            )
        review = SpecialReview(claim=claim, reason_code=code, text=text.strip())
        return _begin(actor, now, review, rule.review_reasons[code], files)


def dispute_claim(
    *, actor: Actor, now: datetime, claim_id: int, text: str, files: Sequence[File] = ()
) -> SpecialReview:
    """Dispute that a claim was sent back, or that the office took it back, with the documents that show why.

    Refused when the edition's days are over, and for findings that only mending removes: no settlement can be reckoned.
    """
    actor.require(WORK)
    with transaction.atomic(), wall.acting(DESK):
        claim = locked_one(claim_id)
        if actor.role != "system" and actor.facility_id != claim.facility_id:
            raise NotAllowed("side", _("由结算单所在的机构申诉"))
        if not text.strip():
            raise Invalid(Problem("dispute", _("请写明不同意的理由")))
        refused = queries.why_no_dispute(claim, timezone.localdate(now))
        if refused is not None:
            raise refused
        days = Books().checks(claim.ends_on).answer_days
        due, _sure = rulebook.working_days_after(timezone.localdate(now), days)
        review = SpecialReview(claim=claim, kind=ReviewKind.DISPUTE, due_on=due, text=text.strip())
        return _begin(actor, now, review, text.strip(), files)


def add_documents(*, actor: Actor, now: datetime, review_id: int, files: Sequence[File]) -> list[ReviewDocument]:
    """Put further documents with a request that is not decided. All of them or, where one is refused, none."""
    actor.require(WORK)
    with transaction.atomic(), wall.acting(DESK):
        review = (
            SpecialReview.objects.select_for_update(of=("self",)).select_related("claim").filter(pk=review_id).first()
        )
        if review is None:
            raise NotFound("not-found", _("没有找到这个申请"))
        if SIDE not in queries.sides_of_review(actor, review):
            raise NotAllowed("side", _("由申请的机构补充资料"))
        if review.state != ReviewState.ASKED:
            raise Refusal("state", _("这个申请已经有结果，不能再补资料"))
        if not files:
            raise Invalid(Problem("file", _("请选择文件")))
        return _keep(actor, now, review, files)


def read_document(*, actor: Actor, now: datetime, document: ReviewDocument) -> bytes:
    """The content of a document that the actor may see; that it was opened is noted."""
    content = uploads.kept(FOLDER, document.file_name)
    if content is None:
        raise NotFound("no-file", _("这份资料的文件不在了，请联系系统管理员"))
    _note(actor, now, "open", document)
    return content


def decide_review(*, actor: Actor, now: datetime, review_id: int, verb: str, text: str = "") -> SpecialReview:
    """Grant, refuse or withdraw what was asked; a refusal wants its reason, an answer to a dispute in either case.

    A dispute that is granted brings the claim back among those to be settled; what was found stays on it, overruled.
    """

    def effects(review: SpecialReview, _step: flow.Step) -> Outcome:
        wants = verb == "refuse" or (verb == "grant" and review.kind == ReviewKind.DISPUTE)
        if wants and not text.strip():
            raise Invalid(Problem("text", _("请写明理由")))
        review.answer = text.strip()
        if verb == "grant" and review.kind == ReviewKind.DISPUTE:
            _accept(actor, now, review)
        return Outcome()

    with transaction.atomic(), wall.acting(DESK):
        review = flow.perform(
            REVIEW,
            SpecialReview.objects.filter(pk=review_id).select_related("claim"),
            verb=verb,
            actor=actor,
            now=now,
            sides=lambda row: queries.sides_of_review(actor, row),
            effects=effects,
            person_id=lambda row: row.claim.person_id,
            reason=(verb, text),
        )
        board.settle_work(actor=actor, now=now, subject=_subject(review))
        if verb != "withdraw":
            _tell(now, review)
    return review


def _begin(actor: Actor, now: datetime, review: SpecialReview, headline: str, files: Sequence[File]) -> SpecialReview:
    review.asked_at, review.asked_by, review.state, review.state_since = now, actor.name, ReviewState.ASKED, now
    review.save()
    flow.begin_many(REVIEW, [review], verb="ask", actor=actor, now=now)
    _put_work(actor, now, review, headline)
    _keep(actor, now, review, files)
    return review


def _accept(actor: Actor, now: datetime, review: SpecialReview) -> None:
    claim = locked_one(review.claim_id)
    other = queries.same_stay(claim, claim.begins_on, claim.ends_on)
    if other is not None:
        raise Refusal("same-stay", _("这段住院已有结算单 %s，先撤销那一张，再认可这个申诉") % other.number)
    claim.findings = [
        {**one, "severity": Severity.FLAG.value, "overruled": actor.name} if one["severity"] == Severity.REJECT else one
        for one in claim.findings
    ]
    if claim.kind == Kind.INPATIENT:
        queries.put_groups([claim], Books())
    take([claim], "accept", actor, now, reason=("dispute", review.answer), fields=("findings", *GROUPED))


def _tell(now: datetime, review: SpecialReview) -> None:
    """The hospital hears what came of what it asked."""
    dispute = review.kind == ReviewKind.DISPUTE
    told = {
        "number": review.claim.number, "kind": words.REVIEW_KINDS[review.kind],
        "result": (words.DISPUTES if dispute else words.REVIEWS)[review.state],
    }  # fmt: skip
    board.tell(
        facility_id=review.claim.facility_id, now=now, event=f"{REVIEW.kind}.decide", subject=_subject(review),
        text=_("%(number)s 的%(kind)s：%(result)s") % told,
    )  # fmt: skip


def _keep(actor: Actor, now: datetime, review: SpecialReview, files: Sequence[File]) -> list[ReviewDocument]:
    """Every file is looked at before the first one is kept."""
    if ReviewDocument.objects.filter(review=review).count() + len(files) > MOST_DOCUMENTS:
        raise Invalid(Problem("file", _("一个申请最多附 %d 份资料") % MOST_DOCUMENTS))
    kinds = [_kind(name, content) for name, content in files]
    rows = []
    for (name, content), kind in zip(files, kinds, strict=True):
        kept = uploads.keep(FOLDER, uploads.DOCUMENTS[kind], content)
        row = ReviewDocument.objects.create(
            review=review, name=Path(name).name[:NAME_LENGTH] or kept, file_name=kept, content_type=kind,
            size=len(content), added_at=now, added_by=actor.name,
        )  # fmt: skip
        _note(actor, now, "attach", row)
        rows.append(row)
    return rows


def _kind(name: str, content: bytes) -> str:
    try:
        return uploads.document_type(content)
    except Invalid as refused:
        raise Invalid(*(Problem("file", f"{Path(name).name}：{one.message}") for one in refused.problems)) from None


def _note(actor: Actor, now: datetime, what: str, document: ReviewDocument) -> None:
    audit.record(
        actor=actor, event=f"special-review.{what}", at=now, person_id=document.review.claim.person_id,
        subject=(REVIEW.kind, document.review_id), detail={"document": document.pk},
    )  # fmt: skip


def _require_fit(claim: Claim, reasons: dict[str, str], code: str, text: str) -> None:
    if claim.kind != Kind.INPATIENT or claim.state != State.SETTLED:
        raise Refusal("state", _("只有已结算的住院才能申请特例单议"))
    problems = []
    if code not in reasons:
        problems.append(Problem("code", _("请从目录中选择理由：%s") % "、".join(reasons.values())))
    if not text.strip():
        problems.append(Problem("text", _("请说明这例为什么特殊")))
    if problems:
        raise Invalid(*problems)
    if SpecialReview.objects.filter(claim=claim, kind=ReviewKind.SPECIAL, state__in=("asked", "granted")).exists():
        raise Refusal("asked", _("这张结算单已经申请过特例单议"))


def _put_work(actor: Actor, now: datetime, review: SpecialReview, reason: str) -> None:
    officer = staff.post_of_role(Role.INSURANCE_OFFICER, timezone.localdate(now))
    if officer is None:
        return
    due = None if review.due_on is None else timezone.make_aware(datetime.combine(review.due_on, time.max))
    board.put_work(
        now=now,
        kind=(DISPUTE_WORK if review.kind == ReviewKind.DISPUTE else REVIEW_WORK).code,
        due_at=due,
        subject=_subject(review),
        holder=Holder(facility_id=officer.facility_id, role=Role.INSURANCE_OFFICER.value),
        origin=Origin(facility_id=actor.facility_id, post_id=actor.post_id),
        priority=Priority.ORDINARY,
        headline=f"{review.claim.number} · {reason}",
    )


def _subject(review: SpecialReview) -> Subject:
    return Subject(kind=REVIEW.kind, key=review.pk, ref=str(review.claim.public_id), person_id=review.claim.person_id)
