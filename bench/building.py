"""(d) A county of so many people, built into a new home: `python -m bench.building PEOPLE`.

The floor is the generator alone, whose rows go nowhere. A home that stands already answers with what was kept then.
"""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

KEPT = "bench-build.json"
GENERATE = """
import sys
from datetime import date
from catchment.twin.county import found_county
county = found_county(people=int(sys.argv[1]), seed=7, today=date(2025, 12, 31))
rows = sum(len(frame) for number in range(county.blocks) for frame in county.block(number).values())
print(rows)
"""


def timed(command: list[str]) -> tuple[float, float, str]:
    """Seconds, peak resident MB of the largest process beneath, and what it printed."""
    began = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return time.perf_counter() - began, peak, done.stdout


def main() -> None:
    """Print one JSON object."""
    people, home = sys.argv[1], Path(os.environ["CATCHMENT_HOME"])
    if (home / KEPT).exists():
        sys.stdout.write((home / KEPT).read_text(encoding="utf-8"))
        return
    floor, floor_peak, rows = timed([sys.executable, "-c", GENERATE, people])
    program = [sys.executable, "-m", "catchment"]
    subprocess.run([*program, "migrate", "--json"], stdout=subprocess.DEVNULL, check=True)
    seconds, peak, told = timed([*program, "twin", "build", "--people", people, "--seed", "7", "--json"])
    found = {
        "people": int(people), "rows": json.loads(told)["rows"], "seconds": round(seconds, 1), "peak_mb": round(peak),
        "generator_rows": int(rows), "generator_seconds": round(floor, 1), "generator_peak_mb": round(floor_peak),
        "ratio": round(seconds / floor, 2),
    }  # fmt: skip
    (home / KEPT).write_text(json.dumps(found), encoding="utf-8")
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
