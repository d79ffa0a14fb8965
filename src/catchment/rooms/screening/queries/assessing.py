"""Asking an engine: every model of some programmes over a part of the county, or over a few people while they wait.

Statements are compiled once for a set of rules. The day, and whom they ask about, stand in them as marks: over the
county they are replaced by a date and by whole numbers, for a few people by the parameters of a prepared statement.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import ibis
import orjson
import polars as pl
from psycopg.types.numeric import Int8

from catchment.kernel import lake
from catchment.rooms.screening.queries import compiled
from catchment.rooms.screening.queries.compiled import Question
from catchment.rooms.screening.queries.editions import inputs_edition, inputs_for, programmes_edition, programmes_on
from catchment.rooms.screening.rules import InputsRule, Programme
from catchment.rooms.screening.rules import assessing as models
from catchment.rooms.screening.rules.assessing import GATHERED
from catchment.rooms.screening.rules.gathering import TABLES, gather, only_people
from catchment.rooms.screening.types import Block
from catchment.standards.analytics.engines import recordset
from catchment.standards.risk.definition import Definition

_DAY, _LOW, _HIGH, _ONE = "1000-01-01", 1_152_921_504_606_846_901, 1_152_921_504_606_846_902, 1_152_921_504_606_846_903
KEYS = 2**60
"""People's keys are positive and below this."""


