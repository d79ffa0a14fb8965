"""One row about one person in every walled table, none of them of the facility that will look."""

from datetime import date, timedelta
from uuid import uuid4

from catchment.kernel import clock
from catchment.kernel.models import FlowEvent, RowHistory
from catchment.rooms.board.models import Notice, Opening, WorkItem
from catchment.rooms.booking.models import Booking, Slot
from catchment.rooms.budget.models import Evidence, Finding
from catchment.rooms.claims.models import (
    CasePayment,
    Claim,
    Claimant,
    ClaimLine,
    Entitlement,
    IncomingRow,
    ReviewDocument,
    Settlement,
    SpecialReview,
    Statement,
    YearAccount,
)
from catchment.rooms.consent.models import AccessLink, Choice, Relation
from catchment.rooms.ledger.models import Account, Period, Posting, Transaction
from catchment.rooms.people.models import (
    Coverage,
    FacilityMove,
    Household,
    Merge,
    PersonContact,
    PersonIdentifier,
    PersonName,
    ResidenceMove,
    SuspectedMatch,
)
from catchment.rooms.places.models import Network
from catchment.rooms.record.models import (
    FACT_MODELS,
    ImportRun,
    IncomingKey,
    IncomingResource,
    MissingLink,
    Source,
)
from catchment.rooms.referral.models import (
    Advice,
    PatientLink,
    PersonalDraft,
    Referral,
    ReferralAttachment,
    ReferralMessage,
    ReturnLetter,
)
from catchment.rooms.screening.models import Assessment, Case, MessageRead, PlanAction, Reassessed
from catchment.rooms.staff.models import CareResponsibility
from catchment.rooms.surveillance.models import ReportCard


def write(county, person, other):
    """Rows by table name: `{table: id}`; all belong to the village and the county hospital."""
    now, day = clock.now(), clock.now().date()
    village, hospital = county.village, county.hospital
    household = Household.objects.create(code="HH1", area=person.area)
    person.household = household
    person.save()
    source = Source.objects.create(code="s", name="s", kind="hospital")
    run = ImportRun.objects.create(source=source, started_at=now)
    old = now - timedelta(days=400)
    facts = {
        f"record_{name if name != 'request' else 'servicerequest'}": model.objects.create(
            person=person, facility=hospital, source=source, status="finished", at=old, recorded_at=old,
            **({"klass": "AMB", "ended_at": old} if name == "encounter" else {"display": "x"}),
        )
        for name, model in FACT_MODELS.items()
    }  # fmt: skip
    referral = Referral.objects.create(
        number="R1", person=person, direction="up", urgency="ordinary", from_facility=village, to_facility=hospital,
        holder_facility=hospital, state="draft", state_since=now, created_at=now, parties=[village.pk],
    )  # fmt: skip
    account = Account.objects.create(owner_kind="person", owner_code="1", purpose="self-pay", name="x", person=person)
    posting = _posting(account, now)
    rows = {
        **facts,
        **_claims(county, person, posting.transaction, now),
        "budget_evidence": _evidence(person, now),
        "surveillance_reportcard": ReportCard.objects.create(
            person=person, condition=facts["record_condition"], facility=village, office=hospital, disease="measles",
            name="麻疹", klass="B", diagnosed_at=now, due_at=now,
        ),
        "ledger_account": account,
        "ledger_posting": posting,
        "people_person": person,
        "people_household": household,
        "people_personidentifier": PersonIdentifier.objects.create(person=person, system="local", value="X1"),
        "people_personname": PersonName.objects.create(person=person, text="x"),
        "people_personcontact": PersonContact.objects.create(person=person, kind="phone", value="1"),
        "people_coverage": Coverage.objects.create(person=person, kind="resident"),
        "people_facilitymove": FacilityMove.objects.create(person=person, destination=village, reason="x", moved_at=now),
        "people_residencemove": ResidenceMove.objects.create(
            person=person, origin=person.area, moved_on=day, noted_at=now
        ),
        "people_searchtoken": None,
        "people_suspectedmatch": SuspectedMatch.objects.create(
            left=min(person, other, key=lambda one: one.pk), right=max(person, other, key=lambda one: one.pk),
            found_at=now,
        ),
        "people_merge": Merge.objects.create(kept=person, duplicate=other, moved={}, merged_at=now),
        "staff_careresponsibility": CareResponsibility.objects.create(
            person=person, post_id=county.village_doctor.post_id, since=day
        ),
        "consent_relation": Relation.objects.create(
            person=person, facility=hospital, kind="presence", since=old, until=old
        ),
        "consent_choice": Choice.objects.create(person=person, sharing="network", changed_at=now),
        "consent_accesslink": AccessLink.objects.create(person=person, digest="d", made_at=now, expires_at=now),
        "record_incomingresource": IncomingResource.objects.create(
            source=source, run=run, resource_type="Patient", external_id="1", digest="1", fate="taken", received_at=now
        ),
        "record_incomingkey": IncomingKey.objects.create(source=source, resource_type="Patient", key="1"),
        "record_missinglink": MissingLink.objects.create(
            source=source, table="x", row_id=1, link="x", target_key="1"
        ),
        "kernel_rowhistory": RowHistory.objects.create(
            table="record_condition", row_id=1, person_id=person.pk, changed_at=now, was={"display": "x"}
        ),
        "board_workitem": WorkItem.objects.create(
            kind="referral.accept", subject_kind="referral", subject_id=referral.pk, subject_ref="x", person=person,
            facility=hospital, origin=village, priority="ordinary", rank=2, headline="x", since=now,
        ),
        "board_notice": Notice.objects.create(
            facility=hospital, person=person, event="x", subject_kind="referral", subject_ref="x", text="x", at=now
        ),
        "booking_booking": Booking.objects.create(
            slot=Slot.objects.first(), person=person, subject_kind="referral", subject_id=referral.pk,
            state="released", made_at=now,
        ),
        "referral_referral": referral,
        "referral_returnletter": ReturnLetter.objects.create(referral=referral, written_at=now),
        "referral_referralmessage": ReferralMessage.objects.create(referral=referral, kind="phone", text="x", at=now),
        "referral_referralattachment": ReferralAttachment.objects.create(
            referral=referral, document=facts["record_document"]
        ),
        "referral_patientlink": PatientLink.objects.create(
            referral=referral, digest=uuid4().hex, made_at=now, expires_at=now
        ),
        "referral_advice": Advice.objects.create(
            person=person, from_facility=village, to_service=county.cardiology, holder_facility=hospital,
            urgency="ordinary", question="x", created_at=old, state="closed", state_since=old,
        ),
        "referral_personaldraft": PersonalDraft.objects.create(
            post_id=county.village_doctor.post_id, person=person, form="x", saved_at=now
        ),
        "kernel_flowevent": FlowEvent.objects.create(
            subject_kind="referral", subject_id=referral.pk, verb="draft", to_state="draft", at=now, actor_role="x"
        ),
    }  # fmt: skip
    assessment = Assessment.objects.create(
        person=person, model="hypertension_grade", edition="2018", rules="x", status="assessed", band="grade 1",
        digest="x", assessed_at=now,
    )  # fmt: skip
    case = Case.objects.create(
        person=person, programme="hypertension", model="hypertension_grade", band="grade 1", priority="ordinary",
        assessment=assessment, facility=hospital, state="found", state_since=now, opened_at=now,
    )  # fmt: skip
    plan = PlanAction.objects.create(case=case, place=0, code="x", text="x", due_on=day)
    rows["message_read"] = MessageRead.objects.create(case=case, person=person, read_at=now)
    item = rows["board_workitem"]
    rows["board_opening"] = Opening.objects.create(
        item=item, person=person, facility=hospital, post_id=county.specialist.post_id, purpose="x", since=old,
        until=now + timedelta(days=1),
    )  # fmt: skip
    rows["screening_reassessed"] = Reassessed.objects.create(person=person, facts_at=now)
    rows |= {"screening_assessment": assessment, "screening_case": case, "screening_planaction": plan}
    from catchment.rooms.people.models import SearchToken

    rows["people_searchtoken"] = SearchToken.objects.filter(person=person).first()
    return {table: row.pk for table, row in rows.items()}


