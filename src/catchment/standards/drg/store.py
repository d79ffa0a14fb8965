"""Schemes kept as one checked file each below a folder, and the fictional scheme that is always there."""

import hashlib
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from catchment.standards.drg.compiling import compiled
from catchment.standards.drg.conditions import parse
from catchment.standards.drg.scheme import Adrg, Drg, Evidence, ListKey, Mdc, Scheme
from catchment.standards.drg.tables import Problem

FICTIONAL, COUNTY = "fictional", "county"
"""Always there: made-up codes to try rules out, and made-up groups for the synthetic county's stays."""
FICTIONAL_TABLES = Path(__file__).parent / FICTIONAL
SHIPPED = (FICTIONAL, COUNTY)
FILE = "scheme.json"
NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")


class SchemeError(Exception):
    """A scheme that cannot be kept or opened; the message says which and the way out."""


def load(
    folder: Path, name: str, home: Path, options: Mapping[str, str] | None = None
) -> tuple[Scheme | None, list[Problem]]:
    """Compile the tables in `folder` and keep them as scheme `name` below `home`/schemes, replacing it in one step.

    Gives every problem found; the scheme is None, and nothing is kept, when one of them is an error.
    """
    if not NAME.fullmatch(name) or name in SHIPPED:
        raise SchemeError(
            f"{name!r} cannot name a loaded scheme: lower-case letters, digits, '_', '.', '-', "
            f"and not {' or '.join(SHIPPED)}"
        )
    if not folder.is_dir():
        raise SchemeError(f"{folder} is no folder of tables")
    document, problems = compiled(folder, name, options)
    if any(problem.level == "error" for problem in problems):
        return None, problems
    content = orjson.dumps(document)
    digest = hashlib.sha256(content).hexdigest()
    _replace(home / "schemes" / name / FILE, digest.encode() + b"\n" + content)
    return built(document, digest), problems


def names(home: Path) -> list[str]:
    """The schemes that can be opened, those that ship first."""
    return [*SHIPPED, *sorted(path.parent.name for path in (home / "schemes").glob(f"*/{FILE}"))]


def opened(name: str, home: Path) -> Scheme:
    """The scheme kept under a name. Raises `SchemeError` when it is unknown or its file was changed."""
    if name in SHIPPED:
        return shipped(name)
    path = home / "schemes" / name / FILE
    if name not in names(home):
        known = ", ".join(names(home))
        raise SchemeError(
            f"there is no scheme {name!r}; known are {known}; load one: catchment drg load DIR --scheme {name}"
        )
    digest, _, content = path.read_bytes().partition(b"\n")
    if hashlib.sha256(content).hexdigest().encode() != digest:
        raise SchemeError(
            f"the file of scheme {name!r} is damaged; load it again: catchment drg load DIR --scheme {name}"
        )
    return built(orjson.loads(content), digest.decode())


def fictional() -> Scheme:
    """The small scheme of made-up codes that comes with the software."""
    return shipped(FICTIONAL)


def shipped(name: str) -> Scheme:
    """One of the schemes that come with the software."""
    document, problems = compiled(Path(__file__).parent / name, name)
    if problems:
        raise SchemeError(f"the scheme {name} is damaged: {problems[0]}")
    return built(document, hashlib.sha256(orjson.dumps(document)).hexdigest())


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)


def built(document: Mapping[str, Any], digest: str) -> Scheme:
    """The scheme of a document that `compiling.compiled` gave without errors."""
    kept = {key: document[key] for key in ("name", "options", "sites", "levels", "cc_groups", "pdx_groups")}
    named = {key: document[key] for key in ("dx_names", "proc_names", "dx_map", "proc_map")}
    return Scheme(
        **kept,
        **named,
        digest=digest,
        mdcs=tuple(_mdc(one) for one in document["mdcs"]),
        dx_lists=_lists(document["dx_lists"]),
        proc_lists=_lists(document["proc_lists"]),
        valid_procs=frozenset(document["valid_procs"]),
        evidence=tuple(Evidence(**{**one, "value": float(one["value"])}) for one in document["evidence"]),
    )


def _lists(lists: Mapping[str, list[str]]) -> dict[ListKey, frozenset[str]]:
    found = {}
    for key, codes in lists.items():
        owner, _, number = key.rpartition(":")
        found[owner, int(number)] = frozenset(codes)
    return found


def _mdc(one: Mapping[str, Any]) -> Mdc:
    adrgs = tuple(_adrg(each) for each in one["adrgs"])
    return Mdc(one["code"], one["name"], parse(one["entry"], one["code"]), adrgs, one["ambiguous_at"])


def _adrg(one: Mapping[str, Any]) -> Adrg:
    drgs = tuple(Drg(each["code"], each["name"], parse(each["split"], one["code"])) for each in one["drgs"])
    return Adrg(one["code"], one["name"], one["kind"], parse(one["rule"], one["code"]), drgs)
