"""The published examples, run through a model on one engine and compared within their own tolerance."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from catchment.standards.analytics.engines import Engine
from catchment.standards.risk import catalogue, files, running


def published(shared: Path) -> dict[str, list[dict[str, Any]]]:
    """The vectors of `vectors/risk.json` by model."""
    by_model = defaultdict(list)
    for vector in json.loads((shared / "domain" / "vectors" / "risk.json").read_text(encoding="utf-8")):
        by_model[vector["model"]].append(vector)
    return dict(by_model)


def failures(engine: Engine, by_model: dict[str, list[dict[str, Any]]], *, contributions: bool = True) -> list[str]:
    """One line for each vector that is not met."""
    failed = []
    for model, vectors in by_model.items():
        runner = running.Runner(catalogue.definition(model), engine, contributions=contributions)
        results = runner.run(files.framed([vector["inputs"] for vector in vectors])).to_dicts()
        for vector, result in zip(vectors, results, strict=True):
            if result["status"] != "assessed" or not agrees(vector["expected"], result["value"], vector["tolerance"]):
                failed.append(f"{model}: {vector['inputs']} gives {result}, expected {vector['expected']}")
    return failed


def agrees(expected: Any, found: Any, tolerance: Any) -> bool:
    """Numbers within the tolerance, everything else equal; an object may hold more keys than the example tells."""
    if isinstance(expected, dict):
        each = tolerance if isinstance(tolerance, dict) else dict.fromkeys(expected, tolerance)
        return all(agrees(value, found.get(key), each[key]) for key, value in expected.items())
    if isinstance(expected, list):
        return len(expected) == len(found) and all(
            agrees(a, b, tolerance) for a, b in zip(expected, found, strict=True)
        )
    if isinstance(expected, int | float) and not isinstance(expected, bool):
        return found is not None and abs(expected - found) <= tolerance + 1e-12
    return bool(expected == found)
