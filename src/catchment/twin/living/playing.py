"""Living some days in the county through the rooms' own actions, as its staff would."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random

from django.db import connection, transaction

from catchment.kernel import events
from catchment.rooms.places.models import Service
from catchment.rooms.referral import queries
from catchment.rooms.staff.models import Post
from catchment.twin.living import cases, infected, scenes, screened
from catchment.twin.living.cases import Case
from catchment.twin.living.course import Course, visit
from catchment.twin.living.crew import Crew
from catchment.twin.living.world import World
from catchment.twin.models import Build

PEOPLE_PER_REFERRAL, MOST_A_DAY = 2500, 40
VISITS_PER_REFERRAL = 1
DOWN_SHARE = 0.2
Report = Callable[[str, int, int], None]


class CannotPlay(Exception):  # noqa: N818 an answer to the person at the keyboard
    """There is nothing to live in, or no day left to live; the message names the way out."""


@dataclass(frozen=True, slots=True)
class Played:
    """What was lived: from when until when, how often each thing was done, and what the rooms refused."""

    began: datetime
    ended: datetime
    done: dict[str, int]
    refused: dict[str, int]


def play(*, days: int, now: datetime, report: Report) -> Played:
    """Live so many days from where the county stands, never past `now`; the same county and seed live the same days.

    Raises `CannotPlay` where no county stands, or where it has already lived until now.
    """
    build = Build.objects.filter(finished_at__isnull=False).order_by("-pk").first()
    if build is None:
        raise CannotPlay("there is no synthetic county here; build one first: catchment twin build")
    began = build.lived_until or datetime.combine(build.today, time(0), UTC)
    ended = began + timedelta(days=days)
    ended = now if ended > now - timedelta(days=1) else ended
    if ended - began < timedelta(hours=1):
        raise CannotPlay("the county has lived until now; build a new one with an earlier --today to live more days")
    crew = Crew(began.date())
    world = World(crew, Random(f"{build.seed} {began:%Y-%m-%d %H}"), ended)
    with _quick_commits(), events.unheard("facts.recorded", "screening"):
        _fill(world, began, build.people)
        screened.begin(world, began)
        scenes.arrange(world)
        infected.arrange(world)
        hours = int((ended - began) / timedelta(hours=1))
        world.live(began, lambda when: report("living", int((when - began) / timedelta(hours=1)), hours))
        Build.objects.filter(pk=build.pk).update(lived_until=ended)
    report("living", hours, hours)
    return Played(began, ended, dict(sorted(world.counts.items())), dict(sorted(world.refused.items())))


class _quick_commits:  # noqa: N801 reads as what it does
    """Do not wait for the disk at every commit: a play that is cut off is simply built anew."""

    def __enter__(self) -> None:
        self._set("off")

    def __exit__(self, *_: object) -> None:
        self._set("on")

    def _set(self, value: str) -> None:
        if not transaction.get_connection().in_atomic_block:
            with connection.cursor() as cursor:
                cursor.execute(f"set synchronous_commit = {value}")


def _fill(world: World, began: datetime, people: int) -> None:
    """Every day's visits and referrals, in the hours when clinics are open."""
    a_day = min(MOST_A_DAY, max(1, round(people / PEOPLE_PER_REFERRAL)))
    day = began
    while day < world.until:
        for _ in range(a_day):
            world.at(_moment(world, day), _begin_referral(world))
        for _ in range(a_day * VISITS_PER_REFERRAL):
            world.at(_moment(world, day), _plain_visit(world))
        day += timedelta(days=1)


def _moment(world: World, day: datetime) -> datetime:
    return datetime.combine(day.date(), time(0), UTC) + world.hours(0, 9.5)


def _begin_referral(world: World) -> Callable[[datetime], None]:
    """Somebody, somewhere, is sent on: to one of the proposals, mostly the first."""
    down = world.rng.random() < DOWN_SHARE
    case = world.rng.choices(
        cases.DOWN if down else cases.UP, [one.weight for one in (cases.DOWN if down else cases.UP)]
    )[0]

    def begin(now: datetime) -> None:
        course = _down(world, case) if down else _up(world, case, now)
        if course is not None:
            course.begin(now)

    return begin


def _up(world: World, case: Case, now: datetime) -> Course | None:
    sender = world.rng.choice(world.crew.primary)
    person = world.crew.person(sender, world.rng, case.ages, case.sex)
    if person is None:
        return None
    actor = world.crew.actor(sender)
    offered = queries.proposals(actor, person, now=now, diagnosis_code=case.code)
    if not offered:
        return None
    chosen = world.rng.choices(offered, [8, 1, 1][: len(offered)])[0]
    service = Service.objects.select_related("facility").get(pk=chosen.service_id)
    return Course(world, case, person, sender, service)


def _down(world: World, case: Case) -> Course | None:
    """From a hospital's specialist home to the township that answers for the person."""
    home = world.rng.choice([post for post in world.crew.primary if post.role == "village-doctor"])
    person = world.crew.person(home, world.rng, case.ages, case.sex)
    services = Service.objects.select_related("facility").filter(accepts_referrals=True, specialty="general")
    service = services.filter(facility=home.facility.parent_id).first()
    sender = _hospital_doctor(world)
    if person is None or service is None or sender is None:
        return None
    return Course(world, case, person, sender, service)


def _hospital_doctor(world: World) -> Post | None:
    posts = [
        post for post in world.crew.posts.values()
        if post.role == "specialist" and post.facility.level == "county" and post.facility.in_network
    ]  # fmt: skip
    return world.rng.choice(posts) if posts else None


def _plain_visit(world: World) -> Callable[[datetime], None]:
    case = world.rng.choice(cases.UP)

    def come(now: datetime) -> None:
        post = world.rng.choice(world.crew.primary)
        person = world.crew.person(post, world.rng, case.ages, case.sex)
        if person is not None:
            visit(world, post, person, case, now)
            world.crew.used.discard(person.pk)

    return come
