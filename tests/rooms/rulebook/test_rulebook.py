"""Editions are published, never changed; each day has its own."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook

import county as small_county
from catchment.kernel.actor import system
from catchment.kernel.errors import Invalid, NotAllowed, NotFound
from catchment.rooms.referral.rules.editions import TimesRule
from catchment.rooms.rulebook import actions, queries
from catchment.rooms.rulebook.models import Edition
from catchment.rooms.rulebook.rules import differences, tables_of

NOW, PUBLISHER = small_county.NOW, small_county.PUBLISHER
KEY = "referral.times"


@pytest.fixture
def shipped(db):
    queries.forget()
    actions.publish_defaults(actor=PUBLISHER, now=NOW)
    yield queries.editions(KEY)[0]
    queries.forget()


def changed(edition, **fields):
    form = actions.read_yaml(actions.write_yaml(edition))
    values = {name: getattr(form, name) for name in type(form).__dataclass_fields__}
    return type(form)(**{**values, "version": "2", "in_force_from": date(2027, 1, 1), **fields})


def publish(form, actor=PUBLISHER):
    return actions.publish_edition(actor=actor, now=NOW, form=form)


def test_each_day_has_the_edition_of_that_day(shipped):
    publish(changed(shipped))
    assert queries.edition_on(KEY, date(2026, 12, 31)).version == shipped.version
    assert queries.edition_on(KEY, date(2027, 1, 1)).version == "2"
    with pytest.raises(NotFound):
        queries.edition_on(KEY, date(1990, 1, 1))


def test_what_an_edition_says_is_read_once_and_the_next_one_is_seen_without_being_told(
    shipped, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(queries, "FRESH_SECONDS", 1e-9)
    first = queries.rule_on(KEY, NOW.date(), TimesRule)
    with django_assert_num_queries(1) as asked:
        assert queries.rule_on(KEY, NOW.date(), TimesRule) is first
    assert '"content"' not in asked.captured_queries[0]["sql"]
    told = {**shipped.content, "follow_up_days": first.follow_up_days + 1}
    Edition.objects.filter(pk=shipped.pk).update(in_force_from=date(2020, 1, 1))
    Edition.objects.create(
        **{name: getattr(shipped, name) for name in ("key", "title", "source", "published_at", "published_by")},
        version="next", in_force_from=NOW.date(), content=told, digest="another",
    )  # fmt: skip
    assert queries.rule_on(KEY, NOW.date(), TimesRule).follow_up_days == first.follow_up_days + 1


def test_the_list_of_a_day_has_one_edition_of_each_rule(shipped):
    publish(changed(shipped))
    before = {one.key: (one.version, count) for one, count in queries.in_force(date(2026, 12, 31))}
    after = {one.key: (one.version, count) for one, count in queries.in_force(date(2027, 1, 1))}
    assert before[KEY] == (shipped.version, 2)
    assert after[KEY] == ("2", 2)
    assert len(before) == len({one.key for one in queries.editions()})


def test_publishing_the_defaults_again_changes_nothing(shipped):
    assert actions.publish_defaults(actor=PUBLISHER, now=NOW) == []


@pytest.mark.parametrize(
    ("fields", "wrong"), [({"version": None}, "version"), ({"in_force_from": None}, "in_force_from")]
)
def test_a_version_and_a_first_day_are_an_editions_own(shipped, fields, wrong):
    taken = {name: getattr(shipped, name) for name in fields}
    with pytest.raises(Invalid) as refused:
        publish(changed(shipped, **taken))
    assert [problem.field for problem in refused.value.problems] == [wrong]


def test_content_that_the_rule_does_not_allow_is_named_by_its_place(shipped):
    with pytest.raises(Invalid) as refused:
        publish(changed(shipped, content={**shipped.content, "no_such_thing": 1}))
    assert "no_such_thing" in [problem.field for problem in refused.value.problems]


def test_a_rule_that_no_room_knows_is_refused_with_those_there_are(shipped):
    with pytest.raises(Invalid, match=KEY.replace(".", r"\.")):
        publish(changed(shipped, key="no.such.rule"))


def test_only_those_who_publish_may(shipped):
    with pytest.raises(NotAllowed):
        publish(changed(shipped), actor=system("tests"))


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("a: [", "file"),
        ("- 1", "file"),
        ("key: x", "version"),
        ("key: x\nversion: 1\ntitle: x\nin_force_from: soon\nsource: x\ncontent: {a: 1}", "in_force_from"),
    ],
)
def test_what_is_wrong_with_a_file_is_named(text, field):
    with pytest.raises(Invalid) as refused:
        actions.read_yaml(text)
    assert field in [problem.field for problem in refused.value.problems]


def test_an_edition_written_as_a_file_reads_back_the_same(shipped):
    form = actions.read_yaml(actions.write_yaml(shipped))
    assert (form.key, form.version, form.content) == (shipped.key, shipped.version, shipped.content)


def test_a_spreadsheet_is_read_sheet_by_sheet():
    book = Workbook()
    head = book.active
    head.title = "edition"
    told = {"key": KEY, "version": 3, "title": "t", "in_force_from": date(2027, 1, 1), "source": "s", "hours": 4}
    for row in told.items():
        head.append(row)
    sheet = book.create_sheet("items")
    sheet.append(["code", "days"])
    sheet.append(["a", 2])
    file = BytesIO()
    book.save(file)
    form = actions.read_sheet(file.getvalue())
    assert (form.version, form.content) == ("3", {"hours": 4, "items": [{"code": "a", "days": 2}]})
    with pytest.raises(Invalid):
        actions.read_sheet(b"no spreadsheet")


def test_two_editions_are_compared_place_by_place():
    left = {"hours": 2, "items": [{"code": "a", "days": 1}, {"code": "b", "days": 1}]}
    right = {"hours": 2, "items": [{"code": "b", "days": 3}, {"code": "a", "days": 1}, {"code": "c", "days": 1}]}
    told = {place: (before, after) for place, before, after in differences(left, right)}
    assert told["items[b].days"] == ("1", "3")
    assert told["items[c].days"] == (None, "1")
    assert not [place for place in told if place.startswith("items[a]") or place == "hours"]


def test_content_is_drawn_as_tables():
    single, items = tables_of({"hours": 2, "items": [{"code": "a"}, {"code": "b", "on": True}]})
    assert single.rows == [["hours", "2"]]
    assert (items.columns, items.rows) == (["code", "on"], [["a", ""], ["b", "是"]])
