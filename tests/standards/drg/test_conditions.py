"""The language of the tables' rules."""

import pytest

from catchment.standards.drg.conditions import All, Compared, ConditionError, Either, Flag, Listed, parse, written


def test_and_binds_tighter_than_or():
    one, two, three = (Listed("AP", "JA1", number) for number in (1, 2, 3))
    assert parse("AP1 | AP2 & AP3", "JA1") == Either((one, All((two, three))))


def test_a_chain_is_two_comparisons():
    expected = All((Compared("WEIGHT_G", ">=", 1500.0, "PS2"), Compared("WEIGHT_G", "<", 2000.0, "PS2")))
    assert parse("1500<=WEIGHT_G<2000", "PS2") == expected


def test_a_list_without_number_is_the_first():
    assert parse("PDX", "MDCB") == Listed("PDX", "MDCB", 1)


@pytest.mark.parametrize(
    "text",
    [
        "PDX1 & ((AP1 & AP2) | (AP1 & AP3 & AP4))",
        "!(MCC) & CC",
        'DEPT="01 02" | SEX!="F"',
        "SITES>=2",
        "0<WEIGHT_G<1500",
    ],
)
def test_what_is_written_reads_the_same(text):
    condition = parse(text, "X")
    assert parse(written(condition), "X") == condition


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty"),
        ("PDX1 &", "ends too early"),
        ("PDX1 PDX2", "does not go on with 'PDX2'"),
        ("(PDX1 & PDX2", "ends too early"),
        ("PDX1 & HOLIDAY", "unknown word 'HOLIDAY'"),
        ("LOS<many", "'many', which is no number"),
        ("COST>5", "none of AGE_YEARS"),
        ("SEX<M", "none of AGE_YEARS"),
        ("PDX1 ; PDX2", "cannot be read from '; PDX2' on"),
    ],
)
def test_a_rule_that_cannot_be_read_says_why(text, told):
    with pytest.raises(ConditionError, match=told):
        parse(text, "X")


def test_any_and_always_are_flags():
    assert (parse("ANY", "X"), parse("ALWAYS", "X")) == (Flag("ANY"), Flag("ALWAYS"))
