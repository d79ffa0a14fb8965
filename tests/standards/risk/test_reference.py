from pathlib import Path

from catchment.standards.risk.reference import reference_page

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "risk-models.md"


def test_the_reference_page_is_the_one_the_definitions_give():
    assert PAGE.read_text(encoding="utf-8") == reference_page(), (
        "run `catchment risk reference --out docs/reference/risk-models.md`"
    )
