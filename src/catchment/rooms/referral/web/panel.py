"""What the page of a person shows of referral: what is under way, and the way to begin another."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from catchment.kernel.actor import Actor
from catchment.rooms.people.models import Person
from catchment.rooms.referral import queries


def person_panel(person: Person, actor: Actor) -> SafeString | None:
    """The panel as HTML, in two queries at most; `None` for a post that sees no referrals."""
    if not actor.may("referral.read"):
        return None
    context = {
        "person": person,
        "live": queries.live_referrals(person.pk),
        "may_send": actor.may("referral.create") and person.deceased_on is None,
    }
    return render_to_string("referral/parts/panel.html", context)
