"""Pure Python: identifiers, code systems, units, grouping, risk models. Knows no framework."""
