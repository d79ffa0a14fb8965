"""The page of figures and its charts, written from what the last runs kept."""

import json

HEAD = """# Benchmarks

Written by `make bench`; `python -m bench SUBJECT` measures one subject again. Every figure stands beside a floor or a
baseline measured in the same run, at two or more sizes, so that growth shows.
"""
TITLES = {
    "build": "County built (d)", "import": "FHIR taken in (c)", "referral": "Referral over HTTP (a), pages (b)",
    "walls": "Row-level security on pages", "audit": "Audit", "drg": "DRG grouper",
    "risk": "Risk models", "screening": "Screening",
    "cluster": "Screening on a Spark cluster", "lake": "The lake", "measures": "Indicators",
    "atlas": "Health map in a browser", "answers": "Health map over HTTP", "claims": "Claims and the ledger", "load": "Staff at work at once",
    "budget": "Global budget",
}  # fmt: skip
NOTES = {
    "build": "Floor: the generator alone, whose rows go nowhere. Peak: largest process of the build, without the database server.",
    "referral": (
        "Floor: a bare view on the same server and database that inserts one row and one audit row. "
        "Eight connections, two web processes, all on the machine that also makes the load. Ratio: floor's rate divided by the step's."
    ),
    "load": (
        "Village doctors, referral desks and managers with pauses between what they do, each over a connection of their own; "
        "two web processes, all on the machine that also makes the load. Memory: the web processes together."
    ),
    "walls": "The same pages, one at a time, with and without row-level security, in turn on one database.",
    "atlas": (
        "Floor: a page of the same frame without a map. Chromium without a graphics card, an empty cache in every round, two web "
        "processes on the machine that also runs the browser. An interaction ends with the frame that shows it."
    ),
    "answers": (
        "Every layer, every flow, the panel of forty places, one at a time, each address once. Floor: a bare view on the same "
        "server and database that inserts one row and one audit row. Cold: the first request to a server that has just come up; "
        "the answers of the lake lie beside it, as a refresh leaves them."
    ),
    "audit": "Baseline: the same rows without chain and key, by plain SQL; each row in a transaction of its own.",
    "drg": "Baseline: the row-by-row reader of the same tables on a sample. Fictional scheme, JSON lines, file to file.",
    "budget": "Floor: one sum over the same year of the record. Made, run through all its steps to the clearance, computed again; one process.",
    "risk": (
        "Floor: a hash of every value of the same Parquet columns. Loop: China-PAR in plain Python, one person after the other, "
        "with all that the engine says but the contributions; both are compared person by person. DuckDB."
    ),
    "screening": (
        "Inputs ready: value, band and status by every model, of people whose inputs are columns of Parquet files; floor: a hash of "
        "the same columns, once for each model; loop: China-PAR in plain Python over the same people. County run: by blocks of "
        "people, inputs gathered from facts, every model asked, and put into words with reasons and contributions; floor: a hash "
        "of the same measurements. One person: every model on PostgreSQL, kept, as the job does it."
    ),
    "cluster": (
        "The models and people of `Screening`, inputs ready: DuckDB beside one Spark master and two workers of one core each, "
        "processes of their own on the same machine. Every row of both is handed over and compared, column by column."
    ),
    "lake": (
        "Floor: COPY of every published table as CSV, which goes nowhere. A day: 2,000 visits with one value each, written singly. "
        "Check: every row digested on both sides. Memory is that of the process, without the database server."
    ),
    "measures": (
        "Every indicator of every set for a year, at county, township, village and facility. Floor: the greatest value of each "
        "column that a selection reads, for each selection (scan each), or once for all (scan once). DuckDB over the lake."
    ),
    "claims": (
        "Settling: from encounters to posted settlements, checked and grouped on the way; baseline: the layers alone, in memory. "
        "Posting: entries of four lines, two hundred a transaction; baseline: the same inserts without the ledger's triggers on "
        "balance and order."
    ),
    "import": "Floor: the same JSON read by orjson and copied, a row a resource, into an unlogged table.",
}


