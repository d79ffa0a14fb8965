"""Every model of the default programmes over input columns that are ready: `python -m bench.scoring [PEOPLE]`.

Value, band, status and what is missing of each person by each model, on DuckDB over Parquet. Beside it a hash of the
same columns, once for each model; China-PAR by the engine and by a plain loop over the same people.
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import ibis
import polars as pl

from bench import china_par
from bench.editions import plan_of_defaults
from bench.risk import hashed, seconds

FILE = 500_000
"""People of one file: what is written at a time."""
UNKNOWN = 0.1
LOOPED, CHECKED = 100_000, 2_000
WRITTEN = "written"


def main() -> None:
    """Print one JSON object: people times models a second, memory, ratios to floor and loop."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write(json.dumps(scored(plan_of_defaults(), people, Path(folder))))


def scored(plan, people: int, folder: Path) -> dict[str, object]:
    from catchment.rooms.screening.rules import assessing
    from catchment.standards.analytics.engines import DuckDB

    engine = DuckDB()
    size = write_people(plan, engine, people, folder)
    for model in plan.models:
        for name, rows in assessing.needs_tables(model).items():
            engine.put(name, rows)
    expressions = {model.model: plan.assessing(model) for model in plan.models}
    queries = {name: engine.compile(one) for name, one in expressions.items()}
    run = engine.connection.execute
    floors, taken, done = {}, {}, 0
    for model in plan.models:
        read = columns_of(plan, model)
        floors[model.model] = seconds(lambda read=read: run(f"select {hashed(read)} from {WRITTEN}").fetchall())
        asked = summed(queries[model.model], expressions[model.model])
        taken[model.model] = seconds(lambda asked=asked: run(asked).fetchall())
        done += sum(count for _status, count, *_rest in run(asked).fetchall())
    floor, whole = sum(floors.values()), sum(taken.values())
    worst = max(taken, key=lambda name: taken[name] / floors[name])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "people": people, "models": len(taken), "file_mib": round(size / 2**20), "floor_seconds": round(floor, 2),
        "assess_seconds": round(whole, 2), "ratio_to_floor": round(whole / floor, 1), "worst_model": worst,
        "worst_ratio": round(taken[worst] / floors[worst], 1), "assessments": done,
        "people_models_per_second": round(people * len(taken) / whole), "memory_mib": round(memory),
        **looped(engine, queries[china_par.MODEL], taken[china_par.MODEL]),
    }  # fmt: skip


def write_people(plan, engine, people: int, folder: Path) -> int:
    """Files with the columns that gathering gives and models read, and a view of them; how many bytes they have."""
    from catchment.rooms.screening.rules import assessing

    schema = plan.gathering.schema()
    raw = {name: kind for name, kind in schema.items() if not name.startswith("p__")}
    told = engine.compile(assessing.with_programmes(ibis.table(raw, name="raw"), plan.sharing))
    made = dict(drawn(plan))
    run = engine.connection.execute
    run("select setseed(0.7)")
    for at, first in enumerate(range(0, people, FILE)):
        rows = range_of(first, min(first + FILE, people), raw, made)
        run(f"create or replace temp view raw as {rows}")
        kept = ", ".join(name for name in schema.names if name[:3] not in {"s__", "w__"})
        run(f"copy (select {kept} from ({told})) to '{folder}/{at:04}.parquet' (format parquet, compression zstd)")
    run(f"create view {WRITTEN} as select * from read_parquet('{folder}/*.parquet')")
    missing = ", ".join(f"null::bigint as {name}" for name in schema.names if name[:3] in {"s__", "w__"})
    run(f"create view {assessing.GATHERED} as select *, {missing} from {WRITTEN}")
    return sum(path.stat().st_size for path in folder.glob("*.parquet"))


def range_of(first: int, end: int, raw, made) -> str:
    types = {"float64": "double", "boolean": "boolean", "string": "varchar", "int64": "bigint"}
    parts = [f"{made.get(name, 'null')}::{types[str(kind)]} as {name}" for name, kind in raw.items()]
    return f"select {', '.join(parts)} from range({first}, {end})"


def drawn(plan):
    """Each column with the SQL that draws its value: within the allowed range, a tenth of each input unknown."""
    yield "person_key", "range + 1"
    for place in ("area_code", "township_code"):
        yield place, "'990100001001'"
    limits = {}
    for one in (one for model in plan.models for one in model.columns()):
        limits.setdefault(one.name, one)
    for name in plan.rule.names():
        yield f"u__{name}", "false"
        item, limit = plan.rule.ways(name)[0], limits.get(name)
        if name == "age_years":
            yield f"i__{name}", "20 + floor(random() * 65)"
        elif name == "sex":
            yield f"i__{name}", "if(random() < 0.5, 'male', 'female')"
        elif limit is not None and limit.choices:
            listed = ", ".join(f"'{one}'" for one in limit.choices)
            yield f"i__{name}", known(f"(list_value({listed}))[1 + floor(random() * {len(limit.choices)})::integer]")
        elif item.kind == "boolean":
            yield f"i__{name}", known("random() < 0.2")
        elif item.kind == "number":
            low, high = (limit.low, limit.high) if limit is not None and limit.low is not None else (20, 200)
            yield f"i__{name}", known(f"round({low} + random() * {high - low}, 1)")


def known(value: str) -> str:
    return f"case when random() >= {UNKNOWN} then {value} end"


def columns_of(plan, model) -> list[str]:
    """The columns of the files that a model reads: its inputs, whether they could be read, and whom it is asked of."""
    read = [f"{kind}__{name}" for name in model.names() for kind in "iu"]
    return [name for name in read if name in plan.gathering.schema().names] + plan.running(model)


def summed(query: str, expression) -> str:
    """The query with every result looked at but none carried out."""
    shown = [name for name in expression.schema().names if name.startswith("value__") or name == "band"]
    return f"select status, count(*), {hashed(shown)} from ({query}) group by status"


def looped(engine, query: str, taken: float) -> dict[str, object]:
    """People a second of China-PAR by the engine and by the loop, which say the same of the first of them."""
    names = [row[0] for row in engine.connection.execute(f"describe {WRITTEN}").fetchall() if row[0].startswith("i__")]
    listed = ", ".join(f"{name} as {name.removeprefix('i__')}" for name in names)
    asked = f"select * from ({query}) order by row_ limit {LOOPED}"
    flat = pl.DataFrame(pl.from_arrow(engine.connection.sql(asked).to_arrow_table()))
    told = engine.connection.sql(f"select person_key, {listed} from {WRITTEN} order by person_key limit {2 * LOOPED}")
    rows = pl.DataFrame(pl.from_arrow(told.to_arrow_table())).filter(pl.col("person_key").is_in(flat["row_"].implode()))
    chosen = {row.pop("person_key"): row for row in rows.to_dicts()}
    china_par.check(chosen, flat.filter(pl.col("row_").is_in(list(chosen))).head(CHECKED).to_dicts())
    asked_of = list(chosen.values())
    started = time.perf_counter()
    for one in asked_of:
        china_par.assess(one)
    loop = len(asked_of) / (time.perf_counter() - started)
    told_of = engine.connection.sql(f"select count(*) from ({query})").fetchall()[0][0]
    return {
        "china_par_per_second": round(told_of / taken),
        "loop_per_second": round(loop),
        "ratio_to_loop": round(told_of / taken / loop, 1),
    }


if __name__ == "__main__":
    main()
