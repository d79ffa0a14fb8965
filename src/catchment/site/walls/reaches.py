"""What a capability opens in the database, and what the system may do under each of its names."""

from catchment.kernel import wall

REACHES: dict[str, tuple[str, ...]] = {
    "people.search": ("people:find",),
    "people.read": ("people:read",),
    "people.register": ("people:read", "people:write"),
    "people.match": ("people:read-all", "consent:read"),
    "people.compare": ("people:find",),
    "identity.open": ("identity:read", "identity:write"),
    "record.read": ("record:read", "consent:read"),
    "record.write": ("record:read", "record:write", "board:write"),
    "record.import": ("record:read", "record:write", "people:read", "people:write"),
    "consent.attend": ("consent:read", "consent:write"),
    "consent.break-glass": ("consent:read", "consent:write", "board:write"),
    "consent.judge": (
        "consent:read-all", "consent:write-all", "audit:read-all", "people:find", "people:read-all", "board:write",
        "identity:read-all",
    ),
    "referral.read": ("referral:read", "booking:read"),
    "referral.read-all": ("referral:read-all", "people:referred"),
    "referral.create": (
        "draft:read", "draft:write", "referral:read", "referral:write", "booking:write", "board:write", "record:write",
    ),
    "referral.send": ("referral:read", "referral:write", "booking:write", "board:write"),
    "referral.receive": ("referral:read", "referral:write", "booking:write", "board:write", "record:write"),
    "referral.answer": ("referral:read", "referral:write", "board:write", "record:write"),
    "referral.take-over": ("referral:read", "referral:write", "board:write", "record:write"),
    "referral.print": ("referral:read", "referral:write"),
    "advice.read": ("referral:read",),
    "advice.ask": ("referral:read", "referral:write", "board:write"),
    "advice.answer": ("referral:read", "referral:write", "board:write"),
    "booking.manage": ("booking:read", "booking:write"),
    "board.read": ("board:read",),
    "claims.read": ("claims:read", "claimants:read"),
    "claims.work": ("claims:read", "claims:write", "claimants:read", "board:write"),
    "claims.oversee": ("claims:read-all", "claims:write-all", "ledger:read-all"),
    "screening.read": ("screening:read", "message:read"),
    "screening.follow": ("board:write",),
    "screening.act": ("screening:read", "screening:write", "board:write"),
    "surveillance.read": ("surveillance:read",),
    "budget.evidence": ("evidence:read-all",),
    "claims.pay": ("claims:read-all", "board:write"),
    "ledger.read": ("ledger:read",),
    "ledger.read-all": ("ledger:read-all",),
    "ledger.post": ("ledger:read-all", "ledger:write-all"),
}  # fmt: skip
SYSTEMS: dict[str, tuple[str, ...]] = {
    "referral-clocks": (
        "referral:read-all", "referral:write-all", "booking:read-all", "booking:write-all", "board:read-all",
        "board:write-all", "people:read-all",
    ),
    "referral-statistics": ("referral:read-all", "booking:read-all"),
    "screening": (
        "screening:read-all", "screening:write-all", "record:read-all", "people:read-all", "board:read-all",
        "board:write-all", "referral:read-all",
    ),
    "screening-statistics": ("screening:read-all", "people:read-all"),
    "patient-link": ("referral:read-all", "referral:write-all", "people:read-all", "booking:read-all"),
    "resident-link": ("consent:read-all", "consent:write-all"),
    "registration": ("people:read-all", "people:write-all", "consent:read-all", "consent:write-all"),
    "linkage": (
        "people:read-all", "people:write-all", "record:read-all", "record:write-all", "referral:read-all",
        "referral:write-all", "booking:read-all", "booking:write-all", "board:read-all", "board:write-all",
        "consent:read-all", "consent:write-all",
    ),
    "sensitive-labels": ("record:read-all", "record:write-all", "people:read-all"),
    "claims-desk": (
        "claims:read-all", "claims:write-all", "claimants:read-all", "claimants:write-all",
        "ledger:read-all", "ledger:write-all", "people:read-all",
        "record:read-all", "referral:read-all", "board:read-all", "board:write-all",
    ),
    "claims-statistics": ("claims:read-all", "people:read-all"),
    "contracts": ("people:read-all", "people:write-all"),
    "county-map": ("board:read-all",),
    "ward": ("booking:read-all", "booking:write-all"),
    "pseudonyms": ("people:read-all",),
    "lake": ("people:read-all", "record:read-all", "referral:read-all", "claims:read-all"),
    "budget": (
        "people:read-all", "record:read-all", "referral:read-all", "ledger:read-all", "ledger:write-all",
        "board:read-all", "board:write-all", "claims:read-all", "evidence:read-all",
        "evidence:write-all",
    ),
    "measures": ("people:read-all", "record:read-all", "referral:read-all"),
    "surveillance": (
        "surveillance:read-all", "surveillance:write-all", "people:read-all", "record:read-all", "board:read-all",
        "board:write-all",
    ),
    "glass-review": ("board:read-all", "board:write-all", "people:read-all"),
}  # fmt: skip


def register() -> None:
    """Tell the kernel. Called once, when Django is ready."""
    for capability, reaches in REACHES.items():
        wall.register_reach(capability, *reaches)
    for name, reaches in SYSTEMS.items():
        wall.register_system(name, *reaches)
