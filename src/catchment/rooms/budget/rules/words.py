"""The codes and reasons of the budget in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catchment.kernel.ui.words import Telling
from catchment.rooms.budget.types import Category, Choice, FindingState, State, Watch
from catchment.standards.money import yuan

Words = dict[str, Promise]
CATEGORIES: Words = {
    Category.INPATIENT_IN: _("县内住院"),
    Category.INPATIENT_OUT: _("县外住院"),
    Category.OUTPATIENT: _("门诊"),
    Category.CHRONIC: _("慢性病门诊"),
}
PARTS: Words = {
    **CATEGORIES,
    "contract": _("家庭医生签约"),
    "premium": _("大病保险保费"),
    "public-health": _("公共卫生经费"),
    "carried": _("以前年度结转"),
}
STEPS: Words = {
    "base": _("历史基数"),
    "growth": _("增长"),
    "population": _("参保人数"),
    "ageing": _("老龄化"),
    "spectrum": _("疾病谱"),
    "policy": _("政策与价格"),
    "flow": _("县外回流"),
    "reserve": _("风险预留"),
    **{name: words for name, words in PARTS.items() if name not in CATEGORIES},
}
STATES: Words = {
    State.DRAFT: _("草案"),
    State.SIGNED: _("牵头医院已签"),
    State.AGREED: _("已签协议"),
    State.RUNNING: _("执行中"),
    State.PRE_SETTLED: _("已预结"),
    State.RECKONED: _("已核算"),
    State.DECIDED: _("超支已决定"),
    State.CLEARED: _("已清算"),
    State.WITHDRAWN: _("已撤回"),
}
VERBS: Words = {
    "make": _("编制"),
    "sign": _("代表全体成员签订"),
    "withdraw": _("撤回"),
    "agree": _("同意并签协议"),
    "prepay": _("按月预付"),
    "presettle": _("按季预结"),
    "reckon": _("年度核算"),
    "decide": _("决定超支"),
    "clear": _("清算记账"),
    "reopen": _("冲正重开"),
    "find": _("发现"),
    "confirm": _("属实"),
    "explain": _("有合理解释"),
    "dismiss": _("不成立"),
}
CHOICES: Words = {
    Choice.SHARE: _("按规则分担"),
    Choice.CARRY: _("结转下年预算扣回"),
    Choice.NONE: _("不扣，由基金承担"),
}
LEVELS: Words = {"lead": _("县级"), "township": _("乡镇"), "village": _("村")}
WATCHES: Words = {
    Watch.UNDER_SERVICE: _("服务不足"),
    Watch.REFUSED_SEVERE: _("推诿重症"),
    Watch.READMISSION: _("分解住院与再入院"),
    Watch.UPCODING: _("高编病组"),
    Watch.CASE_MIX: _("病例组合指数漂移"),
    Watch.UNSUPPORTED: _("并发症无结果支持"),
    Watch.COST_SHIFT: _("费用转嫁个人"),
    Watch.OUTFLOW: _("费用转向县外"),
}
FINDINGS: Words = {
    FindingState.OPEN: _("待复核"),
    FindingState.CONFIRMED: _("属实"),
    FindingState.EXPLAINED: _("有合理解释"),
    FindingState.DISMISSED: _("不成立"),
}
PLACES: Words = {
    "local": _("通用默认"),
    "sanming": _("福建三明"),
    "tianchang": _("安徽天长"),
    "yuhuan": _("浙江玉环"),
    "tongren": _("贵州铜仁"),
}
TAGS: Words = {
    "D": _("设定值"),
    "B+": _("背景所知，较有把握"),
    "B": _("背景所知，待核"),
    "B?": _("背景所知，把握低"),
    "local": _("由当地填写"),
}
SOURCES: Words = {
    "rep3": _("浙江某沿海县区域报告（2024）"),
    "rep4": _("十项举措区域报告（2024）"),
    "chyy": _("《中国医院院长》三明报道"),
    "sanming22": _("《卫生政策研究》三明（2022）"),
    "reportify": _("第一财经三明报道（2025-12）"),
    "jiusong": _("九颂健康三明报道（弱）"),
    "anhui": _("安徽按人头预付效果研究"),
    "latrobe": _("浙江县域支付改革研究（La Trobe）"),
    "dove": _("金华门诊支付改革研究（Dove）"),
}
PURPOSES: Words = {
    "budget": _("年度预算"),
    "reserve": _("风险预留"),
    "advance": _("已预付未清算"),
    "packages": _("打包经费"),
    "carried": _("结转待扣"),
    "fund-receivable": _("应收基金"),
    "fund-received": _("已由预算付的基金"),
    "aid-receivable": _("应收救助"),
    "patient-receivable": _("应收个人"),
    "surplus": _("结余留用"),
    "overrun": _("超支承担"),
    "bank": _("银行"),
    "deposit": _("质量保证金"),
    "prepaid": _("按病组预付"),
}
FROM: Words = {"record": _("本系统病历"), "upload": _("上传")}
EVENTS: Words = {
    "IMP": _("住院"),
    "AMB": _("门诊"),
    "EMER": _("急诊"),
    "HH": _("上门"),
    "referral": _("转诊"),
}
POSTINGS: Words = {
    "budget-agreed": _("签订年度预算"),
    "budget-prepayment": _("按月预付"),
    "budget-clearance": _("年度清算"),
    "settlement": _("结算"),
    "correction": _("冲正"),
    "prepayment": _("预付"),
    "monthly": _("月结算"),
    "clearance": _("年度清算"),
    "supplement": _("清算补充"),
}
"""What an entry of the ledger books, where nobody wrote words of their own."""
MAKING: dict[str, Promise | str] = {
    "per-head": _("按人头：参保 %(n)d 人 × 各档标准"),
    "year": _("%(year)d 年 %(spent)s 元 × %(weight)d"),
    "fewer-years": _("只有 %(n)d 个完整年度，权重在其中分摊"),
    "growth": _("上年比前年增长 %(seen)s%%，增幅上限 %(cap_percent)s%%，取 %(rise)s%%"),
    "no-growth": _("没有两个完整年度可比，不计增长"),
    "population": _("参保人数 %(before)d → %(now)d"),
    "ageing": _("按年龄段费用权重，人均风险比上年变为 %(times)s 倍"),
    "spectrum": _("慢性病人数 %(before)d → %(now)d，费用权重 %(weight)s"),
    "change": "%(name)s",
    "flow": _("预计 %(home)s%% 的县外住院回到县内，按县外费用的 %(price)s%% 计"),
    "reserve": _("预留风险金 %(percent)s%%"),
    "contract": _("签约 %(n)d 人 × %(each)s 元"),
    "premium": _("大病保险保费：%(n)d 人 × %(each)s 元"),
    "public-health": _("公共卫生经费打包：%(n)d 人 × %(each)s 元"),
    "carried": _("以前年度超支结转，经具名决定从本年预算中扣回"),
}
"""How a step of the making came to its sum."""
SETTLING: Words = {
    "not-scored": _("没有考核得分或当地没有绩效系数，按 1 计"),
    "score": _("考核平均分 %(score)s，绩效系数 %(factor)s%%"),
    "surplus": _("结余 %(left)s 元，留用 %(percent)s%%"),
    "kept-cap": _("留用以预算的 %(percent)s%% 为限，即 %(cap)s 元"),
    "overrun": _("超支 %(over)s 元，分段分担；未经具名决定不扣款"),
    "band": _("至预算的 %(to)s%%，医共体承担 %(community)s%%"),
    "band-rest": _("以上全部，医共体承担 %(community)s%%"),
}
"""How a year came out, and the bands of an overrun."""
WATCHING: Words = {
    "dropped": _(
        "人均服务量比上年同期下降 %(drop)s%%：%(before)d 次 → %(now)d 次（参保 %(heads_before)d → %(heads)d 人）"
    ),
    "above": _("%(counted)d ÷ %(of)d = %(value)s%%"),
    "risen": _("占比 %(before)s%% → %(now)s%%，升高 %(rise)s 个百分点"),
    "unlike-peers": _("占比 %(now)s%%（%(counted)d ÷ %(of)d），上年同期 %(own)s，其他机构 %(beside)s"),
    "case-mix": _(
        "第 %(quarter)d 季度 CMI %(now)s，前四季 %(before)s；同一 ADRG 内权重升高 %(within)s%%，其他机构 %(beside)s，"
        "其中有并发症组 %(heavy)d ÷ %(cases)d"
    ),
}
"""What a watch rule saw."""


def _compared(share: str | None) -> str:
    return gettext("不足以比较") if share is None else f"{share}%"


WHY = Telling(
    {**MAKING, **SETTLING, **WATCHING},
    {**dict.fromkeys(("cap", "each", "left", "over", "spent"), yuan), "own": _compared, "beside": _compared},
)
"""Every reason that a budget keeps, told."""
