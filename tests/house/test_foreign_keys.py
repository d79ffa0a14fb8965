"""A foreign key points down the order of the rooms, never up, and leaves no name on the other side."""

import pytest
from django.apps import apps

ORDER = [
    "auth",
    "kernel",
    "rulebook",
    "places",
    "people",
    "staff",
    "consent",
    "record",
    "board",
    "ledger",
    "booking",
    "referral",
    "screening",
    "claims",
    "budget",
    "surveillance",
    "measures",
    "twin",
]
OURS = [model for model in apps.get_models() if model.__module__.startswith("catchment.")]


def foreign_keys():
    for model in OURS:
        for field in model._meta.get_fields():
            if field.is_relation and field.concrete and field.related_model is not None:
                yield pytest.param(model, field, id=f"{model._meta.label}.{field.name}")


@pytest.mark.parametrize(("model", "field"), foreign_keys())
def test_a_foreign_key_points_down(model, field):
    assert ORDER.index(field.related_model._meta.app_label) <= ORDER.index(model._meta.app_label)


@pytest.mark.parametrize(("model", "field"), foreign_keys())
def test_a_foreign_key_leaves_no_name_behind(model, field):
    assert field.remote_field.related_name == "+"
