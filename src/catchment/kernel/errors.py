"""Refusals that a person or a program can act on."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one field: what is wrong with its value and the way out, in the reader's words."""

    field: str
    message: str


class Refusal(Exception):  # noqa: N818 a refusal is an answer, not a defect
    """The system answers no: `code` for programs, `message` for people. Base of all foreseeable answers."""

    status = 409

    def __init__(self, code: str, message: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.facts = facts

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(Refusal):
    """This actor may not do or see this."""

    status = 403


class NotFound(Refusal):
    """There is no such thing for this actor; whether it exists at all is not told."""

    status = 404


class Invalid(Refusal):
    """What was given cannot be taken; every problem names its field and the way out."""

    status = 422

    def __init__(self, *problems: Problem) -> None:
        super().__init__("invalid", "；".join(str(problem.message) for problem in problems))
        self.problems = problems
