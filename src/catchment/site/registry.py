"""Tells the rooms of each other: panels, kinds of work, what happens when something else has happened."""

from catchment.kernel import events, lake, panels
from catchment.rooms.board.rules import register_kind, register_people
from catchment.rooms.board.web import panels as board_panels
from catchment.rooms.booking import facts as booking_facts
from catchment.rooms.booking.web import panels as booking_panels
from catchment.rooms.budget.queries import findings as budget_findings
from catchment.rooms.budget.rules.editions import SCHEMAS as BUDGET_SCHEMAS
from catchment.rooms.budget.rules.work import FINDING as BUDGET_FINDING
from catchment.rooms.claims import facts as claims_facts
from catchment.rooms.claims.rules import SCHEMAS as CLAIM_SCHEMAS
from catchment.rooms.claims.rules.work import KINDS as CLAIM_KINDS
from catchment.rooms.claims.web import panels as claims_panels
from catchment.rooms.consent import actions as consent
from catchment.rooms.consent.rules import SCHEMAS as ACCESS_SCHEMAS
from catchment.rooms.consent.web import panels as consent_panels
from catchment.rooms.measures.rules import SCHEMAS as MEASURE_SCHEMAS
from catchment.rooms.measures.rules.atlas import SCHEMAS as ATLAS_SCHEMAS
from catchment.rooms.people import facts as people_facts
from catchment.rooms.places import facts as places_facts
from catchment.rooms.portal import actions as portal
from catchment.rooms.portal import rules as portal_rules
from catchment.rooms.record import facts as record_facts
from catchment.rooms.record.rules import SCHEMAS as RECORD_SCHEMAS
from catchment.rooms.record.web import banner as record_banner
from catchment.rooms.referral import actions as referral
from catchment.rooms.referral import facts as referral_facts
from catchment.rooms.referral.rules.editions import SCHEMAS
from catchment.rooms.referral.rules.work import KINDS
from catchment.rooms.referral.web import panels as referral_panels
from catchment.rooms.rulebook.rules import SCHEMAS as RULEBOOK_SCHEMAS
from catchment.rooms.rulebook.rules import register_schema
from catchment.rooms.screening import jobs as screening_jobs
from catchment.rooms.screening.rules import SCHEMAS as SCREENING_SCHEMAS
from catchment.rooms.screening.rules.work import KINDS as SCREENING_KINDS
from catchment.rooms.screening.web import panels as screening_panels
from catchment.rooms.staff import facts as staff_facts
from catchment.rooms.staff.rules import SCHEMAS as STAFF_SCHEMAS
from catchment.rooms.staff.web import panels as staff_panels
from catchment.rooms.surveillance import actions as surveillance
from catchment.rooms.surveillance.rules import KINDS as SURVEILLANCE_KINDS
from catchment.rooms.surveillance.rules import SCHEMAS as SURVEILLANCE_SCHEMAS
from catchment.rooms.surveillance.web import panels as surveillance_panels


def register_all() -> None:
    """Register everything. Called once, when Django is ready."""
    for kind in (*KINDS, *SCREENING_KINDS, *portal_rules.KINDS, *CLAIM_KINDS, *SURVEILLANCE_KINDS, BUDGET_FINDING):
        register_kind(kind)
    editions = (
        RULEBOOK_SCHEMAS,
        SCHEMAS,
        ACCESS_SCHEMAS,
        RECORD_SCHEMAS,
        STAFF_SCHEMAS,
        CLAIM_SCHEMAS,
        SCREENING_SCHEMAS,
        BUDGET_SCHEMAS,
        SURVEILLANCE_SCHEMAS,
        MEASURE_SCHEMAS,
        ATLAS_SCHEMAS,
    )
    for key, schema in (item for one in editions for item in one.items()):
        register_schema(key, schema)
    published = (
        places_facts,
        people_facts,
        staff_facts,
        record_facts,
        booking_facts,
        referral_facts,
        claims_facts,
    )
    for facts in published:
        lake.register(*facts.TABLES)
    lake.register_derived("latest_measurements", record_facts.latest_measurements)
    register_people(BUDGET_FINDING.code, budget_findings.people_of)
    events.subscribe("consent.glass-broken", "review", portal.put_review)
    events.subscribe("consent.judged", "review", portal.settle_review)
    events.subscribe("match.sent", "review", portal.put_twins)
    events.subscribe("match.decided", "review", portal.settle_twins)
    events.subscribe("person.registered", "relation", consent.begin_for_registered)
    events.subscribe("encounter.recorded", "referral-arrival", referral.match_arrivals)
    events.subscribe("condition.recorded", "surveillance", surveillance.report_condition)
    events.subscribe("conditions.imported", "surveillance", surveillance.report_imported)
    events.subscribe("condition.withdrawn", "surveillance", surveillance.withdraw_report)
    events.subscribe("facts.recorded", "screening", screening_jobs.reassess_soon)
    panels.register("diagnoses", "catalogue", referral_panels.diagnoses_matching, order=10)
    panels.register("diagnoses", "scheme", claims_panels.diagnoses_matching, order=20)
    panels.register("case", "report-card", surveillance_panels.case_of)
    panels.register("facility", "staff", staff_panels.at_facility)
    panels.register("facility", "schedule", booking_panels.at_facility)
    panels.register("person", "referral", referral_panels.of_person, order=10)
    panels.register("person", "claims", claims_panels.of_person, order=20)
    panels.register("resident-first", "messages", screening_panels.messages_of)
    panels.register("resident", "bills", claims_panels.bills_of, order=20)
    panels.register("person", "screening", screening_panels.of_person, order=20)
    panels.register("banner-alerts", "allergies", record_banner.alerts_of)
    panels.register("privacy", "openings", board_panels.opened_lately)
    panels.register("person-access", "reasons", consent_panels.why_seen)
    panels.register("person-keeping", "doctor", staff_panels.keeping_of, order=10)
    panels.register("person-keeping", "relations", consent_panels.running_of, order=20)
    panels.register("person-banner", "doctor", staff_panels.doctor_of)
