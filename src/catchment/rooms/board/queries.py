"""What the board shows. Every page of it is a fixed number of queries, however long the board."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.rooms.board.models import Notice, Opening, WorkItem
from catchment.rooms.board.rules import case_url, kind_of, names_work, people_asked
from catchment.rooms.board.types import (
    Case,
    CasePerson,
    Facets,
    Identity,
    Line,
    NoticeLine,
    OpeningLine,
    Priority,
    View,
    WorkState,
)
from catchment.rooms.consent import queries as consent
from catchment.rooms.people import queries as people
from catchment.rooms.people.models import Person, PersonContact, PersonIdentifier
from catchment.rooms.people.rules import IDENTIFIER_LABELS
from catchment.rooms.people.types import NATIONAL, IdentifierSystem

ORDER = ("rank", "due_at", "since", "id")
LOADED = ("person__area", "facility", "origin", "post__practitioner")


def lines(
    actor: Actor,
    view: View,
    *,
    now: datetime,
    kind: str = "",
    priority: str = "",
    text: str = "",
    offset: int = 0,
    limit: int = 50,
) -> list[Line]:
    """One page of the board, most pressing first. `text` is part of a person's name or of the headline."""
    rows = _view(actor, view, now)
    if kind:
        rows = rows.filter(kind=kind)
    if priority:
        rows = rows.filter(priority=priority)
    if text:
        rows = rows.filter(Q(person__name__icontains=text) | Q(headline__icontains=text))
    shown = rows.select_related(*LOADED).order_by(*ORDER)
    return _lines(actor, list(shown[offset : offset + limit]))


def counts(actor: Actor, now: datetime) -> dict[View, int]:
    """How much work each view holds, in one query that looks at this facility's alone."""
    ours = _open().filter(_ours(actor))
    found = ours.aggregate(**{view.value: Count("id", filter=_belongs(actor, view, now)) for view in View})
    return {view: found[view.value] for view in View}


def facets(actor: Actor, view: View, now: datetime) -> Facets:
    """How much of a view is of which kind and how pressing, in one query."""
    rows = _view(actor, view, now).values_list("kind", "priority").annotate(n=Count("id"))
    kinds: Counter[str] = Counter()
    priorities: Counter[str] = Counter()
    for kind, priority, n in rows:
        kinds[kind] += n
        priorities[priority] += n
    return Facets(
        kinds=tuple((code, str(kind_of(code).title), n) for code, n in sorted(kinds.items())),
        priorities=tuple((one.value, priorities[one]) for one in Priority if priorities[one]),
    )


def line(actor: Actor, item_id: int) -> Line:
    """One open piece of work that the actor's facility holds or waits for; `NotFound` for any other."""
    item = _open().select_related(*LOADED).filter(_ours(actor), pk=item_id).first()
    if item is None:
        raise NotFound("not-found", _("没有找到这项工作，可能已经办完"))
    return _lines(actor, [item])[0]


def version(actor: Actor) -> str:
    """A word that changes whenever this facility's board or notices change; cheap enough to ask every few seconds."""
    work = _open().filter(_ours(actor)).aggregate(n=Count("id"), last=Max("id"))
    notice = Notice.objects.filter(facility_id=actor.here).aggregate(last=Max("id"))
    return f"{work['n']}-{work['last']}-{notice['last']}"


def notices(actor: Actor, limit: int = 20) -> list[NoticeLine]:
    """The latest notices for this post and its facility, newest first."""
    rows = _notices(actor).order_by("-at")[:limit]
    return [
        NoticeLine(
            id=row.pk,
            event=row.event,
            text=row.text,
            at=row.at,
            url=kind_of(f"{row.subject_kind}.notice").url(row.subject_ref),
            unread=row.read_at is None,
        )
        for row in rows
    ]


def _notices(actor: Actor) -> QuerySet[Notice]:
    mine = Q(post_id__isnull=True) | Q(post_id=actor.post_id)
    return Notice.objects.filter(mine, facility_id=actor.here)


def _open() -> QuerySet[WorkItem]:
    return WorkItem.objects.filter(state=WorkState.OPEN)


def _ours(actor: Actor) -> Q:
    """What the facility holds, or waits for."""
    return Q(facility_id=actor.here) | Q(origin_id=actor.here)


def _view(actor: Actor, view: View, now: datetime) -> QuerySet[WorkItem]:
    return _open().filter(_belongs(actor, view, now))


def _belongs(actor: Actor, view: View, now: datetime) -> Q:
    here = Q(facility_id=actor.here)
    if view is View.MINE:
        role = Q(post_id__isnull=True) & (Q(role=actor.role) | Q(role=""))
        return here & (Q(post_id=actor.post_id) | role)
    if view is View.FACILITY:
        return here
    if view is View.OVERDUE:
        return here & Q(due_at__lt=now)
    return Q(origin_id=actor.here) & ~here


def _lines(actor: Actor, items: list[WorkItem]) -> list[Line]:
    """Whoever sees no people sees pseudonyms, also of those whom they have opened: that is for one page alone."""
    if actor.may("people.read"):
        return [_line(item, item.person) for item in items]
    called = people.pseudonyms(actor, (item.person_id for item in items))
    opens = actor.may("identity.open")
    return [_line(item, None, called.get(item.person_id or 0, ""), opens=opens) for item in items]


