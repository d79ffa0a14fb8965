"""What the board shows. Every page of it is a fixed number of queries, however long the board."""

from collections import Counter
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _

from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.rooms.board.models import Notice, WorkItem
from catchment.rooms.board.rules import kind_of
from catchment.rooms.board.types import Facets, Line, NoticeLine, Priority, View, WorkState

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
    return [_line(item) for item in shown[offset : offset + limit]]


def counts(actor: Actor, now: datetime) -> dict[View, int]:
    """How much work each view holds, in one query."""
    found = _open().aggregate(**{view.value: Count("id", filter=_belongs(actor, view, now)) for view in View})
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
    mine = Q(facility_id=actor.here) | Q(origin_id=actor.here)
    item = _open().select_related(*LOADED).filter(mine, pk=item_id).first()
    if item is None:
        raise NotFound("not-found", _("没有找到这项工作，可能已经办完"))
    return _line(item)


def version(actor: Actor) -> str:
    """A word that changes whenever this facility's board or notices change; cheap enough to ask every few seconds."""
    mine = Q(facility_id=actor.here) | Q(origin_id=actor.here)
    work = WorkItem.objects.filter(mine, state=WorkState.OPEN).aggregate(n=Count("id"), last=Max("id"))
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


def _line(item: WorkItem) -> Line:
    kind, person = kind_of(item.kind), item.person
    return Line(
        id=item.pk,
        kind=item.kind,
        title=str(kind.title),
        headline=item.headline,
        person_public_id=person.public_id if person else None,
        person_name=person.name if person else "",
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
    )
