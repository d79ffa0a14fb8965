"""What the frame of every page shows: who acts, where they can go."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

ENTRIES = (
    ("board", "/", _("工作"), "layout-list", ""),
    ("people", "/people/", _("居民"), "users", "people.search"),
    ("referral", "/referrals/", _("转诊"), "arrows-exchange", "referral.read"),
    ("claims", "/claims/", _("结算"), "receipt", "claims.read"),
    ("case-mix", "/claims/case-mix", _("病例组合"), "stack", "claims.statistics"),
    ("statistics", "/referrals/statistics", _("统计"), "chart-bar", "referral.statistics"),
    ("places", "/places/", _("机构"), "building-hospital", "places.read"),
    ("privacy", "/privacy/", _("隐私"), "eye", "consent.judge"),
    ("staff", "/staff/", _("人员"), "id", "staff.manage"),
    ("rulebook", "/rulebook/", _("规则"), "book", "rulebook.read"),
)


def context(request: HttpRequest) -> dict[str, Any]:
    """`actor` and the entries that the acting post may open."""
    actor = getattr(request, "actor", None)
    entries = [
        {"key": key, "url": url, "label": label, "icon": icon}
        for key, url, label, icon, capability in ENTRIES
        if actor is not None and (not capability or actor.may(capability))
    ]
    return {"actor": actor, "navigation": entries, "demo": settings.DEMO}
