"""What making, checking and settling claims must know of many people at once: rights, papers, other stays."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar, cast

from django.db.models import F, Q
from django.utils import timezone
from pydantic import BaseModel

from catchment.kernel.errors import NotFound
from catchment.rooms.claims.models import Claim, ClaimLine, Entitlement
from catchment.rooms.claims.rules import (
    CHECKS,
    FRAME,
    KEY,
    PAYMENT,
    WEIGHTS,
    ChecksRule,
    FrameRule,
    LayersRule,
    PaymentRule,
    WeightsRule,
)
from catchment.rooms.claims.types import Case, Category, Insurance, Kind, LineTold, Mended, Other, State, Way
from catchment.rooms.people.models import Coverage
from catchment.rooms.places.models import Facility
from catchment.rooms.places.types import Level
from catchment.rooms.referral.models import Referral
from catchment.rooms.rulebook import queries as rulebook
from catchment.rooms.rulebook.types import EditionValue

ORDINARY = "resident"
STANDING = (State.CHECKED, State.SETTLED)
Content = TypeVar("Content", bound=BaseModel)


class Books:
    """The editions of claims, each read once however many days are asked for; and the facilities' levels."""

    def __init__(self) -> None:
        self._finders: dict[str, Callable[[date], EditionValue]] = {}
        self._read: dict[tuple[str, str], BaseModel] = {}
        self._levels: dict[int, str] = {}

    def frame(self, day: date) -> FrameRule:
        """How the county settles on the day."""
        return self._of(FRAME, day, FrameRule)[0]

    def frame_if_any(self, day: date) -> FrameRule | None:
        """How the county settles on the day; `None` before the first edition, when it did not."""
        try:
            return self.frame(day)
        except NotFound:
            return None

    def checks(self, day: date) -> ChecksRule:
        """What is checked on the day."""
        return self._of(CHECKS, day, ChecksRule)[0]

    def layers(self, insurance: str, day: date) -> tuple[LayersRule, str, bool]:
        """The layers of an insurance on the day, the edition's name, and whether somebody verified it."""
        return self._of(KEY + self.frame(day).layers[Insurance(insurance)], day, LayersRule)

    def payment(self, day: date) -> tuple[PaymentRule, str, bool]:
        """How cases of the day are paid by disease, the edition's name, and whether somebody verified it."""
        return self._of(PAYMENT + self.frame(day).payment, day, PaymentRule)

    def weights(self, day: date) -> WeightsRule:
        """The weights that go with the payment of the day."""
        return self._of(WEIGHTS + self.payment(day)[0].weights, day, WeightsRule)[0]

    def level(self, facility_id: int) -> str:
        """What a facility counts as by its administrative level."""
        if facility_id not in self._levels:
            self._levels = dict(Facility.objects.values_list("pk", "level"))
        return self._levels[facility_id]

    def _of(self, key: str, day: date, schema: type[Content]) -> tuple[Content, str, bool]:
        if key not in self._finders:
            self._finders[key] = rulebook.finder(key)
        edition = self._finders[key](day)
        name = key, edition.version
        if name not in self._read:
            self._read[name] = schema.model_validate(edition.content)
        return cast("Content", self._read[name]), f"{key} {edition.version}", edition.verified


def entitled(persons: Collection[int]) -> "Rights":
    """The insurance and category of people, by day."""
    covers: dict[int, list[Span]] = defaultdict(list)
    for row in Coverage.objects.filter(person_id__in=persons).order_by(F("since").asc(nulls_first=True), "pk"):
        covers[row.person_id].append((row.since, row.until, row.kind))
    categories: dict[int, list[Span]] = defaultdict(list)
    for one in Entitlement.objects.filter(person_id__in=persons).order_by("since"):
        categories[one.person_id].append((one.since, one.until, one.category))
    return Rights(covers, categories)


Span = tuple[date | None, date | None, str]


class Rights:
    """Whose insurance and category is which on a day; none and ordinary where nothing else is known."""

    def __init__(self, covers: Mapping[int, Sequence[Span]], categories: Mapping[int, Sequence[Span]]) -> None:
        self._covers, self._categories = covers, categories

    def on(self, person_id: int, day: date) -> tuple[str, str]:
        """Insurance and category of the person on the day."""
        insurance = _on(self._covers.get(person_id, ()), day) or Insurance.NONE.value
        return insurance, _on(self._categories.get(person_id, ()), day) or ORDINARY


