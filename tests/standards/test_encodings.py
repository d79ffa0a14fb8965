"""Which encoding a text file was saved in."""

import io

import pytest

from catchment.standards.encodings import BLOCK, encoding_of


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_text_comes_back_whole_in_every_encoding_of_an_office(encoding):
    file = io.BytesIO("姓名,年龄\n张三,40\n".encode(encoding))
    assert file.read().decode(encoding_of(file)) == "姓名,年龄\n张三,40\n"


def test_a_character_may_lie_across_two_blocks():
    file = io.BytesIO(b"a" * (BLOCK - 1) + "张".encode() * 2)
    assert encoding_of(file) == "utf-8-sig"


@pytest.mark.parametrize("content", [b"\xff\xff", b"\x81"])
def test_what_is_no_text_is_refused(content):
    with pytest.raises(UnicodeError, match="neither UTF-8 nor GB 18030"):
        encoding_of(io.BytesIO(content))
