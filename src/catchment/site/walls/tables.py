"""Every table that tells something about a person, and by which rule a row of it is seen, added, changed.

A rule is an area of reach and a condition in SQL on the row. `area:read` opens the rows that fulfil the condition,
`area:read-all` all of them; writing likewise. Areas and words of reach are given out in `reaches`.
"""

from dataclasses import dataclass

SEES = "wall_sees(person_id)"
HERE = "any((select wall_facilities())::bigint[])"
OWN = "(select wall_facility())"
CLAIMED = f"facility_id = {HERE} or person_id = (select wall_person())"
CASE = f"facility_id = {OWN} and post_id = (select wall_post()) and wall_case(item_id, person_id)"
CLAIMANT = f"exists (select from claims_claim c where c.id = claim_id and ({CLAIMED}))"
"""Whose own claim it is: not everybody who sees the claim sees the name on it."""
CLAIM = "exists (select from claims_claim c where c.id = claim_id)"
REFERRAL = "exists (select from referral_referral r where r.id = referral_id)"


@dataclass(frozen=True, slots=True)
class Wall:
    """One table's rule. `seen` holds for reading; `added` and `changed` for writing, `seen` where they are empty.

    `person` names the column by which a row tells who somebody is: an office reads it inside a case, and whoever
    oversees referrals reads it of the people referred; neither reads any other row about a person.
    """

    area: str
    seen: str = SEES
    added: str = ""
    changed: str = ""
    person: str = ""

    def policies(self) -> dict[str, tuple[str, str]]:
        """For each command what must hold of the row before and of the row after; empty where it does not apply."""
        added, changed = self.added or self.seen, self.changed or self.seen
        return {
            "select": (self._opened("read", self.seen) + self._told(), ""),
            "insert": ("", self._opened("write", added)),
            "update": (self._opened("write", changed), self._opened("write", changed)),
            "delete": (self._opened("write", changed), ""),
        }

    def _told(self) -> str:
        """The people opened are asked for once in a statement, and not at all for whoever can open nobody."""
        if not self.person:
            return ""
        return (
            f" or ((select wall_reach('identity:read')) and {self.person} = any((select wall_opened())::bigint[]))"
            f" or ((select wall_reach('people:referred')) and wall_referred({self.person}))"
        )

    def _opened(self, word: str, condition: str) -> str:
        everything = f"(select wall_reach('{self.area}:{word}-all'))"
        return f"{everything} or ((select wall_reach('{self.area}:{word}')) and ({condition}))"


FACT = Wall(
    "record",
    f"{SEES} and (sensitivity = '' or facility_id = {OWN} or wall_explicit(person_id))",
    added=SEES,
)
FACTS = (
    "encounter", "condition", "observation", "procedure", "medication", "allergy", "immunization", "report",
    "document", "servicerequest",
)  # fmt: skip
OURS = """parties && (select wall_facilities())::bigint[]
    and (state in ('sent', 'information-requested', 'accepted', 'arrived', 'answered', 'taken-over')
        or (state <> 'draft' and state_since > wall_now() - wall_after()))"""
