"""Notifiable infections that the cast finds, what disease control makes of them, and a screening that it follows up."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from catchment.rooms.board import actions as board
from catchment.rooms.people.models import Person
from catchment.rooms.record import actions as record
from catchment.rooms.record.models import Condition
from catchment.rooms.screening import actions as screening
from catchment.rooms.screening.models import Case as ScreeningCase
from catchment.rooms.staff.models import Post
from catchment.rooms.surveillance.models import ReportCard
from catchment.rooms.surveillance.rules import REPORT
from catchment.twin.living.world import World

OFFICER: Final = "zhong.jikong"
_FOLLOWED_HOURS: Final = 28
_WHY: Final = "筛查高危未复查，核实是否失访"


@dataclass(frozen=True, slots=True)
class Infection:
    """Who finds it (a login), in whom, how many hours before the end; without an `outcome` it waits on the board."""

    finder: str
    code: str
    display: str
    ages: tuple[int, int]
    hours: float
    outcome: str = ""


INFECTIONS = (
    Infection("xu.quanke", "B08.401", "手足口病", (1, 6), 3),
    Infection("lin.cunyi", "B05.900", "麻疹", (1, 14), 19),
    Infection("zhou.cunyi", "A03.900", "细菌性痢疾", (5, 80), 26),
    Infection("zhou.cunyi", "A38.x00", "猩红热", (3, 14), 150, "已网络直报；已通知学校，密切接触者观察七天"),
    Infection("lin.cunyi", "A15.000", "肺结核", (30, 85), 300, "已网络直报；已转定点医院登记管理"),
)  # fmt: skip


def arrange(world: World) -> None:
    """Put every infection and the follow-up into the queue; one for which nobody fits is left out."""
    officer = world.crew.of_cast(OFFICER)
    for one in INFECTIONS:
        finder = world.crew.of_cast(one.finder)
        person = world.crew.person(finder, world.rng, one.ages)
        if person is not None:
            _Course(world, one, person, finder, officer).arrange()
    world.at(world.until - timedelta(hours=_FOLLOWED_HOURS), lambda now: _follow(world, officer, now))


@dataclass(frozen=True, slots=True)
class _Course:
    world: World
    infection: Infection
    person: Person
    finder: Post
    officer: Post

    def arrange(self) -> None:
        """Found so many hours before the end; what was reported, was so six hours later."""
        found_at, kept = self.world.until - timedelta(hours=self.infection.hours), list[Condition]()
        self.world.at(found_at, lambda now: kept.append(self._find(now)))
        if self.infection.outcome:
            self.world.at(found_at + timedelta(hours=6), lambda now: self._report(kept[0], now))

    def _find(self, now: datetime) -> Condition:
        actor, one = self.world.crew.actor(self.finder), self.infection
        visit = record.record_encounter(
            actor=actor, now=now, person_id=self.person.pk, reason=one.display, reason_code=one.code
        )
        self.world.counts["infection"] += 1
        return record.record_condition(
            actor=actor, now=now, person_id=self.person.pk, code=one.code, display=one.display, encounter_id=visit.pk
        )

    def _report(self, found: Condition, now: datetime) -> None:
        """None where the same illness of the person was reported in an earlier play."""
        card = ReportCard.objects.filter(condition=found).first()
        if card is not None:
            board.conclude(
                actor=self.world.crew.actor(self.officer), now=now, kind=REPORT.code, ref=str(card.public_id),
                outcome=self.infection.outcome,
            )  # fmt: skip


def _follow(world: World, officer: Post, now: datetime) -> None:
    """Disease control takes up the oldest screening that is still open."""
    case = ScreeningCase.objects.filter(ended_at__isnull=True).order_by("pk").first()
    if case is not None:
        screening.follow(actor=world.crew.actor(officer), now=now, public_id=case.public_id, reason=_WHY)
        world.counts["follow-up"] += 1
