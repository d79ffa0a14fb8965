"""A file that is written whole or not at all."""

import pytest

from catchment.standards.whole import written_whole


def test_the_new_file_takes_the_place_of_the_old(tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("old")
    with written_whole(path) as partial:
        partial.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def fail(path):
    with written_whole(path) as partial:
        partial.write_text("ne")
        raise ValueError("row 7")


def test_a_failure_leaves_the_old_file_and_nothing_beside_it(tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("old")
    with pytest.raises(ValueError, match="row 7"):
        fail(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
