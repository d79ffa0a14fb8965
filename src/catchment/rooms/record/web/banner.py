"""What stays in sight of a person on every page about them."""

from collections.abc import Iterable
from typing import Any

from catchment.rooms.people import queries as people
from catchment.rooms.people.models import Person
from catchment.rooms.record import queries
from catchment.rooms.record.types import Alert
from catchment.rooms.staff import queries as staff

LOOKS = {"allergy": ("red", "alert-triangle"), "critical-result": ("red", "alert-circle")}


def banner_of(person: Person, alerts: Iterable[Alert], more: list[tuple[str, Any]]) -> dict[str, Any]:
    """The banner's content: who, where from, who answers for them, and what must not be overlooked."""
    responsible = staff.responsible_post(person.pk)
    base = people.banner(person)
    own = list(map(_shown, alerts))
    return {
        **{name: getattr(base, name) for name in base.__dataclass_fields__},
        "doctor_name": responsible.post.practitioner.name if responsible else "",
        "contracted": bool(responsible and responsible.contracted),
        "alerts": [*own, *(alert for _name, found in more for alert in found)],
    }


def alerts_of(*, person_id: int) -> dict[str, Any]:
    """The allergies, for the banner of other rooms' pages."""
    return {"alerts": list(map(_shown, queries.allergy_alerts(person_id)))}


def _shown(alert: Alert) -> dict[str, str]:
    colour, icon = LOOKS[alert.code]
    return {"text": alert.display, "colour": colour, "icon": icon}
