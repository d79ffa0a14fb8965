"""Style sheets are loaded together, so a selector belongs to one of them."""

import re
from collections import defaultdict
from pathlib import Path

ASSETS = Path(__file__).resolve().parents[2] / "assets"
COMMENTS = re.compile(r"/\*.*?\*/", re.DOTALL)
CONDITIONAL = re.compile(r"@[a-z][^{;]*\{(?:[^{}]*\{[^{}]*\})*\s*\}")
SELECTORS = re.compile(r"([^{}]+)\{[^{}]*\}")


def selectors_of(sheet: Path) -> set[str]:
    """Selectors with rules at every width."""
    text = CONDITIONAL.sub("", COMMENTS.sub("", sheet.read_text(encoding="utf-8")))
    return {one.strip() for group in SELECTORS.findall(text) for one in group.split(",")}


def test_a_selector_has_its_rules_in_one_sheet():
    sheets = defaultdict(set)
    for sheet in ASSETS.glob("*.css"):
        for selector in selectors_of(sheet):
            sheets[selector].add(sheet.name)
    assert len(sheets) > 100
    assert {selector: found for selector, found in sheets.items() if len(found) > 1} == {}
