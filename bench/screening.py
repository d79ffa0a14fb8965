"""All models of the default programmes over synthetic facts on DuckDB: `python -m bench.screening [PEOPLE] [ROWS]`.

Beside it a hash of the same Parquet columns as the floor; China-PAR alone, by the engine and by a plain loop over the same
gathered people; and where the home holds a county, one person at a time on PostgreSQL.
"""

import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from bench import china_par
from bench.risk import hashed, seconds

EDITIONS = Path(__file__).resolve().parents[1] / "src/catchment/rooms/screening/editions"
LOOPED, CHECKED, FIRST, ONE_BY_ONE = 100_000, 2_000, 20, 200


def main() -> None:
    """Print one JSON object: people times models a second, memory, ratios to floor and loop, p95 of one person."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "catchment.site.settings")
    import django

    django.setup()
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 10 * people
    with tempfile.TemporaryDirectory() as folder:
        told = county(people, rows, Path(folder))
    sys.stdout.write(json.dumps({**told, **one_by_one()}))


def county(people: int, rows: int, folder: Path) -> dict[str, object]:
    import datetime as dt

    import yaml

    from catchment.kernel import lake
    from catchment.rooms.screening.queries.assessing import KEYS, Asker, Plan
    from catchment.rooms.screening.rules import InputsRule, ProgrammesRule, assessing
    from catchment.rooms.screening.rules.gathering import TABLES
    from catchment.rooms.screening.rules.programmes import input_names
    from catchment.rooms.screening.types import Block
    from catchment.standards.analytics.engines import DuckDB

    content = {
        name: yaml.safe_load((EDITIONS / f"{name}.yaml").read_text())["content"] for name in ("inputs", "programmes")
    }
    programmes = ProgrammesRule.model_validate(content["programmes"]).programmes
    rule = InputsRule.model_validate(content["inputs"]).only(frozenset(input_names(programmes)) | {"age_years", "sex"})
    day, engine = dt.date(2026, 3, 2), DuckDB()
    write_facts(engine.connection, rule, people, rows, folder)
    for name in TABLES:
        view(engine.connection, name, lake.table(name).schema().names, folder / f"{name}.parquet")
    models = tuple(assessing.models_of(programmes, day))
    started = time.perf_counter()
    asker = Asker(Plan(rule, programmes, programmes, models, "bench"), engine)
    compiled = time.perf_counter() - started
    block, counted = Block(number=0, low=0, high=KEYS), {}

    def gathered_rows():
        return engine.fetch(asker.about(day, block), asker.gathering.wanted)

    def gather_all():
        engine.put(assessing.GATHERED, gathered_rows())

    def assess_all():
        for model, question in asker.questions.items():
            counted[model] = engine.connection.execute(
                f"select status, count(*) from ({question.text}) group by 1"
            ).fetchall()

    floor = seconds(lambda: engine.connection.execute(FLOOR).fetchall())
    gathered, assessed = seconds(gather_all, 1), seconds(assess_all, 1)
    done = sum(n for found in counted.values() for _status, n in found)
    pairs, rate = people * len(models), people * len(models) / (gathered + assessed)
    return {
        "people": people, "rows": rows, "models": len(models), "compile_seconds": round(compiled, 1), "floor_seconds": round(floor, 3),
        "gather_seconds": round(gathered, 2), "assess_seconds": round(assessed, 2), "people_models": pairs, "assessments": done,
        "people_models_per_second": round(rate), "ratio_to_floor": round((gathered + assessed) / floor, 1),
        **looped(asker, engine, gathered_rows()),
        "memory_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }  # fmt: skip


def view(connection, name: str, columns, path: Path) -> None:
    """The published table; what nothing reads is null."""
    connection.execute(f"create view written as select * from read_parquet('{path}')")
    have = {row[0] for row in connection.execute("describe written").fetchall()}
    parts = ", ".join(one if one in have else f"null as {one}" for one in columns)
    connection.execute(f"create view {name} as select {parts} from read_parquet('{path}')")
    connection.execute("drop view written")


FLOOR = f"select {hashed(('person_key', 'code', 'day', 'value', 'unit', 'value_code'))} from measurements"


def write_facts(connection, rule, people: int, rows: int, folder: Path) -> None:
    """Parquet files with the columns that the published tables have; values lie where people's do."""
    codes = sorted(
        {(code, next(iter(item.units), "")) for item in rule.inputs if item.way == "measurement" for code in item.codes}
    )
    answers = sorted({(item.codes[0], tuple(item.values)) for item in rule.inputs if item.way == "answer"})
    connection.execute("select setseed(0.7)")
    connection.execute("create table asked (n integer, code varchar, unit varchar, answers varchar[])")
    told = [(code, unit, []) for code, unit in codes] + [(code, "", list(given)) for code, given in answers]
    connection.executemany("insert into asked values (?, ?, ?, ?)", [(n, *one) for n, one in enumerate(told)])
    key = f"(hash(range % {people}) >> 4)::bigint"
    tables = {
        "people": f"""select {key} as person_key, if(random() < 0.5, 'male', 'female') as sex,
            date '1940-01-01' + (random() * 25000)::integer as birth_date, null::date as deceased_on, '990100001001' as area_code,
            '990100001' as township_code, 1::bigint as facility_id, 1::bigint as doctor_post_id from range({people})""",
        "measurements": f"""select range as observation_id, {key} as person_key, a.code, 'final' as status,
            date '2026-03-01' - (random() * 900)::integer as day, case when len(answers) = 0 then 20 + random() * 130 end as value,
            a.unit, coalesce(answers[1 + floor(random() * len(answers))::integer], '') as value_code, '' as sensitivity
            from range({rows}) join asked a on a.n = hash(range + 1) % {len(told)}""",
        "conditions": f"""select range as condition_id, {key} as person_key, (['I10', 'E11', 'I48', 'J44', 'B18', 'K29'])[1 + range % 6] as code,
            'active' as status, 'confirmed' as verification, date '2024-03-01' as day, null::date as abated_on, '' as sensitivity
            from range({people}, {2 * people}, 2)""",
        "medicines": f"""select range as medication_id, {key} as person_key, (['C09CA03', 'A10BA02', 'C10AA05'])[1 + range % 3] as code,
            'active' as status, date '2026-03-01' - (random() * 200)::integer as day, '' as sensitivity from range({people})""",
    }
    for name, query in tables.items():
        connection.execute(f"copy ({query}) to '{folder / name}.parquet' (format parquet)")


