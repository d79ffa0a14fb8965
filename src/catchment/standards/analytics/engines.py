"""Where an expression is run: DuckDB in this process, a PostgreSQL server, or Spark. The answer is the same."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import duckdb
import ibis
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import sqlglot
from psycopg import sql

from catchment.standards.analytics.errors import EngineError

Table = Any
POSTGRES = {
    "int64": sql.SQL("bigint"),
    "float64": sql.SQL("double precision"),
    "boolean": sql.SQL("boolean"),
    "string": sql.SQL("text"),
    "date": sql.SQL("date"),
    "timestamp('UTC', 6)": sql.SQL("timestamptz"),
}
UTC = "-c timezone=UTC"
PLAN_ONCE = "select set_config('plan_cache_mode', 'force_generic_plan', true), set_config('jit', 'off', true)"
NEVER = 2**31 - 1
"""So often must a statement be run before it is prepared unasked."""
LOCAL_SPARK = "local[2]"
SPARK_LACKS = "Spark needs the package pyspark and Java 17: pip install 'catchment[analytics]'"


class Name(StrEnum):
    DUCKDB = "duckdb"
    POSTGRES = "postgres"
    SPARK = "spark"


class Engine(Protocol):
    """Takes Arrow tables in under a name, turns an expression into its own SQL, and gives the rows back as Arrow."""

    def put(self, name: str, rows: pa.Table) -> None: ...

    def compile(self, expression: Table) -> str: ...

    def fetch(self, query: str, wanted: pa.Schema) -> pa.Table: ...

    def close(self) -> None: ...


def run(engine: Engine, expression: Table) -> pa.Table:
    """The rows of an expression over tables that the engine holds, with the expression's own types."""
    return engine.fetch(engine.compile(expression), expression.schema().to_pyarrow())


