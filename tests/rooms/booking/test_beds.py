"""Beds come from the ward and go through its hands; one that is held for somebody is nobody else's."""

from datetime import timedelta

import pytest
from django.utils import timezone

import county as small
from catchment.kernel.errors import Invalid, NotAllowed, NotFound, Refusal
from catchment.kernel.models import AuditEntry
from catchment.rooms.booking import actions, queries
from catchment.rooms.booking.models import Bed, BedSpan
from catchment.rooms.booking.types import BedMove

NOW = small.NOW


def add(county, *codes, actor=None, service=None):
    ward = service or county.cardiology
    return actions.add_beds(actor=actor or county.desk, now=NOW, service_id=ward.pk, codes=codes)


def move(county, bed, what, facility=None):
    place = facility or county.hospital
    return actions.move_bed(actor=county.desk, now=NOW, facility_id=place.pk, bed_id=bed.pk, move=BedMove(what))


def hold(county):
    return actions.hold_bed(
        actor=county.desk, now=NOW, person_id=county.person.pk, subject=("referral", 1),
        service_id=county.cardiology.pk, expires_at=None,
    )  # fmt: skip


def test_beds_are_added_all_or_none_and_each_once(county):
    assert [bed.state for bed in add(county, "301", "302", "302")] == ["free", "free"]
    with pytest.raises(Invalid) as refused:
        add(county, "303", "302")
    assert [(one.field, "302" in one.message) for one in refused.value.problems] == [("codes", True)]
    assert Bed.objects.count() == 2
    assert AuditEntry.objects.get(event="bed.add").detail == {"beds": 2}


@pytest.mark.parametrize(("codes", "field"), [((), "codes"), (("床" * 21,), "codes"), (map(str, range(201)), "codes")])
def test_codes_that_cannot_be_are_refused(county, codes, field):
    with pytest.raises(Invalid) as refused:
        add(county, *codes)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_a_clinic_without_a_ward_has_no_beds(county):
    with pytest.raises(Invalid) as refused:
        add(county, "1", service=county.general)
    assert [problem.field for problem in refused.value.problems] == ["service"]


def test_another_facility_has_its_own_beds(county):
    with pytest.raises(NotAllowed):
        add(county, "1", service=county.township_ward)
    (bed,) = add(county, "1", actor=county.township_doctor, service=county.township_ward)
    with pytest.raises(NotAllowed):
        move(county, bed, "close", facility=county.township)
    with pytest.raises(NotFound):
        move(county, bed, "close")


def test_a_bed_is_closed_opened_occupied_and_emptied(county):
    (bed,) = add(county, "301")
    states = [move(county, bed, what).state for what in ("close", "reopen", "occupy", "empty")]
    assert states == ["closed", "free", "occupied", "free"]
    events = AuditEntry.objects.filter(event__startswith="bed.").exclude(event="bed.add").order_by("pk")
    assert list(events.values_list("event", flat=True)) == ["bed.close", "bed.reopen", "bed.occupy", "bed.empty"]


@pytest.mark.parametrize("what", list(BedMove))
def test_a_bed_that_is_held_stays_as_it_is(county, what):
    (bed,) = add(county, "301")
    hold(county)
    with pytest.raises(Refusal) as refused:
        move(county, bed, what)
    assert refused.value.code == "bed-state"
    bed.refresh_from_db()
    assert bed.state == "held"


def test_a_closed_bed_is_offered_to_nobody(county):
    (bed,) = add(county, "301")
    move(county, bed, "close")
    with pytest.raises(Refusal) as refused:
        hold(county)
    assert refused.value.code == "no-bed"


def test_a_letter_that_comes_late_does_not_free_the_next_patients_bed(county):
    (bed,) = add(county, "301")
    first = hold(county)
    actions.attend(actor=county.desk, now=NOW, booking=first)
    move(county, bed, "empty")
    second = hold(county)
    actions.attend(actor=county.desk, now=NOW, booking=second)
    actions.vacate_bed(actor=county.desk, now=NOW, booking=first)
    bed.refresh_from_db()
    assert bed.state == "occupied"
    actions.vacate_bed(actor=county.desk, now=NOW, booking=second)
    bed.refresh_from_db()
    assert bed.state == "free"


def test_wards_are_counted_by_state(county):
    beds = add(county, "301", "302", "303")
    move(county, beds[0], "close")
    assert queries.bed_counts(county.hospital.pk) == {county.cardiology.pk: {"free": 2, "closed": 1}}
    assert [bed.code for bed in queries.beds(county.hospital.pk, state="closed")] == ["301"]


def test_the_days_on_which_a_bed_was_open_are_kept(county):
    (bed,) = add(county, "9")

    def spans():
        return list(BedSpan.objects.filter(bed=bed).order_by("pk").values_list("since", "until"))

    def on(day, move):
        now = NOW + timedelta(days=day)
        actions.move_bed(actor=county.desk, now=now, facility_id=bed.facility_id, bed_id=bed.pk, move=BedMove(move))
        return timezone.localdate(now)

    first = timezone.localdate(NOW)
    assert spans() == [(first, None)]
    closed = on(3, "close")
    assert spans() == [(first, closed)]
    on(3, "reopen")
    assert spans() == [(first, None)]
    closed = on(5, "close")
    opened = on(9, "reopen")
    on(10, "occupy")
    assert spans() == [(first, closed), (opened, None)]
