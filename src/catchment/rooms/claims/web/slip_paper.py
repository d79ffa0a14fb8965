"""The settlement slip on paper: what was asked, who paid what and why, in words a resident understands."""

from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.rooms.claims.queries import ClaimPage
from catchment.rooms.claims.rules import words
from catchment.rooms.claims.web.shares import parts_of
from catchment.standards.money import yuan

TEMPLATE = Path(__file__).parent / "papers" / "slip.typ"


def content_of(page: ClaimPage, called: str) -> dict[str, Any]:
    """What the slip says of the person `called` so. The claim must be settled."""
    claim, live = page.claim, page.live
    if live is None:
        raise ValueError("a slip tells of a settlement")
    return {
        "title": _("医疗费用结算单"),
        "number": claim.number,
        "facility": claim.facility.name,
        "unverified": "" if live.verified else _("所依据的规则版本未经核实，仅供演示，不作为支付凭据。"),
        "fields": [
            [_("姓名"), called],
            [_("类别"), str(words.KINDS[claim.kind])],
            [_("险种"), str(words.INSURANCES[claim.insurance])],
            [_("人员类别"), str(words.PEOPLE.get(claim.category, claim.category))],
            [_("科室"), claim.department or "—"],
            [_("就医方式"), str(words.WAYS[claim.way])],
            [_("起止"), f"{claim.begins_on} — {claim.ends_on}"],
            [_("天数"), str(claim.days)],
            [_("主要诊断"), _diagnosis(page)],
            [_("病组"), claim.drg or "—"],
        ],
        "lines_title": _("费用"),
        "line_heads": [_("项目"), _("金额"), _("先行自付"), _("自费")],
        "lines": [
            [
                str(words.COSTS[line.category]) + (f" {line.name}" if line.name else ""),
                yuan(line.amount),
                yuan(line.first_pay),
                yuan(line.excluded),
            ]
            for line in page.lines
        ],
        "estimated": _("源系统没有给出自费与先行自付，按规则比例估计。") if claim.estimated else "",
        "shares_title": _("谁付了多少"),
        "parts": [
            [str(part.label), yuan(part.amount), f"{part.percent:g}%", part.colour, part.width]
            for part in parts_of(claim, live)
        ],
        "total": [_("合计"), yuan(claim.total)],
        "why_title": _("怎么算的"),
        "why": [
            [str(words.LAYERS[step["layer"]]), list(map(words.WHY.one, step["why"])), yuan(step["paid"])]
            for step in live.steps
        ],
        "foot": _("结算于 %(at)s · 依据 %(edition)s · 分录 %(entry)s")
        % {
            "at": timezone.localtime(live.at).strftime("%Y-%m-%d %H:%M"),
            "edition": live.edition or "—",
            "entry": f"{live.transaction.period.code}/{live.transaction.number}",
        },
        "signs": [_("经办"), _("本人或家属")],
    }


def _diagnosis(page: ClaimPage) -> str:
    first = page.claim.diagnoses[0] if page.claim.diagnoses else {}
    return " ".join(part for part in (first.get("display", ""), first.get("code", "")) if part) or "—"
