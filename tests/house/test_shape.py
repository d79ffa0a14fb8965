"""What the house promises of its files: a README in each room, none too long, no stray hosts or paths."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "catchment"
FILES = [path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts]


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.splitlines()]


@pytest.mark.parametrize("room", sorted(p.name for p in (SOURCE / "rooms").iterdir() if (p / "apps.py").exists()))
def test_every_room_says_what_it_is_for(room):
    assert (SOURCE / "rooms" / room / "README.md").read_text(encoding="utf-8").startswith(f"# {room}")


def test_no_file_is_too_long():
    assert {str(p.relative_to(SOURCE)): n for p in FILES if (n := len(p.read_text().splitlines())) > 400} == {}


def test_no_module_has_a_name_that_says_nothing():
    banned = {"utils", "helpers", "common", "services", "managers"}
    assert [path for path in FILES if path.stem in banned or path.parent.name in banned] == []


def test_no_lock_or_requirements_file_names_a_host():
    locks = [
        p
        for p in tracked()
        if p.name.endswith(".lock") or p.name == "package-lock.json" or p.parent.name == "requirements"
    ]
    naming = re.compile(r'"resolved"|index-url|https?://(?!.*"(?:url|funding|homepage)")')
    found = [
        f"{path.name}:{n}"
        for path in locks
        for n, line in enumerate(path.read_text().splitlines(), 1)
        if naming.search(line) and '"url"' not in line
    ]
    assert found == []
