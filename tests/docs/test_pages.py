"""The documentation says what is so: written pages are current, links lead somewhere, blocks of code run."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from catchment.site import docs

PROJECT = Path(__file__).resolve().parents[2]
PAGES = sorted([PROJECT / "README.md", PROJECT / "README.zh-CN.md", *(PROJECT / "docs").rglob("*.md")])
READMES = sorted((PROJECT / "src").rglob("README.md"))
BLOCK = re.compile(r"^```(bash|sh|python|json|yaml)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
TARGETS = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def named(paths):
    return [pytest.param(path, id=str(path.relative_to(PROJECT))) for path in paths]


def blocks(path, *languages):
    return [code for language, code in BLOCK.findall(path.read_text(encoding="utf-8")) if language in languages]


def commands(path):
    lines = "\n".join(blocks(path, "bash", "sh")).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]


def with_shell():
    return [path for path in PAGES if any(line.startswith("catchment ") for line in commands(path))]


def test_the_pages_written_from_the_code_are_current():
    assert docs.stale() == [], "run `make docs`"


@pytest.mark.parametrize("path", named([*PAGES, *READMES]))
def test_every_link_leads_somewhere(path):
    told = LINK.findall(path.read_text(encoding="utf-8"))
    assert [link for link in told if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", named(PAGES))
def test_every_make_target_named_exists(path):
    named_targets = {line.split()[1] for line in commands(path) if line.startswith("make ")}
    assert named_targets <= TARGETS


@pytest.mark.parametrize("path", named(PAGES))
def test_blocks_of_data_can_be_read(path):
    import json

    import yaml

    for code in blocks(path, "json"):
        json.loads(code)
    for code in blocks(path, "yaml"):
        yaml.safe_load(code)


@pytest.mark.parametrize("path", named(path for path in PAGES if blocks(path, "python")))
def test_blocks_of_python_run_one_after_the_other(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    scope = {}
    for code in blocks(path, "python"):
        exec(compile(code, str(path), "exec"), scope)  # noqa: S102 our own documentation


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """A home whose database stands, without anything in it, stopped again: what each page's own home is copied from."""
    home = tmp_path_factory.mktemp("migrated") / "home"
    for command in ("migrate", "stop"):
        subprocess.run(["catchment", command], env=environment_of(home), capture_output=True, check=True)
    return home


def environment_of(home):
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return {**os.environ, "CATCHMENT_HOME": str(home), "PATH": path}


@pytest.mark.parametrize("path", named(with_shell()))
def test_commands_run_one_after_the_other(path, tmp_path, migrated):
    """In a folder and a home of their own; `make` lines are checked above, others must be ours."""
    subprocess.run(["cp", "-a", str(migrated), str(tmp_path / "home")], check=True)
    environment = environment_of(tmp_path / "home")
    try:
        for line in commands(path):
            if not line.startswith("make "):
                assert shlex.split(line)[0] in {"catchment", "cat", "printf", "export"}, line
                done = subprocess.run(
                    ["bash", "-c", line], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
                )
                assert done.returncode == 0, f"{line}\n{done.stdout[-800:]}\n{done.stderr[-800:]}"
    finally:
        subprocess.run(["catchment", "stop"], env=environment, capture_output=True, check=False)
