"""Which engine answers: `ANALYTICS_URL` says where, an expression over published tables says what."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import urlsplit

import duckdb
import pyarrow as pa
from django.db import connection

from catchment.kernel.lake import manifest
from catchment.kernel.lake.tables import table, tables
from catchment.standards.analytics import engines
from catchment.standards.analytics.errors import EngineError

URL_VARIABLE: Final = "ANALYTICS_URL"
_FORMS: Final = "duckdb, postgresql, postgresql://…, spark or spark://host:port"


@dataclass(frozen=True, slots=True)
class Lake:
    """The published tables on one engine. `as_of` is when the data was read, empty where it is the present."""

    engine: engines.Engine
    name: str
    as_of: str = ""

    def table(self, name: str) -> Any:
        """A published table as an Ibis table; the same for every engine."""
        return table(name)

    def run(self, expression: Any) -> pa.Table:
        """The rows of an expression over published tables, in the expression's own types; order as it says.

        Raises `EngineError` where a file of the lake is missing or damaged.
        """
        with _readable():
            return engines.run(self.engine, expression)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (duckdb.IOException, duckdb.InvalidInputException) as error:
        told = f"a file of the lake is missing or damaged; run catchment lake refresh ({error})"
        raise EngineError(told) from None


@contextmanager
def engine(url: str = "") -> Iterator[Lake]:
    """The engine that `url`, else `ANALYTICS_URL`, names, for the time of the `with`; DuckDB over the lake by default.

    `postgresql` is the connection at hand, with the rights of whoever acts on it. Raises `EngineError` for a form
    that is not known, an engine that is not installed, and a lake that was never filled.
    """
    wanted = url or os.environ.get(URL_VARIABLE) or "duckdb"
    scheme = urlsplit(wanted).scheme or wanted
    with ExitStack() as held:
        if scheme in {"postgresql", "postgres"}:
            found = Lake(_postgresql(wanted), "postgresql")
        elif scheme in {"duckdb", "spark"}:
            found = _over_files(scheme, wanted, held)
        else:
            raise EngineError(f"{URL_VARIABLE} {wanted!r} is not known; write {_FORMS}")
        held.callback(found.engine.close)
        yield found


def _postgresql(wanted: str) -> engines.Postgres:
    views = frozenset(tables())
    if "://" in wanted:
        return engines.Postgres({"conninfo": wanted}, views)
    connection.ensure_connection()
    return engines.Postgres(connection.connection, views)


def _over_files(scheme: str, wanted: str, held: ExitStack) -> Lake:
    state = manifest.current()
    if state is None:
        raise EngineError(f"there is no readable lake under {manifest.folder()}; run catchment lake refresh")
    if lacking := sorted(tables().keys() - state.tables.keys()):
        raise EngineError(f"the lake has no {', '.join(lacking)} yet; run catchment lake refresh")
    if scheme == "duckdb":
        opened: Any = engines.DuckDB()
    else:
        folder = Path(held.enter_context(TemporaryDirectory(prefix="catchment-lake-")))
        opened = engines.Spark(folder, master=wanted if "://" in wanted else engines.LOCAL_SPARK)
    with _readable():
        for name, one in tables().items():
            opened.read(name, state.files(name), one.schema)
    return Lake(opened, scheme, state.as_of)
