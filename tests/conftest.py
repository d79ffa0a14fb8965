"""What all tests share: an embedded server in a folder of its own, the independent data where it is present."""

import os
import tempfile
import zlib
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"

_checkout = zlib.crc32(str(Path(__file__).resolve()).encode())
_home = os.environ.get("CATCHMENT_TEST_HOME") or str(Path(tempfile.gettempdir()) / f"catchment-test-{_checkout:08x}")
os.environ["CATCHMENT_HOME"] = _home
os.environ.setdefault("CATCHMENT_DEMO", "1")


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    from catchment.kernel import database

    settings.DATABASES["default"].update(database.connection_settings())
    settings.DATABASES["default"]["OPTIONS"].pop("pool", None)
    settings.DATABASES["default"]["OPTIONS"]["options"] += " -c catchment.rebuild=on"
    settings.FILES = Path(_home) / "files"
    settings.DEMO = True
    settings.PASSWORD_HASHERS = ["hashing.QuickArgon2"]
    database.ensure_running()
    if not hasattr(config, "workerinput") and database.is_embedded():
        _keep_nothing_through_a_crash(database)


def _keep_nothing_through_a_crash(database) -> None:
    """Let the tests' own server wait for no disk: what it holds is thrown away."""
    import psycopg

    target = database.embedded_settings(Path(_home))
    with psycopg.connect(host=target["HOST"], user=target["USER"], dbname="postgres", autocommit=True) as server:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            server.execute(f"alter system set {name} = off")
        server.execute("select pg_reload_conf()")


def pytest_unconfigure(config: pytest.Config) -> None:
    from catchment.kernel import database

    if not hasattr(config, "workerinput"):
        database.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    absent = pytest.mark.skip(reason=f"the independent data folder {SHARED.name}/ does not stand beside the project")
    for item in items:
        if item.get_closest_marker("shared") and not SHARED.exists():
            item.add_marker(absent)


@pytest.fixture
def shared() -> Path:
    """The folder of independent data beside the project; only for tests marked `shared`."""
    return SHARED
