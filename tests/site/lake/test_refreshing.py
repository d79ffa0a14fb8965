"""The lake follows the database, whatever is written; an interrupted refresh harms nobody; a changed value shows."""

import random
from datetime import date, timedelta

import duckdb
import psycopg
import pyarrow.parquet as pq
import pytest
from django.db import connection

import county as small
from catchment.kernel import clock, lake, wall
from catchment.kernel.actor import system
from catchment.kernel.lake import checking, manifest, refreshing
from catchment.kernel.models import LakeTouch
from catchment.rooms.people import actions as people
from catchment.rooms.people.models import Coverage, Merge, Person, PersonIdentifier, ResidenceMove
from catchment.rooms.people.types import Registration, Sex
from catchment.rooms.places.models import Area, Facility
from catchment.rooms.record import actions as record
from catchment.rooms.record.models import Condition, Encounter, Observation
from catchment.rooms.referral import actions as referral
from catchment.rooms.referral.types import ReferralForm
from catchment.rooms.rulebook import queries as rulebook
from catchment.rooms.staff.models import CareResponsibility, Post
from catchment.site import jobs
from catchment.standards.analytics.errors import EngineError

NOW = small.NOW
CLERK = system("tests", "people.register", "people.match", "record.write", "places.manage")


@pytest.fixture
def county(transactional_db, tmp_path, monkeypatch):
    monkeypatch.setenv("CATCHMENT_HOME", str(tmp_path))
    rulebook.forget()
    yield small.build()
    rulebook.forget()


def refresh(**how):
    with wall.acting("lake", at=clock.now()):
        return refreshing.refresh(**how)


def check():
    with wall.acting("lake", at=clock.now()):
        return checking.check()


def rows(name):
    with lake.engine("duckdb") as engine:
        return engine.run(engine.table(name)).to_pylist()


