"""The reference pages that the code can write, and the documentation as pages: `python -m catchment.site.docs`."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

PROJECT = Path(__file__).resolve().parents[3]
REFERENCE = PROJECT / "docs" / "reference"
WRITTEN = "This page is written by `make docs` from the code; change the code, not the page."


def command_line() -> str:
    """Every command with its arguments and options, as Markdown."""
    from catchment.site.cli import app

    lines = ["# Command line", "", WRITTEN, "", "Every command ends with code 0 when done and 2 when refused.", ""]
    for path, command in _commands("catchment", typer.main.get_command(app)):
        lines += [f"## `{path}`", "", (command.help or "").strip(), ""]
        lines += _table(("argument or option", "default", "meaning"), map(_parameter, command.params))
    return "\n".join(lines).rstrip() + "\n"


def native_api() -> str:
    """Every operation of the native HTTP API, as Markdown; its OpenAPI document is served at /api/v1/openapi.json."""
    from catchment.site.api import api

    document = api.get_openapi_schema()
    rows = [
        (f"`{verb.upper()} {path}`", str(operation.get("summary", "")), _first_line(operation.get("description", "")))
        for path, operations in document["paths"].items()
        for verb, operation in operations.items()
    ]
    lines = ["# HTTP API", "", WRITTEN, "", "The OpenAPI document is served at `/api/v1/openapi.json`.", ""]
    return "\n".join([*lines, *_table(("operation", "name", "what it does"), rows)]).rstrip() + "\n"


def roles() -> str:
    """What every role may do, as Markdown."""
    from catchment.rooms.staff.rules import CAPABILITIES

    rows = [(f"`{role.value}`", ", ".join(f"`{name}`" for name in sorted(may))) for role, may in CAPABILITIES.items()]
    lines = ["# Roles and capabilities", "", WRITTEN, "", "What is not listed is refused.", ""]
    return "\n".join([*lines, *_table(("role", "may"), rows)]).rstrip() + "\n"


def referral() -> str:
    """States, steps, times and editions of referral, as Markdown."""
    from catchment.rooms.referral.rules import ADVICE, REFERRAL, words
    from catchment.site import referral_reference as told

    state, step = ("state", "on screen", "end"), ("step", "from", "to", "who", "capability", "only", "reasons", "clock")
    urgency = ("urgency", "accepted within", "escalated to", "expires after", "arrival within", "phone first")
    lines = ["# Referral", "", WRITTEN, "", "The numbers are defaults of the rulebook; a county publishes its own.", ""]
    for title, heads, rows in (
        ("States of a referral", state, told.states(REFERRAL, words.STATES)),
        ("Steps of a referral", step, told.steps(REFERRAL, words.VERBS)),
        ("States of a question", state, told.states(ADVICE, words.ADVICE_STATES)),
        ("Steps of a question", step, told.steps(ADVICE, words.ADVICE_VERBS)),
        ("Clocks by urgency", urgency, told.urgencies()),
        ("Other clocks", ("name", "value"), told.times()),
        ("Editions", ("key", "title", "version", "verified", "source"), told.editions()),
    ):
        lines += [f"## {title}", "", *_table(heads, rows)]
    return "\n".join(lines).rstrip() + "\n"


PAGES = {"command-line.md": command_line, "api.md": native_api, "roles.md": roles, "referral.md": referral}


def stale() -> list[str]:
    """The names of the written reference pages that are not what the code says now."""
    return [name for name, page in PAGES.items() if not (REFERENCE / name).exists() or _said(name) != page()]


def write() -> None:
    """Write the reference pages."""
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")


def _said(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def _commands(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    subcommands = getattr(command, "commands", {})
    for name in sorted(subcommands):
        yield from _commands(f"{path} {name}", subcommands[name])
    if not subcommands:
        yield path, command


def _parameter(parameter: Any) -> tuple[str, str, str]:
    if parameter.param_type_name == "option":
        name, text = ", ".join(f"`{option}`" for option in parameter.opts), parameter.help or ""
    else:
        name, text = f"`{(parameter.name or '').upper()}`", getattr(parameter, "help", None) or ""
    default: Any = parameter.default
    plain = isinstance(default, str | int | float) and not isinstance(default, bool)
    return name, f"`{default}`" if plain else "", text


def _table(heads: tuple[str, ...], rows: Any) -> list[str]:
    body = ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows]
    return ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads), *body, ""] if body else []


def _first_line(text: str) -> str:
    return text.strip().split("\n\n")[0].replace("\n", " ")


def main() -> None:
    """Write what the code knows, then build the pages into build/docs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "catchment.site.settings")
    import django

    django.setup()
    write()
    sys.exit(
        subprocess.call(
            [str(Path(sys.executable).parent / "zensical"), "build", "--config-file", "mkdocs.yml"], cwd=PROJECT
        )
    )


if __name__ == "__main__":
    main()
