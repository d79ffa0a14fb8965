"""The columns and codes of one entry in the reader's words."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from catchment.kernel.ui.words import unit_words
from catchment.rooms.record.types import FactKind, Mistake, exact_text, panel_text

FIELDS = {
    "value": _("数值"),
    "value_text": _("结果"),
    "components": _("数值"),
    "low": _("参考下限"),
    "high": _("参考上限"),
    "dose": _("剂量与用法"),
    "days": _("天数"),
    "conclusion": _("结论"),
    "text": _("内容"),
    "note": _("备注"),
    "department": _("科室"),
    "number": _("就诊号"),
    "reaction": _("反应"),
    "lot": _("批号"),
    "reason": _("原因"),
}
STATUSES = {
    "final": _("已完成"),
    "finished": _("已结束"),
    "active": _("有效"),
    "completed": _("已完成"),
    "current": _("有效"),
    "stopped": _("已停"),
    "resolved": _("已缓解"),
    "in-progress": _("进行中"),
    "entered-in-error": _("记错，已作废"),
}
KINDS = {
    FactKind.ENCOUNTER: (_("就诊"), "building-hospital"),
    FactKind.CONDITION: (_("诊断"), "stethoscope"),
    FactKind.OBSERVATION: (_("测量与结果"), "activity"),
    FactKind.MEDICATION: (_("用药"), "pill"),
    FactKind.REPORT: (_("报告"), "file-text"),
    FactKind.PROCEDURE: (_("操作"), "clipboard-list"),
    FactKind.DOCUMENT: (_("文书"), "paperclip"),
    FactKind.ALLERGY: (_("过敏"), "alert-triangle"),
    FactKind.IMMUNIZATION: (_("接种"), "vaccine"),
    FactKind.REQUEST: (_("申请"), "send"),
}
MISTAKES = {
    Mistake.WRONG_PERSON: _("记到了别人名下"),
    Mistake.WRONG_CONTENT: _("内容或数值写错"),
    Mistake.DUPLICATE: _("重复记录"),
}
MEASURED = frozenset({"value", "low", "high"})


def fields_of(held: Mapping[str, Any]) -> list[tuple[Any, str]]:
    """What an entry carries, for reading: known columns by name, numbers with their unit, codes left out."""
    unit = unit_words(str(held.get("unit", "")))
    return [(FIELDS[name], _shown(name, value, unit)) for name, value in held.items() if name in FIELDS]


def status_of(code: str) -> Any:
    """The status in words; the code itself where it has none."""
    return STATUSES.get(code, code)


def _shown(name: str, value: Any, unit: str) -> str:
    if name in MEASURED:
        return f"{exact_text(value)} {unit}".strip()
    if name == "components" and isinstance(value, Iterable):
        return f"{panel_text(value)} {unit}".strip()
    return str(value)
