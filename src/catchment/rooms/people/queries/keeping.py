"""What those who keep a person's data right look at: numbers, who lives with them, where they came from, twins."""

from dataclasses import fields

from django.db.models import F, Q, TextField, Value
from django.db.models.functions import TruncDate

from catchment.kernel import wall
from catchment.rooms.people.models import FacilityMove, Person, PersonIdentifier, ResidenceMove, SuspectedMatch
from catchment.rooms.people.queries.search import found_line
from catchment.rooms.people.rules import IDENTIFIER_LABELS
from catchment.rooms.people.types import Housemate, IdentifierSystem, MatchState, Moved, PersonLine
from catchment.standards.identity.identifiers import mask

SHOWN = 5


def numbers_of(person_id: int) -> list[tuple[str, str]]:
    """The register and the masked number of every identifier: the first three and last four characters stay."""
    return [
        (str(IDENTIFIER_LABELS[IdentifierSystem(one["system"])]), one["value"]) for one in masked_numbers(person_id)
    ]


def masked_numbers(person_id: int) -> list[dict[str, str]]:
    """The `system` and the masked `value` of every identifier, in the order in which they were noted."""
    rows = PersonIdentifier.objects.filter(person_id=person_id).order_by("id")
    return [{"system": row.system, "value": mask(row.value, head=3, tail=4)} for row in rows]


def housemates(person: Person) -> list[Housemate]:
    """Those who live in the person's household and whom the acting post sees, the head first."""
    if person.household_id is None:
        return []
    rows = Person.objects.filter(household_id=person.household_id, merged_into__isnull=True).order_by("-is_head", "pk")
    told = rows.values("public_id", "name", "sex", "birth_date", "is_head")
    return [Housemate(**row) for row in told]


def moves_of(person_id: int) -> list[Moved]:
    """Every change of the facility that answers for the person and of the area where they live, latest first."""
    ends = {"origin_name": F("origin__name"), "destination_name": F("destination__name")}
    handed = FacilityMove.objects.filter(person_id=person_id).annotate(
        of_home=Value(value=False), on=TruncDate("moved_at"), why=F("reason"), by=F("moved_by"), **ends
    )
    housed = ResidenceMove.objects.filter(person_id=person_id).annotate(
        of_home=Value(value=True), on=F("moved_on"), why=Value("", TextField()), by=F("noted_by"), **ends
    )
    names = [one.name for one in fields(Moved)]
    rows = handed.values_list(*names, "pk").union(housed.values_list(*names, "pk"), all=True)
    return [Moved(*row[:-1]) for row in sorted(rows, key=lambda row: (row[1], row[-1]), reverse=True)]


def suspected_with(person_id: int) -> list[tuple[int, PersonLine]]:
    """The pairs that wait for a decision: the match, and the other as a search would show them; at most five.

    Nobody for who may not search.
    """
    with wall.acting("linkage"):
        rows = SuspectedMatch.objects.filter(Q(left_id=person_id) | Q(right_id=person_id), state=MatchState.SUSPECTED)
        pairs = list(rows.select_related("left", "right").order_by("pk")[: 2 * SHOWN])
    others = [(one.pk, one.right if one.left_id == person_id else one.left) for one in pairs]
    standing = [(match, one) for match, one in others if one.merged_into_id is None]
    lines = [(match, found_line(one.public_id)) for match, one in standing[:SHOWN]]
    return [(match, line[1]) for match, line in lines if line is not None]
