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
    database.ensure_running()


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
