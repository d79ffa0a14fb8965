"""The same expressions on DuckDB, on PostgreSQL, and on a real Spark cluster: row for row the same."""

from datetime import UTC, date, datetime

import pytest
from ibis import _

from catchment.kernel import clock, lake, wall
from catchment.kernel.actor import system
from catchment.kernel.lake import refreshing
from catchment.rooms.rulebook import actions as rulebook
from catchment.rooms.rulebook import queries as editions
from catchment.twin.living import play
from catchment.twin.loading import build_county
from clusters import spark_cluster

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PEOPLE, TODAY = 2000, date(2026, 2, 1)
NOW = datetime(2026, 2, 20, 4, tzinfo=UTC)


def visits_by_class_and_township():
    placed = lake.table("encounters").join(lake.table("places"), "facility_id")
    return placed.group_by("klass", "township_code", month=_.day.truncate("M")).aggregate(
        visits=_.count(), people=_.person_key.nunique(), fen=_.cost_fen.sum()
    )


def controlled_pressure():
    """Of the people with a diagnosis of hypertension: how many had a last systolic pressure below 140 mmHg."""
    diagnosed = lake.table("conditions").filter(_.code.startswith("I10")).select("person_key").distinct()
    last = lake.table("latest_measurements").filter(_.code == "8480-6")
    return diagnosed.left_join(last, "person_key").aggregate(
        people=_.count(), measured=_.value.count(), controlled=(_.value < 140).sum(), highest=_.value.max()
    )


def effective_referrals():
    waited = (_.accepted_at.truncate("s").epoch_seconds() - _.sent_at.truncate("s").epoch_seconds()).max()
    return (
        lake.table("referrals")
        .group_by("direction", month=_.day.truncate("M"))
        .aggregate(sent=_.count(), effective=_.effective.sum(), longest=waited)
    )


def contracted_by_age():
    alive = lake.table("people").filter(_.deceased_on.isnull())
    decade = ((2026 - _.birth_date.year()) / 10).floor().cast("int64")
    return alive.group_by("insurance", "sex", decade=decade).aggregate(n=_.count(), contracted=_.contracted.sum())


def times_of_day():
    return lake.table("measurements").group_by("code", hour=_.at.hour()).aggregate(n=_.count(), low=_.value.min())


EXPRESSIONS = {
    **{name: (lambda name=name: lake.table(name)) for name in (
        "areas", "places", "people", "residences", "coverages", "responsibilities", "contracts", "encounters", "conditions", "measurements", "procedures",
        "medicines", "reports", "referrals", "latest_measurements",
    )},
    "visits": visits_by_class_and_township, "pressure": controlled_pressure, "effective": effective_referrals,
    "contracted": contracted_by_age, "times": times_of_day,
}  # fmt: skip


def answers(url):
    with lake.engine(url) as engine:
        return {name: sorted(map(repr, engine.run(made()).to_pylist())) for name, made in EXPRESSIONS.items()}


def test_three_engines_give_the_same_rows(tmp_path, monkeypatch):
    pytest.importorskip("pyspark", reason="Spark is the optional extra 'analytics'")
    monkeypatch.setenv("CATCHMENT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    monkeypatch.setenv("SPARK_CONF_DIR", str(tmp_path))
    (tmp_path / "spark-defaults.conf").write_text("spark.sql.shuffle.partitions 2\n")
    editions.forget()
    rulebook.publish_defaults(actor=system("tests", "rulebook.publish"), now=NOW)
    editions.forget()
    build_county(people=PEOPLE, seed=7, today=TODAY, workers=1, report=lambda *_: None)
    play(days=15, now=NOW, report=lambda *_: None)
    with wall.acting("lake", at=clock.now()):
        refreshing.refresh()
    here, server = answers("duckdb"), answers("postgresql")
    with spark_cluster(tmp_path) as address:
        there = answers(address)
        from pyspark.sql import SparkSession

        session = SparkSession.getActiveSession()
        assert session.sparkContext.master == address
        session.stop()
    for name in EXPRESSIONS:
        assert here[name] == server[name], name
        assert here[name] == there[name], name
        assert here[name], name
    logs = "".join(path.read_text() for path in tmp_path.glob("worker-*.log"))
    assert logs.count("Asked to launch executor") >= 2
