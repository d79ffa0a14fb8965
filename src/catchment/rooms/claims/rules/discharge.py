"""离院方式 of the home page of the medical record (2011, RC019): its codes, and what sources call them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DISCHARGES: dict[str, Promise] = {
    "1": _("医嘱离院"),
    "2": _("医嘱转院"),
    "3": _("医嘱转社区卫生服务机构或乡镇卫生院"),
    "4": _("非医嘱离院"),
    "5": _("死亡"),
    "9": _("其他"),
}
CALLED = {
    "1": ("医嘱离院", "home", "recovered", "improved", "治愈", "好转"),
    "2": ("医嘱转院", "other-hcf", "transferred", "转院"),
    "3": ("医嘱转社区或乡镇", "医嘱转社区卫生服务机构或乡镇卫生院", "医嘱转社区卫生服务机构/乡镇卫生院"),
    "4": ("非医嘱离院", "aadvice", "自动出院"),
    "5": ("死亡", "exp", "died"),
    "9": ("其他", "oth"),
}
"""Names, codes of FHIR's discharge-disposition, and words of the synthetic county."""
BY_NAME = {name: code for code, names in CALLED.items() for name in names}


def discharge_code(told: str) -> str:
    """The code of what a source calls the way of leaving; a word that nobody knows stays as it was told."""
    text = told.strip()
    return text if text in DISCHARGES else BY_NAME.get(text.lower(), text)
