"""Periods that may overlap, told as spans of days on each of which no more than one holds."""

from collections.abc import Sequence


def holding(rows: str, columns: Sequence[str]) -> str:
    """SQL of the spans of each person in which one row of `rows` held: of several on a day that which began last.

    `rows` is SQL that gives `person_key`, `id`, `since` (null: as far back as is known), `until` (exclusive; null:
    still) and `columns`. Spans of a person never overlap; on days without one nothing held.
    """
    told = ", ".join(f"r.{name}" for name in columns)
    return f"""
        select distinct on (s.person_key, s.since) s.person_key, s.since, s.until, {told}
        from (
            select person_key, day as since, lead(day) over (partition by person_key order by day nulls first) as until
            from (
                select person_key, since as day from ({rows}) begun
                union select person_key, until from ({rows}) ended where until is not null
            ) days
        ) s
        join ({rows}) r on r.person_key = s.person_key and (r.since is null or r.since <= s.since)
            and (r.until is null or s.since is null or r.until > s.since)
        order by s.person_key, s.since, r.since desc nulls last, r.id desc
    """  # noqa: S608 constants only