@dataclass(frozen=True)
class Plan:
    """What is to be asked under one set of rules: the gathering, and each model over what was gathered.

    `sharing` are all programmes that run one of the models: a model assesses the people of all of them. `few` asks
    about people by their keys, else by block. `mark` names what the statements are made from.
    """

    rule: InputsRule
    programmes: tuple[Programme, ...]
    sharing: tuple[Programme, ...]
    models: tuple[Definition, ...]
    rules: str
    few: bool = False
    mark: str = ""

    @cached_property
    def gathering(self) -> Any:
        """The expression that gathers the inputs."""
        facts = only_people({name: lake.table(name) for name in TABLES}, _few if self.few else _in_block)
        return models.with_programmes(gather(self.rule, facts, ibis.literal(_DAY).cast("date")), self.sharing)

    def assessing(self, model: Definition) -> Any:
        """The expression of one model over what was gathered."""
        return models.assessments(model, ibis.table(self.gathering.schema(), name=GATHERED), self.sharing)

    def running(self, model: Definition) -> list[str]:
        """The columns that say whether a gathered person belongs to a programme that runs the model."""
        return [f"p__{one.code}" for one in self.sharing if model.model in one.models]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found of some people: those who were looked at, and a row an assessment (see `rules.assessing`)."""

    people: pl.DataFrame
    found: pl.DataFrame

    def without(self, keys: Collection[int]) -> "Answer":
        """Without what was found of these people."""
        kept = ~pl.col("person_key").is_in(list(keys))
        return Answer(self.people.filter(kept), self.found.filter(kept)) if keys else self


def plan_on(day: date, programme: str = "", *, few: bool = False) -> Plan:
    """The plan of the day for one programme or all of them."""
    return _planned(rules_on(day), day, programme, few)


def rules_on(day: date) -> str:
    """The versions of both editions as assessments note them."""
    return f"{inputs_edition(day).version}/{programmes_edition(day).version}"


@lru_cache(maxsize=8)
def _planned(rules: str, day: date, programme: str, few: bool) -> Plan:
    known = programmes_on(day).programmes
    chosen = tuple(one for one in known if programme in ("", one.code))
    run = {model for one in chosen for model in one.models}
    sharing = tuple(one for one in known if run & set(one.models))
    asked = tuple(models.models_of(chosen, day))
    editions = [one.content for one in (inputs_edition(day), programmes_edition(day))]
    mark = compiled.mark_of([*editions, programme, few, *(f"{one.model}={one.edition}" for one in asked)])
    return Plan(inputs_for(sharing, day), chosen, sharing, asked, rules, few, mark)


class Asker:
    """A plan compiled for one engine of the lake; may be asked about many blocks."""

    def __init__(self, plan: Plan, engine: Any) -> None:
        self.plan, self.engine = plan, engine
        self.gathering = self._question("gathering", lambda: plan.gathering)
        self.questions = {
            one.model: self._question(one.model, lambda one=one: plan.assessing(one)) for one in plan.models
        }
        for model in plan.models:
            for name, rows in models.needs_tables(model).items():
                engine.put(name, rows)

    def ask(self, day: date, block: Block) -> Answer:
        """Everybody of the block. The gathered rows are handed to the engine once and read by every model."""
        wide = self.engine.fetch(self.about(day, block), self.gathering.wanted)
        self.engine.put(GATHERED, wide)
        people = pl.DataFrame(pl.from_arrow(wide))
        return Answer(people, pl.concat([models.NOTHING, *self._found(people)]))

    def about(self, day: date, block: Block) -> str:
        """The statement that gathers the people of one block on one day."""
        text = self.gathering.text.replace(_DAY, day.isoformat())
        return text.replace(str(_LOW), str(int(block.low))).replace(str(_HIGH), str(int(block.high)))

    def _question(self, name: str, expression: Any) -> Question:
        def make() -> Question:
            asked = expression()
            return Question(self.engine.compile(asked), asked.schema().to_pyarrow())

        return compiled.question(self.plan.mark, f"{type(self.engine).__name__}-{name}", make)

    def _found(self, people: pl.DataFrame) -> Iterator[pl.DataFrame]:
        inputs = models.sources(self.plan.rule, people)
        for model in self.plan.models:
            question = self.questions[model.model]
            flat = pl.DataFrame(pl.from_arrow(self.engine.fetch(question.text, question.wanted)))
            yield models.found(model, flat, inputs)


def ask_few(day: date, keys: Sequence[int]) -> tuple[Plan, Answer]:
    """Every programme for a few people, in PostgreSQL and with the rights of whoever acts; inside a transaction.

    Their inputs are gathered by one statement and handed to one for each model, all planned once in this session.
    Models of programmes to which none of these people belongs are not asked.
    """
    plan, told = plan_on(day, few=True), list[pl.DataFrame]()
    with _postgresql() as engine:
        gathering = _few_gathering(plan, engine)
        wide = engine.ask(gathering.text, [day, [Int8(key) for key in keys]], gathering.wanted)
        people = pl.DataFrame(pl.from_arrow(wide))
        inputs, rows = models.sources(plan.rule, people), orjson.dumps(wide.to_pylist()).decode()
        for model in plan.models:
            if any(people[name].any() for name in plan.running(model)):
                question = _few_assessing(plan, model, engine)
                flat = engine.ask(question.text, [rows], question.wanted)
                told.append(models.found(model, pl.DataFrame(pl.from_arrow(flat)), inputs))
    return plan, Answer(people, pl.concat([models.NOTHING, *told]))


@contextmanager
def _postgresql() -> Iterator[Any]:
    with lake.engine("postgresql") as found:
        engine: Any = found.engine
        with engine.planning_once():
            yield engine


def _few_gathering(plan: Plan, engine: Any) -> Question:
    def make() -> Question:
        text = engine.compile(plan.gathering).replace(f"'{_DAY}'", "$1::date")
        return Question(text.replace(f"IN ({_ONE})", "= any($2::bigint[])"), plan.gathering.schema().to_pyarrow())

    return compiled.question(plan.mark, "few-gathering", make)


def _few_assessing(plan: Plan, model: Definition, engine: Any) -> Question:
    def make() -> Question:
        asked = plan.assessing(model)
        text = f"{recordset(GATHERED, plan.gathering.schema())} select * from ({engine.compile(asked)}) as found"  # noqa: S608
        return Question(text, asked.schema().to_pyarrow())

    return compiled.question(plan.mark, f"few-{model.model}", make)


def _few(key: Any) -> Any:
    return key.isin([_ONE])


def _in_block(key: Any) -> Any:
    return (key >= _LOW) & (key < _HIGH)
