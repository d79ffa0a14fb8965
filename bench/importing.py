"""(c) FHIR bundles taken in at two sizes: `python -m bench.importing`, in the home of `CATCHMENT_HOME`.

The second size is the same people twice: a copy in which every UUID is another. The floor reads the same files with
orjson and copies a row a resource into an unlogged table; it checks, links and accounts for nothing.
"""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "fhir" / "synthea_r4_bundles_200.ndjson.gz"
UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OTHER_DIGITS = bytes.maketrans(b"0123456789abcdef", b"123456789abcdef0")
FLOOR = """
import gzip, sys
import orjson
from catchment.site.cli import running
running.connect()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("drop table if exists bench_floor")
    cursor.execute("create unlogged table bench_floor (resource_type text, body jsonb)")
    count = 0
    with cursor.copy("copy bench_floor from stdin") as copy:
        for path in sys.argv[1:]:
            with gzip.open(path) as lines:
                for line in lines:
                    for entry in orjson.loads(line)["entry"]:
                        resource = entry["resource"]
                        copy.write_row((resource["resourceType"], orjson.dumps(resource).decode()))
                        count += 1
    cursor.execute("drop table bench_floor")
print(count)
"""


def run(home: Path) -> list[dict[str, object]]:
    """Import both sizes, each into a home of its own beneath `home`, and again to see that nothing is taken twice."""
    return [measured(home / str(times), times) for times in (1, 2)]


def measured(home: Path, times: int) -> dict[str, object]:
    """One size: resources per second and peak memory beside the floor's."""
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    environment = {**os.environ, "CATCHMENT_HOME": str(home)}
    program = [sys.executable, "-m", "catchment"]
    files = [str(DATA), *(str(reidentified(home / "again.ndjson.gz")) for _ in range(times - 1))]
    try:
        timed([*program, "migrate", "--json"], environment)
        floor, floor_usage, told = timed([sys.executable, "-c", FLOOR, *files], environment)
        seconds, usage, first = timed([*program, "import", "fhir", *files, "--json"], environment)
        again, _, second = timed([*program, "import", "fhir", *files, "--json"], environment)
    finally:
        subprocess.run([*program, "stop"], env=environment, stdout=subprocess.DEVNULL, check=False)
        shutil.rmtree(home, ignore_errors=True)
    read = json.loads(first)["read"]
    if read != int(told):
        raise ValueError(f"the import read {read} resources, the floor {told}")
    return {
        "resources": read, "taken": json.loads(first)["taken"], "seconds": round(seconds, 1),
        "per_second": round(read / seconds), "cpu_seconds": usage.cpu, "peak_mb": usage.peak_mb,
        "floor_seconds": round(floor, 1), "floor_per_second": round(read / floor), "floor_cpu_seconds": floor_usage.cpu,
        "floor_peak_mb": floor_usage.peak_mb, "ratio": round(seconds / floor, 2),
        "second_run_seconds": round(again, 1), "second_run_taken": json.loads(second)["taken"],
    }  # fmt: skip


def reidentified(path: Path) -> Path:
    """A copy of the data in which every UUID is another, the same one everywhere."""
    with gzip.open(DATA) as source, gzip.open(path, "wb", compresslevel=1) as copy:
        for line in source:
            copy.write(UUID.sub(lambda found: found[0].translate(OTHER_DIGITS), line))
    return path


class Usage(NamedTuple):
    """Seconds of one core and peak resident MB of a process, without the database server's."""

    cpu: float
    peak_mb: int


def timed(command: list[str], environment: dict[str, str]) -> tuple[float, Usage, str]:
    """Seconds, what the process used, and what it printed; nothing may fail or be rejected."""
    began = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    told = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    usage = Usage(round(used.ru_utime + used.ru_stime, 1), round(used.ru_maxrss / 1024))
    return time.perf_counter() - began, usage, told


def main() -> None:
    """Print one JSON array."""
    sys.stdout.write(json.dumps(run(Path(os.environ["CATCHMENT_HOME"]))))


if __name__ == "__main__":
    main()