def _line(item: WorkItem, person: Person | None, called: str = "", *, opens: bool = False) -> Line:
    kind = kind_of(item.kind)
    return Line(
        id=item.pk,
        kind=item.kind,
        title=str(kind.title),
        headline=item.headline,
        person_public_id=person.public_id if person else None,
        person_name=person.name if person else called,
        sex=person.sex if person else "",
        birth_date=person.birth_date if person else None,
        village=person.area.name if person and person.area else "",
        priority=item.priority,
        since=item.since,
        due_at=item.due_at,
        escalation=item.escalation,
        url=kind.url(item.subject_ref),
        action_label=str(kind.action),
        facility_name=item.facility.name,
        origin_name=item.origin.name if item.origin else "",
        holder_role=item.role,
        holder_name=item.post.practitioner.name if item.post else "",
        case_url=case_url(item.kind, item.subject_ref) if opens and _has_people(item) else "",
    )


def held_cases(actor: Actor, now: datetime) -> list[Case]:
    """The open work of the actor's facility in which an identity may be opened, most pressing first; without people."""
    actor.require("identity.open")
    return _cases(actor, now)


def held_on(actor: Actor, ref: str, now: datetime) -> list[Case]:
    """The cases that the actor's facility holds on one subject, for that subject's page; none for who opens nobody."""
    if not actor.may("identity.open"):
        return []
    return _cases(actor, now, subject_ref=ref)


def _cases(actor: Actor, now: datetime, **only: str) -> list[Case]:
    rule = consent.identity_rule(timezone.localdate(now))
    kinds = {kind for one in rule.purposes for kind in one.kinds}
    rows = _open().filter(facility_id=actor.here, kind__in=kinds, **only).order_by(*ORDER)
    return [_case(item, ()) for item in rows if _has_people(item)]


def held_among(actor: Actor, kind: str, subject_ids: Iterable[int]) -> set[int]:
    """Those of the subjects on which the actor's facility holds open work of a kind."""
    rows = _open().filter(facility_id=actor.here, kind=kind, subject_id__in=list(subject_ids))
    return set(rows.values_list("subject_id", flat=True))


def held_case(actor: Actor, kind: str, ref: str, now: datetime) -> Case:
    """One piece of work that the actor's facility holds now, with its people by pseudonym; `NotFound` for any other."""
    actor.require("identity.open")
    rows = _open().filter(facility_id=actor.here, kind=kind, subject_ref=ref)
    item = rows.first() if names_work(kind, ref) else None
    if item is None or not _has_people(item):
        raise NotFound("not-held", _("没有这个案件：它已办结，或不在本单位手上"))
    ask = people_asked(kind)
    ids = ask(item.subject_id) if ask else [item.person_id or 0]
    until = {one.person_id: one.until for one in running_openings(actor, item.pk, now)}
    called = people.pseudonyms(actor, ids)
    return _case(
        item,
        tuple(
            CasePerson(person_id=key, pseudonym=called[key], open_until=until.get(key)) for key in ids if key in called
        ),
    )


def running_openings(actor: Actor, item_id: int, now: datetime) -> list[Opening]:
    """What the acting post has open in one piece of work, that which ends last at the end."""
    rows = Opening.objects.filter(item_id=item_id, post_id=actor.post_id or 0, since__lte=now, until__gt=now)
    return list(rows.order_by("until"))


def openings_lately(now: datetime, limit: int = 50) -> list[OpeningLine]:
    """The identities that offices opened last, newest first, as far as the walls show them; at most `limit`."""
    rows = Opening.objects.select_related("facility", "post__practitioner", "item").order_by("-id")[:limit]
    return [
        OpeningLine(
            facility_name=one.facility.name,
            post_name=one.post.practitioner.name,
            title=str(kind_of(one.item.kind).title),
            purpose=one.purpose,
            note=one.note,
            since=one.since,
            running=one.until > now and one.item.state == WorkState.OPEN and one.item.facility_id == one.facility_id,
        )
        for one in rows
    ]


def identity_of(person: CasePerson, opening: Opening) -> Identity:
    """Who the person is, as far as the walls show them; `NotFound` once the opening holds no longer."""
    found = Person.objects.select_related("area").filter(pk=person.person_id).first()
    if found is None:
        raise NotFound("not-held", _("没有这个案件：它已办结，或不在本单位手上"))
    numbers = PersonIdentifier.objects.filter(person=found, system__in=NATIONAL).order_by("system", "id")
    contacts = PersonContact.objects.filter(person=found, kind="phone").order_by("id").values_list("value", flat=True)
    return Identity(
        pseudonym=person.pseudonym,
        name=found.name,
        sex=found.sex,
        birth_date=found.birth_date,
        numbers=tuple((str(IDENTIFIER_LABELS[IdentifierSystem(one.system)]), one.value) for one in numbers),
        phones=tuple(dict.fromkeys(phone for phone in (found.phone, *contacts) if phone)),
        address=found.address or (found.area.name if found.area else ""),
        until=opening.until,
        purpose=opening.purpose,
    )


def _case(item: WorkItem, of: tuple[CasePerson, ...]) -> Case:
    kind = kind_of(item.kind)
    return Case(
        item_id=item.pk,
        kind=item.kind,
        ref=item.subject_ref,
        title=str(kind.title),
        headline=item.headline,
        since=item.since,
        due_at=item.due_at,
        url=kind.url(item.subject_ref),
        case_url=case_url(item.kind, item.subject_ref),
        concluded=kind.concluded,
        people=of,
    )


def _has_people(item: WorkItem) -> bool:
    return item.person_id is not None or people_asked(item.kind) is not None
