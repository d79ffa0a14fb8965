"""Asking an engine: every model of some programmes over a part of the county, or over a few people while they wait.

Statements are compiled once for a set of rules. The day, and whom they ask about, stand in them as marks: over the
county they are replaced by a date and by whole numbers, for a few people by the parameters of a prepared statement.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import ibis
import orjson
import polars as pl
import pyarrow as pa
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
from catchment.standards.risk.definition import Definition

_DAY, _LOW, _HIGH, _ONE = "1000-01-01", 1_152_921_504_606_846_901, 1_152_921_504_606_846_902, 1_152_921_504_606_846_903
_TOLD = pa.schema([("of", pa.string()), ("row", pa.string())])
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

    @cached_property
    def sources(self) -> dict[str, pl.Expr]:
        """What is selected of gathered people to say where each input came from."""
        return models.sources(self.rule)

    def inputs(self, people: pl.DataFrame, said: Collection[str]) -> pl.DataFrame:
        """The inputs of gathered people by model, with where each came from; of the models that have said something."""
        return models.inputs_of([one for one in self.models if one.model in said], people, self.sources)


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
        """Everybody of the block."""
        return self.answer(self.gathered(day, block))

    def gathered(self, day: date, block: Block) -> pa.Table:
        """The inputs of everybody of the block."""
        return self.engine.fetch(self.about(day, block), self.gathering.wanted)

    def answer(self, wide: pa.Table) -> Answer:
        """What is found of those gathered: the rows are handed to the engine once and read by every model."""
        self.engine.put(GATHERED, wide)
        people = pl.DataFrame(pl.from_arrow(wide))
        return Answer(people, models.together(self._found(), self.plan.inputs(people, self.questions)))

    def about(self, day: date, block: Block) -> str:
        """The statement that gathers the people of one block on one day."""
        text = self.gathering.text.replace(_DAY, day.isoformat())
        return text.replace(str(_LOW), str(int(block.low))).replace(str(_HIGH), str(int(block.high)))

    def _question(self, name: str, expression: Any) -> Question:
        def make() -> Question:
            asked = expression()
            return Question(self.engine.compile(asked), asked.schema().to_pyarrow())

        return compiled.question(self.plan.mark, f"{type(self.engine).__name__}-{name}", make)

    def _found(self) -> Iterator[pl.DataFrame]:
        for model in self.plan.models:
            question = self.questions[model.model]
            flat = self.engine.fetch(question.text, question.wanted)
            yield models.found(model, pl.DataFrame(pl.from_arrow(flat)))


def ask_few(day: date, keys: Sequence[int]) -> tuple[Plan, Answer]:
    """Every programme for a few people, in PostgreSQL and with the rights of whoever acts; inside a transaction.

    One statement gathers their inputs and asks every model, planned once in this session.
    """
    plan = plan_on(day, few=True)
    with _postgresql() as engine:
        question = _few_question(plan, engine)
        told = engine.ask(question.text, [day, [Int8(key) for key in keys]], _TOLD)
    rows = defaultdict[str, list[Any]](list)
    for name, row in zip(*told.to_pydict().values(), strict=True):
        rows[name].append(orjson.loads(row))
    people = _frame(question, GATHERED, rows)
    found = [models.found(one, _frame(question, one.model, rows)) for one in plan.models if one.model in rows]
    return plan, Answer(people, models.together(found, plan.inputs(people, rows)))


def _frame(question: Question, name: str, rows: Mapping[str, list[Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows[name], schema=_columns(question.wanted.field(name).type), orient="row")


@lru_cache(maxsize=128)
def _columns(kind: pa.StructType) -> pl.Schema:
    return pl.DataFrame(pl.from_arrow(pa.schema(list(kind)).empty_table())).schema


@contextmanager
def _postgresql() -> Iterator[Any]:
    with lake.engine("postgresql") as found:
        engine: Any = found.engine
        with engine.planning_once():
            yield engine


def _few_question(plan: Plan, engine: Any) -> Question:
    """Rows of every kind as JSON with the kind's name, which is a field of the question's schema."""

    def make() -> Question:
        asked = {GATHERED: ibis.table(plan.gathering.schema(), name=GATHERED)}
        asked |= {one.model: plan.assessing(one) for one in plan.models}
        gathering = engine.compile(plan.gathering).replace(f"'{_DAY}'", "$1::date")
        gathering = gathering.replace(f"IN ({_ONE})", "= any($2::bigint[])")
        each = [f"select '{name}', row_to_json(t)::text from ({engine.compile(one)}) t" for name, one in asked.items()]  # noqa: S608
        text = f"with {GATHERED} as materialized ({gathering}) {' union all '.join(each)}"
        return Question(text, pa.schema([(name, pa.struct(one.schema().to_pyarrow())) for name, one in asked.items()]))

    return compiled.question(plan.mark, "few", make)


def _few(key: Any) -> Any:
    return key.isin([_ONE])


def _in_block(key: Any) -> Any:
    return (key >= _LOW) & (key < _HIGH)
