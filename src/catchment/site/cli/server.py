"""Running the site: migrate, serve, worker, stop, demo."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from catchment.site.cli import running
from catchment.site.cli.output import AsJson, show_json, show_table

Port = Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Workers = Annotated[int, typer.Option(help="Web processes.", min=1, max=64)]


def migrate(as_json: AsJson = False) -> None:
    """Bring the schema up to date and publish the default rules."""
    running.connect()
    published = running.migrate()
    if as_json:
        show_json({"published": published})
    else:
        show_table([{"published": name} for name in published] or [{"published": "-"}])


def serve(port: Port = 8000, host: Host = "127.0.0.1", workers: Workers = 2) -> None:
    """Run the site and its background worker until interrupted."""
    running.ready()
    with _background("worker"):
        typer.echo(f"Catchment · http://{host}:{port}/", err=True)
        _web(host, port, workers)


def worker() -> None:
    """Run background work until interrupted."""
    running.ready()
    from django.core.management import call_command

    call_command("procrastinate", "worker", "--concurrency=2", verbosity=0)


def stop(as_json: AsJson = False) -> None:
    """Stop the embedded database server."""
    from catchment.kernel import database

    stopped = database.stop()
    if as_json:
        show_json({"stopped": stopped})
    else:
        typer.echo("数据库已停止 · stopped" if stopped else "数据库没有在运行 · not running")


@contextmanager
def _background(command: str) -> Iterator[None]:
    program = [sys.executable, "-m", "catchment", command]
    process = subprocess.Popen(program, env=os.environ.copy())
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=15)


def _web(host: str, port: int, workers: int) -> None:
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    connections.close_all()
    Granian(
        "catchment.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        backpressure=64,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    ).serve()
