"""What a role may do. Refused unless it stands here."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field, field_validator

from catchment.rooms.rulebook.rules import Rule
from catchment.rooms.staff.types import Role

SESSION, CAPABILITY_CHANGES, SECOND_FACTOR = "staff.session", "staff.capabilities", "staff.second-factor"

_READ = frozenset(
    {"people.search", "people.read", "record.read", "places.read", "rulebook.read", "board.read", "atlas.read"}
)
_REACH = frozenset({"consent.attend", "consent.break-glass"})
_TWINS = frozenset({"people.compare"})
"""Who registers looks at the doubles of the own facility and sends them on; `people.merge-own` decides them too."""
_CARE = _READ | _REACH | {"record.write", "people.register", "referral.read", "advice.read"}
_SEND = frozenset({"referral.create", "referral.send", "referral.take-over", "advice.ask", "referral.print"})
_RECEIVE = frozenset({"referral.receive", "advice.answer", "referral.print", "referral.answer"})
_DESK = (
    _READ
    | _REACH
    | _RECEIVE
    | {"referral.read", "advice.read", "booking.manage", "booking.schedule", "referral.statistics"}
)
_OVERSEE = frozenset({"places.read", "rulebook.read", "board.read", "referral.statistics", "atlas.read"})
_SCREEN = frozenset({"screening.read", "screening.act", "screening.statistics"})
_SCREENED = frozenset({"screening.statistics", "screening.statistics-all"})
_MEASURE = frozenset({"measures.read", "measures.read-all", "measures.supply"})
_OFFICE = frozenset({"identity.open"})
"""Offices see figures and pseudonyms, and who a person is only inside a case that they hold."""
_OWN_MEASURES = frozenset({"measures.read", "measures.open"})

FAMILY_DOCTORS = frozenset({Role.VILLAGE_DOCTOR, Role.TOWNSHIP_DOCTOR})
"""Roles that answer for residents."""

CAPABILITIES: dict[Role, frozenset[str]] = {
    Role.VILLAGE_DOCTOR: _CARE
    | _TWINS
    | _SEND
    | _SCREEN
    | _OWN_MEASURES
    | {"referral.receive", "referral.answer", "referral.statistics"},
    Role.TOWNSHIP_DOCTOR: _CARE
    | _TWINS
    | _SEND
    | _RECEIVE
    | _SCREEN
    | _OWN_MEASURES
    | {"referral.statistics", "booking.schedule"}
    | {"claims.guide", "people.merge-own"},
    Role.TOWNSHIP_NURSE: _CARE | _TWINS | _SCREEN | {"referral.receive", "referral.take-over"},
    Role.HEALTH_MANAGER: _CARE | _TWINS | _SCREEN | _OWN_MEASURES | {"referral.take-over", "people.merge-own"},
    Role.REFERRAL_DESK: _DESK | _TWINS | _SEND | {"record.write", "people.register"},
    Role.SPECIALIST: _CARE | _SEND | _RECEIVE | {"screening.read"} | {"claims.guide"},
    Role.DUTY_MANAGER: _DESK | _OWN_MEASURES,
    Role.COUNTY_MANAGER: _OVERSEE
    | {"referral.read", "referral.read-all", "referral.statistics-all"}
    | _SCREENED
    | _MEASURE
    | {"measures.open", "measures.compute", "measures.answer"}
    | {"claims.statistics"}
    | {"budget.read", "budget.sign"},
    Role.CASE_MIX_OFFICER: frozenset({"places.read", "rulebook.read", "board.read"})
    | {"claims.read", "claims.work", "claims.statistics"},
    Role.FINANCE_OFFICER: frozenset({"places.read", "rulebook.read", "board.read"})
    | {"claims.statistics"}
    | {"budget.read", "budget.supply", "budget.accounts"},
    Role.INSURANCE_OFFICER: _OVERSEE
    | _OFFICE
    | _MEASURE
    | {"claims.read", "claims.work", "claims.oversee", "claims.pay", "claims.statistics"}
    | {"budget.read", "budget.settle", "budget.decide", "budget.review", "budget.evidence"}
    | {"budget.supply", "budget.accounts"}
    | {"ledger.read-all"},
    Role.DISEASE_CONTROL_OFFICER: _OVERSEE | _OFFICE | _SCREENED | _MEASURE | {"screening.follow", "surveillance.read"},
    Role.BUREAU_OFFICER: _OVERSEE
    | {"rulebook.publish", "referral.statistics-all"}
    | _SCREENED
    | _MEASURE
    | {"measures.compute", "measures.answer"}
    | {"claims.statistics"}
    | {"budget.read"},
    Role.PRIVACY_OFFICER: frozenset({"places.read", "rulebook.read", "board.read", "consent.judge", "people.search"}),
    Role.ADMINISTRATOR: frozenset(
        {
            "places.read", "places.manage", "rulebook.read", "rulebook.publish", "board.read", "people.search",
            "people.read", "people.match", "people.compare", "staff.manage", "booking.schedule", "booking.schedule-all",
        }
    ),
    Role.INTERFACE: _CARE | _SEND | _RECEIVE | _SCREEN | {"record.import", "booking.manage", "claims.read"},
}  # fmt: skip


LABELS: dict[str, Promise] = {
    Role.VILLAGE_DOCTOR: _("乡村医生"),
    Role.TOWNSHIP_DOCTOR: _("乡镇全科医生"),
    Role.TOWNSHIP_NURSE: _("乡镇护士"),
    Role.HEALTH_MANAGER: _("健康管理师"),
    Role.REFERRAL_DESK: _("转诊台"),
    Role.SPECIALIST: _("专科医生"),
    Role.DUTY_MANAGER: _("总值班"),
    Role.COUNTY_MANAGER: _("医共体管理者"),
    Role.CASE_MIX_OFFICER: _("医院病案与医保办"),
    Role.FINANCE_OFFICER: _("医共体财务"),
    Role.INSURANCE_OFFICER: _("医保经办"),
    Role.DISEASE_CONTROL_OFFICER: _("疾控人员"),
    Role.BUREAU_OFFICER: _("卫健局"),
    Role.PRIVACY_OFFICER: _("隐私专员"),
    Role.ADMINISTRATOR: _("系统管理员"),
    Role.INTERFACE: _("接口账号"),
}


def role_label(role: str) -> str:
    """The role's name in the reader's language; the code itself for one that is not known."""
    return str(LABELS.get(role, role))


def capabilities_of(role: str, changes: "CapabilityRule | None" = None) -> frozenset[str]:
    """What the role may do, with a county's own changes where given; nothing for a role that is not known."""
    try:
        given = CAPABILITIES[Role(role)]
    except (ValueError, KeyError):
        return frozenset()
    for change in changes.changes if changes else ():
        if change.role == role:
            given = (given | set(change.add)) - set(change.remove)
    return given


