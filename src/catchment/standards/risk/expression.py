"""Expressions compiled to Ibis. Null is "unknown" everywhere: `and` and `or` by Kleene, all else passes it on."""

import ast
import operator
from collections.abc import Iterable, Mapping
from functools import reduce, singledispatch
from typing import Any, cast

import ibis

from catchment.standards.risk.definition import Expression, Scalar
from catchment.standards.risk.grammar import CONSTANTS

Column = Any
Scope = Mapping[str, Column]
LOWEST_EXPONENT = -700.0
_COMPARE: Mapping[type[ast.cmpop], Any] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_ARITHMETIC: Mapping[type[ast.operator], Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def compiled(expression: Expression, scope: Scope) -> Column:
    """The Ibis column of an expression, its names taken from `scope`."""
    return _node(expression.tree, scope)


def literal(value: Scalar) -> Column:
    """A constant typed as float64, boolean or string.

    A number is cast from its text: engines read bare numbers as decimals, and turn those into doubles inexactly.
    """
    if isinstance(value, bool):
        return ibis.literal(value, type="boolean")
    if isinstance(value, str):
        return ibis.literal(value, type="string")
    return ibis.literal(repr(float(value)), type="string").cast("float64")


def number(column: Column) -> Column:
    """A boolean as 1, 0 or unknown; numbers as they are."""
    if column.type().is_boolean():
        return ibis.cases((column, literal(1)), (negated(column), literal(0)))
    return column


def negated(condition: Column) -> Column:
    """Not, written as "equals false": SQL text of `NOT a IS NULL` would be read as `NOT (a IS NULL)`."""
    return condition == literal(False)


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


@singledispatch
def _node(node: ast.AST, _scope: Scope) -> Column:
    raise TypeError(type(node).__name__)


@_node.register
def _constant(node: ast.Constant, _scope: Scope) -> Column:
    return literal(cast("Scalar", node.value))


@_node.register
def _name(node: ast.Name, scope: Scope) -> Column:
    return literal(CONSTANTS[node.id]) if node.id in CONSTANTS else scope[node.id]


@_node.register
def _unary(node: ast.UnaryOp, scope: Scope) -> Column:
    if isinstance(node.op, ast.Not):
        return negated(_node(node.operand, scope))
    if isinstance(node.operand, ast.Constant):
        return literal(-cast("float", node.operand.value))
    return -number(_node(node.operand, scope))


@_node.register
def _logical(node: ast.BoolOp, scope: Scope) -> Column:
    sides = [_node(value, scope) for value in node.values]
    return reduce(operator.and_ if isinstance(node.op, ast.And) else operator.or_, sides)


@_node.register
def _arithmetic(node: ast.BinOp, scope: Scope) -> Column:
    return _ARITHMETIC[type(node.op)](number(_node(node.left, scope)), number(_node(node.right, scope)))


@_node.register
def _comparison(node: ast.Compare, scope: Scope) -> Column:
    if isinstance(node.ops[0], ast.In):
        return one_of(_node(node.left, scope), ast.literal_eval(node.comparators[0]))
    sides = [_node(side, scope) for side in (node.left, *node.comparators)]
    links = [_COMPARE[type(op)](sides[at], sides[at + 1]) for at, op in enumerate(node.ops)]
    return reduce(operator.and_, links)


@_node.register
def _function(node: ast.Call, scope: Scope) -> Column:
    return _call(cast("ast.Name", node.func).id, node.args, scope)


def _call(name: str, nodes: list[ast.expr], scope: Scope) -> Column:
    if name == "names_where":
        words = [_word(node) for node in (nodes[0], *nodes[2::2])]
        return joined([(_node(node, scope), words[at + 1]) for at, node in enumerate(nodes[1::2])], words[0])
    if name == "round":
        places = int(_word(nodes[1])) if len(nodes) > 1 else 0
        return ((_node(nodes[0], scope) * literal(10**places) + literal(0.5)).floor()).cast("float64") / literal(
            10**places
        )
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


def _seconds(moment: Column) -> Column:
    """Seconds since 1970 of a moment, or of the midnight at which a day begins."""
    time = moment if moment.type().is_timestamp() else moment.cast("timestamp")
    return time.epoch_seconds().cast("float64")


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
    "first_known": ibis.coalesce,
    "text": lambda *all_: reduce(lambda a, b: a.concat(b), all_),
    "starts": lambda a, *heads: reduce(lambda one, other: one | other, [a.startswith(head) for head in heads]),
    "hours_between": lambda a, b: (_seconds(b) - _seconds(a)) / literal(3600),
}
