"""Tables to one checked document, the form in which a scheme is kept and from which it is opened."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from catchment.standards.drg import choices
from catchment.standards.drg.conditions import ConditionError, Flag, Listed, parse, parts
from catchment.standards.drg.tables import Problem, Row, Tables

KINDS = ("surgical", "procedure", "medical")


def compiled(folder: Path, name: str, options: Mapping[str, str] | None = None) -> tuple[dict[str, Any], list[Problem]]:
    """The document of the scheme in `folder` under `name`, and every problem found; `options` add to options.csv."""
    tables = Tables(folder)
    chosen = choices.read(tables, options or {})
    document = {
        "name": name,
        "options": chosen.plain,
        **_lists(tables, chosen),
        **_complications(tables, chosen),
        **_codes(tables),
        "evidence": [dict(row.values) for row in tables.rows("evidence.csv") if _evidence_is_sound(row, tables)],
    }
    document["mdcs"] = _Groups(tables, chosen, document).mdcs()
    _check_codes(tables, document)
    chosen.check_all_used(tables)
    return document, tables.problems


def _lists(tables: Tables, chosen: choices.Choices) -> dict[str, Any]:
    dx: dict[str, set[str]] = {}
    procs: dict[str, set[str]] = {}
    sites: dict[str, dict[str, str]] = {}
    for file, owner, code, into in (
        ("mdc_dx.csv", "mdc", "dx_code", dx),
        ("adrg_dx.csv", "adrg", "dx_code", dx),
        ("mdc_proc.csv", "mdc", "proc_code", procs),
        ("adrg_proc.csv", "adrg", "proc_code", procs),
    ):
        for row in tables.rows(file):
            if row["src"] in chosen.sources_left_out:
                continue
            codes = into.setdefault(f"{row[owner]}:{row['list'] or 1}", set())
            if row[code] in codes:
                tables.wrong(row, f"{row[owner]} has {row[code]} a second time in this list", "warning")
            codes.add(row[code])
            if row["site"]:
                sites.setdefault(row[owner], {})[row[code]] = row["site"]
    dx |= chosen.lists(tables, "dx")
    procs |= chosen.lists(tables, "proc")
    return {"dx_lists": _sorted(dx), "proc_lists": _sorted(procs), "sites": sites}


def _sorted(lists: Mapping[str, set[str]]) -> dict[str, list[str]]:
    return {key: sorted(codes) for key, codes in lists.items()}


def _complications(tables: Tables, chosen: choices.Choices) -> dict[str, Any]:
    levels: dict[str, str] = {}
    groups: dict[str, str] = {}
    for row in tables.rows("cc.csv"):
        code = row["dx_code"]
        if row["level"] not in ("MCC", "CC"):
            tables.wrong(row, f"level {row['level']!r} is neither MCC nor CC")
        elif code in levels:
            tables.wrong(row, f"dx_code {code} stands here a second time")
        else:
            levels[code], groups[code] = row["level"], row["excl_group"]
    excluded = tables.pairs("exclusion.csv", "pdx_code", "excl_group") | chosen.named("exclusion")
    return {"levels": levels, "cc_groups": groups, "pdx_groups": excluded}


def _codes(tables: Tables) -> dict[str, Any]:
    dx = tables.pairs("dx_code.csv", "dx_code", "name")
    return {
        "valid_procs": sorted({row["proc_code"] for row in tables.rows("valid_proc.csv")}),
        "dx_names": tables.pairs("dx_code_extra.csv", "dx_code", "name") | dx,
        "proc_names": tables.pairs("proc_code.csv", "proc_code", "name"),
        "dx_map": tables.pairs("dx_map.csv", "clinical_code", "nhsa_code"),
        "proc_map": tables.pairs("proc_map.csv", "clinical_code", "nhsa_code"),
    }


def _evidence_is_sound(row: Row, tables: Tables) -> bool:
    number = row["value"].replace(".", "", 1).removeprefix("-")
    if row["operator"] in ("<", "<=", ">", ">=") and number.isdecimal():
        return True
    tables.wrong(row, f"{row['operator']!r} {row['value']!r} is no comparison with a number")
    return False


def _check_codes(tables: Tables, document: Mapping[str, Any]) -> None:
    """Codes in lists that the code tables do not know: a likely misprint, reported and kept."""
    for file, names, column in (
        ("mdc_dx.csv", "dx_names", "dx_code"),
        ("adrg_dx.csv", "dx_names", "dx_code"),
        ("cc.csv", "dx_names", "dx_code"),
        ("exclusion.csv", "dx_names", "pdx_code"),
        ("adrg_proc.csv", "proc_names", "proc_code"),
        ("valid_proc.csv", "proc_names", "proc_code"),
        ("dx_map.csv", "dx_names", "nhsa_code"),
        ("proc_map.csv", "proc_names", "nhsa_code"),
    ):
        known = document[names]
        reader = Tables(tables.folder)
        for row in reader.rows(file) if known else ():
            if row[column] not in known:
                tables.wrong(row, f"{row[column]} is not in the scheme's code table", "warning")


class _Groups:
    """The groups in their order, each rule read once to find what is wrong with it."""

    def __init__(self, tables: Tables, chosen: choices.Choices, document: Mapping[str, Any]) -> None:
        self.tables, self.chosen, self.document = tables, chosen, document
        self.known: set[str] = set()

    def mdcs(self) -> list[dict[str, Any]]:
        rows = self.tables.in_order("mdc.csv")
        known = self._unique(rows, "mdc")
        adrgs = self._by("mdc", self.tables.in_order("adrg.csv", within="mdc"), known)
        drgs = self._by("adrg", self.tables.in_order("drg.csv", within="adrg"), self._unique(_flat(adrgs), "adrg"))
        self._unique(_flat(drgs), "drg")
        self._check_owners()
        return [self._mdc(row, adrgs.get(row["mdc"], []), drgs) for row in rows]

    def _mdc(self, row: Row, adrgs: list[Row], drgs: Mapping[str, list[Row]]) -> dict[str, Any]:
        entry = self._rule(row, row["mdc"], self.chosen.instead("entry", row["mdc"], row["entry_rule"]))
        inside = [self._adrg(one, drgs.get(one["adrg"], [])) for one in adrgs]
        first = next((at for at, one in enumerate(inside) if one["kind"] == "medical"), None)
        at = first if self.chosen.ambiguous_in(row["mdc"]) else None
        return {"code": row["mdc"], "name": row["name"], "entry": entry, "adrgs": inside, "ambiguous_at": at}

    def _adrg(self, row: Row, drgs: list[Row]) -> dict[str, Any]:
        if row["kind"] not in KINDS:
            self.tables.wrong(row, f"kind {row['kind']!r} is none of {', '.join(KINDS)}")
        if not drgs:
            self.tables.wrong(row, f"{row['adrg']} has no group in drg.csv")
        elif drgs[-1]["split"].strip() not in ("ANY", "ALWAYS"):
            self.tables.wrong(
                drgs[-1], f"the last group of {row['adrg']} is not ANY: some records fall through", "warning"
            )
        rule = self._rule(row, row["adrg"], self.chosen.instead("rule", row["adrg"], row["rule"]))
        inside = [
            {
                "code": one["drg"],
                "name": one["name"],
                "split": self._rule(one, row["adrg"], self.chosen.instead("split", one["drg"], one["split"])),
            }
            for one in drgs
        ]
        return {"code": row["adrg"], "name": row["name"], "kind": row["kind"], "rule": rule, "drgs": inside}

    def _rule(self, row: Row, owner: str, text: str) -> str:
        try:
            for part in parts(parse(text, owner)):
                self._check_part(part, row)
        except ConditionError as error:
            self.tables.wrong(row, str(error))
        return text

    def _check_part(self, part: object, row: Row) -> None:
        if isinstance(part, Listed):
            lists = self.document["dx_lists" if part.of_diagnoses else "proc_lists"]
            if not lists.get(f"{part.owner}:{part.number}"):
                self.tables.wrong(row, f"{part.owner} asks for its list {part.number}, which holds no code")
        elif isinstance(part, Flag) and "PROC" in part.name and not self.document["valid_procs"]:
            self.tables.wrong(row, f"{part.name} needs codes in valid_proc.csv")

    def _unique(self, rows: list[Row], column: str) -> set[str]:
        seen: set[str] = set()
        for row in rows:
            if row[column] in seen:
                self.tables.wrong(row, f"{column} {row[column]} stands here a second time")
            seen.add(row[column])
        return seen

    def _by(self, column: str, rows: list[Row], known: set[str]) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in rows:
            if row[column] in known:
                found.setdefault(row[column], []).append(row)
            else:
                self.tables.wrong(row, f"{column} {row[column]} is not in {column}.csv")
        self.known |= known
        return found

    def _check_owners(self) -> None:
        for file, owner in (
            ("mdc_dx.csv", "mdc"),
            ("mdc_proc.csv", "mdc"),
            ("adrg_dx.csv", "adrg"),
            ("adrg_proc.csv", "adrg"),
        ):
            for row in Tables(self.tables.folder).rows(file):
                if row[owner] not in self.known:
                    self.tables.wrong(row, f"{owner} {row[owner]} is not in {owner}.csv")


def _flat(groups: Mapping[str, list[Row]]) -> list[Row]:
    return [row for rows in groups.values() for row in rows]
