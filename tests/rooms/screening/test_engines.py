"""The same assessments on DuckDB, PostgreSQL and Spark, in two steps as the county is run and in one as one person is."""

import datetime as dt
from dataclasses import dataclass

import ibis
import polars as pl
import pytest

from catchment.kernel import lake
from catchment.rooms.screening.queries.assessing import KEYS, Asker, ask_few, plan_on
from catchment.rooms.screening.rules.gathering import TABLES, assessed
from catchment.rooms.screening.types import Block
from catchment.standards.analytics import engines
from catchment.standards.risk.catalogue import definition
from county import make_person

DAY = dt.date(2026, 3, 2)
EVERYBODY = Block(number=0, low=0, high=KEYS)


@pytest.fixture
def people(county, publish, pressure):
    """Three people: a pressure that is high, one that is normal, none at all."""
    publish("hypertension", "kidney")
    pressure(county.person, 172, 99)
    pressure(make_person("李建国", county.village.area, county.village, sex="male"), 118, 70)
    make_person("陈小花", county.village.area, county.village)
    return county


@dataclass
class Filled:
    """An engine that holds what PostgreSQL publishes."""

    engine: engines.Engine

    def fill(self):
        with lake.engine("postgresql") as found:
            for name in TABLES:
                self.engine.put(name, found.run(lake.table(name)))
        return self.engine


def said(answer):
    return sorted(answer.found.select("person_key", "model", "status", "band", "digest").rows())


def on_postgresql():
    with lake.engine("postgresql") as found:
        return said(Asker(plan_on(DAY), found.engine).ask(DAY, EVERYBODY))


def test_duckdb_over_the_published_facts_says_what_postgresql_says(people):
    duck = Filled(engines.DuckDB()).fill()
    expected = on_postgresql()
    assert said(Asker(plan_on(DAY), duck).ask(DAY, EVERYBODY)) == expected
    assert [row[2] for row in expected].count("assessed") == 2
    keys = sorted({key for key, *_rest in expected})
    assert said(ask_few(DAY, keys)[1]) == expected


def test_one_expression_from_facts_to_assessment_says_the_same_as_the_two_steps(people):
    model, plan = definition("hypertension_grade"), plan_on(DAY)
    day = ibis.literal(DAY.isoformat()).cast("date")
    expression = assessed(model, plan.rule, {name: lake.table(name) for name in TABLES}, day, {})
    with lake.engine("postgresql") as found:
        flat = pl.DataFrame(pl.from_arrow(found.run(expression)))
    told = sorted(zip(flat["row_"], flat["status"], flat["band"].fill_null(""), strict=True))
    assert told == [(key, status, band) for key, name, status, band, _d in on_postgresql() if name == model.model]


@pytest.mark.slow
def test_spark_says_it_too(people, tmp_path):
    spark = Filled(engines.Spark(tmp_path)).fill()
    assert said(Asker(plan_on(DAY), spark).ask(DAY, EVERYBODY)) == on_postgresql()
