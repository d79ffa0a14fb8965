"""Grouping discharges of the fictional scheme from a file to a file: `python -m bench.drg`, `--records 10000` for one size.

The baseline is the row grouper on a sample of the same records: an interpreter of the same tables, one record at a time.
With `--scheme NAME` a loaded scheme is measured instead.
"""

import argparse
import json
import os
import random
import resource
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

SIZES = (10_000, 100_000, 1_000_000)
SAMPLE = 2_000
DISTINCT = 20_000


def main() -> None:
    """Print one JSON array: records per second by number of records, and the peak memory."""
    options = argparse.ArgumentParser()
    options.add_argument("--scheme", default="fictional")
    options.add_argument("--records", type=int, action="append")
    options.add_argument("--form", default="jsonl", choices=("jsonl", "csv", "parquet"))
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = [measured(given.scheme, size, Path(folder), given.form) for size in given.records or SIZES]
    sys.stdout.write(json.dumps(rows))


def measured(scheme: str, size: int, folder: Path, form: str) -> dict:
    from catchment.kernel.database import home
    from catchment.standards.drg import files

    source, target = folder / f"in{size}.{form}", folder / f"out{size}.{form}"
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        sample = pool.submit(written, scheme, size, source).result()
    baseline = by_row(scheme, sample)
    with Watch() as watch:
        began, used = time.perf_counter(), spent()
        account = files.run(source, target, files.Job(scheme, home(), form))
        seconds, used = time.perf_counter() - began, spent() - used
    source.unlink()
    assert account.read == size
    return {
        "records": size,
        "baseline_per_second": round(baseline),
        "per_second": round(size / seconds),
        "ratio": round(size / seconds / baseline, 1),
        "per_cpu_second": round(size / used),
        "peak_mb": round(watch.peak_mb),
        "grouped": account.told()["grouped"],
        "form": form,
        "scheme": scheme,
    }


def spent() -> float:
    """Seconds of processor that this process has used: the steadier figure on a busy machine."""
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])


def written(name: str, size: int, path: Path) -> list[dict]:
    """Write `size` records, drawn from the scheme's own lists; gives the first ones."""
    import polars as pl

    draw = random.Random(41)
    scheme = _scheme(name)
    pool = _Pool(scheme)
    made = [pool.record(draw) for _ in range(min(size, DISTINCT))]
    repeats = -(-size // len(made))
    with path.open("wb") as file:
        for form, write in (("jsonl", "write_ndjson"), ("csv", "write_csv")):
            if path.suffix == f".{form}":
                for at in range(repeats):
                    part = pl.DataFrame(numbered(made[: size - at * len(made)], at), infer_schema_length=None)
                    getattr(flat(part) if form == "csv" else part, write)(
                        file, **({"include_header": at == 0} if form == "csv" else {})
                    )
    if path.suffix == ".parquet":
        parts = [
            pl.DataFrame(numbered(made[: size - at * len(made)], at), infer_schema_length=None) for at in range(repeats)
        ]
        pl.concat(parts).write_parquet(path, row_group_size=50_000)
    return made[:SAMPLE]


def flat(part):
    import polars as pl

    return part.with_columns(pl.col("odx").list.join("|"), pl.col("procs").list.join("|"))


def numbered(made: list[dict], at: int) -> list[dict]:
    return [{**one, "id": f"{at}-{number}"} for number, one in enumerate(made)]


class _Pool:
    """Codes to draw from: principal diagnoses with a group, complications, procedures in lists, any others."""

    def __init__(self, scheme) -> None:
        self.pdx = sorted(
            {code for (owner, _), codes in scheme.dx_lists.items() if owner.startswith("MDC") for code in codes}
        )
        self.odx = sorted(scheme.levels) + self.pdx
        self.procs = sorted({code for codes in scheme.proc_lists.values() for code in codes})

    def record(self, draw: random.Random) -> dict:
        age = 0 if draw.random() < 0.05 else draw.randint(1, 95)
        days = draw.randint(0, 27) if age == 0 else age * 365
        return {
            "id": "", "sex": draw.choice("MF"), "age": age, "age_days": days, "weight_g": 1000 + 100 * draw.randint(0, 25) if age == 0 else None,
            "dept": "0301", "los": draw.randint(1, 40), "discharge_way": "1", "pdx": draw.choice(self.pdx),
            "odx": draw.choices(self.odx, k=draw.randint(0, 9)), "procs": draw.choices(self.procs, k=draw.randint(0, 4)),
        }  # fmt: skip


def by_row(name: str, sample: list[dict]) -> float:
    from catchment.standards.drg import grouping, record

    scheme = _scheme(name)
    began = time.perf_counter()
    for one in sample:
        grouping.group(scheme, record.read(one))
    return len(sample) / (time.perf_counter() - began)


def _scheme(name: str):
    from catchment.kernel.database import home
    from catchment.standards.drg import store

    return store.opened(name, home())


class Watch:
    """The most memory that this process held at once, in MB, looked at twenty times a second."""

    def __enter__(self):
        self.peak_mb, self.over = 0.0, threading.Event()
        self.thread = threading.Thread(target=self._look)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    def _look(self) -> None:
        while not self.over.wait(0.05):
            self.peak_mb = max(self.peak_mb, held() / 1e6)


def held() -> int:
    """Bytes of memory that this process holds (Linux)."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