class Life:
    """Things that happen to people, at random, through the rooms' own actions where there is one."""

    def __init__(self, county, seed):
        self.county, self.dice = county, random.Random(seed)

    def person(self):
        return self.dice.choice(list(Person.objects.filter(merged_into__isnull=True).order_by("pk")))

    def moment(self):
        return NOW - timedelta(days=self.dice.randrange(200))

    def register(self):
        told = Registration(
            name=self.dice.choice("赵钱孙李") + self.dice.choice("一二三四"), sex=Sex.FEMALE,
            birth_date=date(1950 + self.dice.randrange(60), 3, 4), primary_facility_id=self.county.village.pk,
        )  # fmt: skip
        person = people.register_person(actor=CLERK, now=NOW, told=told)
        Coverage.objects.create(person=person, kind=self.dice.choice(["resident", "employee"]))
        post = Post.objects.filter(facility=self.county.village).first()
        CareResponsibility.objects.create(person=person, post=post, since=self.moment().date(), contracted=True)

    def change(self):
        people.update_person(actor=CLERK, now=NOW, person_id=self.person().pk, sex=self.dice.choice(list(Sex)))

    def move(self):
        person = self.person()
        target = self.county.township if person.primary_facility_id != self.county.township.pk else self.county.village
        people.move_primary_facility(actor=CLERK, now=NOW, person_id=person.pk, facility_id=target.pk, reason="搬家")

    def rehouse(self):
        person, areas = self.person(), list(Area.objects.order_by("pk"))
        if not ResidenceMove.objects.filter(person=person).exists():
            day = self.dice.choice([self.moment().date(), None])
            people.update_person(
                actor=CLERK, now=NOW, person_id=person.pk, area_id=self.dice.choice(areas).pk, moved_on=day
            )

    def insure(self):
        day = self.moment().date()
        cover = Coverage.objects.filter(until__isnull=True).order_by("?").first()
        if cover:
            Coverage.objects.filter(pk=cover.pk).update(until=day)
        Coverage.objects.create(person=self.person(), kind="employee", since=day)
        Coverage.objects.filter(since__isnull=False).order_by("?").first().delete()
        Coverage.objects.create(person=self.person(), kind="resident", since=day, until=day + timedelta(days=40))

    def sign(self):
        held = CareResponsibility.objects.filter(until__isnull=True).order_by("?").first()
        if held:
            day = held.since + timedelta(days=self.dice.randrange(60))
            CareResponsibility.objects.filter(pk=held.pk).update(until=day)
            CareResponsibility.objects.create(
                person_id=held.person_id, post_id=held.post_id, since=day, contracted=self.dice.random() < 0.5,
                agreed_until=self.dice.choice([None, day + timedelta(days=90)]),
            )  # fmt: skip
            CareResponsibility.objects.filter(until__isnull=False).order_by("?").first().delete()

    def die(self):
        people.record_death(actor=CLERK, now=NOW, person_id=self.person().pk, on=NOW.date())

    def visit(self):
        actor, now = self.county.village_doctor, self.moment()
        whose = {"actor": actor, "now": now, "person_id": self.person().pk}
        encounter = record.record_encounter(**whose, klass="AMB", reason="复查", reason_code="I10")
        whose["encounter_id"] = encounter.pk
        record.record_blood_pressure(**whose, systolic=100 + self.dice.randrange(90), diastolic=70)
        record.record_observation(**whose, code="2339-0", display="血糖", value=self.dice.random() * 12, unit="mmol/L")
        record.record_condition(**whose, code=self.dice.choice(["I10", "F20.900", "E11"]), display="x, \"y\"\n'z'")
        record.record_medication(**whose, display="药", dose="每日一次", code="C08CA01", days=30)
        record.record_report(**whose, display="胸片", conclusion="王秀英未见异常")

    def redate(self):
        for model in (Encounter, Observation, Condition):
            keys = list(model.objects.order_by("pk").values_list("pk", flat=True))
            if keys:
                model.objects.filter(pk=self.dice.choice(keys)).update(at=self.moment())

    def remove(self):
        for model in (Condition, Observation):
            row = model.objects.order_by("?").first()
            if row:
                row.delete()

    def merge(self):
        pair = list(Person.objects.filter(merged_into__isnull=True).order_by("-pk")[:2])
        if len(pair) == 2:
            people.merge_people(actor=CLERK, now=NOW, kept_id=pair[1].pk, duplicate_id=pair[0].pk, reason="同一人")

    def unmerge(self):
        last = Merge.objects.filter(undone_at__isnull=True).order_by("-pk").first()
        if last:
            people.unmerge_people(actor=CLERK, now=NOW, merge_id=last.pk)

    def label(self):
        record.label_sensitive(actor=system("tests", "record.label"), now=NOW)

    def refer(self):
        form = ReferralForm(
            to_service_id=self.county.general.pk, urgency="urgent", reason_code="0", indication_code="1103",
            diagnosis_code="R07.400", diagnosis="胸痛", question="请明确诊断",
        )  # fmt: skip
        doctor, person = self.county.village_doctor, self.county.person
        if not Person.objects.filter(pk=person.pk, merged_into__isnull=True).exists():
            return
        draft = referral.draft_referral(actor=doctor, now=NOW, person_id=person.pk, form=form)
        referral.send_referral(actor=doctor, now=NOW + timedelta(minutes=1), referral_id=draft.pk)

    def rename(self):
        Area.objects.filter(level="village").update(population=self.dice.randrange(1000))
        Facility.objects.filter(pk=self.county.village.pk).update(longitude=self.dice.random())

    def a_round(self):
        """Everything that can happen, in some order."""
        kinds = [
            self.register, self.change, self.move, self.rehouse, self.rehouse, self.die, self.visit, self.visit, self.redate, self.remove,
            self.merge, self.unmerge, self.label, self.rename, self.insure, self.sign,
        ]  # fmt: skip
        self.dice.shuffle(kinds)
        for what in kinds:
            what()


def lives_and_is_followed(county, seed, rounds):
    life = Life(county, seed)
    for _ in range(3):
        life.register()
    refresh()
    life.refer()
    for _ in range(rounds):
        life.a_round()
        done = refresh()
        assert not done.full
        found = check()
        assert (found.differing, found.waiting) == ([], [])
        assert found.rows > 0
    assert Merge.objects.exists()
    assert not LakeTouch.objects.exists()


