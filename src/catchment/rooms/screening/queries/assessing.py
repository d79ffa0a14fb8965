"""Asking an engine: every model of some programmes over a part of the county, or over a few people while they wait.

Statements are compiled once for a set of rules. The day, and whom they ask about, stand in them as marks that are
replaced by a date or by whole numbers.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import ibis
import polars as pl
import pyarrow as pa

from catchment.kernel import lake
from catchment.rooms.screening.queries.editions import inputs_edition, inputs_for, programmes_edition, programmes_on
from catchment.rooms.screening.rules import InputsRule, Programme
from catchment.rooms.screening.rules import assessing as models
from catchment.rooms.screening.rules.assessing import GATHERED, Sources
from catchment.rooms.screening.rules.gathering import TABLES, gather, only_people
from catchment.rooms.screening.types import Block, Found
from catchment.standards.risk.definition import Definition

_DAY, _LOW, _HIGH, _ONE = "1000-01-01", 1_152_921_504_606_846_901, 1_152_921_504_606_846_902, 1_152_921_504_606_846_903
KEYS = 2**60
"""People's keys are positive and below this."""


@dataclass(frozen=True, slots=True)
class Question:
    """One statement with its marks, and the schema of its answer."""

    text: str
    wanted: pa.Schema

    def about(self, day: date, block: Block | None = None, keys: Sequence[int] = ()) -> str:
        """The statement for one day, about a part of the county or about some people."""
        text = self.text.replace(_DAY, day.isoformat())
        if block is not None:
            return text.replace(str(_LOW), str(int(block.low))).replace(str(_HIGH), str(int(block.high)))
        return text.replace(str(_ONE), ", ".join(str(int(key)) for key in keys))


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be asked under one set of rules: the gathering, and each model over what was gathered.

    `sharing` are all programmes that run one of the models: a model assesses the people of all of them.
    """

    rule: InputsRule
    programmes: tuple[Programme, ...]
    sharing: tuple[Programme, ...]
    models: tuple[Definition, ...]
    gathering: Any
    rules: str

    def assessing(self, model: Definition) -> Any:
        """The expression of one model over what was gathered."""
        return models.assessments(model, ibis.table(self.gathering.schema(), name=GATHERED), self.sharing)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found of some people: who was looked at, and each assessment with its person's key."""

    people: pl.DataFrame
    found: Iterable[tuple[int, Found]]

    def complete(self) -> "Answer":
        """With everything asked that is to be asked."""
        return Answer(self.people, list(self.found))

    def without(self, keys: Collection[int]) -> "Answer":
        """Without what was found of these people."""
        if not keys:
            return self
        left = self.people.filter(~self.people["person_key"].is_in(list(keys)))
        return Answer(left, [one for one in self.found if one[0] not in keys])


def plan_on(day: date, programme: str = "", *, few: bool = False) -> Plan:
    """The plan of the day for one programme or all of them; `few` asks about people by their keys, else by block."""
    known = programmes_on(day).programmes
    chosen = tuple(one for one in known if programme in ("", one.code))
    run = {model for one in chosen for model in one.models}
    sharing = tuple(one for one in known if run & set(one.models))
    rule = inputs_for(sharing, day)
    tables = {name: lake.table(name) for name in TABLES}
    facts = only_people(tables, _few if few else _in_block)
    gathering = models.with_programmes(gather(rule, facts, ibis.literal(_DAY).cast("date")), sharing)
    return Plan(rule, chosen, sharing, tuple(models.models_of(chosen, day)), gathering, rules_on(day))


def rules_on(day: date) -> str:
    """The versions of both editions as assessments note them."""
    return f"{inputs_edition(day).version}/{programmes_edition(day).version}"