def _posting(account, now):
    """One line of a transaction that balances within the one account."""
    period = Period.objects.create(code="2025-01", starts=date(2025, 1, 1), ends=date(2025, 1, 31))
    entry = Transaction.objects.create(
        period=period, kind="x", source_kind="x", source_ref="x", booked_on=period.starts, recorded_at=now
    )
    Posting.objects.create(transaction=entry, account=account, amount=-1)
    return Posting.objects.create(transaction=entry, account=account, amount=1)


def _claims(county, person, entry, now):
    """A claim of the county hospital with everything that hangs on it, and what is kept of the person's year."""
    day = date(2025, 1, 6)
    claim = Claim.objects.create(
        source="s", ref="1", person=person, facility=county.hospital, kind="inpatient", begins_on=day, ends_on=day,
        days=1, sex="female", insurance="resident", category="resident", way="local", total=1,
        excluded=0, first_pay=0, made_at=now, state="drafted", state_since=now,
    )  # fmt: skip
    settlement = Settlement.objects.create(
        claim=claim, year=2025, at=now, settled_by="x", edition="x", verified=False, level="2", in_scope=1, basic=0,
        serious=0, aid=0, patient=1, steps=[], added={}, transaction=entry,
    )  # fmt: skip
    statement = Statement.objects.create(
        kind="monthly", period="2025-01", facility=county.hospital, insurance="resident", edition="x", verified=False,
        method="drg", paid=0, made_at=now, made_by="x",
    )  # fmt: skip
    review = SpecialReview.objects.create(
        claim=claim, reason_code="x", text="x", asked_at=now, asked_by="x", state="asked", state_since=now
    )
    return {
        "claims_casepayment": CasePayment.objects.create(
            statement=statement, settlement=settlement, claim=claim, worth="normal", weight=1, factor=1, standard=1,
            payable=1, fund=1, by_item=1,
        ),
        "claims_specialreview": review,
        "claims_reviewdocument": ReviewDocument.objects.create(
            review=review, name="x", file_name="x", content_type="application/pdf", size=1, added_at=now, added_by="x"
        ),
        "claims_claim": claim,
        "claims_claimant": Claimant.objects.create(claim=claim, name="x"),
        "claims_claimline": ClaimLine.objects.create(claim=claim, category="drug", amount=1, excluded=0, first_pay=0),
        "claims_settlement": settlement,
        "claims_yearaccount": YearAccount.objects.create(person=person, year=2025, insurance="resident"),
        "claims_entitlement": Entitlement.objects.create(
            person=person, category="resident", since=day, source="x"
        ),
        "claims_incomingrow": IncomingRow.objects.create(
            source="s", ref="1", digest="1", fate="rejected", received_at=now
        ),
    }  # fmt: skip


def _evidence(person, now):
    network = Network.objects.get(code="N1")
    finding = Finding.objects.create(
        network=network, watch="outflow", year=2025, until=now.date(), value="1", limit="1", counted=1, of=1, why="x",
        edition="x", found_at=now, state="open", state_since=now,
    )  # fmt: skip
    return Evidence.objects.create(finding=finding, person=person, kind="IMP", event_id=1, day=now.date())
