"""Units as they are written in every language. The record keeps UCUM codes (the Unified Code for Units of Measure)."""

WRITTEN = {
    "mm[Hg]": "mmHg",
    "Cel": "℃",
    "umol/L": "μmol/L",
    "10*9/L": "×10⁹/L",
    "10*12/L": "×10¹²/L",
    "[in_i]": "in",
    "1": "",
}


def written(ucum: str) -> str:
    """The unit as it stands on paper: mmHg for mm[Hg]; a code without an entry is shown without its braces."""
    return WRITTEN.get(ucum, ucum.replace("{", "").replace("}", ""))
