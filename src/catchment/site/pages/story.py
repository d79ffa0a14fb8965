"""The story that the tour tells: one patient's way through five people's eyes, and an infection that is reported."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene: whose eyes (the code of a demo practitioner), what they do, where it happens."""

    who: str
    title: Any
    text: Any
    url: str


STORY = (
    Scene(
        "demo-zhou.cunyi",
        _("村医周德安：胸痛的王秀英"),
        _(
            "在“居民”里输入 wxy 找到王秀英，打开她的健康档案，点“转诊”。"
            "诊断填胸痛，系统推荐去处并说明理由，已知的都替您填好了；急诊要先打电话。发送。"
        ),
        "/people/",
    ),
    Scene(
        "demo-shen.zhuanzhen",
        _("县医院转诊台沈慧敏：按钟点接收"),
        _("工作台第一行就是它，还剩几分钟写得清楚。打开，看摘要，点“接收”：号源已经留好。患者到了，点“登记到诊”。"),
        "/",
    ),
    Scene(
        "demo-gu.xinnei",
        _("心内科顾长风：诊治并写回信"),
        _("“待写回信”里打开王秀英，写诊断、用药和请基层做的事，点“确认写回信”。"),
        "/",
    ),
    Scene(
        "demo-zhou.cunyi",
        _("村医周德安：接回家"),
        _("回信到了，工作台出现“待接管”。点“接管”，首次随访自动排上；随访后写一句，闭环完成。"),
        "/",
    ),
    Scene(
        "demo-jiang.yuanzhang",
        _("县医院院长江怀远：看全局"),
        _("在“统计”里看上转下转、接收用时、有效转诊率和流向；每个数都能点开，看到它由哪些转诊单数出来。"),
        "/referrals/statistics",
    ),
    Scene(
        "demo-zhong.jikong",
        _("疾控中心钟立勤：核实传染病报告"),
        _(
            "各机构诊断的法定传染病自动到她的工作台，写明类别和报告时限。打开一张报告卡，选择用途核实身份，"
            "报告后写下结果，点“办结”，身份随即关闭。"
        ),
        "/",
    ),
)
