"""What stands on the cast's boards when the play ends: one referral in every state, left where the living take over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from catchment.rooms.people.models import Person
from catchment.rooms.places.models import Service
from catchment.rooms.referral import actions
from catchment.rooms.referral.types import ReferralForm
from catchment.rooms.staff.models import Post
from catchment.twin.living import cases
from catchment.twin.living.cases import Case
from catchment.twin.living.course import Course
from catchment.twin.living.world import World

ZHOU, LIN, XU, GU, LU = "zhou.cunyi", "lin.cunyi", "xu.quanke", "gu.xinnei", "lu.shennei"


@dataclass(frozen=True, slots=True)
class Scene:
    """Who sends (a login), to whose service, which case, how many hours before the end, and where it stops."""

    sender: str
    to: str
    code: str
    hours: float
    stop: str


SCENES = (
    Scene(ZHOU, GU, "R07.400", 0.15, "sent"),
    Scene(ZHOU, GU, "I10.x00", 70, "information-requested"),
    Scene(ZHOU, GU, "I10.x00", 200, "answered"),
    Scene(ZHOU, GU, "I10.x00", 400, "taken-over"),
    Scene(ZHOU, LU, "R42.x00", 60, "declined"),
    Scene(ZHOU, GU, "I10.x00", 30, "accepted"),
    Scene(LIN, LU, "R42.x00", 2.2, "sent"),
    Scene(LIN, GU, "R07.400", 3.5, "sent"),
    Scene(LIN, LU, "I63.900", 0.1, "sent"),
    Scene(LIN, LU, "R42.x00", 220, "answered"),
    Scene(LIN, GU, "I10.x00", 240, "missed"),
    Scene(LIN, LU, "R42.x00", 1, "draft"),
    Scene(XU, GU, "R07.400", 90, "arrived"),
    Scene(XU, GU, "I10.x00", 120, "arrived"),
    Scene(XU, LU, "R42.x00", 140, "arrived"),
    Scene(LIN, LU, "I63.900", 30, "arrived"),
    Scene(XU, GU, "I10.x00", 330, "expired"),
    Scene(XU, LU, "R42.x00", 420, "taken-over"),
    Scene(ZHOU, XU, "I10.x00", 5, "sent"),
    Scene(ZHOU, XU, "E11.900", 100, "arrived"),
    Scene(GU, XU, "I50.900", 3, "sent"),
    Scene(GU, XU, "I50.900", 50, "accepted"),
    Scene(LU, XU, "I69.300", 100, "arrived"),
    Scene(LU, XU, "I69.300", 300, "taken-over"),
)
QUESTIONS = ((ZHOU, GU, "I10.x00", 6.0, False), (XU, GU, "R07.400", 26.0, False), (LIN, LU, "R42.x00", 50.0, True),
             (ZHOU, GU, "I10.x00", 80.0, True))  # fmt: skip
"""Questions to a specialist: who asks, whom, what about, how many hours before the end, and whether it is answered."""


def arrange(world: World) -> None:
    """Put every scene into the queue; one for which nobody fits is left out."""
    for scene in SCENES:
        course = _course(world, scene)
        if course is not None:
            world.at(world.until - timedelta(hours=scene.hours), course.begin)
    for sender, to, code, hours, answered in QUESTIONS:
        asker, doctor, case = world.crew.of_cast(sender), world.crew.of_cast(to), _case(code)
        person = _person(world, asker, case)
        if person is not None:
            Question(world, case, person, asker, doctor).arrange(hours, answered=answered)


@dataclass(frozen=True, slots=True)
class Question:
    """One request for advice, put into the queue."""

    world: World
    case: Case
    person: Person
    asker: Post
    doctor: Post

    def arrange(self, hours: float, *, answered: bool) -> None:
        """Asked so many hours before the end, answered a fifth of that later."""
        kept: list[int] = []
        asked = self.world.until - timedelta(hours=hours)
        form = ReferralForm(
            to_service_id=self.doctor.service_id, urgency="ordinary", diagnosis_code=self.case.code,
            diagnosis=self.case.display, question=self.case.question,
        )  # fmt: skip
        crew = self.world.crew
        self.world.at(asked, lambda now: kept.append(
            actions.ask_advice(actor=crew.actor(self.asker), now=now, person_id=self.person.pk, form=form).pk
        ))  # fmt: skip
        if answered:
            self.world.at(
                asked + timedelta(hours=hours / 5), lambda now: _answer(self.world, self.doctor, kept[0], now)
            )


def _answer(world: World, doctor: Post, key: int, now: datetime) -> None:
    number = world.rng.randrange(len(cases.REPLIES))
    actions.answer_advice(
        actor=world.crew.actor(doctor), now=now, advice_id=key, answer=cases.REPLIES[number],
        recommends_referral=number == len(cases.REPLIES) - 1,
    )  # fmt: skip
    world.counts["advice"] += 1


def _course(world: World, scene: Scene) -> Course | None:
    sender, to, case = world.crew.of_cast(scene.sender), world.crew.of_cast(scene.to), _case(scene.code)
    service = Service.objects.select_related("facility").filter(pk=to.service_id or 0, accepts_referrals=True).first()
    person = _person(world, sender, case)
    if service is None or person is None:
        return None
    return Course(world, case, person, sender, service, stop=scene.stop)


def _case(code: str) -> Case:
    return next(case for case in (*cases.UP, *cases.DOWN) if case.code == code)


def _person(world: World, sender: Post, case: Case) -> Person | None:
    """Somebody of the sender's place; a hospital's doctor sends home somebody of the cast's township."""
    near = sender if sender.role in {"village-doctor", "township-doctor"} else world.crew.of_cast(ZHOU)
    return world.crew.person(near, world.rng, case.ages, case.sex)
