"""The areas known so far, while a file of areas is taken in."""

from collections.abc import Iterable
from typing import TypeGuard

from catchment.rooms.places.models import Area
from catchment.rooms.places.types import AreaAccount, AreaNote, Level
from catchment.standards.geography.divisions import stem
from catchment.standards.geography.rows import AreaRow, Unreadable

BATCH = 1000
TOPMOST = frozenset({Level.PROVINCE, Level.CITY, Level.COUNTY})
"""Levels that may stand without the area above them: a county's own system begins with the county."""

GAINED = ("boundary", "longitude", "latitude", "population")


class Atlas:
    """Finds areas by code and by name, and writes down what became of each row."""

    def __init__(self, account: AreaAccount, known: Iterable[Area]) -> None:
        self.account = account
        self._by_code: dict[str, Area] = {}
        self._by_name: dict[tuple[str, ...], list[Area]] = {}
        self._file_of: dict[str, str] = {}
        self._seen: set[tuple[str, str]] = set()
        for area in known:
            self._remember(area.code, area)

    def other_codes_of(self, counties: frozenset[str], rows: Iterable[AreaRow | Unreadable]) -> frozenset[str]:
        """Other codes in the rows for the same counties: the same name without its kind, in the same city."""
        told = [(r.code, r.name) for r in rows if isinstance(r, AreaRow) and Level(r.level) is Level.COUNTY]
        known = [(area.code, area.name) for area in self._by_code.values() if area.level == Level.COUNTY]
        asked = {(code[:4], stem(name)) for code, name in [*told, *known] if code in counties}
        return frozenset(code for code, name in told if (code[:4], stem(name)) in asked)

    def counts(self, row: AreaRow | Unreadable, counties: frozenset[str]) -> TypeGuard[AreaRow]:
        """Count the row; whether it is readable and belongs to the counties asked for."""
        self.account.read += 1
        if isinstance(row, Unreadable):
            self._reject(row.place, row.label, row.reason)
            return False
        if counties and row.county not in counties and row.code not in counties:
            self.account.outside += 1
            self._tell(row, "outside", "")
            return False
        return True

    def take(self, rows: list[AreaRow]) -> None:
        """Take the rows of one level; those whose parent is told by a code we know come first."""
        fresh: list[Area] = []
        changed: dict[int, Area] = {}
        for row in sorted(rows, key=lambda row: row.parent not in self._by_code):
            self._take_one(row, fresh, changed)
        Area.objects.bulk_create(fresh, batch_size=BATCH)
        Area.objects.bulk_update(changed.values(), GAINED, batch_size=BATCH)

    def _take_one(self, row: AreaRow, fresh: list[Area], changed: dict[int, Area]) -> None:
        file = row.place.rpartition("#")[0] or row.place.rpartition(":")[0]
        if (file, row.code) in self._seen:
            self._reject(row.place, f"{row.code} {row.name}", "代码在文件中重复 · the code stands twice in the file")
            return
        self._seen.add((file, row.code))
        parent = self._by_code.get(row.parent)
        found = self._by_code.get(row.code) or self._namesake(row, parent, file)
        if found is not None:
            self._know(row, found, changed)
        elif parent is None and row.level not in TOPMOST:
            self._reject(
                row.place,
                f"{row.code} {row.name}",
                f"上级 {row.parent} 未知，请先导入上级 · parent {row.parent} is unknown; import it first",
            )
        else:
            fresh.append(self._make(row, parent, file))

    def _make(self, row: AreaRow, parent: Area | None, file: str) -> Area:
        area = Area(
            code=row.code,
            name=row.name,
            level=row.level,
            parent=parent,
            longitude=row.longitude,
            latitude=row.latitude,
            boundary=row.boundary,
            population=row.population,
        )
        self._file_of[row.code] = file
        self._remember(row.code, area)
        self.account.taken += 1
        self.account.levels[row.level] += 1
        self._say_parent(row, parent)
        if row.mended:
            self.account.mended += 1
            self._note(row, "mended", f"图形已修复，面积不变 · boundary mended, area unchanged: {row.mended}")
        else:
            self._tell(row, "taken", "")
        return area

    def _know(self, row: AreaRow, area: Area, changed: dict[int, Area]) -> None:
        self.account.known += 1
        gained = [name for name in GAINED if getattr(area, name) is None and getattr(row, name) is not None]
        for name in gained:
            setattr(area, name, getattr(row, name))
        if gained and area.pk:
            changed[area.pk] = area
        self.account.completed += bool(gained)
        fate = "completed" if gained else "known"
        if area.code != row.code and row.code not in self._by_code:
            self._by_code[row.code] = area
            self.account.known_by_name += 1
            self._note(row, "known", f"同名即 {area.code} {area.name} · known by name as {area.code}", told=fate)
        else:
            self._tell(row, fate, "")

    def _say_parent(self, row: AreaRow, parent: Area | None) -> None:
        if parent is None:
            self.account.parents["none"] += 1
        elif parent.code == row.parent:
            self.account.parents["by-code"] += 1
        else:
            self.account.parents["by-name"] += 1

    def _namesake(self, row: AreaRow, parent: Area | None, file: str) -> Area | None:
        """The one area of that name under the same parent, or in the same city where the parent is unknown.

        Two names in one file are two areas.
        """
        near = () if parent is None else (parent.code,)
        found = self._by_name.get((row.level, _plain(row.level, row.name), row.code[:4], *near), [])
        others = [area for area in found if self._file_of.get(area.code) != file]
        return others[0] if len(others) == 1 else None

    def _remember(self, code: str, area: Area) -> None:
        self._by_code[code] = area
        key = (area.level, _plain(area.level, area.name), area.code[:4])
        self._by_name.setdefault(key, []).append(area)
        if area.parent is not None:
            self._by_name.setdefault((*key, area.parent.code), []).append(area)

    def _reject(self, place: str, label: str, reason: str) -> None:
        self.account.rejected += 1
        note = AreaNote(place, label, "rejected", reason)
        self.account.notes.append(note)
        if self.account.rows is not None:
            self.account.rows.append(note)

    def _note(self, row: AreaRow, fate: str, reason: str, told: str = "") -> None:
        self.account.notes.append(AreaNote(row.place, f"{row.code} {row.name}", fate, reason))
        self._tell(row, told or fate, reason)

    def _tell(self, row: AreaRow, fate: str, reason: str) -> None:
        if self.account.rows is not None:
            self.account.rows.append(AreaNote(row.place, f"{row.code} {row.name}", fate, reason))


def _plain(level: str, name: str) -> str:
    return stem(name) if level == Level.COUNTY else name