def write(results, docs) -> None:
    """Write docs/benchmarks.md and the charts beside it from every kept result."""
    parts = [HEAD]
    for name, title in TITLES.items():
        path = results / f"{name}.json"
        if path.exists():
            kept = json.loads(path.read_text(encoding="utf-8"))
            parts += [
                f"## {title}\n",
                _machine(kept["machine"]),
                NOTES.get(name, ""),
                *SECTIONS.get(name, _plain)(kept["figures"], docs),
            ]
    (docs / "benchmarks.md").write_text("\n".join(part for part in parts if part).rstrip() + "\n", encoding="utf-8")


def _machine(facts) -> str:
    return f"{facts['processor']}, {facts['cores']} cores, {facts['memory_gib']} GiB, Python {facts['python']}, {facts['date']}.\n"


def table(rows) -> str:
    """Rows of equal keys as a Markdown table."""
    if not rows:
        return ""
    heads = list(rows[0])
    lines = ["", "| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(_shown(row.get(head, "")) for head in heads) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _shown(value) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _plain(figures, _docs) -> list[str]:
    rows = figures if isinstance(figures, list) else [figures]
    flat = [{key: value for key, value in row.items() if not isinstance(value, list | dict)} for row in rows]
    nested = [(key, value) for row in rows for key, value in row.items() if isinstance(value, list) and value]
    return [table([row for row in flat if row]), *[f"\n{key}:\n{table(value)}" for key, value in nested]]


def _build(figures, docs) -> list[str]:
    _lines(
        docs / "pictures" / "bench-build.png",
        {"seconds": [(f["people"], f["seconds"]) for f in figures]},
        "residents",
        "seconds",
    )
    return [table(figures), "![Seconds by residents](pictures/bench-build.png)\n"]


def _referral(figures, docs) -> list[str]:
    said = []
    for run in figures:
        floor = run["floor"]
        rows = [{**row, "ratio": round(floor["per_second"] / row["per_second"], 2)} for row in [floor, *run["steps"]]]
        said += [f"### {run['residents']:,} residents\n", table(rows), table(run["pages"])]
        said += ["Queries a page: " + ", ".join(f"{name} {count}" for name, count in run["queries"].items()) + ".\n"]
    bars = {
        f"{run['residents']:,}": {row["what"]: row["p95_ms"] for row in [run["floor"], *run["steps"], *run["pages"]]}
        for run in figures
    }
    _bars(docs / "pictures" / "bench-referral.png", bars, "p95, milliseconds")
    return [*said, "![95th percentile by step and size](pictures/bench-referral.png)\n"]


def _load(figures, _docs) -> list[str]:
    said = []
    for run in figures:
        head = f"### {run['residents']:,} residents, {run['staff']} staff, {run['seconds']} seconds, {run['think_seconds']} s between\n"
        said += [head, table(run["rows"]), table(run["memory"])]
        said += [f"Errors: {'; '.join(run['errors'])}\n"] if run["errors"] else []
    return said


def _screening(figures, _docs) -> list[str]:
    return [f"### {name.capitalize()}\n{table(rows)}" for name, rows in figures.items()]


def _answers(figures, _docs) -> list[str]:
    runs = figures if isinstance(figures, list) else [figures]
    return [f"### {run['residents']:,} residents, load {run['load']}\n{table(run['rows'])}" for run in runs]


SECTIONS = {"answers": _answers, "screening": _screening, "build": _build, "referral": _referral, "load": _load}


def _lines(path, series, across, up) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 3.6), layout="constrained")
    axes = figure.subplots()
    for name, points in series.items():
        axes.plot([x for x, _ in points], [y for _, y in points], marker="o", label=name)
    axes.set(xlabel=across, ylabel=up, xlim=(0, None), ylim=(0, None))
    axes.legend()
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path, dpi=110)


def _bars(path, groups, across) -> None:
    from matplotlib.figure import Figure

    names = list(next(iter(groups.values())))
    height = 0.8 / len(groups)
    figure = Figure(figsize=(8, 0.45 * len(names) + 1), layout="constrained")
    axes = figure.subplots()
    for place, (label, values) in enumerate(groups.items()):
        axes.barh(
            [n + place * height for n in range(len(names))],
            [values.get(name, 0) for name in names],
            height,
            label=label,
        )
    axes.set_yticks([n + 0.4 - height / 2 for n in range(len(names))], names)
    axes.invert_yaxis()
    axes.set_xlabel(across)
    axes.legend(title="residents")
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path, dpi=110)
