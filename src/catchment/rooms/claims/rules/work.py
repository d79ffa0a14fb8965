"""The kinds of work that claims put on the insurance office's board, and of what the hospital hears of it."""

from django.utils.translation import gettext_lazy as _

from catchment.rooms.board.rules import WorkKind


def _url(ref: str) -> str:
    return f"/claims/{ref}/"


REVIEW_WORK = WorkKind(
    code="claims.review",
    title=_("特例单议待审"),
    action=_("审核"),
    url=_url,
)
REVIEW_NOTICE = WorkKind(
    code="special-review.notice",
    title=_("特例单议与申诉动态"),
    action=_("查看"),
    url=_url,
)
DISPUTE_WORK = WorkKind(
    code="claims.dispute",
    title=_("结算申诉待答复"),
    action=_("答复"),
    url=_url,
)
CHECK_WORK = WorkKind(
    code="claims.check",
    title=_("医保核查"),
    action=_("核查"),
    url=_url,
    concluded=True,
)
KINDS = (REVIEW_WORK, REVIEW_NOTICE, DISPUTE_WORK, CHECK_WORK)
