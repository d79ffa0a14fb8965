"""The ORM writes only in `actions`: nowhere else does a call by a writing name appear."""

import ast
from pathlib import Path

import pytest

import catchment

SOURCE = Path(catchment.__file__).parent
WRITING = {
    "save", "create", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "select_for_update",
}  # fmt: skip
ON_ROWS = {"update", "delete"}
ALLOWED = ("actions", "kernel", "twin", "migrations", "standards")


def modules():
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        if not set(parts) & set(ALLOWED):
            yield pytest.param(path, id="/".join(parts))


def writing_calls(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    return [f"line {call.lineno}: .{call.func.attr}()" for call in calls if _writes(call)]


def _writes(call: ast.Call) -> bool:
    name, owner = call.func.attr, ast.unparse(call.func.value)
    if name in WRITING:
        return "objects" in owner or name == "save"
    return name in ON_ROWS and "objects" in owner


@pytest.mark.parametrize("path", modules())
def test_a_module_outside_actions_does_not_write(path):
    assert writing_calls(path) == []


def test_the_check_sees_a_write(tmp_path):
    careless = tmp_path / "careless.py"
    careless.write_text("Person.objects.filter(pk=1).update(name='x')\nrow.save()\n")
    assert len(writing_calls(careless)) == 2
