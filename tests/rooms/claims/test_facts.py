"""The claims that are published: who paid what, under a pseudonym, and which months a change touches."""

from datetime import date

import county as small
import stays
from catchment.kernel import lake
from catchment.kernel.models import LakeTouch
from catchment.rooms.claims import actions
from catchment.rooms.record.models import Encounter


def rows():
    with lake.engine("postgresql") as engine:
        return engine.run(engine.table("claims")).to_pylist()


def test_a_settled_claim_tells_its_costs_and_who_paid(stay, county):
    (claim,) = stays.settled(stay(also=("E11.900",)))
    one = stays.live(claim)
    (row,) = rows()
    assert (row["person_key"], row["day"], row["drg"]) == (county.person.person_key, claim.ends_on, "D113")
    assert [row[f"{part}_fen"] for part in ("drug", "examination", "consumable", "total")] == [
        100_000,
        100_000,
        0,
        400_000,
    ]
    assert row["basic_fen"] + row["serious_fen"] + row["aid_fen"] + row["patient_fen"] == claim.total
    assert row["patient_fen"] == one.patient
    assert "name" not in row


def test_an_unsettled_one_tells_no_payers_and_a_sensitive_stay_is_marked(stay):
    (claim,) = stays.checked(stay())
    Encounter.objects.filter(pk=claim.encounter_id).update(sensitivity="mental")
    (row,) = rows()
    assert (row["state"], row["basic_fen"], row["sensitivity"]) == ("checked", None, "mental")


def test_every_step_touches_the_month_of_the_claim(stay):
    (claim,) = stays.settled(stay(begins=date(2026, 1, 5)))
    for act in (
        lambda: actions.cancel_claim(actor=stays.CLERK, now=small.NOW, claim_id=claim.pk, reason="x"),
        lambda: stays.mended(claim, begins_on=date(2026, 2, 1), ends_on=date(2026, 2, 3)),
    ):
        LakeTouch.objects.all().delete()
        act()
        touched = set(LakeTouch.objects.filter(fact="claims").values_list("partition", flat=True))
        assert "2026-01" in touched
    assert touched == {"2026-01", "2026-02"}
