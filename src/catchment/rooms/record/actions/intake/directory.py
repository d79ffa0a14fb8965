"""Which row each referenced resource became: what earlier batches took, and what this one takes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

from django.db import connection

from catchment.rooms.people.models import Person
from catchment.rooms.record.models import IncomingKey, IncomingResource, MissingLink, Source
from catchment.rooms.record.types import Fate
from catchment.rooms.staff.models import Post
from catchment.standards.fhir.administrative import medication
from catchment.standards.fhir.reading import Reading
from catchment.standards.fhir.references import Key

LINK_TYPES = {
    "person": ("Patient",),
    "encounter": ("Encounter",),
    "facility": ("Organization", "Location"),
    "parent": ("Organization", "Location"),
    "practitioner": ("Practitioner", "PractitionerRole"),
    "medication": ("Medication",),
    "result": ("Observation",),
}
"""Which types a link may point at. A PractitionerRole stands for its practitioner."""


@dataclass(slots=True)
class Directory:
    """Rows by type and key, `None` where two share the key.

    `posts` are a post's practitioner and facility, `merged` the person kept for a duplicate.
    """

    source: Source
    rows: dict[tuple[str, str], int | None] = field(default_factory=dict)
    posts: dict[int, tuple[int, int]] = field(default_factory=dict)
    merged: dict[int, int] = field(default_factory=dict)
    medicines: dict[str, dict[str, str]] = field(default_factory=dict)

    def load(self, keys: Iterable[Key]) -> None:
        """Look up everything that a batch points at, in at most five queries."""
        wanted = list({key.key for key in keys})
        if not wanted:
            return
        further = IncomingKey.objects.filter(source=self.source, key__in=wanted)
        for kind, key, row in further.values_list("resource_type", "key", "row_id"):
            self.rows[kind, key] = row
        taken = IncomingResource.objects.filter(source=self.source, external_id__in=wanted, row_id__isnull=False)
        for kind, key, row in taken.values_list("resource_type", "external_id", "row_id"):
            self.rows[kind, key] = row
        self._load_posts()
        self._load_merged()
        named = IncomingResource.objects.filter(source=self.source, resource_type="Medication", external_id__in=wanted)
        for key, body in named.filter(fate=Fate.TAKEN).values_list("external_id", "body"):
            self.name_medicine(key, medication(body or {}, {}))

    def name_medicine(self, key: str, reading: Reading) -> None:
        """Let prescriptions that refer to this Medication take its name."""
        self.medicines[key] = reading.fields

    def medicine(self, key: Key | None) -> dict[str, str] | None:
        """The columns of a referenced Medication; `None` when it has not arrived."""
        return self.medicines.get(key.key) if key and key.type in {"Medication", ""} else None

    def add(self, kind: str, key: str, further: Iterable[str], row_id: int) -> None:
        """Know a row by its own key, and by further ones as long as no other row has them too."""
        self.rows[kind, key] = row_id
        for other in further:
            held = self.rows.setdefault((kind, other), row_id)
            if held != row_id:
                self.rows[kind, other] = None

    def find(self, link: str, key: Key | None) -> int | None:
        """The row a link points at; `None` when it has not arrived or is of a type that the link cannot have."""
        if key is None:
            return None
        for kind in LINK_TYPES[link]:
            row = self.rows.get((kind, key.key)) if key.type in {kind, ""} else None
            if row is not None:
                return self._settled(kind, row)
        return None

    def post_of(self, key: Key | None) -> tuple[int, int] | None:
        """Practitioner and facility of a PractitionerRole."""
        row = self.rows.get(("PractitionerRole", key.key)) if key and key.type in {"PractitionerRole", ""} else None
        return self.posts.get(row) if row is not None else None

    def code_of(self, kind: str, key: str) -> str:
        """A code of 34 characters for what another system knows by type and key; the same each time."""
        told = f"{self.source.code}|{kind}|{key}"
        return f"x-{blake2b(told.encode(), digest_size=16).hexdigest()}"

    def missing(self, table: str, row_id: int, link: str, key: Key) -> MissingLink:
        """The note that a row's link waits for its target."""
        told = {"link": link, "target_type": key.type, "target_key": key.key}
        return MissingLink(source=self.source, table=table, row_id=row_id, **told)

    def _settled(self, kind: str, row: int) -> int | None:
        if kind == "PractitionerRole":
            return self.posts[row][0] if row in self.posts else None
        return self.merged.get(row, row) if kind == "Patient" else row

    def _rows_of(self, wanted: str) -> set[int]:
        return {row for (kind, _), row in self.rows.items() if kind == wanted and row is not None}

    def _load_posts(self) -> None:
        unknown = self._rows_of("PractitionerRole") - self.posts.keys()
        if unknown:
            rows = Post.objects.filter(pk__in=unknown).values_list("pk", "practitioner_id", "facility_id")
            self.posts.update({pk: (who, where) for pk, who, where in rows})

    def _load_merged(self) -> None:
        gone = Person.objects.filter(pk__in=self._rows_of("Patient"), merged_into__isnull=False)
        self.merged.update({pk: kept for pk, kept in gone.values_list("pk", "merged_into_id") if kept})


def remember_keys(source: Source, taken: Iterable[tuple[str, str, int]]) -> None:
    """Keep further keys (type, key, row); one that two resources share from then on points at neither."""
    rows: dict[tuple[str, str], set[int]] = defaultdict(set)
    for kind, key, row in taken:
        rows[kind, key].add(row)
    if not rows:
        return
    held = sorted((key, kind, min(ids) if len(ids) == 1 else None) for (kind, key), ids in rows.items())
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into record_incomingkey (source_id, resource_type, key, row_id)"
            " select %s, t.kind, t.key, t.row from unnest(%s::text[], %s::text[], %s::bigint[]) t(key, kind, row)"
            " on conflict (source_id, key, resource_type) do update set row_id ="
            " case when record_incomingkey.row_id = excluded.row_id then excluded.row_id end"
            " where record_incomingkey.row_id is distinct from excluded.row_id",
            [source.pk, [key for key, _, _ in held], [kind for _, kind, _ in held], [row for _, _, row in held]],
        )
