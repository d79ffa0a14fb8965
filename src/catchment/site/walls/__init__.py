"""Where the walls stand: which rows of which table each actor may see and write, held by PostgreSQL itself."""

from catchment.site.walls.building import install
from catchment.site.walls.reaches import register
from catchment.site.walls.tables import UNWALLED, WALLS

__all__ = ["UNWALLED", "WALLS", "install", "register"]
