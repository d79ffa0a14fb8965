"""All models of the default programmes over synthetic facts on DuckDB: `python -m bench.screening [PEOPLE] [ROWS]`.

Beside it a trivial aggregate over the same Parquet columns as the floor, China-PAR as a plain loop over people, and where
the home holds a county, one person at a time on PostgreSQL.
"""

import json
import math
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from bench.risk import seconds

EDITIONS = Path(__file__).resolve().parents[1] / "src/catchment/rooms/screening/editions"
LOOPED, ONE_BY_ONE = 100_000, 60


def main() -> None:
    """Print one JSON object: people times models a second, memory, ratios to floor and loop, p95 of one person."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "catchment.site.settings")
    import django

    django.setup()
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 10 * people
    with tempfile.TemporaryDirectory() as folder:
        told = county(people, rows, Path(folder))
    sys.stdout.write(json.dumps({**told, "one_person": one_by_one()}))


def county(people: int, rows: int, folder: Path) -> dict[str, object]:
    import datetime as dt

    import ibis
    import yaml

    from catchment.kernel import lake
    from catchment.rooms.screening.queries.assessing import KEYS, Asker, Plan, _in_block
    from catchment.rooms.screening.rules import InputsRule, ProgrammesRule, assessing
    from catchment.rooms.screening.rules.gathering import TABLES, gather, only_people
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
    facts = only_people({name: lake.table(name) for name in TABLES}, _in_block)
    gathering = assessing.with_programmes(gather(rule, facts, ibis.literal("1000-01-01").cast("date")), programmes)
    models = tuple(assessing.models_of(programmes, day))
    started = time.perf_counter()
    asker = Asker(Plan(rule, programmes, programmes, models, gathering, "bench"), engine)
    compiled = time.perf_counter() - started
    block, counted = Block(number=0, low=0, high=KEYS), {}

    def gather_all():
        engine.put(assessing.GATHERED, engine.fetch(asker.gathering.about(day, block), asker.gathering.wanted))

    def assess_all():
        for model, question in asker.questions.items():
            counted[model] = engine.connection.execute(
                f"select status, count(*) from ({question.text}) group by 1"
            ).fetchall()

    floor = seconds(lambda: engine.connection.execute(FLOOR).fetchall())
    gathered, assessed = seconds(gather_all, 1), seconds(assess_all, 1)
    done = sum(n for found in counted.values() for _status, n in found)
    pairs, rate = people * len(models), people * len(models) / (gathered + assessed)
    loop = looped()
    return {
        "people": people, "rows": rows, "models": len(models), "compile_seconds": round(compiled, 1), "floor_seconds": round(floor, 2),
        "gather_seconds": round(gathered, 2), "assess_seconds": round(assessed, 2), "people_models": pairs, "assessments": done,
        "people_models_per_second": round(rate), "ratio_to_floor": round((gathered + assessed) / floor, 1),
        "loop_china_par_per_second": round(loop), "ratio_to_loop": round(rate / loop, 1),
        "memory_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }  # fmt: skip


def view(connection, name: str, columns, path: Path) -> None:
    """The published table; what nothing reads is null."""
    connection.execute(f"create view written as select * from read_parquet('{path}')")
    have = {row[0] for row in connection.execute("describe written").fetchall()}
    parts = ", ".join(one if one in have else f"null as {one}" for one in columns)
    connection.execute(f"create view {name} as select {parts} from read_parquet('{path}')")
    connection.execute("drop view written")


FLOOR = "select count(person_key), max(code), max(day), max(value), max(unit), max(value_code) from measurements"


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


def looped() -> float:
    """China-PAR for women and men as a doctor's program would have it: one person after the other; people a second."""
    person = {"man": True, "age": 60.0, "sbp": 150.0, "treated": False, "tc": 200.0, "hdl": 45.0, "waist": 92.0}
    started = time.perf_counter()
    for number in range(LOOPED):
        one = {**person, "man": number % 2 == 0, "age": 35.0 + number % 50}
        ln_age, ln_sbp = math.log(one["age"]), math.log(one["sbp"])
        own = 27.387635 if one["treated"] else 26.147460
        cross = 6.018078 if one["treated"] else 5.730988
        z = 31.967069 * ln_age + own * ln_sbp + 0.620398 * math.log(one["tc"]) - 0.694915 * math.log(one["hdl"])
        z += -0.711405 * math.log(one["waist"]) - cross * ln_age * ln_sbp - 144.193423
        100 * (1 - math.exp(-math.exp(min(z, 5.0))))
    return LOOPED / (time.perf_counter() - started)


def one_by_one() -> dict[str, object] | None:
    """Milliseconds for all models of one person, keeping what is found included; `None` where there is no county."""
    from django.db import connection
    from django.utils import timezone

    from catchment.kernel import clock, database
    from catchment.kernel.actor import system
    from catchment.rooms.people.models import Person
    from catchment.rooms.screening import actions

    if not (database.home() / "postgres").exists():
        return None
    database.ensure_running()
    if "people_person" not in connection.introspection.table_names():
        return None
    actor = system("screening", "screening.run", "screening.clock")
    grown = timezone.localdate().replace(year=timezone.localdate().year - 40, day=1)
    keys = list(
        Person.objects.filter(birth_date__lt=grown, deceased_on__isnull=True).values_list("pk", flat=True)[
            : ONE_BY_ONE + 5
        ]
    )
    taken = []
    for key in keys:
        started = time.perf_counter()
        actions.reassess(actor=actor, now=clock.now(), person_ids=[key])
        taken.append(1000 * (time.perf_counter() - started))
    quick = sorted(taken[5:])
    return (
        {"people": len(quick), "p50_ms": round(quick[len(quick) // 2]), "p95_ms": round(quick[int(len(quick) * 0.95)])}
        if quick
        else None
    )


if __name__ == "__main__":
    main()
