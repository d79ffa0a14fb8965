import pytest
from hypothesis import given
from hypothesis import strategies as st

from catchment.standards.identity.names import (
    Query,
    full_pinyin,
    normalise_query,
    search_tokens,
    split_chinese_name,
)


def test_a_chinese_name_is_found_by_characters_pinyin_and_initials():
    assert search_tokens("王秀英") == ["王秀英", "秀英", "wangxiuying", "xiuying", "wxy"]


@pytest.mark.parametrize(
    ("name", "pinyin"),
    [
        ("单雄信", "shanxiongxin"),
        ("仇英", "qiuying"),
        ("曾国藩", "zengguofan"),
        ("解缙", "xiejin"),
        ("查良镛", "zhaliangyong"),
        ("盖叫天", "gejiaotian"),
        ("任盈盈", "renyingying"),
        ("区小明", "ouxiaoming"),
        ("尉迟恭", "yuchigong"),
        ("万俟雅", "moqiya"),
        ("欧阳修", "ouyangxiu"),
        ("单于丹", "chanyudan"),
        ("吕布", "lvbu"),
    ],
)
def test_surnames_are_read_as_surnames(name, pinyin):
    assert pinyin in search_tokens(name)
    assert full_pinyin(name) == pinyin


def test_a_compound_surname_leaves_its_given_name():
    assert split_chinese_name("欧阳娜娜").given == "娜娜"
    assert "nana" in search_tokens("欧阳娜娜")
    assert split_chinese_name("王秀英").family == "王"


def test_a_character_with_two_readings_is_found_by_both():
    assert {"wangle", "wangyue", "wl", "wy"} <= set(search_tokens("王乐"))
    assert {"lvbu", "lyubu"} <= set(search_tokens("吕布"))


def test_a_name_with_a_dot_is_found_by_each_part():
    assert {"阿卜杜拉买买提", "买买提", "maimaiti", "abodulamaimaiti"} <= set(search_tokens("阿卜杜拉·买买提"))


def test_a_latin_name_loses_accents_and_the_digits_of_synthetic_names():
    assert search_tokens("José Abbott774") == ["joseabbott", "jose", "abbott", "abbottjose", "ja"]
    assert "muller" in search_tokens("Müller, Jörg")


@pytest.mark.parametrize("name", ["", "  ", "774", "·"])
def test_nothing_to_find_gives_no_keys(name):
    assert search_tokens(name) == []


@given(st.text(max_size=12))
def test_any_text_gives_lower_case_keys_without_repeats(name):
    tokens = search_tokens(name)
    assert len(set(tokens)) == len(tokens)
    assert all(token and token == token.lower() for token in tokens)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("王秀英", Query("name", "王秀英")),
        (" 吕 布 ", Query("name", "吕布")),
        ("wáng xiùyīng", Query("name", "wangxiuying")),
        ("WXY", Query("name", "wxy")),
        ("lǚ bu", Query("name", "lvbu")),
        ("xi'an", Query("name", "xian")),
        ("查xi", Query("name", "zhaxi")),
        ("Abbott774", Query("name", "abbott")),
        ("+86 139-0000", Query("phone", "1390000")),
        ("13900000001", Query("phone", "13900000001")),
        ("999001195503040123", Query("id", "999001195503040123")),
        ("99900119550304012x", Query("id", "99900119550304012X")),
        ("999001", Query("id", "999001")),
        ("", Query("name", "")),
    ],
)
def test_a_typed_query_tells_what_it_asks_for(text, query):
    assert normalise_query(text) == query


@pytest.mark.parametrize("name", ["王秀英", "单雄信", "吕布", "欧阳娜娜", "Jörg Müller"])
def test_typing_the_whole_name_finds_it(name):
    token = normalise_query(name).token
    assert any(key.startswith(token) for key in search_tokens(name))
