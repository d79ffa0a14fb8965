"""What stays in sight of a person on every page about them."""

from collections.abc import Iterable
from typing import Any

from catchment.rooms.people import queries as people
from catchment.rooms.people.models import Person
from catchment.rooms.record.types import Alert
from catchment.rooms.staff import queries as staff

LOOKS = {"allergy": ("red", "alert-triangle"), "critical-result": ("red", "alert-circle")}


def banner_of(person: Person, alerts: Iterable[Alert], more: list[tuple[str, Any]]) -> dict[str, Any]:
    """The banner's content: who, where from, who answers for them, and what must not be overlooked."""
    responsible = staff.responsible_post(person.pk)
    base = people.banner(person)
    own = [{"text": one.display, "colour": LOOKS[one.code][0], "icon": LOOKS[one.code][1]} for one in alerts]
    return {
        **{name: getattr(base, name) for name in base.__dataclass_fields__},
        "doctor_name": responsible.post.practitioner.name if responsible else "",
        "contracted": bool(responsible and responsible.contracted),
        "alerts": [*own, *(alert for _name, found in more for alert in found)],
    }