class DuckDB:
    """One DuckDB connection; Arrow tables are read in place, without a copy."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("set timezone = 'UTC'")

    def put(self, name: str, rows: pa.Table) -> None:
        self.connection.register(name, rows)

    def read(self, name: str, files: Sequence[Path], schema: pa.Schema) -> None:
        """Name a table that lies in Parquet files; without a file it is empty."""
        if not files:
            self.put(name, schema.empty_table())
            return
        listed = ", ".join(f"'{_quoted(path)}'" for path in files)
        self.connection.execute(f'create or replace view "{name}" as select * from read_parquet([{listed}])')  # noqa: S608

    def compile(self, expression: Table) -> str:
        return str(ibis.to_sql(expression, dialect="duckdb"))

    def fetch(self, query: str, wanted: pa.Schema) -> pa.Table:
        return self.connection.sql(query).to_arrow_table().cast(wanted)

    def close(self) -> None:
        self.connection.close()


class Postgres:
    """One session of a PostgreSQL server; tables are temporary and filled by COPY, or views of a schema.

    The session is a connection of the caller's, which stays open, or is opened with psycopg's own parameters.
    `views` are the names that stand in the schema `facts`.
    """

    def __init__(self, where: Mapping[str, Any] | psycopg.Connection[Any], views: frozenset[str] = frozenset()) -> None:
        self.owned = not isinstance(where, psycopg.Connection)
        self.connection: psycopg.Connection[Any] = where if isinstance(where, psycopg.Connection) else _connected(where)
        self.views = views

    def put(self, name: str, rows: pa.Table) -> None:
        schema = ibis.Schema.from_pyarrow(rows.schema)
        columns = [sql.SQL("{} {}").format(sql.Identifier(key), POSTGRES[str(type_)]) for key, type_ in schema.items()]
        table, names = sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, schema.names))
        with self.connection.cursor() as cursor:
            cursor.execute(sql.SQL("drop table if exists pg_temp.{}").format(table))
            cursor.execute(sql.SQL("create temporary table {} ({})").format(table, sql.SQL(", ").join(columns)))
            with cursor.copy(sql.SQL("copy {} ({}) from stdin").format(table, names)) as copy:
                for batch in rows.to_batches():
                    for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                        copy.write_row(row)
            cursor.execute(sql.SQL("analyze {}").format(table))

    def compile(self, expression: Table) -> str:
        text = str(ibis.to_sql(expression, dialect="postgres"))
        return text if self.views.isdisjoint(_words(expression)) else self._qualified(text)

    def _qualified(self, text: str) -> str:
        tree = sqlglot.parse_one(text, dialect="postgres")
        for one in tree.find_all(sqlglot.exp.Table):
            if one.name in self.views and not one.db:
                one.set("db", sqlglot.exp.to_identifier("facts", quoted=True))
        return tree.sql(dialect="postgres")

    def fetch(self, query: str, wanted: pa.Schema) -> pa.Table:
        with psycopg.Cursor(self.connection) as cursor:
            cursor.execute(query.encode(), binary=True)
            return _arrow(cursor.fetchall(), wanted)

    @contextmanager
    def planning_once(self) -> Iterator[None]:
        """Inside, `ask` plans each statement once in this session, for whatever values; to be used in a transaction."""
        before = self.connection.prepare_threshold
        self.connection.prepare_threshold = NEVER
        self.connection.execute(PLAN_ONCE)
        try:
            yield
        finally:
            self.connection.prepare_threshold = before

    def ask(self, query: str, values: Sequence[Any], wanted: pa.Schema) -> pa.Table:
        """The rows of a statement that has `$1`, `$2`, ... for its values."""
        with psycopg.RawCursor(self.connection) as cursor:
            cursor.execute(query.encode(), values, prepare=True, binary=True)
            return _arrow(cursor.fetchall(), wanted)

    def close(self) -> None:
        if self.owned:
            self.connection.close()


def _connected(where: Mapping[str, Any]) -> psycopg.Connection[Any]:
    try:
        return psycopg.connect(**where, options=UTC)
    except psycopg.Error as error:
        raise EngineError(f"the database for analysis cannot be reached: {error}") from None


class Spark:
    """One local or given Spark session; tables pass through Parquet files in `folder`.

    A process has one session: asking for another master ends the one there was.
    """

    def __init__(self, folder: Path, session: Any = None, master: str = LOCAL_SPARK) -> None:
        self.folder = folder
        self.session = session or _session(folder, master)
        self.connection = ibis.pyspark.connect(self.session)

    def put(self, name: str, rows: pa.Table) -> None:
        path = self.folder / f"{name}.parquet"
        pq.write_table(rows, path)
        self.session.read.parquet(str(path)).createOrReplaceTempView(name)

    def read(self, name: str, files: Sequence[Path], schema: pa.Schema) -> None:
        """Name a table that lies in Parquet files; without a file it is empty. Every worker must see the files."""
        if not files:
            self.put(name, schema.empty_table())
            return
        self.session.read.parquet(*map(str, files)).createOrReplaceTempView(name)

    def compile(self, expression: Table) -> str:
        return str(self.connection.compile(expression))

    def fetch(self, query: str, wanted: pa.Schema) -> pa.Table:
        return self.session.sql(query).toArrow().cast(wanted)

    def close(self) -> None:
        """The session belongs to the process and stays."""


def _session(folder: Path, master: str) -> Any:
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError:
        raise EngineError(SPARK_LACKS) from None
    builder = SparkSession.builder.master(master).appName("catchment")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.ansi.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
    }
    if master.startswith("local"):
        settings |= {
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.sql.shuffle.partitions": "2",
        }
    for key, value in settings.items():
        builder = builder.config(key, value)
    before = SparkSession.getActiveSession()
    if before is not None and before.sparkContext.master != master:
        before.stop()
    try:
        session = builder.getOrCreate()
    except PySparkRuntimeError as error:
        raise EngineError(f"{SPARK_LACKS} ({error})") from None
    except Py4JError:
        raise EngineError(f"no Spark master answers at {master}; start it, or write another address") from None
    session.sparkContext.setLogLevel("ERROR")
    return session


@contextmanager
def opened(name: Name, *, postgres: Mapping[str, Any] | None = None) -> Iterator[Engine]:
    """An engine for the time of the `with`; `postgres` gives psycopg's host, port, user, password, dbname."""
    with TemporaryDirectory(prefix="catchment-analytics-") as folder:
        engine = _engine(name, Path(folder), postgres or {})
        try:
            yield engine
        finally:
            engine.close()


def _engine(name: Name, folder: Path, postgres: Mapping[str, Any]) -> Any:
    if name is Name.POSTGRES:
        return Postgres(postgres)
    return Spark(folder) if name is Name.SPARK else DuckDB()


def _arrow(rows: Sequence[Sequence[Any]], wanted: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(wanted)
    arrays = [pa.array(values, type=field.type) for values, field in zip(columns, wanted, strict=True)]
    return pa.table(arrays, schema=wanted)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _words(expression: Table) -> set[str]:
    """The names of the tables that an expression reads."""
    return {one.name for one in expression.op().find(ibis.expr.operations.UnboundTable)}
