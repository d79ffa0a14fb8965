"""The kind of work that a finding leaves on the insurance office's board."""

from django.utils.translation import gettext_lazy as _

from catchment.rooms.board.rules import WorkKind

FINDING = WorkKind(
    code="budget.finding",
    title=_("基金风险待复核"),
    action=_("复核"),
    url=lambda ref: f"/budget/findings/{ref}/",
)
