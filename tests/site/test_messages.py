"""The words of the pages: what is said in Chinese is said in English too."""

import gettext

import pytest

from catchment.site import messages


@pytest.fixture
def catalogue(tmp_path):
    """Write a small English catalogue."""

    def write(*entries):
        path = tmp_path / "django.po"
        path.write_text("\n".join(f'#, python-format\nmsgid "{a}"\nmsgstr "{b}"\n' for a, b in entries), "utf-8")
        return path

    return write


def test_everything_on_the_pages_is_said_in_english():
    assert messages.problems() == []


def test_what_has_no_english_is_named_with_its_place(catalogue):
    found = messages.problems(catalogue(("工作", "Work")))
    assert any(line.startswith("site/navigation.py:") and "'居民'" in line for line in found)
    assert not any(line.endswith("no English for '工作'") for line in found)


def test_a_translation_that_loses_a_placeholder_is_named(catalogue):
    found = messages.problems(catalogue(("%(span)s前", "%(spam)s ago")))
    assert any("%(span)s前" in line and line.startswith("django.po") for line in found)


def test_chinese_outside_a_translation_tag_is_named(tmp_path, monkeypatch):
    page = tmp_path / "templates" / "page.html"
    page.parent.mkdir()
    page.write_text(
        '{% translate "工作" %}\n<p>居民</p>\n<b lang="zh-hans">中文</b>\n{% blocktranslate %}共 {{ n }} 人{% endblocktranslate %}'
        '{# 注 #}\n{% include "x.html" with a="人" %}',
        "utf-8",
    )
    monkeypatch.setattr(messages, "PACKAGE", tmp_path)
    assert [line.split(":")[1] for line in messages.bare_chinese()] == ["2", "5"]


def test_extracting_keeps_what_is_translated_and_drops_what_is_no_longer_said(catalogue):
    path = catalogue(("工作", "Work"), ("没人说的话", "Nobody says this"))
    messages.extract_catalogue(path)
    text = path.read_text("utf-8")
    assert 'msgid "工作"\nmsgstr "Work"' in text
    assert "没人说的话" not in text
    assert 'msgid "居民"\nmsgstr ""' in text


def test_the_compiled_catalogue_answers(catalogue):
    with messages.compile_catalogue(catalogue(("工作", "Work"))).open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("工作") == "Work"
