"""What the codes of places are called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catchment.rooms.places.types import FacilityKind, Level, MemberRole, NetworkKind

KINDS: dict[str, Promise] = {
    FacilityKind.HOSPITAL: _("医院"),
    FacilityKind.TCM_HOSPITAL: _("中医院"),
    FacilityKind.MATERNAL_CHILD: _("妇幼保健院"),
    FacilityKind.TOWNSHIP_CENTRE: _("乡镇卫生院"),
    FacilityKind.COMMUNITY_CENTRE: _("社区卫生服务中心"),
    FacilityKind.VILLAGE_CLINIC: _("村卫生室"),
    FacilityKind.INSURANCE_OFFICE: _("医保经办机构"),
    FacilityKind.DISEASE_CONTROL: _("疾控中心"),
    FacilityKind.HEALTH_BUREAU: _("卫生健康局"),
    FacilityKind.OTHER: _("其他机构"),
}
LEVELS: dict[str, Promise] = {
    Level.PROVINCE: _("省级"),
    Level.CITY: _("市级"),
    Level.COUNTY: _("县级"),
    Level.TOWNSHIP: _("乡镇级"),
    Level.VILLAGE: _("村级"),
}
NETWORKS: dict[str, Promise] = {
    NetworkKind.COUNTY_COMMUNITY: _("县域医共体"),
    NetworkKind.CITY_GROUP: _("城市医疗集团"),
    NetworkKind.SPECIALTY_ALLIANCE: _("专科联盟"),
    NetworkKind.REMOTE_COLLABORATION: _("远程医疗协作网"),
}
ROLES: dict[str, Promise] = {MemberRole.LEAD: _("牵头"), MemberRole.MEMBER: _("成员")}
SEXES: dict[str, Promise] = {"": _("不限"), "female": _("女"), "male": _("男")}
CAPABILITIES: dict[str, Promise] = {
    "ecg": _("心电图"),
    "dr": _("数字化X线摄影"),
    "ultrasound": _("超声"),
    "ct": _("CT"),
    "mri": _("磁共振"),
    "endoscopy": _("消化内镜"),
    "pci": _("急诊冠脉介入"),
    "thrombolysis": _("静脉溶栓"),
    "thrombectomy": _("机械取栓"),
    "chest_pain_centre": _("胸痛中心"),
    "stroke_centre": _("卒中中心"),
    "icu": _("重症监护"),
    "neonatal_icu": _("新生儿重症监护"),
    "delivery": _("分娩"),
    "dialysis": _("血液透析"),
    "radiotherapy": _("放射治疗"),
    "cataract": _("白内障手术"),
    "biochemistry": _("生化检验"),
    "blood_count": _("血常规"),
    "glucose": _("快速血糖"),
    "spirometry": _("肺功能"),
    "vaccination": _("预防接种"),
    "rehabilitation": _("康复治疗"),
    "home_bed": _("家庭病床"),
    "ambulance": _("救护车"),
}


def label(words: dict[str, Promise], code: str) -> str:
    """What a code is called in the reader's language; the code itself where it has no name."""
    return str(words.get(code, code))
