"""Sensitive entries are marked when written, and anew when the edition changes."""

import pytest

import county as small
from catchment.kernel.actor import system
from catchment.kernel.errors import NotAllowed
from catchment.rooms.record import actions
from catchment.rooms.record.models import Condition, Encounter, Observation
from catchment.rooms.rulebook import actions as rulebook
from catchment.rooms.rulebook import queries
from catchment.rooms.rulebook.types import EditionForm

LABELLER = system("tests", "record.label")


def written(county, code, display="某病", **more):
    return actions.record_condition(
        actor=county.specialist, now=small.NOW, person_id=county.person.pk, code=code, display=display, **more
    )


@pytest.mark.parametrize(
    ("code", "part"),
    [("F32.900", "mental"), ("B20.000", "infection"), ("O04.900", "reproductive"), ("I10", ""), ("", "")],
)
def test_an_entry_is_marked_as_it_is_written(county, code, part):
    assert written(county, code).sensitivity == part


def test_a_part_of_the_young_is_theirs_alone(county):
    assert written(county, "Z70.100").sensitivity == ""
    county.person.birth_date = small.NOW.date().replace(year=small.NOW.year - 15)
    county.person.save()
    assert written(county, "Z70.100").sensitivity == "adolescent"


def test_a_test_for_it_is_as_sensitive_as_the_disease(county):
    row = actions.record_observation(
        actor=county.specialist, now=small.NOW, person_id=county.person.pk, code="75622-1", display="HIV", text="阴性"
    )
    assert row.sensitivity == "infection"


def test_what_is_already_there_is_labelled_with_all_that_belongs_to_the_visit(county):
    visit = actions.record_encounter(actor=county.specialist, now=small.NOW, person_id=county.person.pk)
    written(county, "F32.900", encounter_id=visit.pk)
    kept = actions.record_observation(
        actor=county.specialist, now=small.NOW, person_id=county.person.pk, code="9279-1", display="呼吸", value=18,
        encounter_id=visit.pk,
    )  # fmt: skip
    Condition.objects.update(sensitivity="")
    changed = {one.table: one.changed for one in actions.label_sensitive(actor=LABELLER, now=small.NOW)}
    assert (changed["condition"], changed["encounter"], changed["observation"]) == (1, 1, 1)
    assert Encounter.objects.get(pk=visit.pk).sensitivity == Observation.objects.get(pk=kept.pk).sensitivity == "mental"


def test_labelling_twice_changes_only_what_belongs_to_visits_once_more(county):
    written(county, "F32.900")
    again = actions.label_sensitive(actor=LABELLER, now=small.NOW)
    assert sum(one.changed for one in again) == 0


def test_a_new_edition_frees_what_it_no_longer_names(county):
    row = written(county, "F32.900")
    content = {"parts": [{"code": "infection", "zh": "传染病", "en": "Infection", "prefixes": ["B20"]}]}
    form = EditionForm(
        key="access.sensitive", version="2026.9", title="x", in_force_from=small.NOW.date(), source="x", content=content
    )
    rulebook.publish_edition(actor=small.PUBLISHER, now=small.NOW, form=form)
    queries.forget()
    actions.label_sensitive(actor=LABELLER, now=small.NOW)
    row.refresh_from_db()
    assert row.sensitivity == ""


def test_labelling_asks_for_its_capability(county):
    with pytest.raises(NotAllowed):
        actions.label_sensitive(actor=county.specialist, now=small.NOW)
