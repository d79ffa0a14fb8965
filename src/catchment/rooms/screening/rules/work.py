"""The kinds of work that screening puts on the board, and which step each state waits for."""

from django.utils.translation import gettext_lazy as _

from catchment.rooms.board.rules import WorkKind, case_url
from catchment.rooms.screening.types import State


def _url(ref: str) -> str:
    return f"/screening/cases/{ref}/"


FOLLOW = WorkKind(
    code="screening.follow",
    title=_("疾控随访"),
    action=_("随访"),
    url=lambda ref: case_url("screening.follow", ref),
    concluded=True,
)
KINDS = (
    FOLLOW,
    WorkKind("screening.reach", _("筛查高危，待联系"), _("联系"), _url),
    WorkKind("screening.test", _("筛查高危，待检查"), _("登记检查"), _url),
    WorkKind("screening.confirm", _("筛查已检查，待结论"), _("下结论"), _url),
    WorkKind("screening.enrol", _("筛查确诊，待纳入管理"), _("纳入管理"), _url),
    WorkKind("screening.notice", _("筛查动态"), _("查看"), _url),
)
DUTIES = {
    State.FOUND: ("screening.reach", "inform_days"),
    State.INFORMED: ("screening.reach", "reach_days"),
    State.REACHED: ("screening.test", "test_days"),
    State.TESTED: ("screening.confirm", "confirm_days"),
    State.CONFIRMED: ("screening.enrol", "enrol_days"),
}
"""For each open state the kind of work and the clock that runs."""