class Asker:
    """A plan compiled for one engine of the lake; may be asked about many blocks."""

    def __init__(self, plan: Plan, engine: Any) -> None:
        self.plan, self.engine = plan, engine
        self.gathering = _question(engine, plan.gathering)
        self.questions = {model.model: _question(engine, plan.assessing(model)) for model in plan.models}
        for model in plan.models:
            for name, rows in models.needs_tables(model).items():
                engine.put(name, rows)

    def ask(self, day: date, block: Block) -> Answer:
        """Everybody of the block. The gathered rows are handed to the engine once and read by every model."""
        wide = self.engine.fetch(self.gathering.about(day, block), self.gathering.wanted)
        self.engine.put(GATHERED, wide)
        people = pl.DataFrame(pl.from_arrow(wide))
        return Answer(people, self._found(people))

    def _found(self, people: pl.DataFrame) -> Iterator[tuple[int, Found]]:
        sources = Sources(self.plan.rule, people)
        for model in self.plan.models:
            question = self.questions[model.model]
            flat = pl.DataFrame(pl.from_arrow(self.engine.fetch(question.text, question.wanted)))
            yield from models.found(model, flat, sources)


def ask_few(day: date, keys: Sequence[int]) -> tuple[Plan, Answer]:
    """Every programme for a few people, in PostgreSQL and with the rights of whoever acts: one statement a model.

    Models of programmes to which none of these people belongs are not asked.
    """
    with lake.engine("postgresql") as found:
        asked = _asked_of_few(day, found.engine.compile)
        people = pl.DataFrame(pl.from_arrow(found.engine.fetch(asked.gathering.about(day, keys=keys), asked.wanted)))
        sources = Sources(asked.plan.rule, people)
        told: list[tuple[int, Found]] = []
        for model in asked.plan.models:
            running = [one for one in asked.plan.sharing if model.model in one.models]
            if any(people[f"p__{one.code}"].any() for one in running):
                question = asked.question(model, found.engine.compile)
                flat = found.engine.fetch(question.about(day, keys=keys), question.wanted)
                told += models.found(model, pl.DataFrame(pl.from_arrow(flat)), sources)
    return asked.plan, Answer(people, told)


@dataclass(frozen=True, slots=True)
class Few:
    """A plan for a few people at a time; a model is compiled when it is first asked."""

    plan: Plan
    gathering: Question
    questions: dict[str, Question]

    @property
    def wanted(self) -> pa.Schema:
        return self.gathering.wanted

    def question(self, model: Definition, compile_: Callable[[Any], str]) -> Question:
        if model.model not in self.questions:
            self.questions[model.model] = _composed(compile_, self.plan, model, self.gathering.text)
        return self.questions[model.model]


_few_compiled: dict[str, Few] = {}


def _asked_of_few(day: date, compile_: Callable[[Any], str]) -> Few:
    """Compiled once in this process for each set of rules and models in force."""
    mark = f"{rules_on(day)} {_models_on(day)}"
    if mark not in _few_compiled:
        plan = plan_on(day, few=True)
        _few_compiled.clear()
        _few_compiled[mark] = Few(plan, Question(compile_(plan.gathering), plan.gathering.schema().to_pyarrow()), {})
    return _few_compiled[mark]


@lru_cache(maxsize=4)
def _models_on(day: date) -> str:
    return " ".join(f"{one.model}={one.edition}" for one in models.models_of(programmes_on(day).programmes, day))


def _composed(compile_: Callable[[Any], str], plan: Plan, model: Definition, gathering: str) -> Question:
    """From facts to assessment in one statement: what a person's assessment is in PostgreSQL."""
    expression = plan.assessing(model)
    text = f'with "{GATHERED}" as materialized ({gathering}) select * from ({compile_(expression)}) as found'  # noqa: S608
    return Question(text, expression.schema().to_pyarrow())


def _question(engine: Any, expression: Any) -> Question:
    return Question(engine.compile(expression), expression.schema().to_pyarrow())


def _few(key: Any) -> Any:
    return key.isin([_ONE])


def _in_block(key: Any) -> Any:
    return (key >= _LOW) & (key < _HIGH)
