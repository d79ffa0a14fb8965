"""The form on which a claim is mended: what it says, its diagnoses, procedures and lines as rows."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from catchment.kernel.errors import Invalid
from catchment.rooms.claims.models import Claim
from catchment.rooms.claims.rules import DISCHARGES, discharge_code, words
from catchment.rooms.claims.types import Category, LineTold, Mended
from catchment.standards.money import fen

MOST_LINES, SPARE = 200, 2
"""More lines than this are mended where they come from; empty rows that a list of rows ends with."""


class Yuan(forms.CharField):
    """An amount in yuan, cleaned to fen; nothing for an empty one."""

    def __init__(self, **more: Any) -> None:
        look = forms.TextInput(
            attrs={"inputmode": "decimal", "class": "form-control text-end", "autocomplete": "off", "maxlength": 16}
        )
        super().__init__(widget=look, **more)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value).replace(",", "")
        try:
            amount = fen(text) if text else None
        except ValueError:
            raise forms.ValidationError(_("不是金额，应写作 1234.56（元）")) from None
        if amount is not None and amount < 0:
            raise forms.ValidationError(_("金额不能为负"))
        return amount

    def prepare_value(self, value: Any) -> Any:
        return f"{value // 100}.{value % 100:02d}" if isinstance(value, int) else value


def _text(**more: Any) -> forms.CharField:
    look = forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"})
    return forms.CharField(required=False, widget=look, **more)


def _day(label: Any) -> forms.DateField:
    look = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"})
    wrong = {"required": later("请填日期"), "invalid": later("不是日期，应写作 2026-03-05")}
    return forms.DateField(label=label, widget=look, error_messages=wrong)


def _whole(label: Any) -> forms.IntegerField:
    look = forms.TextInput(attrs={"class": "form-control", "inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=100_000, widget=look,
        error_messages={"invalid": later("请填整数")},
    )  # fmt: skip


class Basics(forms.Form):
    """What stands once on a claim."""

    begins_on, ends_on = _day(later("入院或就诊")), _day(later("出院或结束"))
    total = Yuan(label=later("总费用（元）"), error_messages={"required": later("请填总费用")})
    department = _text(label=later("科室"), max_length=60)
    discharge_way = forms.ChoiceField(
        label=later("离院方式"), required=False, widget=forms.Select(attrs={"class": "form-select"})
    )
    weight_g = _whole(later("新生儿出生体重（克）"))
    icu_hours = _whole(later("重症监护（小时）"))
    in_yuan = forms.BooleanField(label=later("下面的金额都已换算成人民币"), required=False)
    seen = forms.DateTimeField(widget=forms.HiddenInput)

    def __init__(self, given: Mapping[str, Any] | None, *, initial: dict[str, Any]) -> None:
        stands = discharge_code(initial["discharge_way"])
        super().__init__(given, initial={**initial, "discharge_way": stands})
        known = {"": "—", **DISCHARGES}
        choices = list(({stands: stands} | known if stands not in known else known).items())
        self.fields["discharge_way"].choices = choices  # type: ignore[attr-defined]


class CodeRow(forms.Form):
    """A diagnosis or procedure: the code, then its name, in one field."""

    coded = _text(max_length=160)

    def told(self) -> dict[str, str] | None:
        """Code and name; nothing for an empty row or one to be left out."""
        code, _space, name = str(self.cleaned_data.get("coded", "")).strip().partition(" ")
        return {"code": code, "display": name.strip()} if code else None


class LineRow(forms.Form):
    """One line of cost; a row without an amount, name and code is none."""

    category = forms.ChoiceField(
        choices=list(words.COSTS.items()),
        initial=Category.OTHER.value,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    name = _text(max_length=120)
    code = _text(max_length=60)
    quantity = forms.FloatField(
        required=False,
        min_value=0,
        widget=forms.TextInput(attrs={"class": "form-control text-end", "inputmode": "decimal"}),
        error_messages={"invalid": later("请填数字")},
    )
    amount, excluded, first_pay = Yuan(required=False), Yuan(required=False), Yuan(required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.is_empty() and given.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("请填金额；不要这一行就清空它"))
        return given

    def is_empty(self) -> bool:
        """Whether nothing but a category stands in the row."""
        given = self.cleaned_data
        return not any(given.get(name) for name in ("name", "code")) and not any(
            given.get(name) is not None for name in ("quantity", "amount", "excluded", "first_pay")
        )

    def told(self) -> LineTold | None:
        """The line; nothing for an empty row."""
        given = self.cleaned_data
        return None if self.is_empty() else LineTold(**{**given, "category": Category(given["category"])})


CODES = formset_factory(CodeRow, extra=SPARE, max_num=60, validate_max=True, absolute_max=60)
LINES = formset_factory(LineRow, extra=SPARE, max_num=MOST_LINES + SPARE, absolute_max=MOST_LINES + 20)


class MendForm:
    """The whole form: basics and three lists of rows. `more` rows are added where they were asked for."""

    def __init__(self, claim: Claim, content: Mended, given: Mapping[str, Any] | None = None) -> None:
        self.claim, self.fixed_lines = claim, content.lines if len(content.lines) > MOST_LINES else ()
        self.basics = Basics(given, initial={**asdict(content), "seen": claim.state_since.isoformat()})
        self.diagnoses: BaseFormSet[Any] = CODES(given, initial=_coded(content.diagnoses), prefix="diagnoses")
        self.procedures: BaseFormSet[Any] = CODES(given, initial=_coded(content.procedures), prefix="procedures")
        lines = [] if self.fixed_lines else [asdict(one) for one in content.lines]
        self.lines: BaseFormSet[Any] = LINES(given, initial=lines, prefix="lines")
        self.problems: dict[str, list[str]] = {}

    def is_valid(self) -> bool:
        """Whether every part is; each is looked at, so that all problems are told at once."""
        return not [part for part in (self.basics, self.diagnoses, self.procedures, self.lines) if not part.is_valid()]

    def told(self) -> Mended:
        """What was filled in; the form must be valid."""
        given = {name: value for name, value in self.basics.cleaned_data.items() if name != "seen"}
        rows = {
            name: tuple(told for row in getattr(self, name) if (told := row.told()) is not None)
            for name in ("diagnoses", "procedures", "lines")
        }
        return Mended(**{**given, **rows, "lines": self.fixed_lines or rows["lines"]})

    def refuse(self, refusal: Invalid) -> None:
        """Put each problem beside its field or its list of rows."""
        for problem in refusal.problems:
            if problem.field in self.basics.fields:
                self.basics.add_error(problem.field, problem.message)
            else:
                self.problems.setdefault(problem.field, []).append(problem.message)


def with_more(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    """What was sent, with room for some more rows in one of the lists."""
    field = f"{name}-TOTAL_FORMS"
    rows = str(given.get(field, ""))
    sent = {key: given[key] for key in given}
    return {**sent, field: str(int(rows) + SPARE + 1)} if rows.isdecimal() else sent


def _coded(rows: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    return [{"coded": f"{one.get('code', '')} {one.get('display', '')}".strip()} for one in rows]
