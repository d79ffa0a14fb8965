"""The referrals that were sent, as this room publishes them."""

from django.db import connection

from catchment.kernel.lake.tables import DAY, FLAG, MOMENT, NUMBER, TEXT, FactTable, Feed, Months
from catchment.rooms.referral.models import EFFECTIVE, Referral

_MONTHS = Months()
_SENT = "({row}.sent_at at time zone 'Asia/Shanghai')::date"


def _effective() -> str:
    """The room's own condition, in the database's words."""
    found = Referral.objects.filter(EFFECTIVE).query
    text, values = found.where.as_sql(found.get_compiler(connection=connection), connection)
    return str(connection.ops.compose_sql(text, values))  # type: ignore[attr-defined]


def _query() -> str:
    return f"""
        select referral_referral.id as referral_id, p.person_key, from_facility_id, to_facility_id,
            direction::text, urgency::text, state::text, diagnosis_code::text, against_catalogue,
            {_SENT.format(row="referral_referral")} as day, sent_at, accepted_at, arrived_at, answered_at,
            taken_over_at, ({_effective()}) as effective
        from referral_referral join people_person p on p.id = referral_referral.person_id
        where sent_at is not null
    """  # noqa: S608 constants only


REFERRALS = FactTable(
    name="referrals",
    columns={
        "referral_id": NUMBER, "person_key": NUMBER, "from_facility_id": NUMBER, "to_facility_id": NUMBER,
        "direction": TEXT, "urgency": TEXT, "state": TEXT, "diagnosis_code": TEXT, "against_catalogue": FLAG,
        "day": DAY, "sent_at": MOMENT, "accepted_at": MOMENT, "arrived_at": MOMENT, "answered_at": MOMENT,
        "taken_over_at": MOMENT, "effective": FLAG,
    },
    query=_query,
    key=("referral_id",),
    partition=_MONTHS,
    feeds=(
        Feed(
            "referral_referral",
            _MONTHS.sql(_SENT.format(row="changed")),
        ),
    ),
)  # fmt: skip
TABLES = (REFERRALS,)
