"""Screening in the synthetic county: everybody is assessed at the beginning, and the teams work through the cases.

The shares are own estimates, chosen so that every state is seen; they are no figures of any county.
"""

from dataclasses import dataclass
from datetime import datetime

from catchment.kernel.actor import Actor, system
from catchment.rooms.screening import actions
from catchment.rooms.screening.models import Case
from catchment.twin.living.crew import CARE
from catchment.twin.living.world import Happening, World, in_hours

_DAYS_TO_BEGIN = 36.0
_RESULTS = {
    "confirm": ("复查三次均高，确诊", "检查结果阳性，已确诊", "专科确诊"),
    "clear": ("复查正常", "检查未见异常", "结果正常，按周期复筛"),
}
_DROPS = {"refuse": ("R01", "R02", "R03"), "lose": ("N01", "N02", "N03"), "depart": ("D01", "D02")}


def begin(world: World, began: datetime) -> None:
    """Assess the county as it is at the beginning, and let each case take its course."""
    actor = system("screening", "screening.run", "screening.clock")
    _run, account = actions.run_programmes(actor=actor, now=began, engine="postgresql")
    world.counts["screening.open"] += account.opened
    for case in Case.objects.filter(opened_at=began).select_related("facility").order_by("id"):
        actor_of_case = _actor(world, case)
        if actor_of_case is not None:
            course = Course(world, case.pk, actor_of_case)
            world.at(in_hours(began + world.hours(2, 24 * _DAYS_TO_BEGIN)), course.inform)


def _actor(world: World, case: Case) -> Actor | None:
    post = world.crew.posts.get(case.post_id or 0)
    found = post or next((one for role in CARE for one in world.crew.at[case.facility_id, role]), None)
    return world.crew.actor(found) if found else None


@dataclass(slots=True)
class Course:
    """One case under way; what lies beyond the end of the play is left for the living."""

    world: World
    key: int
    actor: Actor

    def inform(self, now: datetime) -> None:
        """The message is given; some are spoken to at once, some cannot be found."""
        step = self.world.rng.choices(("inform", "reach", "lose", "depart"), (70, 15, 10, 5))[0]
        self._take(step, now)
        if step == "inform":
            self._later(now, (0.3, 5), self.reach)
        elif step == "reach":
            self._later(now, (1, 9), self.test)

    def reach(self, now: datetime) -> None:
        """Most come, some do not want to."""
        step = self.world.rng.choices(("reach", "refuse", "lose"), (80, 14, 6))[0]
        self._take(step, now)
        if step == "reach":
            self._later(now, (1, 9), self.test)

    def test(self, now: datetime) -> None:
        """The examination; the first thing of the plan is done with it."""
        if self.world.rng.random() < 0.08:
            self._take("refuse", now)
            return
        actions.finish_plan_action(actor=self.actor, now=now, case_id=self.key, place=0)
        self._take("test", now)
        self._later(now, (0.5, 8), self.conclude)

    def conclude(self, now: datetime) -> None:
        """A third are ill."""
        step = self.world.rng.choices(("confirm", "clear"), (36, 64))[0]
        self._take(step, now)
        if step == "confirm":
            self._later(now, (0.5, 10), self.enrol)

    def enrol(self, now: datetime) -> None:
        self._take("enrol", now)

    def _later(self, now: datetime, days: tuple[float, float], what: Happening) -> None:
        self.world.at(in_hours(now + self.world.hours(24 * days[0], 24 * days[1])), what)

    def _take(self, verb: str, now: datetime) -> None:
        rng = self.world.rng
        given = {"code": rng.choice(_DROPS[verb])} if verb in _DROPS else {}
        if verb in _RESULTS:
            given = {"result": rng.choice(_RESULTS[verb])}
        actions.take(actor=self.actor, now=now, case_id=self.key, verb=verb, given=given)
        self.world.counts[f"screening.{verb}"] += 1
