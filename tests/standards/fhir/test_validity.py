"""What is wrong with a resource is said in sentences, whatever was sent."""

import pytest

from catchment.standards.fhir.validity import faults

CONDITION = {"resourceType": "Condition", "subject": {"reference": "Patient/p"}}
SYSTEM = "http://terminology.hl7.org/CodeSystem/condition-clinical"


def test_a_sound_condition_has_no_faults():
    assert faults({**CONDITION, "clinicalStatus": {"coding": [{"system": SYSTEM, "code": "active"}]}}) == []


def test_a_status_outside_its_list_is_named():
    (found,) = faults({**CONDITION, "clinicalStatus": {"coding": [{"system": SYSTEM, "code": "ill"}]}})
    assert found.startswith("Condition.clinicalStatus: 'ill' is not one of active")


@pytest.mark.parametrize("status", [None, {"coding": None}, {"coding": [None]}, {"coding": [None, {"code": "x"}]}])
def test_elements_that_are_null_are_no_reason_to_fall_over(status):
    assert all(isinstance(one, str) for one in faults({**CONDITION, "clinicalStatus": status}))


def test_no_text_holds_the_null_character():
    (found,) = faults({**CONDITION, "note": [{"text": "a\x00b"}]})
    assert "Condition.note.0.text" in found
