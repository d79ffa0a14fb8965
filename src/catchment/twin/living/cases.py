"""What people come with and what is written back, read from `cases.yaml`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from catchment.rooms.referral.types import LetterForm


@dataclass(frozen=True, slots=True)
class Case:
    """One complaint. `after` is the diagnosis that the letter brings home, `weight` how often it is met."""

    code: str
    display: str
    urgency: str
    question: str
    treatment: str
    after: dict[str, str]
    course: str
    drug: dict[str, str]
    advice: str
    ages: tuple[int, int]
    weight: int
    indication: str
    sex: str = ""

    def letter(self, follow_up_days: int) -> LetterForm:
        """The letter back, with the first follow-up after so many days."""
        return LetterForm(
            diagnoses=(self.after,),
            course=self.course,
            medicines=({"display": self.drug["name"], "dose": self.drug["dose"]},),
            advice=self.advice,
            follow_up_days=follow_up_days,
            come_back_if="症状加重或出现新的不适时随时就诊",
        )


def _case(told: dict[str, Any]) -> Case:
    return Case(**{**told, "ages": tuple(told["ages"])})


_TOLD = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text(encoding="utf-8"))
UP = tuple(_case(told) for told in _TOLD["up"])
DOWN = tuple(_case(told) for told in _TOLD["down"])
REPLIES: tuple[str, ...] = tuple(_TOLD["replies"])
NOTES: tuple[str, ...] = tuple(_TOLD["notes"])
INFORMATION: tuple[tuple[str, str], ...] = tuple((told["asked"], told["answered"]) for told in _TOLD["information"])
