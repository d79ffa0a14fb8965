"""Who acts: the posts of the county, found once."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from random import Random

from catchment.kernel.actor import Actor
from catchment.rooms.people.models import Person
from catchment.rooms.places.models import Facility
from catchment.rooms.staff import queries as staff
from catchment.rooms.staff.models import Post
from catchment.twin import cast

CARE, DESK, SPECIALIST = ("village-doctor", "township-doctor"), "referral-desk", "specialist"


class Crew:
    """The actors of the county and the people that each primary post answers for."""

    def __init__(self, today: date) -> None:
        self.today = today
        rows = Post.objects.filter(until__isnull=True, practitioner__active=True)
        posts = list(rows.select_related("practitioner", "facility", "service").order_by("id"))
        self.posts = {post.pk: post for post in posts}
        self.at: dict[tuple[int, str], list[Post]] = defaultdict(list)
        for post in posts:
            self.at[post.facility_id, post.role].append(post)
        self.primary = [post for post in posts if post.role in CARE]
        self.used: set[int] = set(
            Person.objects.filter(name__in=[one.name for one in cast.PEOPLE]).values_list("pk", flat=True)
        )

    def actor(self, post: Post) -> Actor:
        return staff.actor_for(post)

    def of_cast(self, login: str) -> Post:
        """The post of a member of the cast."""
        return next(post for post in self.posts.values() if post.practitioner.code == f"demo-{login}")

    def desk(self, facility: Facility) -> Post | None:
        """Who takes referrals in at a facility: its desk, or a doctor where there is none."""
        return self._first(facility.pk, (DESK, *CARE, SPECIALIST))

    def doctor(self, facility: Facility, service_id: int | None) -> Post | None:
        """A doctor of the service, or any of the facility; the cast's doctor where one works there."""
        found = [post for role in (SPECIALIST, *CARE) for post in self.at[facility.pk, role]]
        own = [post for post in found if post.service_id == service_id] or found
        return min(own, key=lambda post: (not post.practitioner.code.startswith("demo-"), post.pk), default=None)

    def person(self, post: Post, rng: Random, ages: tuple[int, int], sex: str = "") -> Person | None:
        """Somebody of the post's facility who fits the case and is not yet in the play; `None` if nobody does."""
        rows = Person.objects.filter(
            primary_facility=post.facility_id, merged_into__isnull=True, deceased_on__isnull=True,
            birth_date__range=(_years_before(self.today, ages[1]), _years_before(self.today, ages[0])),
        )  # fmt: skip
        fitting = rows.filter(sex=sex) if sex else rows
        keys = [key for key in fitting.order_by("id").values_list("pk", flat=True)[:200] if key not in self.used]
        if not keys:
            return None
        chosen = rng.choice(keys)
        self.used.add(chosen)
        return Person.objects.get(pk=chosen)

    def _first(self, facility_id: int, roles: Iterable[str]) -> Post | None:
        found = (post for role in roles for post in self.at[facility_id, role])
        return next(found, None)


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=min(day.day, 28))