def _on(spans: Sequence[Span], day: date) -> str:
    """The last that had begun and not ended."""
    open_then = [word for since, until, word in spans if (not since or since <= day) and (not until or day < until)]
    return open_then[-1] if open_then else ""


def way_of(
    person_id: int, facility: Facility, begins_on: date, days: int, papers: "Papers"
) -> tuple[Way, dict[str, str]]:
    """How the person came, and what that rests on: who stays in the county came from home.

    Elsewhere a referral that was accepted counts as the papers, when it was sent at most `days` before the admission.
    """
    if facility.in_network and Level(facility.level).rank <= Level.COUNTY.rank:
        return Way.LOCAL, {}
    for referral in papers.get((person_id, facility.pk), ()):
        sent_on = timezone.localdate(referral.sent_at) if referral.sent_at else None
        if sent_on and timedelta(0) <= begins_on - sent_on <= timedelta(days=days):
            return Way.TRANSFERRED, {"referral": referral.number, "sent_on": sent_on.isoformat()}
    return Way.UNFILED, {"looked_back_days": str(days)}


Papers = dict[tuple[int, int], list[Referral]]


def papers_of(persons: Collection[int], facilities: Collection[int]) -> Papers:
    """Referrals of the people that these facilities accepted, the newest first."""
    rows = Referral.objects.filter(
        person_id__in=persons, to_facility_id__in=facilities, sent_at__isnull=False, accepted_at__isnull=False
    )
    found: Papers = defaultdict(list)
    for row in rows.order_by("-sent_at"):
        found[row.person_id, row.to_facility_id or 0].append(row)
    return found


def cases(claims: Sequence[Claim]) -> list[Case]:
    """Claims as the rules look at them, with their lines and the person's other stays; two queries."""
    lines: dict[int, list[ClaimLine]] = defaultdict(list)
    for line in ClaimLine.objects.filter(claim__in=claims).order_by("pk"):
        lines[line.claim_id].append(line)
    others = _others(claims)
    return [_case(claim, lines_told(lines[claim.pk]), others.get(claim.person_id, ())) for claim in claims]


def lines_told(lines: Iterable[ClaimLine]) -> tuple[LineTold, ...]:
    """Lines of a claim in the words of a source."""
    return tuple(
        LineTold(
            category=Category(line.category), amount=line.amount, name=line.name, code=line.code,
            quantity=line.quantity, excluded=line.excluded, first_pay=line.first_pay,
        )
        for line in lines
    )  # fmt: skip


def content_of(claim: Claim) -> Mended:
    """What a claim says, as whoever mends it finds it."""
    return Mended(
        begins_on=claim.begins_on, ends_on=claim.ends_on, total=claim.total,
        lines=lines_told(ClaimLine.objects.filter(claim=claim).order_by("pk")),
        diagnoses=tuple(claim.diagnoses), procedures=tuple(claim.procedures), department=claim.department,
        discharge_way=claim.discharge_way, weight_g=claim.weight_g, icu_hours=claim.icu_hours,
    )  # fmt: skip


def _others(claims: Iterable[Claim]) -> dict[int, list[Claim]]:
    persons = {claim.person_id for claim in claims if claim.kind == Kind.INPATIENT}
    rows = Claim.objects.filter(person_id__in=persons, kind=Kind.INPATIENT).exclude(
        Q(state=State.CANCELLED) | Q(state=State.REJECTED)
    )
    found: dict[int, list[Claim]] = defaultdict(list)
    for row in rows.select_related("facility").order_by("begins_on", "pk"):
        found[row.person_id].append(row)
    return found


def _case(claim: Claim, lines: tuple[LineTold, ...], others: Sequence[Claim]) -> Case:
    return Case(
        id=claim.pk,
        kind=Kind(claim.kind),
        facility_id=claim.facility_id,
        begins_on=claim.begins_on,
        ends_on=claim.ends_on,
        days=claim.days,
        sex=claim.sex,
        age=claim.age,
        insurance=claim.insurance,
        currency=claim.currency,
        total=claim.total,
        excluded=claim.excluded,
        first_pay=claim.first_pay,
        diagnoses=tuple(claim.diagnoses),
        lines=lines,
        others=tuple(
            _other(one) for one in others if one.pk < claim.pk or (one.state in STANDING and one.pk != claim.pk)
        ),
    )


def _other(claim: Claim) -> Other:
    return Other(
        id=claim.pk,
        facility_id=claim.facility_id,
        facility=claim.facility.name,
        begins_on=claim.begins_on,
        ends_on=claim.ends_on,
        diagnosis=claim.diagnoses[0].get("code", "") if claim.diagnoses else "",
    )
