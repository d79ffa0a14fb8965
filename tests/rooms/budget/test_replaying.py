"""The budget's replay reckons what its spending is made of: every claim of the residents, every payment by group."""

from datetime import UTC, datetime

from django.db import connection

import lived
import stays
from catchment.kernel.actor import system
from catchment.rooms.budget.actions import agreeing
from catchment.rooms.budget.queries.replay import replay
from catchment.rooms.claims import actions as claims
from catchment.rooms.claims.models import Settlement
from catchment.rooms.people.models import Coverage
from catchment.rooms.record.models import Encounter

PAYER = system("tests", "claims.pay", "claims.oversee", "claims.work")
YEAR = 2025


def test_a_whole_year_of_claims_and_payments_gives_the_same_fen_until_somebody_tampers(county, act, run_year):
    lived.live(county)
    Coverage.objects.create(person=county.person, kind="resident")
    keys = list(Encounter.objects.filter(at__year=YEAR).values_list("pk", flat=True))
    settled = stays.settled(*keys)
    now = datetime(2026, 3, 2, tzinfo=UTC)
    for month in range(1, 13):
        claims.state_month(actor=PAYER, now=now, year=YEAR, month=month)
    claims.clear_year(actor=PAYER, now=now, year=YEAR)
    budget = run_year(act(agreeing.make_budget, community="N1", year=YEAR))
    found = [(month, check) for month in range(1, 13) for check in replay(budget, month)]
    assert [(month, check.what, check.first) for month, check in found if not check.same] == []
    by_claims = [check for _month, check in found if check.what == "settlements"]
    assert len(by_claims) == len(range(1, 13))
    live = Settlement.objects.filter(claim__in=settled, cancelled_at__isnull=True)
    assert sum(check.kept for check in by_claims) == sum(one.fund for one in live)
    assert {"settlements", "payments by group"} <= {check.what for _month, check in found}

    row = live.filter(claim__kind="inpatient").order_by("pk").last()
    with connection.cursor() as cursor:
        cursor.execute("update claims_settlement set basic = basic + 1, patient = patient - 1 where id = %s", [row.pk])
    heard = []
    wrong = [
        check for check in replay(budget, row.claim.ends_on.month, heard=lambda *at: heard.append(at)) if not check.same
    ]
    assert row.claim.number in wrong[0].first
    assert heard[0][0] == "settlements"
