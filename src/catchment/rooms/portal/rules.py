"""What a look in an emergency leaves on boards and among notices, and a suspected double sent for a decision."""

from django.utils.translation import gettext_lazy as _

from catchment.rooms.board.rules import WorkKind

REVIEW = WorkKind(
    code="consent.review",
    title=_("紧急调阅待复核"),
    action=_("复核"),
    url=lambda ref: f"/privacy/{ref}/",
)
LOOKED = WorkKind(
    code="person.notice",
    title=_("档案调阅动态"),
    action=_("查看"),
    url=lambda ref: f"/people/{ref}/",
)
TWINS = WorkKind(
    code="people.twins",
    title=_("疑似重复待核对"),
    action=_("比对"),
    url=lambda ref: f"/people/duplicates/{ref}/",
)
KINDS = (REVIEW, LOOKED, TWINS)
