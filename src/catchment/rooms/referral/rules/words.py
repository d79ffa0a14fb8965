"""What people call the codes of referral: states, directions, steps, parts of the record. Colour means one thing."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catchment.rooms.referral.types import AdviceState, Direction, State

STATES: dict[str, Promise] = {
    State.DRAFT: _("草稿"),
    State.SENT: _("待接收"),
    State.INFORMATION_REQUESTED: _("待补充资料"),
    State.ACCEPTED: _("已接收，待到诊"),
    State.ARRIVED: _("已到诊，待回信"),
    State.ANSWERED: _("已回信，待接管"),
    State.TAKEN_OVER: _("已接管，待随访"),
    State.CLOSED: _("已完成"),
    State.DECLINED: _("未接收"),
    State.EXPIRED: _("逾期未接收"),
    State.MISSED: _("未到诊"),
    State.WITHDRAWN: _("已撤回"),
}
STATE_MARKS = {
    State.DRAFT: "grey",
    State.CLOSED: "green",
    State.DECLINED: "red",
    State.EXPIRED: "red",
    State.MISSED: "red",
    State.WITHDRAWN: "grey",
}
ADVICE_STATES: dict[str, Promise] = {
    AdviceState.ASKED: _("待答复"),
    AdviceState.ANSWERED: _("已答复"),
    AdviceState.CONVERTED: _("已转为转诊"),
    AdviceState.CLOSED: _("已结束"),
    AdviceState.WITHDRAWN: _("已撤回"),
}
DIRECTIONS: dict[str, Promise] = {
    Direction.UP: _("上转"),
    Direction.DOWN: _("下转"),
    Direction.ACROSS: _("平转"),
    Direction.OUT: _("外转"),
}
URGENCIES: dict[str, Promise] = {"emergency": _("急诊"), "urgent": _("加急"), "ordinary": _("普通")}
LEVELS: dict[str, Promise] = {
    "village": _("村级"),
    "township": _("乡镇级"),
    "county": _("县级"),
    "city": _("市级"),
    "province": _("省级"),
}
PARTS: dict[str, Promise] = {
    "allergies": _("过敏"),
    "problems": _("健康问题"),
    "medicines": _("正在用药"),
    "results": _("近期结果"),
    "reports": _("检查报告"),
    "documents": _("文书"),
}
VERBS: dict[str, Promise] = {
    "draft": _("建立草稿"),
    "send": _("发送"),
    "discard": _("放弃草稿"),
    "accept": _("接收"),
    "accept-other-time": _("接收，另约时间"),
    "request-information": _("请补充资料"),
    "supply-information": _("补充资料"),
    "redirect": _("改转"),
    "decline": _("不接收"),
    "withdraw": _("撤回"),
    "escalate": _("超时上报"),
    "expire": _("逾期"),
    "change-time": _("改时间"),
    "arrive": _("登记到诊"),
    "miss": _("未到诊"),
    "answer": _("写回信"),
    "take-over": _("接管"),
    "follow-up": _("记录首次随访"),
    "resend": _("重新发送"),
    "abandon": _("不再转诊"),
    "ask": _("提出咨询"),
    "convert": _("转为转诊"),
    "close": _("结束咨询"),
}
ADVICE_VERBS: dict[str, Promise] = {**VERBS, "answer": _("答复"), "withdraw": _("撤回咨询")}
MESSAGES: dict[str, Promise] = {
    "question": _("提问"),
    "answer": _("答复"),
    "phone": _("电话"),
    "note": _("说明"),
}
ROLES: dict[str, Promise] = {
    "village-doctor": _("乡村医生"),
    "township-doctor": _("乡镇全科医生"),
    "township-nurse": _("乡镇护士"),
    "health-manager": _("健康管理师"),
    "referral-desk": _("转诊台"),
    "specialist": _("专科医生"),
    "duty-manager": _("总值班"),
    "county-manager": _("医共体管理者"),
    "system": _("系统"),
}
FLAGS: dict[str, Promise] = {
    "low": _("偏低"),
    "high": _("偏高"),
    "abnormal": _("异常"),
    "critical": _("危急值"),
}
NEXT: dict[str, Promise] = {
    State.DRAFT: _("还没有发送。"),
    State.SENT: _("医院正在看您的资料，接收后这里会显示时间和地点。"),
    State.INFORMATION_REQUESTED: _("医院请您的医生补充资料，您不用做什么。"),
    State.ACCEPTED: _("医院已接收。请按下面的时间前往，带上身份证和医保卡。"),
    State.ARRIVED: _("您已到诊。看完后，医院会把结果告诉您的医生。"),
    State.ANSWERED: _("医院已把结果和计划发给您的医生，医生会联系您。"),
    State.TAKEN_OVER: _("您的医生已接手，接下来会随访您。"),
    State.CLOSED: _("这次转诊已经完成。不舒服时请找您的医生。"),
    State.DECLINED: _("这家医院这次不能接收，您的医生正在另作安排，会联系您。"),
    State.EXPIRED: _("医院没有按时答复，您的医生正在另作安排，会联系您。"),
    State.MISSED: _("您没有在约定时间到诊。还需要的话，请联系您的医生。"),
    State.WITHDRAWN: _("这次转诊已取消。有疑问请联系您的医生。"),
}
