"""Codes of claims in the reader's words."""

from django.utils.translation import gettext_lazy as _

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
AMOUNTS = frozenset({"lines", "total", "excluded", "first_pay", "part"})
FACT_VALUES = {"male": _("男"), "female": _("女")}
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
WHYS = {"calendar": _("期限所依的放假与调休日历未经核实，或这一年还没有发布")}
"""Reasons of statements that hold no figure: told in the reader's language, not as they were written."""
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
