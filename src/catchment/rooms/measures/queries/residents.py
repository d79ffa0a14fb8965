"""From a colour of the map to people: the residents whom a layer counts, as the record stands today."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Left

from catchment.rooms.measures.queries import screened
from catchment.rooms.measures.queries.atlas import BURDEN, RISK, SCREENED, groups_on
from catchment.rooms.measures.queries.coverage import OLD_AGE
from catchment.rooms.measures.rules.atlas import DiseaseGroup
from catchment.rooms.people.models import Person
from catchment.rooms.places.models import Area
from catchment.rooms.record.models import Condition, Encounter
from catchment.rooms.record.rules import DISPROVED
from catchment.rooms.screening.models import Assessment
from catchment.rooms.screening.types import Status
from catchment.rooms.staff.models import CareResponsibility
from catchment.rooms.staff.queries import answering_on

CATEGORY: Final = 3
"""Characters of an ICD-10 code that name its category."""


def residents_of(area: Area) -> QuerySet[Person]:
    """The living residents of an area and of those within it, by name."""
    rows = Person.objects.filter(area__code__startswith=area.code, merged_into__isnull=True, deceased_on__isnull=True)
    return rows.select_related("primary_facility").order_by("name", "id")


def counts_residents(layer: str) -> bool:
    """Whether a layer counts residents one by one, so that `counted_by` can name them."""
    return layer in _PEOPLE or layer.startswith((BURDEN, RISK, SCREENED))


def counted_by(layer: str, day: date) -> Q:
    """Which people are in a layer's numerator on a day: nobody where there is no such group or programme.

    A disease that lasts is looked for among all diagnoses that stand, any other among this year's visits; sensitive
    and withdrawn diagnoses are left out, as on the map.
    """
    if layer in _PEOPLE:
        return _PEOPLE[layer](day)
    if layer.startswith(BURDEN):
        return _with_disease(layer.removeprefix(BURDEN), day)
    return _assessed(layer, day)


def _with_disease(code: str, day: date) -> Q:
    groups = groups_on(day)
    group = next((one for one in groups if one.code == code), None)
    if group is None:
        return Q(pk__in=[])
    told = Condition.objects.filter(person_id=OuterRef("pk"), sensitivity="").exclude(status__in=DISPROVED)
    told = _in_group(told.exclude(verification__in=DISPROVED), "code", group, groups)
    if group.lasting:
        return Q(Exists(told.filter(Q(abated_at__isnull=True) | Q(abated_at__date__gt=day))))
    seen = Encounter.objects.filter(person_id=OuterRef("pk"), sensitivity="", at__year=day.year)
    made = told.filter(encounter__isnull=False, at__year=day.year)
    return Q(Exists(made)) | Q(Exists(_in_group(seen, "reason_code", group, groups)))


def _in_group(rows: QuerySet[Any], code: str, group: DiseaseGroup, groups: tuple[DiseaseGroup, ...]) -> QuerySet[Any]:
    """Rows whose code belongs to the group: to the first, that is, that holds it."""
    cases = [When(icd_category__range=limits, then=Value(one.code)) for one in groups for limits in one.limits()]
    first = Case(*cases, default=Value(""), output_field=CharField())
    found: QuerySet[Any] = (
        rows.alias(icd_category=Left(code, CATEGORY)).alias(first_group=first).filter(first_group=group.code)
    )
    return found


def _assessed(layer: str, day: date) -> Q:
    kind, _colon, code = layer.partition(":")
    programme = next((one for one in screened.programmes(day) if one.code == code), None)
    if programme is None:
        return Q(pk__in=[])
    newest = Assessment.objects.filter(person_id=OuterRef("pk"), newest=True, status=Status.ASSESSED)
    if f"{kind}:" == RISK:
        bands = (Q(model=rule.model, band=rule.band) for rule in programme.bands)
        return Q(Exists(newest.filter(reduce(or_, bands, Q(pk__in=[])))))
    holds = Q(rests_on__isnull=True) | Q(rests_on__gt=programme.holds_after(day))
    return Q(Exists(newest.filter(holds, model__in=programme.acting_models())))


def _answered_for(day: date) -> QuerySet[CareResponsibility]:
    return CareResponsibility.objects.filter(answering_on(day), person_id=OuterRef("pk"))


def _years_before(day: date, years: int) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - years, day=28 if leap else day.day)


_PEOPLE: Final[Mapping[str, Callable[[date], Q]]] = {
    "people:doctor": lambda day: Q(Exists(_answered_for(day))),
    "people:contract": lambda day: Q(Exists(_answered_for(day).filter(contracted=True))),
    "people:elders": lambda day: Q(birth_date__lte=_years_before(day, OLD_AGE)),
}
