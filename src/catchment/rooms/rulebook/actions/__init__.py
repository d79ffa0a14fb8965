"""Publishing editions, and reading them from files."""

from catchment.rooms.rulebook.actions.files import read_sheet, read_yaml, write_yaml
from catchment.rooms.rulebook.actions.publishing import publish_defaults, publish_edition

__all__ = ["publish_defaults", "publish_edition", "read_sheet", "read_yaml", "write_yaml"]