def looped(asker, engine, wide) -> dict[str, object]:
    """China-PAR alone over the gathered people: by the engine, contributions included, and by the loop, which has none."""
    import polars as pl

    question = asker.questions[china_par.MODEL]
    alone = seconds(lambda: engine.fetch(question.text, question.wanted))
    flat = pl.DataFrame(pl.from_arrow(engine.fetch(question.text, question.wanted)))
    asked = pl.DataFrame(pl.from_arrow(wide)).filter(pl.col("person_key").is_in(flat["row_"].implode())).head(LOOPED)
    names = {one: one.removeprefix("i__") for one in asked.columns if one.startswith("i__")}
    people = dict(zip(asked["person_key"], asked.select(list(names)).rename(names).to_dicts(), strict=True))
    china_par.check(people, flat.filter(pl.col("row_").is_in(asked["person_key"].head(CHECKED).implode())).to_dicts())
    rows = list(people.values())
    loop, engined = len(rows) / seconds(lambda: [china_par.assess(one) for one in rows]), flat.height / alone
    return {
        "china_par_per_second": round(engined),
        "loop_per_second": round(loop),
        "ratio_to_loop": round(engined / loop, 1),
    }


def one_by_one() -> dict[str, object]:
    """Milliseconds for all models of one person as the job has them, keeping included; empty where there is no county."""
    from django.db import connection

    from catchment.kernel import clock, database, wall
    from catchment.kernel.actor import system
    from catchment.rooms.people.models import Person
    from catchment.rooms.screening import actions

    residents, taken, keys = 0, [], []
    if (database.home() / "postgres").exists():
        database.ensure_running()
        if "people_person" in connection.introspection.table_names():
            residents, keys = Person.objects.count(), grown_up()
    actor = system("screening", "screening.run", "screening.clock")
    for key in keys:
        started, now = time.perf_counter(), clock.now()
        with wall.acting("screening", at=now):
            actions.reassess(actor=actor, now=now, person_ids=[key])
        taken.append(1000 * (time.perf_counter() - started))
    quick = sorted(taken[FIRST:])
    told = (taken[0], quick[len(quick) // 2], quick[int(len(quick) * 0.95)]) if quick else ("", "", "")
    names = ("one_person_first_ms", "one_person_p50_ms", "one_person_p95_ms")
    return {"residents": residents, **{name: ms and round(ms) for name, ms in zip(names, told, strict=True)}}


def grown_up() -> list[int]:
    """People over forty, by chance, for they belong to most programmes."""
    from django.utils import timezone

    from catchment.rooms.people.models import Person

    grown = timezone.localdate().replace(year=timezone.localdate().year - 40, day=1)
    people = Person.objects.filter(birth_date__lt=grown, deceased_on__isnull=True).order_by("person_key")
    return list(people.values_list("pk", flat=True)[: FIRST + ONE_BY_ONE])


if __name__ == "__main__":
    main()
