"""Codes and reasons of claims in the reader's words."""

from django.utils.translation import gettext_lazy as _

from catchment.kernel.ui.words import Telling, named
from catchment.standards.money import yuan

STATES = {
    "drafted": _("待检查"),
    "checked": _("待结算"),
    "rejected": _("退回"),
    "settled": _("已结算"),
    "cancelled": _("已撤销"),
    "history": _("历史"),
}
STATE_MARKS = {
    "drafted": "amber",
    "checked": "blue",
    "rejected": "red",
    "settled": "green",
    "cancelled": "blue",
    "history": "grey",
}
VERBS = {
    "draft": _("建单"),
    "check": _("检查"),
    "file": _("留作历史"),
    "reject": _("退回"),
    "mend": _("修改"),
    "settle": _("结算"),
    "recompute": _("重新计算"),
    "cancel": _("撤销"),
    "accept": _("申诉成立，恢复"),
    "ask": _("申请特例单议"),
    "grant": _("同意"),
    "refuse": _("不同意"),
    "withdraw": _("撤回"),
}
KINDS = {"inpatient": _("住院"), "outpatient": _("门诊")}
INSURANCES = {"resident": _("居民医保"), "employee": _("职工医保"), "none": _("未参保"), "medical-aid": _("医疗救助")}
PEOPLE = {
    "resident": _("普通参保人"),
    "subsistence": _("低保对象"),
    "extreme-poverty": _("特困人员"),
    "low-income": _("低保边缘家庭成员"),
    "monitored": _("防止返贫监测对象"),
}
WAYS = {"local": _("本地就医"), "transferred": _("转外就医（有转诊）"), "unfiled": _("外出就医（未备案）")}
COSTS = {
    "drug": _("药品"),
    "consumable": _("耗材"),
    "examination": _("检查"),
    "laboratory": _("检验"),
    "service": _("医疗服务"),
    "other": _("其他"),
}
LEVELS = {
    "township": _("乡镇卫生院"),
    "1": _("一级医院"),
    "2": _("二级医院"),
    "3": _("三级医院"),
}
LAYERS = {"basic": _("基本医保"), "serious": _("大病保险"), "aid": _("医疗救助")}
FINDINGS = {
    "sum": _("明细与总额不符"),
    "empty": _("无费用"),
    "self-pay": _("自付超过总额"),
    "currency": _("币种"),
    "dates": _("日期倒置"),
    "no-diagnosis": _("缺主要诊断"),
    "no-coverage": _("未参保"),
    "overlap": _("重叠住院"),
    "split": _("疑似分解住院"),
    "readmission": _("短期再入院"),
    "transfer": _("转院"),
    "drug-share": _("药占比高"),
    "consumable-share": _("耗占比高"),
    "sex": _("性别不符"),
    "age": _("年龄不符"),
    "long": _("超长住院"),
    "quantity": _("超量"),
}
PLACES = {
    "sum": "total", "empty": "total", "currency": "total", "self-pay": "lines", "drug-share": "lines",
    "consumable-share": "lines", "quantity": "lines", "dates": "dates", "overlap": "dates", "split": "dates",
    "readmission": "dates", "transfer": "dates", "long": "dates", "no-diagnosis": "diagnoses", "sex": "diagnoses",
    "age": "diagnoses", "no-coverage": "person",
}  # fmt: skip
"""The part of the form that a finding speaks of."""
FACTS = {
    "lines": _("明细合计"),
    "total": _("总费用"),
    "excluded": _("自费"),
    "first_pay": _("先行自付"),
    "currency": _("币种"),
    "begins_on": _("入院"),
    "ends_on": _("出院"),
    "day": _("日期"),
    "gap": _("相隔天数"),
    "within": _("规则天数"),
    "diagnosis": _("诊断"),
    "sex": _("登记性别"),
    "expected": _("应为"),
    "age": _("年龄"),
    "least": _("最小"),
    "most": _("上限"),
    "part": _("其中"),
    "days": _("天数"),
    "line": _("项目"),
    "quantity": _("数量"),
}
FIELDS = {
    "begins_on": _("入院"),
    "ends_on": _("出院"),
    "total": _("总费用"),
    "department": _("科室"),
    "discharge_way": _("离院方式"),
    "weight_g": _("出生体重"),
    "icu_hours": _("重症监护小时"),
    "diagnoses": _("诊断"),
    "procedures": _("手术操作"),
    "lines": _("费用明细"),
}
WORTHS = {
    "normal": _("按标准"),
    "high": _("高倍率"),
    "low": _("低倍率"),
    "excluded": _("按项目"),
    "per-diem": _("按床日"),
    "ungrouped": _("未入组"),
    "special": _("特例单议"),
    "by-review": _("单议病组"),
    "recovered": _("撤销收回"),
}
GROUPED = {
    "ok": _("已入组"),
    "ambiguous": _("歧义组"),
    "ungrouped": _("未入组"),
    "invalid": _("不能分组"),
}
STATEMENTS = {"prepayment": _("预付"), "monthly": _("月结算"), "clearance": _("年度清算"), "supplement": _("清算补充")}
REVIEW_KINDS = {"special": _("特例单议"), "dispute": _("申诉")}
DISPUTES = {"asked": _("待答复"), "granted": _("申诉成立"), "refused": _("维持原处理"), "withdrawn": _("已撤回")}
REVIEWS = {"asked": _("待审"), "granted": _("已同意"), "refused": _("未同意"), "withdrawn": _("已撤回")}
METHODS = {"drg": _("按病组（DRG）"), "dip": _("按病种分值（DIP）")}
PURPOSES = {
    "fund-receivable": _("应收基金"),
    "aid-receivable": _("应收救助"),
    "patient-receivable": _("应收个人"),
    "basic": _("基本医保支出"),
    "serious": _("大病保险支出"),
    "aid": _("医疗救助支出"),
    "self-pay": _("个人负担"),
    "case-payment": _("按病组调整"),
    "settled": _("已拨付"),
    "bank": _("银行"),
    "prepaid": _("预付"),
    "deposit": _("质量保证金"),
}
TAKEN_BACK = {"earlier-taken-back": _("同年较早的一笔结算已撤销，重新计算")}
"""Why a settlement was taken back where nobody said it in words of their own."""
SHARES = {
    "uninsured": _("没有登记的基本医疗保险，费用由个人承担；补登记后可以重新结算"),
    "no-outpatient": _("这一级别的门诊没有报销规定"),
    "outpatient": _("门诊起付 %(deductible)s 元，超出部分报销 %(percent)d%%"),
    "outpatient-cap": _("已到全年门诊封顶线 %(cap)s 元"),
    "basic": _("%(level)s起付线 %(deductible)s 元（今年第 %(n)d 次住院），超出部分报销 %(percent)d%%"),
    "reduced": _("因转外或未备案，报销比例降低 %(points)d 个百分点"),
    "cap": _("已到全年封顶线 %(cap)s 元"),
    "serious": _("全年政策范围内自付累计 %(own)s 元，超过 %(deductible)s 元的部分按段报销"),
    "relief": _("属于%(category)s：起付线降低，比例提高 %(points)d 个百分点，不设封顶"),
    "no-aid": _("%(category)s没有医疗救助"),
    "aid": _("属于%(category)s：余下 %(left)s 元中，救助 %(percent)d%%"),
    "aid-limit": _("已到全年救助限额 %(cap)s 元"),
    "taken-back": _("%(claim)s 已撤销，本笔依据的全年累计已变，应重新计算"),
}
"""How a settlement came to its shares, and why it should be reckoned anew."""
PAYMENTS = {
    "special": _("特例单议通过，按实际费用支付"),
    "ungrouped": _("未入组，按项目费用的 %(percent)d%% 支付"),
    "by-review": _("本病组由版本规定单议，暂按项目支付"),
    "per-diem": _("按床日付费：%(daily)s 元 × %(days)d 天"),
    "short-stay": _("住院不超过 %(days)d 天，不按病组，按项目支付"),
    "long-stay": _("住院达到 %(days)d 天，不按病组，按项目支付"),
    "low": _("费用低于标准的 %(times)s 倍，低倍率，按实际费用支付"),
    "high": _("费用高于标准的 %(times)s 倍，高倍率：标准之外，超出部分付 %(percent)d%%，即 %(more)s 元"),
    "normal": _("按病组标准 %(standard)s 元支付"),
    "patient-paid-more": _("个人与其他来源已付超过应付标准，基金不再支付"),
    "recovered": _("%(period)s %(kind)s已付基金 %(fund)s 元；%(day)s 由 %(by)s 撤销：%(reason)s；本期收回"),
    "prepayment": _("前三个月月均基金支付 %(usual)s 元，预付 %(percent)d%%"),
    "late": _("含以往年度清算之后才结算的病例 %(n)d 例，按其本年度的终点值"),
    "clearance": _("全年应付 %(final)s 元，各月已结 %(stated)s 元，差额 %(rest)s 元；退还质量保证金 %(deposit)s 元"),
    "overdue": _("清算期限为 %(day)s，已过期"),
    "calendar": _("期限所依的放假与调休日历未经核实，或这一年还没有发布"),
    "back": _("收回清算之后撤销的病例 %(n)d 例，共 %(sum)s 元"),
    "owed": _("本期应付不足抵扣，由机构退回 %(owed)s 元"),
}
"""What a case is worth, and what a statement says of its sums."""
CHECKS = {
    "sum": _("明细合计 %(lines)s 元，与总费用 %(total)s 元不符"),
    "empty": _("总费用应大于零"),
    "self-pay": _("自费与先行自付之和超过总费用"),
    "currency": _("费用币种是 %(currency)s，结算只用人民币"),
    "dates": _("出院早于入院"),
    "no-diagnosis": _("没有主要诊断编码，不能分组"),
    "no-coverage": _("出院那天没有登记的基本医疗保险，全部由个人承担"),
    "overlap": _("与 %(facility)s %(begins_on)s 至 %(ends_on)s 的住院重叠"),
    "split": _("出院 %(gap)d 天后因同类诊断再入同一机构（上次 %(begins_on)s 至 %(ends_on)s），疑似分解住院"),
    "readmission": _("%(gap)d 天前因同类诊断从 %(facility)s 出院，属短期再入院"),
    "transfer": _("当天由 %(facility)s 出院转来，属转院病例"),
    "drug-share": _("药品占 %(percent)d%%，高于 %(most)d%%"),
    "consumable-share": _("耗材占 %(percent)d%%，高于 %(most)d%%"),
    "sex": _("诊断 %(diagnosis)s 与性别不符"),
    "age": _("诊断 %(diagnosis)s 与年龄 %(age)d 岁不符"),
    "long": _("住院 %(days)d 天，超过 %(most)d 天"),
    "quantity": _("%(line)s 数量 %(quantity)s，超过 %(days)d 天内应有的 %(most)d"),
}
"""What the checks found."""
SEXES = {"male": _("男"), "female": _("女")}
AMOUNTS = (
    "cap", "daily", "deductible", "deposit", "excluded", "final", "first_pay", "fund", "left", "lines", "more", "owed",
    "own", "part", "rest", "standard", "stated", "sum", "total", "usual",
)  # fmt: skip
WHY = Telling(
    {**SHARES, **PAYMENTS, **CHECKS},
    {
        **dict.fromkeys(AMOUNTS, yuan),
        "level": named(LEVELS),
        "category": named(PEOPLE),
        "kind": lambda code: STATEMENTS[code],
        "reason": lambda told: TAKEN_BACK.get(told, told),
        "sex": lambda code: SEXES.get(code, code),
        "expected": lambda code: SEXES.get(code, code),
        "quantity": lambda n: f"{n:g}",
    },
)
"""Every reason that a claim keeps, told."""
