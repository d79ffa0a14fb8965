"""The county run over synthetic facts on DuckDB, block by block: `python -m bench.screening [PEOPLE] [ROWS]`.

Of each block: inputs gathered from the facts, every model of the default programmes asked, and put into words with
reasons, contributions and digest, as a run does before it writes. Beside it a hash of the same rows' columns. Where
the home holds a county: one person at a time on PostgreSQL, kept, as the job does it.
"""

import json
import resource
import sys
import tempfile
import time
from math import ceil
from pathlib import Path

from bench.editions import DAY, plan_of_defaults
from bench.risk import hashed

MEASURED = 10
"""Blocks that are measured, evenly spread, where there are more."""
GROUP = 32_768
FIRST, ONE_BY_ONE = 20, 200


def main() -> None:
    """Print one JSON object: seconds by stage, people times models a second, memory, milliseconds of one person."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 10 * people
    plan = plan_of_defaults()
    with tempfile.TemporaryDirectory() as folder:
        told = county(plan, people, rows, Path(folder))
    sys.stdout.write(json.dumps({**told, **one_by_one()}))


def county(plan, people: int, rows: int, folder: Path) -> dict[str, object]:
    import datetime as dt

    from catchment.kernel import lake
    from catchment.rooms.screening.actions.running import BLOCK
    from catchment.rooms.screening.queries.assessing import KEYS, Asker
    from catchment.rooms.screening.rules.gathering import TABLES
    from catchment.rooms.screening.types import Block
    from catchment.standards.analytics.engines import DuckDB

    writer, engine = DuckDB(), DuckDB()
    write_facts(writer.connection, plan.rule, people, rows, folder)
    writer.close()
    for name in TABLES:
        view(engine.connection, name, lake.table(name).schema().names, folder / f"{name}.parquet")
    asker, compiled = timed(lambda: Asker(plan, engine))
    count = ceil(people / BLOCK)
    edges = [KEYS * number // count for number in range(count + 1)]
    wanted = sorted({count * one // MEASURED for one in range(MEASURED)} if count > MEASURED else range(count))
    taken = dict.fromkeys(("floor", "gather", "assess_and_tell"), 0.0)
    seen = assessments = 0
    for number in wanted:
        block = Block(number=number, low=edges[number], high=edges[number + 1])
        floor = FLOOR.format(low=block.low, high=block.high)
        taken["floor"] += timed(lambda floor=floor: engine.connection.execute(floor).fetchall())[1]
        wide, seconds = timed(lambda block=block: asker.gathered(dt.date.fromisoformat(DAY), block))
        taken["gather"] += seconds
        answer, seconds = timed(lambda wide=wide: asker.answer(wide))
        taken["assess_and_tell"] += seconds
        seen, assessments = seen + answer.people.height, assessments + answer.found.height
    whole, memory = taken["gather"] + taken["assess_and_tell"], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "people": people, "rows": rows, "models": len(plan.models), "compile_seconds": round(compiled, 1), "blocks": count,
        "blocks_measured": len(wanted), "people_measured": seen, **{f"{name}_seconds": round(one, 2) for name, one in taken.items()},
        "assessments": assessments, "people_models_per_second": round(seen * len(plan.models) / whole),
        "ratio_to_floor": round(whole / taken["floor"], 1), "memory_mib": round(memory / 1024),
    }  # fmt: skip


def timed(work):
    """What the work gives, and the seconds it took."""
    started = time.perf_counter()
    return work(), time.perf_counter() - started


def view(connection, name: str, columns, path: Path) -> None:
    """The published table; what nothing reads is null."""
    connection.execute(f"create view written as select * from read_parquet('{path}')")
    have = {row[0] for row in connection.execute("describe written").fetchall()}
    parts = ", ".join(one if one in have else f"null as {one}" for one in columns)
    connection.execute(f"create view {name} as select {parts} from read_parquet('{path}')")
    connection.execute("drop view written")


COLUMNS = hashed(("person_key", "code", "day", "value", "unit", "value_code"))
FLOOR = f"select {COLUMNS} from measurements where person_key >= {{low}} and person_key < {{high}}"


def write_facts(connection, rule, people: int, rows: int, folder: Path) -> None:
    """Parquet files with the columns that the published tables have, in the order of people as the lake has them."""
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
        ordered = f"select * from ({query}) order by person_key"
        connection.execute(f"copy ({ordered}) to '{folder / name}.parquet' (format parquet, row_group_size {GROUP})")


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