def digest_of(secret: str) -> str:
    """The SHA-256 of a token as hexadecimal text; a token is random enough to need no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


class SessionRule(Rule):
    """After how many minutes without a request a session ends, and for which roles otherwise."""

    idle_minutes: int = Field(ge=1, le=24 * 60)
    by_role: dict[Role, int] = Field(default_factory=dict)

    def idle_of(self, role: str) -> timedelta:
        """How long a session through this role may rest."""
        return timedelta(minutes=self.by_role.get(Role(role), self.idle_minutes))


class SecondFactorRule(Rule):
    """The roles that must have a second factor, and how many days after a post began or the rule came."""

    roles: tuple[Role, ...]
    grace_days: int = Field(ge=0, le=90)


class CapabilityChange(Rule):
    """What a county gives to one role beyond the installed capabilities, and what it takes from it."""

    role: Role
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()

    @field_validator("add", "remove")
    @classmethod
    def known(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        """Only capabilities that some page or address asks for."""
        unknown = sorted(set(given) - KNOWN)
        if unknown:
            message = f"{', '.join(unknown)}: known are {', '.join(sorted(KNOWN))}"
            raise ValueError(message)
        return given


class CapabilityRule(Rule):
    """A county's own changes to what roles may do."""

    changes: tuple[CapabilityChange, ...] = ()


KNOWN = frozenset().union(*CAPABILITIES.values())
SCHEMAS: Mapping[str, type[BaseModel]] = {
    SESSION: SessionRule,
    CAPABILITY_CHANGES: CapabilityRule,
    SECOND_FACTOR: SecondFactorRule,
}
