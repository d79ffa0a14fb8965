"""The kind of work that a look in an emergency leaves."""

from django.utils.translation import gettext_lazy as _

from catchment.rooms.board.rules import WorkKind

REVIEW = WorkKind(
    code="consent.review",
    title=_("紧急调阅待复核"),
    action=_("复核"),
    url=lambda ref: f"/privacy/{ref}/",
)
