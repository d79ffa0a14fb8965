"""What a budget is made from: the community, its history from record or upload, its heads."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from catchment.kernel.errors import NotFound
from catchment.kernel.fates import Fate
from catchment.rooms.budget.models import UploadRow
from catchment.rooms.budget.queries.heads import heads_by_facility, heads_on
from catchment.rooms.budget.queries.spending import Community, Counted, by_month, counted, years
from catchment.rooms.budget.rules.editions import MODEL, ModelRule, model_of
from catchment.rooms.budget.types import Category, Heads, Member, YearSpend
from catchment.rooms.places import queries as places
from catchment.rooms.places.models import Facility, Network
from catchment.rooms.places.types import Level, MemberRole
from catchment.rooms.rulebook import queries as rulebook
from catchment.rooms.rulebook.types import EditionValue

COUNTY_DIGITS, FULL = 6, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """All that the model asks for, with the edition that will be used."""

    community: Community
    edition: EditionValue
    rule: ModelRule
    history: tuple[YearSpend, ...]
    now: Heads
    before: Heads
    months: dict[int, list[int]]


def inputs_of(network: Network, year: int) -> Inputs:
    """What the budget of a year is made from, by the edition in force on the first of January."""
    day = date(year, 1, 1)
    edition = rulebook.edition_on(MODEL, day)
    rule = model_of(edition.content)
    community = community_of(network, rule)
    most = len(rule.weights)
    rows = counted(community, date(year - most, 1, 1), date(year, 1, 1))
    history = history_of(network, rows, year, most)
    return Inputs(
        community=community,
        edition=edition,
        rule=rule,
        history=tuple(history),
        now=heads_on(community, day),
        before=heads_on(community, date(year - 1, 1, 1)),
        months=months_of(network, rows, history),
    )


def community_of(network: Network, rule: ModelRule) -> Community:
    """The network as its events are counted: members today, the county of its lead."""
    members = places.members_of(network.pk)
    held = [one for one in members if one.until is None]
    lead = lead_of(network)
    return Community(
        members=tuple(sorted({one.facility_id for one in held})),
        county=lead.area.code[:COUNTY_DIGITS],
        chronic=rule.chronic_codes,
    )


def lead_of(network: Network) -> Facility:
    """The network's lead; `NotFound` where it has none, and nobody could sign."""
    held = [one for one in places.members_of(network.pk) if one.until is None and one.role == MemberRole.LEAD]
    if not held:
        raise NotFound("no-lead", _("这个医共体没有牵头医院，请先在机构页登记"))
    return held[0].facility


def members_of(network: Network, community: Community, day: date) -> list[Member]:
    """The members with their level and the insured they answer for on a day, the lead first.

    A township's or community's centre answers for the residents of its village clinics too.
    """
    heads = heads_by_facility(community, day)
    held = [one for one in places.members_of(network.pk) if one.until is None]
    beneath: Counter[int] = Counter()
    for one in held:
        if one.facility.level == Level.VILLAGE and one.facility.parent_id is not None:
            beneath[one.facility.parent_id] += heads.get(one.facility_id, 0)
    return [
        Member(
            facility_id=one.facility_id,
            name=one.facility.name,
            level=_level(one.facility, one.role),
            heads=heads.get(one.facility_id, 0) + beneath[one.facility_id],
        )
        for one in held
    ]


def history_of(network: Network, rows: Sequence[Counted], year: int, most: int) -> list[YearSpend]:
    """The years before, last first: a complete year of the record, else the county's own upload, else what there is."""
    wanted = [year - back for back in range(1, most + 1)]
    recorded = {one.year: one for one in years(rows, wanted)}
    brought = {one.year: one for one in uploaded_years(network, wanted)}
    return [
        _better(recorded.get(one), brought.get(one)) for one in wanted if one in recorded or one in brought
    ]  # fmt: skip


def months_of(network: Network, rows: Sequence[Counted], history: Sequence[YearSpend]) -> dict[int, list[int]]:
    """Each full year of the history month by month, for the course of a running year; none brought as whole years."""
    recorded, found = by_month(rows), {}
    for one in history:
        if one.months == FULL and one.source == "record":
            found[one.year] = recorded[one.year]
        elif one.months == FULL and (brought := _uploaded_months(network, one.year)):
            found[one.year] = brought
    return found


def uploaded_years(network: Network, wanted: Sequence[int]) -> list[YearSpend]:
    """The years that the county brought itself; rows of a whole year count as twelve months."""
    found = []
    for year in wanted:
        rows = list(uploaded_rows(network, year))
        if not rows:
            continue
        fund = dict.fromkeys(Category, 0)
        for row in rows:
            fund[Category(row.category)] += row.fund or 0
        whole = any(row.month is None for row in rows)
        months = 12 if whole else len({row.month for row in rows})
        found.append(YearSpend(year=year, fund=fund, months=months, source="upload"))
    return found


def uploaded_rows(network: Network, year: int) -> list[UploadRow]:
    """The rows of one year that count: of all of the network's uploads."""
    return list(UploadRow.objects.filter(upload__network=network, year=year, fate=Fate.TAKEN))


def _uploaded_months(network: Network, year: int) -> list[int] | None:
    months = [0] * FULL
    for row in uploaded_rows(network, year):
        if row.month is None:
            return None
        months[row.month - 1] += row.fund or 0
    return months


def _better(recorded: YearSpend | None, brought: YearSpend | None) -> YearSpend:
    known = [one for one in (recorded, brought) if one is not None]
    return max(known, key=lambda one: one.months)


def _level(facility: Facility, role: str) -> str:
    if role == MemberRole.LEAD:
        return "lead"
    return {Level.VILLAGE: "village", Level.TOWNSHIP: "township"}.get(Level(facility.level), "lead")
