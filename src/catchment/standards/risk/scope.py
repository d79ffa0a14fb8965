"""Which names a definition defines, which each rule reads, and in what order they can be computed."""

from collections.abc import Iterable, Iterator, Mapping

from catchment.standards.risk.definition import (
    Cases,
    Choices,
    Curve,
    Definition,
    DefinitionError,
    Expression,
    Grid,
    Lookup,
    Rule,
    Steps,
)

COMPUTED = ("total", "largest_part", "at_least", "at_most", "band", "value")


def read_names(rule: Rule) -> frozenset[str]:
    """The names that a rule reads."""
    match rule:
        case Expression(names=names):
            return names
        case Steps(of=of, by=by):
            return of.names | ({by} if by else set())
        case Choices(of=of) | Curve(of=of):
            return of.names
        case Cases(rules=rules):
            return frozenset().union(*(condition.names for condition, _ in rules))
        case Grid(rows=rows, columns=columns):
            return rows.names | columns.names
        case Lookup(on=on):
            return frozenset().union(*(key.names for key in on.values()))


def defined_names(name: str, rule: Rule) -> tuple[str, ...]:
    """The names that a rule makes known."""
    return tuple(f"{name}_{column}" for column in rule.take) if isinstance(rule, Lookup) else (name,)


def levels(rules: Mapping[str, Rule]) -> Iterator[dict[str, Rule]]:
    """The rules in groups, each reading only names of the inputs and of groups before it."""
    waiting = dict(rules)
    while waiting:
        still = {made for name, rule in waiting.items() for made in defined_names(name, rule)}
        ready = {name: rule for name, rule in waiting.items() if not read_names(rule) & still}
        if not ready:
            raise DefinitionError(f"these rules read each other in a circle: {', '.join(waiting)}")
        yield ready
        waiting = {name: rule for name, rule in waiting.items() if name not in ready}


def unknown_names(definition: Definition) -> frozenset[str]:
    """Names that are read somewhere in the definition and defined nowhere."""
    known = set(definition.names()) | set(COMPUTED)
    for rules in (definition.steps, definition.criteria, definition.results):
        known |= {made for name, rule in rules.items() for made in defined_names(name, rule)}
    return frozenset().union(*_all_read(definition)) - known


def _all_read(definition: Definition) -> Iterable[frozenset[str]]:
    for rules in (definition.steps, definition.criteria, definition.parts, definition.results, definition.value):
        yield from map(read_names, rules.values())
    for band in definition.bands:
        yield band.rule.names
    for condition in (*definition.population, *definition.exclusions, *definition.alerts):
        yield condition.rule.names
    yield frozenset({definition.explains}) if definition.explains.isidentifier() else frozenset()
    for one in definition.inputs:
        yield one.needed_when.names if one.needed_when else frozenset()
        yield one.reference.names if one.reference else frozenset()
        for other in one.alternatives:
            yield other.formula.names if other.formula else frozenset()
