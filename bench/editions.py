"""The default programmes and inputs, as a county without a rulebook of its own has them."""

import os
from functools import cache
from pathlib import Path

DAY = "2026-03-02"
_FILES = Path(__file__).resolve().parents[1] / "src/catchment/rooms/screening/editions"


@cache
def plan_of_defaults():
    """What a run over the county asks under the default editions."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "catchment.site.settings")
    import django

    django.setup()
    from datetime import date

    import yaml

    from catchment.rooms.screening.queries.assessing import Plan
    from catchment.rooms.screening.rules import InputsRule, ProgrammesRule, assessing
    from catchment.rooms.screening.rules.programmes import input_names

    content = {
        name: yaml.safe_load((_FILES / f"{name}.yaml").read_text())["content"] for name in ("inputs", "programmes")
    }
    programmes = ProgrammesRule.model_validate(content["programmes"]).programmes
    wanted = frozenset(input_names(programmes)) | {"age_years", "sex"}
    rule = InputsRule.model_validate(content["inputs"]).only(wanted)
    models = tuple(assessing.models_of(programmes, date.fromisoformat(DAY)))
    return Plan(rule, programmes, programmes, models, "bench")
