"""The grammar of expressions: a small part of Python's own, read with `ast` and never evaluated by Python.

Allowed: names, numbers, texts, true and false; `+ - * / **`; comparisons, also chained, `in (...)`;
`and or not`; and the functions of `FUNCTIONS` with the number of arguments given there.
"""

import ast

from catchment.standards.risk.definition import DefinitionError, Expression

ANY = 99
FUNCTIONS: dict[str, tuple[int, int]] = {
    "abs": (1, 1),
    "exp": (1, 1),
    "ln": (1, 1),
    "log10": (1, 1),
    "sqrt": (1, 1),
    "floor": (1, 1),
    "pow": (2, 2),
    "round": (1, 2),
    "min": (2, ANY),
    "max": (2, ANY),
    "where": (3, 3),
    "between": (3, 3),
    "clamp": (3, 3),
    "known": (1, 1),
    "count": (1, ANY),
    "first_known": (1, ANY),
    "text": (1, ANY),
    "names_where": (3, ANY),
    "starts": (2, ANY),
    "hours_between": (2, 2),
}
CONSTANTS = {"true": True, "false": False}
_NODES = (
    ast.Expression,
    ast.BoolOp,
    ast.And,
    ast.Or,
    ast.UnaryOp,
    ast.Not,
    ast.USub,
    ast.BinOp,
    ast.Add,
    ast.Sub,
    ast.Mult,
    ast.Div,
    ast.Pow,
    ast.Compare,
    ast.Eq,
    ast.NotEq,
    ast.Lt,
    ast.LtE,
    ast.Gt,
    ast.GtE,
    ast.In,
    ast.Tuple,
    ast.Name,
    ast.Load,
    ast.Constant,
    ast.Call,
)


def parse(text: str | float, where: str) -> Expression:
    """Check one expression. Raises `DefinitionError` that begins with `where` and names what is not allowed."""
    source = str(text).strip()
    try:
        tree = ast.parse(source, mode="eval").body
    except SyntaxError as error:
        raise DefinitionError(f"{where}: {source!r} is not an expression ({error.msg})") from None
    names = set()
    for node in ast.walk(tree):
        _check(node, source, where)
        if isinstance(node, ast.Name) and node.id not in FUNCTIONS and node.id not in CONSTANTS:
            names.add(node.id)
    return Expression(text=source, tree=tree, names=frozenset(names))


def _check(node: ast.AST, source: str, where: str) -> None:
    if not isinstance(node, _NODES):
        raise DefinitionError(f"{where}: {type(node).__name__} is not part of the language, in {source!r}")
    if isinstance(node, ast.Constant) and not isinstance(node.value, int | float | str):
        raise DefinitionError(f"{where}: the constant {node.value!r} is not a number or a text, in {source!r}")
    if isinstance(node, ast.Call):
        _check_call(node, source, where)


def _check_call(node: ast.Call, source: str, where: str) -> None:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in FUNCTIONS or node.keywords:
        raise DefinitionError(f"{where}: no such function, in {source!r}; there are {', '.join(FUNCTIONS)}")
    fewest, most = FUNCTIONS[name]
    if not fewest <= len(node.args) <= most:
        raise DefinitionError(f"{where}: {name} takes {fewest} to {most} arguments, not {len(node.args)}")
