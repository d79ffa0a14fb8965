"""Expressions compiled to Ibis. Null is "unknown" everywhere: `and` and `or` by Kleene, all else passes it on."""

import ast
from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any

import ibis

from catchment.standards.risk.definition import Expression, Scalar
from catchment.standards.risk.grammar import CONSTANTS

Column = Any
Scope = Mapping[str, Column]
LOWEST_EXPONENT = -700.0
_COMPARE = {
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
}
_ARITHMETIC = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: lambda a, b: a**b,
}


def compiled(expression: Expression, scope: Scope) -> Column:
    """The Ibis column of an expression, its names taken from `scope`."""
    return _node(expression.tree, scope)


def literal(value: Scalar) -> Column:
    """A constant typed as float64, boolean or string, so that no engine computes in decimals."""
    if isinstance(value, bool):
        return ibis.literal(value, type="boolean")
    if isinstance(value, str):
        return ibis.literal(value, type="string")
    return ibis.literal(float(value), type="float64")


def number(column: Column) -> Column:
    """A boolean as 1, 0 or unknown; numbers as they are."""
    if column.type().is_boolean():
        return ibis.cases((column, literal(1)), (negated(column), literal(0)))
    return column


def negated(condition: Column) -> Column:
    """Not, written as "equals false": SQL text of `NOT a IS NULL` would be read as `NOT (a IS NULL)`."""
    return condition == literal(False)  # noqa: FBT003 the one argument


def one_of(value: Column, options: Iterable[Scalar]) -> Column:
    """Whether the value is one of the options; unknown where it is unknown."""
    return reduce(lambda a, b: a | b, [value == literal(option) for option in options])


def choose(condition: Column, yes: Column, no: Column) -> Column:
    """`yes`, `no`, or unknown where the condition is unknown."""
    return ibis.cases((condition, yes), (negated(condition), no))


def decided(rules: list[tuple[Column, Column]], otherwise: Column) -> Column:
    """The result of the first rule that holds; unknown as soon as a rule before it is unknown."""
    unknown = ibis.null(otherwise.type())
    branches = [pair for rule, result in rules for pair in ((rule, result), (rule.isnull(), unknown))]
    return ibis.cases(*branches, else_=otherwise)


def joined(pieces: list[tuple[Column, str]], separator: str) -> Column:
    """The texts whose condition holds, separated; an unknown condition counts as not holding."""
    if not pieces:
        return literal("")
    texts = [ibis.cases((condition, literal(separator + text)), else_=literal("")) for condition, text in pieces]
    return reduce(lambda a, b: a.concat(b), texts).substr(len(separator))


def _node(node: ast.AST, scope: Scope) -> Column:
    match node:
        case ast.Constant(value=value):
            return literal(value)
        case ast.Name(id=name):
            return literal(CONSTANTS[name]) if name in CONSTANTS else scope[name]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return negated(_node(operand, scope))
        case ast.UnaryOp(operand=ast.Constant(value=value)):
            return literal(-value)
        case ast.UnaryOp(operand=operand):
            return -number(_node(operand, scope))
        case ast.BoolOp(op=ast.And(), values=values):
            return reduce(lambda a, b: a & b, (_node(value, scope) for value in values))
        case ast.BoolOp(values=values):
            return reduce(lambda a, b: a | b, (_node(value, scope) for value in values))
        case ast.BinOp(left=left, op=op, right=right):
            return _ARITHMETIC[type(op)](number(_node(left, scope)), number(_node(right, scope)))
        case ast.Compare():
            return _comparison(node, scope)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _call(name, arguments, scope)
    raise TypeError(type(node).__name__)


def _comparison(node: ast.Compare, scope: Scope) -> Column:
    if isinstance(node.ops[0], ast.In):
        options = [element.value for element in node.comparators[0].elts]  # type: ignore[attr-defined]
        return one_of(_node(node.left, scope), options)
    sides = [_node(side, scope) for side in (node.left, *node.comparators)]
    links = [_COMPARE[type(op)](sides[at], sides[at + 1]) for at, op in enumerate(node.ops)]
    return reduce(lambda a, b: a & b, links)


def _call(name: str, nodes: list[ast.expr], scope: Scope) -> Column:
    if name == "names_where":
        words = [_word(node) for node in (nodes[0], *nodes[2::2])]
        return joined([(_node(node, scope), words[at + 1]) for at, node in enumerate(nodes[1::2])], words[0])
    if name == "round":
        places = int(_word(nodes[1])) if len(nodes) > 1 else 0
        return ((_node(nodes[0], scope) * literal(10**places) + literal(0.5)).floor()).cast("float64") / literal(10**places)
    return _PLAIN[name](*[_node(node, scope) for node in nodes])


def _word(node: ast.expr) -> Any:
    return ast.literal_eval(node)


def smallest(*columns: Column) -> Column:
    """The least of the numbers; unknown where any is, though the engines' own function skips the unknown."""
    return ibis.cases((_sum(columns).notnull(), ibis.least(*columns)))


def largest(*columns: Column) -> Column:
    """The greatest of the numbers; unknown where any is, though the engines' own function skips the unknown."""
    return ibis.cases((_sum(columns).notnull(), ibis.greatest(*columns)))


def _sum(columns: Iterable[Column]) -> Column:
    return reduce(lambda a, b: a + b, columns)


def _exp(power: Column) -> Column:
    return ibis.cases((power < literal(LOWEST_EXPONENT), literal(0)), else_=power.exp())


_PLAIN: Mapping[str, Any] = {
    "abs": lambda a: a.abs(),
    "exp": _exp,
    "ln": lambda a: a.ln(),
    "log10": lambda a: a.log10(),
    "sqrt": lambda a: a.sqrt(),
    "floor": lambda a: a.floor().cast("float64"),
    "pow": lambda a, b: a**b,
    "min": smallest,
    "max": largest,
    "where": choose,
    "between": lambda a, low, high: (a >= low) & (a <= high),
    "clamp": lambda a, low, high: smallest(largest(a, low), high),
    "known": lambda a: a.notnull(),
    "count": lambda *all_: _sum(map(number, all_)),
    "first_known": lambda *all_: ibis.coalesce(*all_),
    "text": lambda *all_: reduce(lambda a, b: a.concat(b), all_),
}