def test_after_any_writing_an_increment_makes_the_lake_the_database(county):
    lives_and_is_followed(county, seed=1, rounds=2)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 22))
def test_after_much_writing_too(county, seed):
    lives_and_is_followed(county, seed, rounds=4)


def test_only_what_was_touched_is_written(county):
    life = Life(county, 1)
    life.visit()
    refresh()
    before = {path: path.stat().st_mtime_ns for path in manifest.folder().rglob("*.parquet")}
    record.record_observation(
        actor=county.village_doctor, now=NOW + timedelta(days=40), person_id=county.person.pk, code="c", display="d", value=1.0,
    )  # fmt: skip
    done = refresh()
    assert done.partitions == {"measurements": 1}
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_the_rows_of_each_file_are_in_the_order_of_people(county):
    life = Life(county, 3)
    for _turn in range(12):
        life.a_round()
    refresh()
    files = [path for name, one in lake.tables().items() if "person_key" in one.columns for path in current(name)]
    keys = [pq.read_table(path, columns=["person_key"])["person_key"].to_pylist() for path in files]
    assert keys == [sorted(one) for one in keys]
    assert max(len(set(one)) for one in keys) > 2


def current(name):
    return manifest.current().files(name)


def test_what_a_post_writes_behind_the_walls_is_noted_too(county):
    refresh()
    wall.enter(county.village_doctor, at=NOW, terms=wall.Terms(after_days=30))
    Life(county, 9).visit()
    wall.leave()
    assert set(refresh().partitions) == {"encounters", "measurements", "conditions", "medicines", "reports"}
    assert check().sound


def test_what_is_written_while_a_refresh_reads_waits_for_the_next(county):
    refresh()
    with refreshing.reading() as moment:
        pass
    Life(county, 3).visit()
    with refreshing.reading() as later:
        stale = refreshing.waiting(manifest.current(), later)
    refreshing.forget(moment.mark)
    assert stale["encounters"]
    refresh()
    assert check().differing == []


def test_an_interrupted_refresh_leaves_the_old_lake_and_goes_on_where_it_was(county):
    life = Life(county, 4)
    life.visit()
    refresh()
    held, was = rows("measurements"), manifest.current()
    life.visit()

    def stop_at_measurements(name, _rows, _expected):
        if name == "measurements":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        refresh(report=stop_at_measurements)
    assert manifest.current() == was
    assert rows("measurements") == held
    life.change()
    done = refresh()
    assert "encounters" not in done.partitions
    assert {"people", "measurements"} <= set(done.partitions)
    assert check().differing == []
    assert manifest.pending() is None
    assert len(rows("measurements")) == 2 * len(held)


def test_a_changed_value_a_lost_file_and_a_broken_one_are_found(county):
    life = Life(county, 5)
    life.visit()
    refresh()
    state = manifest.current()
    part = next(iter(state.tables["measurements"].parts))
    values, visits, doctors = (state.files(name)[0] for name in ("measurements", "encounters", "people"))
    with duckdb.connect() as session:
        session.execute(f"create table t as select * from '{values}'")  # noqa: S608
        session.execute("update t set value = value + 1e-13 where value > 100")
        session.execute(f"copy t to '{values}' (format parquet)")
    visits.unlink()
    doctors.write_bytes(b"PAR1 nonsense PAR1")
    found = check()
    assert not found.sound
    kinds = {name.partition("/")[0] for name in found.differing}
    assert kinds == {"measurements", "encounters", "people"}
    assert f"measurements/{part}" in found.differing
    refresh(full=True)
    assert check().sound


