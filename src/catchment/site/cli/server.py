"""Running the site: migrate, serve, worker, stop, demo."""

import multiprocessing
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from catchment.site.cli import furnishing, lake, running, screening, twin
from catchment.site.cli.output import AsJson, CommandError, show_json, show_table

Port = Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
People = Annotated[int, typer.Option(help="Residents of the synthetic county.", min=2000, max=10_000_000)]
Seed = Annotated[int, typer.Option(help="The same seed gives the same county.", min=0)]
Workers = Annotated[int, typer.Option(help="Web processes.", min=1, max=64)]
AT_ONCE = 2
"""Jobs that the background worker does at a time."""


def migrate(
    without_backup: Annotated[
        bool, typer.Option("--without-backup", help="Go on without a backup of the last day.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the schema up to date and publish the default rules; a county in use asks for a recent backup first."""
    running.connect()
    if without_backup:
        _say("没有备份，出错将无法恢复 · without a backup what goes wrong is lost")
    elif running.is_behind():
        running.require_backup()
    published = running.migrate()
    if as_json:
        show_json({"published": published})
    else:
        show_table([{"published": name} for name in published] or [{"published": "-"}])


def serve(port: Port = 8000, host: Host = "127.0.0.1", workers: Workers = 2) -> None:
    """Run the site and its background worker until interrupted."""
    _require_free(host, port)
    running.ready()
    with _background("worker"):
        typer.echo(f"Catchment · http://{host}:{port}/", err=True)
        _web(host, port, workers)


def demo(people: People = 20_000, seed: Seed = 7, port: Port = 8000, host: Host = "127.0.0.1") -> None:
    """Build a synthetic county where there is none, live thirty days in it, and run the site with its guided tour."""
    os.environ["CATCHMENT_DEMO"] = "1"
    _require_free(host, port)
    _say("正在准备数据库 · preparing the database")
    running.ready()
    _county(people, seed)
    with _stopped_after(), _background("worker"):
        words = f"县域医共体已就绪 · Catchment is ready:  http://{host}:{port}/   （Ctrl-C 停止 · to stop）"
        threading.Thread(target=_say_once_up, args=(host, port, words), daemon=True).start()
        _web(host, port, 2)


def worker() -> None:
    """Run background work until interrupted."""
    running.as_application()
    running.ready()
    from django.core.management import call_command

    from catchment.rooms.screening import jobs

    jobs.make_ready(sessions=AT_ONCE)
    call_command("procrastinate", "worker", f"--concurrency={AT_ONCE}", verbosity=0)


def stop(as_json: AsJson = False) -> None:
    """Stop the embedded database server."""
    from catchment.kernel import database

    stopped = database.stop()
    if as_json:
        show_json({"stopped": stopped})
    else:
        typer.echo("数据库已停止 · stopped" if stopped else "数据库没有在运行 · not running")


def _county(people: int, seed: int) -> None:
    """Found the county, live in it, fill the lake, screen everybody, furnish it, as far as that is not yet done."""
    from datetime import UTC, datetime

    from catchment.rooms.people import queries
    from catchment.twin.models import Build

    if not Build.objects.filter(finished_at__isnull=False).exists():
        if queries.anybody():
            _say("数据库里已有居民，不再生成合成县 · there are residents already, no county is built")
            return
        _say(f"正在生成 {people} 人的合成县 · building a synthetic county")
        half_done = Build.objects.exists()
        today = datetime.now(UTC).date() - twin.PLAYED
        twin.build_with_progress(people=people, seed=seed, today=today, replace=half_done)
    if Build.objects.filter(finished_at__isnull=False, lived_until__isnull=True).exists():
        _say("正在度过三十天：就诊、转诊、接收、回信 · living thirty days in it")
        twin.play_with_progress(days=twin.PLAYED.days)
    _say("正在刷新分析湖 · refreshing the lake")
    lake.refresh_with_progress()
    _say("正在评估全县居民的风险 · assessing every resident")
    screening.run_with_progress()
    _say("正在计算指标、结算上年住院、清算上年预算 · indicators, last year's stays and budget")
    furnishing.furnish()


def _say_once_up(host: str, port: int, words: str) -> None:
    while True:
        with socket.socket() as probe:
            if probe.connect_ex((host, port)) == 0:
                return _say(words)
        time.sleep(0.2)


def _require_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            words = f"端口 {port} 已被占用，请换一个 · port {port} is taken, choose another: catchment demo --port"
            raise CommandError(f"{words} {port + 1}") from None


@contextmanager
def _stopped_after() -> Iterator[None]:
    """Stop the embedded server at the end, so that a demo leaves nothing running."""
    from catchment.kernel import database

    try:
        yield
    finally:
        database.stop()


def _say(text: str) -> None:
    typer.echo(text, err=True)


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
    """Serve until interrupted. Web processes begin anew: a fork of one that has computed (the demo has) would wait for
    ever on Polars' threads, and would share its connections and the login of the tables' owner.
    """
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    running.as_application()
    running.let_go()
    multiprocessing.set_start_method("spawn", force=True)
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
