"""What the frame of every page shows: who acts, where they can go."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

ENTRIES = (
    ("board", "/", _("工作"), "layout-list", ""),
    ("people", "/people/", _("居民"), "users", "people.search"),
    ("referral", "/referrals/", _("转诊"), "arrows-exchange", "referral.read"),
    ("schedule", "/schedule/", _("号源"), "calendar", "booking.schedule"),
    ("claims", "/claims/", _("结算"), "receipt", "claims.read"),
    ("case-mix", "/claims/case-mix", _("病例组合"), "stack", "claims.statistics"),
    ("screening", "/screening/", _("筛查"), "scan", "screening.statistics"),
    ("statistics", "/referrals/statistics", _("统计"), "chart-bar", "referral.statistics"),
    ("budget", "/budget/", _("总额"), "coin-yuan", "budget.read"),
    ("cockpit", "/cockpit/", _("驾驶舱"), "dashboard", "atlas.read"),
    ("atlas", "/atlas/", _("地图"), "map", "atlas.read"),
    ("measures", "/measures/", _("指标"), "target", "measures.read"),
    ("places", "/places/", _("机构"), "building-hospital", "places.read"),
    ("privacy", "/privacy/", _("隐私"), "eye", "consent.judge"),
    ("staff", "/staff/", _("人员"), "id", "staff.manage"),
    ("rulebook", "/rulebook/", _("规则"), "book", "rulebook.read"),
)


def context(request: HttpRequest) -> dict[str, Any]:
    """`actor`, the entries that the acting post may open, and by when it must have a second factor."""
    actor = getattr(request, "actor", None)
    entries = [
        {"key": key, "url": url, "label": label, "icon": icon}
        for key, url, label, icon, capability in ENTRIES
        if actor is not None and (not capability or actor.may(capability))
    ]
    due = getattr(request, "second_factor_due", None)
    overdue = due is not None and due < timezone.localdate()
    frame = {"actor": actor, "navigation": entries, "demo": settings.DEMO}
    return {**frame, "second_factor_due": due, "second_factor_overdue": overdue}