def test_a_refresh_mends_a_file_that_is_lost_or_cut_off(county):
    Life(county, 5).visit()
    refresh()
    state = manifest.current()
    for name, spoil in (("encounters", lambda path: path.unlink()), ("people", lambda path: path.write_bytes(b"PAR1"))):
        spoil(state.files(name)[0])
        with pytest.raises(EngineError, match="catchment lake refresh"), lake.engine("duckdb") as opened:
            opened.run(opened.table(name).count())
        assert set(refresh().partitions) == {name}
        assert check().sound


@pytest.mark.parametrize("told", ["", "garbage", "[]", "{}", '{"tables": 1}'])
def test_a_damaged_manifest_is_no_lake_and_is_made_anew(county, told):
    refresh()
    (manifest.folder() / "manifest.json").write_text(told)
    with pytest.raises(EngineError, match="catchment lake refresh"), lake.engine("duckdb"):
        pass
    assert refresh().full
    assert check().sound


def test_nothing_that_names_a_person_is_in_any_file(county):
    life = Life(county, 6)
    for _ in range(3):
        life.register()
        life.visit()
    person = county.person
    PersonIdentifier.objects.create(person=person, system="resident-id", value="330727195805040023")
    Person.objects.filter(pk=person.pk).update(phone="13912345678", address="石桥村七组十二号")
    record.record_observation(
        actor=county.village_doctor, now=NOW, person_id=person.pk, code="c", display="d",
        text="王秀英，电话 13912345678，住石桥村七组十二号，自述近来头痛三天，夜间加重，伴有恶心，未服药。",
    )  # fmt: skip
    refresh()
    forbidden = {"330727195805040023", "13912345678", "石桥村七组十二号", "王秀英"}
    forbidden |= set(map(str, Person.objects.values_list("public_id", flat=True)))
    forbidden |= set(Person.objects.values_list("name", flat=True))
    keys = set(Person.objects.values_list("person_key", flat=True))
    for path in manifest.folder().rglob("*.parquet"):
        table = pq.read_table(path)
        texts = {str(value) for column in table.columns for value in column.to_pylist()}
        assert not {word for word in forbidden for text in texts if word in text}
        assert "person_id" not in table.column_names
        if "person_key" in table.column_names:
            assert set(table["person_key"].to_pylist()) <= keys


def test_a_key_tells_nothing_of_the_number_of_its_person(county):
    for number in range(40):
        small.make_person(f"某{number}", county.person.area, county.village)
    pairs = list(Person.objects.order_by("pk").values_list("pk", "person_key"))
    assert [key for _, key in pairs] != sorted(key for _, key in pairs)
    assert not {number for number, _ in pairs} & {key for _, key in pairs}


def test_two_refreshes_at_once_are_one(county):
    where = connection.get_connection_params()
    with psycopg.connect(**{key: where[key] for key in ("dbname", "user", "host")}) as other:
        other.execute("select pg_advisory_lock(471103)")
        with pytest.raises(refreshing.Busy):
            refresh()


def test_the_job_refreshes_a_lake_that_is_there_and_makes_none(county):
    assert jobs.refresh_lake(timestamp=0) == ""
    assert manifest.current() is None
    refresh()
    Life(county, 7).visit()
    assert jobs.refresh_lake(timestamp=0) == manifest.current().as_of
    assert check().sound


def test_without_a_lake_the_way_out_is_named(county):
    with pytest.raises(EngineError, match="catchment lake refresh"), lake.engine("duckdb"):
        pass
    with pytest.raises(EngineError, match="ANALYTICS_URL"), lake.engine("oracle://x"):
        pass


def test_all_engines_at_hand_give_the_same_rows(county):
    life = Life(county, 8)
    life.refer()
    life.a_round()
    refresh()
    names = [*lake.tables(), "latest_measurements"]
    answers = {}
    where = connection.get_connection_params()
    server = f"postgresql:///{where['dbname']}?host={where['host']}&user={where['user']}"
    for url in ("duckdb", "postgresql", server):
        with lake.engine(url) as engine:
            answers[url] = {name: sorted(map(str, engine.run(engine.table(name)).to_pylist())) for name in names}
    assert answers["duckdb"] == answers["postgresql"] == answers[server]
    assert any(answers["duckdb"]["measurements"])
