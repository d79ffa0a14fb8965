"""A PostgreSQL server of the user's own: Debian's, on a free port, dropped afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OWNER = "postgres"


def as_owner(*command):
    """Run as PostgreSQL's own user where we are root, which PostgreSQL refuses to be."""
    prefix = ["runuser", "-u", OWNER, "--"] if os.geteuid() == 0 else []
    return subprocess.run([*prefix, *map(str, command)], check=True, capture_output=True, text=True, cwd="/")


class Own:
    """A cluster in a folder of its own, which can be started again after a kill."""

    def __init__(self, within: Path | None = None, *options: str) -> None:
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        assert programs, "PostgreSQL is missing: run tools/system-packages postgresql"
        self.programs = programs[-1]
        self.folder = Path(tempfile.mkdtemp(prefix="catchment-server-", dir=within))
        self.options = options
        if os.geteuid() == 0:
            shutil.chown(self.folder, OWNER)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.data = self.folder / "data"
        self.user = OWNER if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        self.url = f"postgresql://{self.user}@127.0.0.1:{self.port}/catchment"
        as_owner(
            self.programs / "initdb", "-D", self.data, "-U", self.user, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8"
        )

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        options += "".join(f" -c {option}" for option in self.options)
        as_owner(self.programs / "pg_ctl", "-D", self.data, "-o", options, "-l", self.folder / "log", "-w", "start")

    def stop(self) -> None:
        as_owner(self.programs / "pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")

    def pid(self) -> int:
        """The process that all others of this server hang on."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def drop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            as_owner(self.programs / "pg_ctl", "-D", self.data, "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def own_server(within: Path | None = None, *options: str) -> Iterator[Own]:
    """Started, with an empty database `catchment`; its files in a folder where one is given."""
    server = Own(within, *options)
    server.start()
    try:
        as_owner(server.programs / "createdb", "-h", "127.0.0.1", "-p", server.port, "-U", server.user, "catchment")
        yield server
    finally:
        server.drop()
