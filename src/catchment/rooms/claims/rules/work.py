"""The kind of work that a special review puts on the board."""

from django.utils.translation import gettext_lazy as _

from catchment.rooms.board.rules import WorkKind

REVIEW_WORK = WorkKind(
    code="claims.review",
    title=_("特例单议待审"),
    action=_("审核"),
    url=lambda ref: f"/claims/{ref}/",
)
