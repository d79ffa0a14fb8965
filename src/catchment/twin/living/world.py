"""Time in the synthetic county: what happens when, one thing after another, until the present."""

import heapq
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from catchment.kernel.actor import system
from catchment.kernel.errors import Refusal
from catchment.rooms.referral import actions as referral
from catchment.twin.living.crew import Crew

Happening = Callable[[datetime], None]
CLOCK_EVERY = timedelta(minutes=30)


class World:
    """A queue of happenings. `counts` says how often each thing was done, `refused` what the rooms would not let be."""

    def __init__(self, crew: Crew, rng: Random, until: datetime) -> None:
        self.crew, self.rng, self.until = crew, rng, until
        self.counts: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self._queue: list[tuple[datetime, int, Happening]] = []
        self._made = 0

    def at(self, when: datetime, what: Happening) -> None:
        """Let something happen then; what lies beyond the end of the play is left for the living."""
        if when <= self.until:
            heapq.heappush(self._queue, (when, self._made, what))
            self._made += 1

    def hours(self, low: float, high: float) -> timedelta:
        return timedelta(hours=self.rng.uniform(low, high))

    def live(self, begin: datetime, report: Callable[[datetime], None]) -> None:
        """Let everything happen in order; the referrals' clocks run meanwhile."""
        tick = begin
        while self._queue:
            when, _number, what = heapq.heappop(self._queue)
            while tick < when:
                tick += CLOCK_EVERY
                self._run_clocks(min(tick, when))
            self._try(what, when)
            report(when)
        self._run_clocks(self.until)

    def _try(self, what: Happening, when: datetime) -> None:
        try:
            what(when)
        except Refusal as refusal:
            self.refused[refusal.code] += 1

    def _run_clocks(self, now: datetime) -> None:
        self.counts.update(referral.run_clocks(actor=system("referral-clocks", "referral.clock"), now=now))


def in_hours(moment: datetime, opens: int = 0, closes: int = 9) -> datetime:
    """The moment, or the next opening when the county's clinics are closed; hours in UTC, eight behind the county."""
    if moment.hour < opens:
        return moment.replace(hour=opens, minute=moment.minute)
    if moment.hour >= closes:
        return (moment + timedelta(days=1)).replace(hour=opens, minute=moment.minute)
    return moment
