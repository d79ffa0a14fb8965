"""Units as people write them. The record keeps UCUM codes (the Unified Code for Units of Measure)."""

WRITTEN = {
    "mm[Hg]": "mmHg",
    "Cel": "℃",
    "/min": "次/分",
    "umol/L": "μmol/L",
    "{score}": "分",
    "10*9/L": "×10⁹/L",
    "10*12/L": "×10¹²/L",
    "a": "年",
    "d": "天",
    "[in_i]": "in",
    "1": "",
}


def written(ucum: str) -> str:
    """The unit as it stands on paper: mmHg for mm[Hg]; a code without an entry is shown without its braces."""
    return WRITTEN.get(ucum, ucum.replace("{", "").replace("}", ""))
