"""Refusals become messages beside the fields they speak of."""

from django import forms

from catchment.kernel.errors import Invalid, Refusal


def show(form: forms.Form, refusal: Refusal, fields: dict[str, str] | None = None) -> None:
    """Add what was refused to the form: beside its field where the form has it, else above.

    `fields` names the form's field for a problem's field, or for the code of a refusal that is not about a field.
    """
    told = fields or {}
    if isinstance(refusal, Invalid):
        for problem in refusal.problems:
            _add(form, told.get(problem.field, problem.field), problem.message)
    else:
        _add(form, told.get(refusal.code, ""), refusal.message)


def _add(form: forms.Form, field: str, message: str) -> None:
    form.add_error(field if field in form.fields else None, message)
