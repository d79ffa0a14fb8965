"""Writing a county into the database."""

from catchment.twin.loading.building import Built, CannotBuild, build_county

__all__ = ["Built", "CannotBuild", "build_county"]
