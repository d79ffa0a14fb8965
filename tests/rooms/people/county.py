"""A county of three facilities for the tests of people and staff."""

from datetime import UTC, date, datetime
from itertools import count

from catchment.kernel.actor import Actor
from catchment.rooms.people.models import Person, SearchToken
from catchment.rooms.places.models import Area, Facility, Organization
from catchment.rooms.places.types import FacilityKind, Level
from catchment.standards.identity.names import search_tokens

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


class County:
    """One township with two clinics and a hospital; `resident` adds people to it."""

    def __init__(self) -> None:
        self.township = Area.objects.create(code="999001001", name="云溪镇", level=Level.TOWNSHIP)
        self.village = Area.objects.create(
            code="999001001201", name="石桥村", level=Level.VILLAGE, parent=self.township
        )
        self._organization = Organization.objects.create(code="O1", name="云溪", kind=FacilityKind.TOWNSHIP_CENTRE)
        self._numbers = count(1)
        self.clinic = self.facility("石桥村卫生室", FacilityKind.VILLAGE_CLINIC)
        self.other = self.facility("楚溪村卫生室", FacilityKind.VILLAGE_CLINIC)
        self.hospital = self.facility("云溪县人民医院", FacilityKind.HOSPITAL)

    def facility(self, name: str, kind: FacilityKind) -> Facility:
        return Facility.objects.create(
            organization=self._organization,
            code=f"F{next(self._numbers)}",
            name=name,
            kind=kind,
            level=Level.VILLAGE if kind is FacilityKind.VILLAGE_CLINIC else Level.COUNTY,
            area=self.village,
        )

    def doctor(self, *capabilities: str, at: Facility | None = None) -> Actor:
        """A post at the clinic (or elsewhere) that may search, register and match."""
        granted = capabilities or ("people.search", "people.read", "people.register", "people.match")
        facility = at or self.clinic
        return Actor(
            role="village-doctor",
            capabilities=frozenset(granted),
            facility_id=facility.pk,
            name="周医生",
            facility_name=facility.name,
        )

    def resident(self, name: str, *, facility: Facility | None = None, phone: str = "", **fields) -> Person:
        """A person with search keys, written directly."""
        home = facility or self.clinic
        fields = {"sex": "female", "birth_date": date(1958, 3, 2), "area": self.village, **fields}
        person = Person.objects.create(
            name=name, phone=phone, primary_facility=home, created_at=NOW, updated_at=NOW, **fields
        )
        for token in [*search_tokens(name), *([phone] if phone else [])]:
            SearchToken.objects.create(person=person, facility=home, token=token)
        return person
