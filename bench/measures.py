"""Every indicator for a year over the lake: `python -m bench.measures HOME`, beside a scan of the same Parquet columns."""

import json
import os
import resource
import sys
import time
from datetime import date


def main() -> None:
    """Print one JSON object. The lake is brought up to the database first, and is not measured here."""
    os.environ["CATCHMENT_HOME"] = sys.argv[1]
    from catchment.site.cli import running

    running.ready()
    from catchment.kernel import clock, lake, wall
    from catchment.kernel.lake import refreshing
    from catchment.rooms.measures import queries
    from catchment.rooms.measures.queries.computing import Setting, compute, places_of
    from catchment.rooms.measures.rules import SETS
    from catchment.standards.measures.periods import period_of

    with wall.acting("lake", at=clock.now()):
        refreshing.refresh()
    year = str(clock.now().year - 1)
    sets = {name: queries.edition_of(name, date(int(year), 12, 31))[1] for name in SETS}
    before, rows = peak(), []
    with lake.engine("duckdb") as facts:
        people = facts.run(facts.table("people").count().as_table()).to_pylist()[0]
        for name, content in sets.items():
            began, used = time.perf_counter(), spent()
            setting = Setting(lake=facts, period=period_of(year), figures=queries.Figures([]), places=places_of(facts))
            values = compute(content, setting)
            seconds, used = time.perf_counter() - began, spent() - used
            rows.append(
                {"set": name, "measures": len(content.measures), "values": len(values), "seconds": round(seconds, 2),
                 "cpu_seconds": round(used, 2)}
            )  # fmt: skip
        selections = {one for content in sets.values() for one in chosen(content)}
        each = sum(scan(facts, selection) for selection in selections)
        once = scan_once(facts, selections)
    seconds = sum(row["seconds"] for row in rows)
    print(
        json.dumps(
            {
                "residents": next(iter(people.values())), "year": year, "measures": sum(row["measures"] for row in rows),
                "selections": len(selections), "values": sum(row["values"] for row in rows),
                "seconds": round(seconds, 2), "scan_each_seconds": round(each, 2), "scan_once_seconds": round(once, 2),
                "ratio": round(seconds / each, 1), "peak_mb_before": before, "peak_mb": peak(), "sets": rows,
            }
        )
    )  # fmt: skip


def chosen(content) -> set:
    """The distinct selections of a set."""
    from catchment.standards.measures.definition import measure_parts

    parts = [part for measure in content.measures for part in measure_parts(measure)]
    parts += [source.present for source in content.sources if source.present]
    return {content.selection(part) for part in parts if part.select}


def columns_of(selection) -> dict[str, set[str]]:
    """The columns that a selection reads, by table."""
    from catchment.standards.measures.tables import FACTS

    found: dict[str, set[str]] = {}
    for one in (selection, *selection.also):
        names = {name for name in one.names() if name in FACTS[one.table].columns}
        found.setdefault(one.table, set()).update(names | {FACTS[one.table].day or FACTS[one.table].key})
    return found


def scan(facts, selection) -> float:
    return sum(maxima(facts, table, columns) for table, columns in columns_of(selection).items())


def scan_once(facts, selections) -> float:
    """Every column that any selection reads, once."""
    every: dict[str, set[str]] = {}
    for selection in selections:
        for table, columns in columns_of(selection).items():
            every.setdefault(table, set()).update(columns)
    return sum(maxima(facts, table, columns) for table, columns in every.items())


def maxima(facts, table: str, columns: set[str]) -> float:
    """Seconds for the greatest value of each column."""
    source = facts.table(table)
    began = time.perf_counter()
    facts.run(source.agg(**{column: source[column].max() for column in sorted(columns)}))
    return time.perf_counter() - began


def spent() -> float:
    """Seconds of processor that this process has used: the steadier figure on a busy machine."""
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])


def peak() -> int:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main()
