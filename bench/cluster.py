"""Every model on DuckDB and on a standalone Spark cluster of this machine: `python -m bench.cluster [PEOPLE]`.

One master and two workers, processes of their own, read the files that DuckDB reads; what both say of each person by each
model is compared row by row, column by column. Needs what `make test-all` installs.
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from bench.editions import plan_of_defaults
from bench.scoring import WRITTEN, write_people

NEAR = 1e-9
"""By so much of themselves numbers may differ: sums of floats in another order."""


def main() -> None:
    """Print one JSON object: rows compared and differing, seconds of both engines; code 1 where a row differs."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        found = compared(plan_of_defaults(), people, Path(folder))
    sys.stdout.write(json.dumps(found))
    sys.exit(bool(found["rows_differing"]))


def compared(plan, people: int, folder: Path) -> dict[str, object]:
    """What both engines say of the same people, and how long each took to say and hand over all of it."""
    from tests.clusters import WORKERS, spark_cluster

    from catchment.rooms.screening.rules import assessing
    from catchment.standards.analytics.engines import DuckDB, Spark

    duck, files = DuckDB(), folder / "people"
    files.mkdir()
    write_people(plan, duck, people, files)
    seconds, rows, differing = {"duckdb": 0.0, "spark": 0.0}, 0, 0
    with spark_cluster(folder) as address:
        spark = Spark(folder, master=address)
        opened(spark, plan, sorted(files.glob("*.parquet")))
        for model in plan.models:
            for name, needed in assessing.needs_tables(model).items():
                duck.put(name, needed)
                spark.put(name, needed)
            here, there = (said(engine, plan.assessing(model), name, seconds) for engine, name in ((duck, "duckdb"), (spark, "spark")))  # fmt: skip
            rows += here.height
            differing += differences(here, there)
        spark.session.stop()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "people": people, "models": len(plan.models), "workers": WORKERS, "rows_compared": rows,
        "rows_differing": differing, "duckdb_seconds": round(seconds["duckdb"], 1),
        "spark_seconds": round(seconds["spark"], 1), "memory_mib": round(memory),
    }  # fmt: skip


def opened(spark, plan, files: list[Path]) -> None:
    """The view that models are asked of, over the same files as DuckDB's."""
    from catchment.rooms.screening.rules import assessing

    spark.session.read.parquet(*map(str, files)).createOrReplaceTempView(WRITTEN)
    names = [name for name in plan.gathering.schema().names if name[:3] in {"s__", "w__"}]
    missing = ", ".join(f"cast(null as bigint) as {name}" for name in names)
    spark.session.sql(f"create or replace temp view {assessing.GATHERED} as select *, {missing} from {WRITTEN}")


def said(engine, expression, name: str, seconds: dict[str, float]) -> pl.DataFrame:
    from catchment.standards.analytics.engines import run

    started = time.perf_counter()
    found = pl.DataFrame(pl.from_arrow(run(engine, expression)))
    seconds[name] += time.perf_counter() - started
    return found.sort("row_")


def differences(here: pl.DataFrame, there: pl.DataFrame) -> int:
    """Rows that one engine gives and the other does not, and rows of which they say different things."""
    if here["row_"].to_list() != there["row_"].to_list():
        return len(set(here["row_"]) ^ set(there["row_"])) or here.height
    wrong = pl.repeat(False, here.height, eager=True)
    for name, kind in here.schema.items():
        one, other = here[name], there[name].cast(kind)
        same = one.eq_missing(other)
        if kind.is_float():
            limit = one.abs().clip(lower_bound=1.0) * NEAR
            same = same | ((one - other).abs() <= limit).fill_null(value=False)
        wrong = wrong | ~same
    return int(wrong.sum())


if __name__ == "__main__":
    main()
