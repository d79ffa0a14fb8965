"""What people call the codes of screening. Colour means one thing."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catchment.rooms.screening.types import State, Status, Way

STATES: dict[str, Promise] = {
    State.FOUND: _("新发现"),
    State.INFORMED: _("已通知"),
    State.REACHED: _("已联系上"),
    State.TESTED: _("已检查"),
    State.CONFIRMED: _("已确诊"),
    State.CLEARED: _("已排除"),
    State.ENROLLED: _("已纳入管理"),
    State.REFUSED: _("不愿检查"),
    State.UNREACHABLE: _("联系不上"),
    State.MOVED_AWAY: _("已离开本地"),
    State.LAPSED: _("风险已降"),
}
STATE_MARKS = {
    State.CONFIRMED: "red",
    State.CLEARED: "green",
    State.ENROLLED: "green",
    State.REFUSED: "grey",
    State.UNREACHABLE: "amber",
    State.MOVED_AWAY: "grey",
    State.LAPSED: "green",
}
VERBS: dict[str, Promise] = {
    "open": _("发现"),
    "inform": _("已通知本人"),
    "reach": _("已联系上"),
    "test": _("检查已做"),
    "confirm": _("确诊"),
    "clear": _("排除"),
    "enrol": _("纳入管理"),
    "refuse": _("本人不愿"),
    "lose": _("联系不上"),
    "depart": _("已离开本地"),
    "take-up": _("重新联系上"),
    "raise": _("风险升高"),
    "lower": _("风险下降"),
    "lapse": _("风险已降，结束"),
    "escalate": _("超时上报"),
}
STATUSES: dict[str, Promise] = {
    Status.ASSESSED: _("已评估"),
    Status.MISSING: _("缺资料"),
    Status.OUT_OF_POPULATION: _("不在适用人群"),
    Status.NOT_APPLICABLE: _("不适用"),
    Status.REJECTED: _("资料有误"),
}
WAYS: dict[str, Promise] = {
    Way.AGE: _("出生日期"),
    Way.SEX: _("性别"),
    Way.AREA: _("住址"),
    Way.CONSTANT: _("全县设定"),
    Way.MEASUREMENT: _("测量"),
    Way.ANSWER: _("询问"),
    Way.CONDITION: _("诊断"),
    Way.MEDICINE: _("处方"),
    Way.FORMULA: _("推算"),
}
STAGES: dict[str, Promise] = {
    "eligible": _("应筛"),
    "assessed": _("已评估"),
    "found": _("发现"),
    "informed": _("已通知"),
    "reached": _("已联系上"),
    "tested": _("已检查"),
    "confirmed": _("已确诊"),
    "enrolled": _("已纳入管理"),
    "due": _("到期未复评"),
    "cleared": _("已排除"),
    "refused": _("不愿检查"),
    "unreachable": _("联系不上"),
    "moved-away": _("已离开本地"),
    "lapsed": _("风险已降"),
}
PARTS: dict[str, Promise] = {
    "systolic_from_140": _("收缩压达到 140"),
    "diastolic_from_90": _("舒张压达到 90"),
    "age": _("年龄"),
    "sex": _("性别"),
    "bmi": _("体质指数"),
    "waist": _("腰围"),
    "sbp": _("收缩压"),
    "inactivity": _("活动少"),
    "no_fruit_veg": _("少吃蔬果"),
    "antihypertensive": _("服降压药"),
    "high_glucose": _("曾查出高血糖"),
    "family_history": _("家族史"),
    "smoking": _("吸烟"),
    "passive_smoking": _("二手烟 20 年以上"),
    "copd_present": _("慢阻肺"),
    "occupational": _("职业暴露"),
    "fit": _("便检阳性"),
    "adenoma_or_polyp": _("腺瘤或息肉史"),
    "own_cancer": _("本人癌症史"),
    "two_of_six": _("六项中两项以上"),
    "suspicious_ultrasound": _("超声 4 类及以上"),
    "unclear_ultrasound": _("超声 0 或 3 类"),
    "suspicious_mammogram": _("X 线 4 类及以上"),
    "unclear_mammogram": _("X 线 0 或 3 类"),
}
"""Contributions that are no inputs of their model."""
CHOICES: dict[str, Promise] = {
    "male": _("男"),
    "female": _("女"),
    "never": _("从不"),
    "current": _("现在"),
    "former": _("曾经"),
    "yes": _("是"),
    "no": _("否"),
    "unknown": _("不知"),
    "none": _("无"),
    "second_degree": _("二级亲属"),
    "first_degree": _("一级亲属"),
}
