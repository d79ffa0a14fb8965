"""`python -m bench [SUBJECT ...] [--sizes 200000,1000000]`: measure, keep the figures, write docs/benchmarks.md.

Every subject is measured in a process of its own. Figures of subjects not measured this time stay as they were.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench import report

PROJECT = Path(__file__).resolve().parents[1]
RESULTS = PROJECT / "bench" / "results"
HOMES = Path(os.environ.get("BENCH_HOMES", PROJECT / ".bench"))
REFERRALS, CLAIMS = 500, (5_000, 30_000)
LOAD = {"staff": 500, "seconds": 600, "think": 10}


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    facts = Path("/proc/cpuinfo").read_text(encoding="utf-8") if Path("/proc/cpuinfo").exists() else ""
    model = next((line.split(":", 1)[1].strip() for line in facts.splitlines() if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": model or platform.machine(), "cores": len(os.sched_getaffinity(0)), "memory_gib": round(memory, 1),
        "python": platform.python_version(), "date": datetime.now(UTC).date().isoformat(),
    }  # fmt: skip


def measure(module: str, *arguments: str, home: Path | None = None) -> object:
    """What `python -m bench.MODULE` prints, as JSON."""
    environment = {**os.environ, "PYTHONPATH": f"{PROJECT / 'src'}:{PROJECT}"}
    if home:
        environment["CATCHMENT_HOME"] = str(home)
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{module}", *arguments], env=environment, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def build(sizes) -> object:
    """(d) Counties of every size, each in a home of its own; those that stand already are not built again."""
    return [measure("building", str(size), home=HOMES / str(size)) for size in sizes]


def referral(sizes) -> object:
    """(a) and (b) at every size."""
    return [measure("referral", str(HOMES / str(size)), str(REFERRALS), home=HOMES / str(size)) for size in sizes]


def importing(_sizes) -> object:
    """(c) FHIR taken in, beside a floor."""
    return measure("importing", home=HOMES / "import")


def audit(_sizes) -> object:
    """The audit with 1 and 8 writers, beside the same rows without chain and key."""
    return measure("audit", home=HOMES / "audit")


def walls(sizes) -> object:
    """Pages with and without row-level security, in turn."""
    return [measure("walls", str(HOMES / str(size)), home=HOMES / str(size)) for size in sizes]


def atlas(_sizes) -> object:
    """The health map in a browser, on a county of 20,000."""
    home = HOMES / "20000"
    measure("building", "20000", home=home)
    return measure("atlas", str(home), home=home)


def answers(sizes) -> object:
    """The health map over HTTP beside a bare view, in counties of every size that were lived in and screened."""
    return [_answered(size) for size in sizes]


def _answered(size: int) -> object:
    home = HOMES / str(size)
    measure("building", str(size), home=home)
    for command in (
        ["twin", "play", "--json"],
        ["lake", "refresh", "--json"],
        ["screening", "run", "--json"],
        ["twin", "furnish"],
    ):
        subprocess.run([sys.executable, "-m", "catchment", *command], env={**os.environ, "CATCHMENT_HOME": str(home)}, stdout=subprocess.DEVNULL, check=True)  # fmt: skip
    return measure("answers", str(home), home=home)


def load(sizes) -> object:
    """Staff at work at once; `BENCH_STAFF`, `BENCH_SECONDS` and `BENCH_THINK` say how many, how long, with what pauses."""
    told = [f"--{name}={os.environ.get(f'BENCH_{name.upper()}', default)}" for name, default in LOAD.items()]
    return [measure("staff", str(HOMES / str(size)), *told, home=HOMES / str(size)) for size in sizes]


def budget(sizes) -> object:
    """A year's budget from draft to clearance beside a plain sum, at every size."""
    return [measure("budget", str(HOMES / str(size)), home=HOMES / str(size)) for size in sizes]


def risk(_sizes) -> object:
    """Risk models beside a hash of the same columns and a plain loop."""
    return measure("risk", home=HOMES / "risk")


def screening(sizes) -> object:
    """Every model at every size, inputs ready or gathered; one person in the county of that size, where it was built."""
    return {
        "inputs ready": [measure("scoring", str(size), home=HOMES / str(size)) for size in sizes],
        "county run": [measure("screening", str(size), home=HOMES / str(size)) for size in sizes],
    }


def cluster(sizes) -> object:
    """The same models on DuckDB and on a standalone Spark cluster of this machine, compared row by row."""
    return [measure("cluster", str(size), home=HOMES / str(size)) for size in sizes]


def drg(_sizes) -> object:
    """The grouper beside the row-by-row reader of the same tables."""
    return measure("drg", home=HOMES / "drg")


def lake(sizes) -> object:
    """The lake filled, and brought forward by a day, beside COPY of the same rows to nowhere."""
    return [measure("lake", str(HOMES / str(size)), home=HOMES / str(size)) for size in sizes]


def measures(sizes) -> object:
    """Every indicator for a year, beside a scan of the same columns."""
    return [measure("measures", str(HOMES / str(size)), home=HOMES / str(size)) for size in sizes]


def claims(_sizes) -> object:
    """A year's claims to posted settlements beside the pure reckoning, at two sizes for the growth, the larger above 100,000.

    Postings by 1 and 8 writers beside bare inserts. Every home holds three years: the fourth run wants new ones.
    """
    small, large = CLAIMS
    growth = measure("claims", "--people", str(small), "--without-postings", home=HOMES / f"claims-{small}")
    return [*growth, *measure("claims", "--people", str(large), home=HOMES / f"claims-{large}")]


SUBJECTS = {
    "build": build,
    "risk": risk,
    "screening": screening,
    "cluster": cluster,
    "drg": drg,
    "audit": audit,
    "referral": referral,
    "walls": walls,
    "atlas": atlas,
    "answers": answers,
    "load": load,
    "budget": budget,
    "lake": lake,
    "measures": measures,
    "import": importing,
    "claims": claims,
}


def main() -> None:
    """Measure what was asked for, or everything; then write the page and the charts."""
    asked = argparse.ArgumentParser(prog="python -m bench")
    asked.add_argument("subjects", nargs="*", choices=[[], *SUBJECTS])
    asked.add_argument("--sizes", default="200000,1000000")
    given = asked.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    RESULTS.mkdir(exist_ok=True)
    for name in given.subjects or SUBJECTS:
        sys.stderr.write(f"measuring {name}\n")
        kept = {"machine": machine(), "figures": SUBJECTS[name](sizes)}
        (RESULTS / f"{name}.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    report.write(RESULTS, PROJECT / "docs")


if __name__ == "__main__":
    main()
