"""A standalone Spark cluster on this machine: one master and two workers, processes of their own, on loopback."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

WORKERS = 2


@contextmanager
def spark_cluster(folder: Path) -> Iterator[str]:
    """The master's address, once both workers have registered with it; all three are ended afterwards."""
    port, page = free_port(), free_port()
    address = f"spark://127.0.0.1:{port}"
    started = [launch(folder, "master", "Master", "--port", str(port), "--webui-port", str(page))]
    try:
        for number in range(WORKERS):
            work = str(folder / f"work-{number}")
            started.append(
                launch(folder, f"worker-{number}", "Worker", "--cores", "1", "--memory", "1g", "--webui-port", "0", "--work-dir", work, address)
            )  # fmt: skip
        _wait(f"http://127.0.0.1:{page}/json/", folder)
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(timeout=30)


def launch(folder: Path, name: str, kind: str, *options: str) -> subprocess.Popen[bytes]:
    """Start one of Spark's own classes with the script that its package carries."""
    import pyspark

    home = Path(pyspark.__file__).parent
    environment = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1"}
    command = [home / "bin" / "spark-class", f"org.apache.spark.deploy.{kind.lower()}.{kind}", "--host", "127.0.0.1"]
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen([*map(str, command), *options], env=environment, stdout=log, stderr=log)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(page: str, folder: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if httpx.get(page, timeout=5).json()["aliveworkers"] == WORKERS:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.3)
    told = "\n".join(path.read_text()[-1500:] for path in folder.glob("*.log"))
    raise AssertionError(f"the cluster did not come up\n{told}")
