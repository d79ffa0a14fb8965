"""Which diagnoses are notifiable, how fast they must be reported, and what work that leaves. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from catchment.rooms.board.rules import WorkKind, case_url
from catchment.rooms.record.rules import DISPROVED
from catchment.rooms.rulebook.rules import Rule

NOTIFIABLE = "surveillance.notifiable"
REPORT = WorkKind(
    code="surveillance.report",
    title=_("传染病报告"),
    action=_("核实并报告"),
    url=lambda ref: case_url("surveillance.report", ref),
    concluded=True,
)


NOTICE = WorkKind(
    code="report-card.notice",
    title=_("传染病报告动态"),
    action=_("查看"),
    url=lambda _ref: "/cases/",
)
KINDS = (REPORT, NOTICE)


class Disease(Rule):
    """One notifiable infection: the ICD-10 codes that begin so, within how many hours it is reported.

    `again_days`: a diagnosis within so many days after one reported is the same illness.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")
    zh: str
    en: str
    klass: Literal["A", "B", "C"]
    hours: int = Field(ge=1, le=24 * 7)
    again_days: int = Field(ge=0, le=3660)
    prefixes: tuple[str, ...] = Field(min_length=1)


class NotifiableRule(Rule):
    """The list of notifiable infections; of several prefixes that fit the longest counts.

    `import_days`: a diagnosis that comes in by import opens a case if it was made on one of so many days up to its
    arrival; 0 for none.
    """

    import_days: int = Field(default=0, ge=0, le=366)
    diseases: tuple[Disease, ...] = Field(min_length=1)

    def disease_of(self, code: str) -> Disease | None:
        """The notifiable infection of a diagnosis code; `None` for any other."""
        fitting = [(len(one), disease) for disease in self.diseases for one in disease.prefixes if code.startswith(one)]
        return max(fitting, key=lambda pair: pair[0])[1] if fitting and code else None

    def is_fresh(self, made_on: date, arrived_on: date) -> bool:
        """Whether a diagnosis made on the one day and imported on the other is news; none of the future is."""
        return 0 <= (arrived_on - made_on).days < self.import_days


def stands(verification: str) -> bool:
    """Whether a diagnosis of that FHIR verification status may be reported: neither refuted nor written in error."""
    return verification not in DISPROVED


SCHEMAS: Mapping[str, type[BaseModel]] = {NOTIFIABLE: NotifiableRule}