"""A referral of one's own that lets one see the person: who sees it sees whom it is about."""
RESOURCES = {
    "Encounter": "encounter", "Condition": "condition", "Observation": "observation", "Procedure": "procedure",
    "MedicationRequest": "medication", "AllergyIntolerance": "allergy", "Immunization": "immunization",
    "DiagnosticReport": "report", "DocumentReference": "document", "ServiceRequest": "servicerequest",
}  # fmt: skip
BECAME = " or ".join(
    f"(resource_type = '{kind}' and exists (select from record_{table} f where f.id = row_id))"
    for kind, table in RESOURCES.items()
)
"""What an incoming resource became can be seen: then so can where it came from."""
HISTORY = tuple(f"record_{name}" for name in FACTS)
"""Tables whose rows keep what they were."""
RESIDENT = f"primary_facility_id = {HERE} or wall_sees(id)"
WALLS: dict[str, Wall] = {
    "people_person": Wall("people", RESIDENT, added=f"primary_facility_id = {HERE}", person="id"),
    "people_household": Wall(
        "people", "exists (select from people_person p where p.household_id = people_household.id)", added="true"
    ),
    "people_personidentifier": Wall("people", person="person_id"),
    "people_personname": Wall("people"),
    "people_personcontact": Wall("people", person="person_id"),
    "people_coverage": Wall("people"),
    "people_facilitymove": Wall("people"),
    "people_residencemove": Wall("people"),
    "people_searchtoken": Wall("people"),
    "people_suspectedmatch": Wall("people", "wall_sees(left_id) and wall_sees(right_id)"),
    "people_merge": Wall("people", "wall_sees(kept_id) and wall_sees(duplicate_id)"),
    "staff_careresponsibility": Wall("people", person="person_id"),
    "consent_relation": Wall(
        "consent",
        f"facility_id = {OWN} or person_id = (select wall_person())",
        added=f"facility_id = {OWN} and (kind <> 'consent' or {SEES})",
        changed=f"facility_id = {OWN} and kind <> 'break-glass'",
    ),
    "consent_choice": Wall("consent"),
    "consent_accesslink": Wall("consent"),
    **{f"record_{name}": FACT for name in FACTS},
    "record_incomingresource": Wall("record", BECAME, added="false", changed="false"),
    "kernel_rowhistory": Wall(
        "record",
        f"person_id is not null and {SEES} and (coalesce(was ->> 'sensitivity', '') = '' or wall_explicit(person_id))",
        added="false",
        changed="false",
    ),
    "ledger_account": Wall(
        "ledger",
        f"facility_id = {HERE} or person_id = (select wall_person())",
        added=f"facility_id = {HERE} or facility_id is null",
        changed="false",
    ),
    "ledger_posting": Wall(
        "ledger", "exists (select from ledger_account a where a.id = account_id)", added="true", changed="false"
    ),
    "budget_evidence": Wall("evidence", "false"),
    "record_incomingkey": Wall("import", "false"),
    "record_missinglink": Wall("import", "false"),
    "board_workitem": Wall(
        "board",
        f"facility_id = {HERE} or origin_id = {HERE} or (person_id is not null and {SEES})",
        added=f"facility_id = {OWN} or (person_id is not null and {SEES})",
    ),
    "board_opening": Wall("identity", f"facility_id = {OWN}", added=CASE, changed="false"),
    "board_notice": Wall(
        "board",
        f"facility_id = {HERE} or (person_id is not null and {SEES})",
        added=f"facility_id = {OWN} or (person_id is not null and {SEES})",
    ),
    "booking_booking": Wall("booking"),
    "referral_referral": Wall("referral", f"({OURS}) or {SEES}", added=SEES),
    "referral_returnletter": Wall("referral", REFERRAL),
    "referral_referralmessage": Wall("referral", REFERRAL),
    "referral_referralattachment": Wall("referral", REFERRAL),
    "referral_patientlink": Wall("referral", REFERRAL),
    "referral_advice": Wall(
        "referral", f"from_facility_id = {HERE} or holder_facility_id = {HERE} or {SEES}", added=SEES
    ),
    "surveillance_reportcard": Wall(
        "surveillance", f"facility_id = {OWN} or office_id = {OWN}", added="false", changed="false"
    ),
    "claims_claim": Wall("claims", CLAIMED, added=f"facility_id = {HERE}", changed=f"facility_id = {HERE}"),
    "claims_claimant": Wall("claimants", CLAIMANT),
    "claims_claimline": Wall("claims", CLAIM),
    "claims_settlement": Wall("claims", CLAIM),
    "claims_casepayment": Wall("claims", CLAIM),
    "claims_specialreview": Wall("claims", CLAIM),
    "claims_reviewdocument": Wall(
        "claims", "exists (select from claims_specialreview v where v.id = review_id)", changed="false"
    ),
    "claims_yearaccount": Wall("claims", "person_id = (select wall_person())"),
    "claims_entitlement": Wall("claims", "person_id = (select wall_person())"),
    "claims_incomingrow": Wall("claimants", "false"),
    "referral_personaldraft": Wall("draft", "post_id = (select wall_post())"),
    "screening_assessment": Wall("screening"),
    "screening_reassessed": Wall("screening"),
    "screening_case": Wall("screening"),
    "message_read": Wall("message", added="person_id = (select wall_person())", changed="false"),
    "screening_planaction": Wall("screening", "exists (select from screening_case c where c.id = case_id)"),
}
SUBJECTS = {
    "referral": "exists (select from referral_referral r where r.id = subject_id)",
    "advice": "exists (select from referral_advice a where a.id = subject_id)",
    "claim": "exists (select from claims_claim c where c.id = subject_id)",
    "screening": "exists (select from screening_case c where c.id = subject_id)",
    "budget": "exists (select from budget_budget b where b.id = subject_id)",
    "finding": "exists (select from budget_finding b where b.id = subject_id)",
    "special-review": "exists (select from claims_specialreview v where v.id = subject_id)",
}
UNWALLED: dict[str, str] = {
    "kernel_keptanswer": "has policies of its own: an answer is its post's alone",
    "kernel_auditentry": "has policies of its own: everybody adds, few read",
    "kernel_flowevent": "has policies of its own, by the kind of its subject",
}
