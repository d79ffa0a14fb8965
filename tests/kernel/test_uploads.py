"""Files that come in: known by their content, bounded when unpacked, kept under names that say nothing."""

import io
import tracemalloc
import zipfile

import openpyxl
import pytest

from catchment.kernel import uploads
from catchment.kernel.errors import Invalid

TAKEN = {"application/pdf", "image/png", "image/jpeg", "application/dicom"}
BOMB = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "{}"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'


def book(**parts):
    """A real workbook with these parts put in, or in place of its own."""
    plain = io.BytesIO()
    openpyxl.Workbook().save(plain)
    packed = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            if one not in parts:
                new.writestr(one, old.read(one))
        for name, content in parts.items():
            new.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n" + b"x" * 50, "application/pdf"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "image/png"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "image/jpeg"),
        (bytes(128) + b"DICM" + bytes(50), "application/dicom"),
        (b"II*\x00" + bytes(124) + b"DICM" + bytes(50), "application/dicom"),
        (b"MZ" + bytes(126) + b"DICM" + bytes(50), ""),
        (b"<html><script>alert(1)</script>", ""),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', ""),
        (b" %PDF-1.7", ""),
        (b"MZ" + bytes(200), ""),
        (b"plain", ""),
        (b"", ""),
    ],
)
def test_a_file_is_what_its_bytes_are(content, kind):
    assert uploads.content_type(content, TAKEN) == kind


def test_a_plain_workbook_is_sound():
    uploads.require_sound_book(book())


@pytest.mark.parametrize(
    "parts",
    [
        {"xl/worksheets/sheet1.xml": b"<a>" + b" " * 300_000_000 + b"</a>"},
        {f"xl/media/{n}.bin": b"" for n in range(600)},
        {"xl/sharedStrings.xml": BOMB.format("x" * 1000)},
        {"xl/worksheets/sheet1.xml": BOMB.format("x").encode("utf-16")},
        {"xl/worksheets/sheet1.xml": b"<a><b></a>"},
    ],
    ids=["zip bomb", "six hundred parts", "entities", "entities in UTF-16", "broken"],
)
def test_a_workbook_that_would_overflow_is_refused_in_little_memory(parts):
    content = book(**parts)
    tracemalloc.start()
    with pytest.raises(Invalid):
        uploads.require_sound_book(content)
    assert tracemalloc.get_traced_memory()[1] < 80_000_000
    tracemalloc.stop()


def test_an_archive_that_lies_about_its_size_is_found_out_while_it_is_read():
    content = bytearray(book(**{"xl/big.bin": bytes(90_000_000)}))
    true_size = (90_000_000).to_bytes(4, "little")
    while (at := content.find(true_size)) >= 0:
        content[at : at + 4] = (1000).to_bytes(4, "little")
    with pytest.raises(Invalid):
        uploads.require_sound_book(bytes(content))


def test_an_archive_that_is_no_workbook_is_refused():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as new:
        new.writestr("a.txt", "x")
    for content in (packed.getvalue(), b"PK\x03\x04" + bytes(60), b"", book()[:400]):
        with pytest.raises(Invalid):
            uploads.require_sound_book(content)


def test_a_kept_file_has_a_random_name_and_no_other_name_finds_anything(settings, tmp_path):
    settings.FILES = tmp_path
    first, second = uploads.keep("attachments", ".pdf", b"same"), uploads.keep("attachments", ".pdf", b"same")
    assert first != second
    assert uploads.kept("attachments", first) == b"same"
    (tmp_path / "secret").write_text("x")
    for name in ("../secret", "..", "", "/etc/passwd", f"../attachments/{first}", "none.pdf"):
        assert uploads.kept("attachments", name) is None


def test_a_file_is_given_out_to_be_saved_and_never_to_be_run():
    answer = uploads.to_keep(b"%PDF", "application/pdf", "a.pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
