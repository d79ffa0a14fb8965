"""Files that come in and go out: known by their content, kept under names that say nothing, given out to be kept."""

import os
import secrets
import zipfile
from collections.abc import Collection
from io import BytesIO
from pathlib import Path
from xml.parsers import expat

import puremagic
from django.conf import settings
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from catchment.kernel.errors import Invalid, Problem

DICOM = "application/dicom"
DOCUMENTS = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", DICOM: ".dcm"}
"""What may be kept as a document, by content type, and how such a file's name ends."""
LARGEST_DOCUMENT = 20 * 1024 * 1024
PREAMBLE, PICTURE_PREAMBLES = 128, (b"II*\x00", b"MM\x00*")
MOST_PARTS, MOST_UNPACKED, MOST_TIMES = 500, 64 * 1024 * 1024, 200
CHUNK = 1024 * 1024


def content_type(content: bytes, allowed: Collection[str]) -> str:
    """The content type by what the bytes are, whatever the name says; empty for what is none of those allowed.

    A DICOM file whose free first bytes are a program, or anything but nothing or a TIFF head, is none.
    """
    try:
        found = [match.mime_type for match in puremagic.magic_string(content)]
    except (puremagic.PureError, ValueError):
        return ""
    chosen = next((kind for kind in found if kind in allowed), "")
    return "" if chosen == DICOM and not _is_plain(content[:PREAMBLE]) else chosen


def document_type(content: bytes) -> str:
    """The content type of a document by what its bytes are.

    Raises `Invalid` on the field `file` for an empty file, for one that is too large, and for anything else.
    """
    if not content:
        raise Invalid(Problem("file", _("文件是空的，请重新选择")))
    if len(content) > LARGEST_DOCUMENT:
        most = LARGEST_DOCUMENT // 1024 // 1024
        raise Invalid(Problem("file", _("文件超过 %s MB，请压缩或拆分后再传") % most))
    found = content_type(content, DOCUMENTS)
    if not found:
        raise Invalid(Problem("file", _("只能附 PDF、PNG、JPEG 或 DICOM 文件；这个文件的内容不是其中任何一种")))
    return found


def require_sound_book(content: bytes) -> None:
    """Raise `Invalid` for an xlsx file that is none, unpacks to more than it should, or whose parts declare entities.

    Read before any other program opens it: a few kilobytes can unpack to more than a machine has.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            parts = packed.infolist()
            if "[Content_Types].xml" not in packed.namelist():
                raise _unsound(_("不是有效的 xlsx 文件"))
            _require_modest(parts, len(content))
            for part in parts:
                _read_through(packed, part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise _unsound(_("不是有效的 xlsx 文件")) from None
    except expat.ExpatError:
        raise _unsound(_("xlsx 文件的内容已损坏")) from None


def keep(folder: str, suffix: str, content: bytes) -> str:
    """Keep a file under a random name in a folder outside the web root; whole or not at all. Returns the name."""
    name = secrets.token_hex(16) + suffix
    home = Path(settings.FILES) / folder
    home.mkdir(parents=True, exist_ok=True)
    part = home / f"{name}.part"
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.rename(home / name)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    return name


def kept(folder: str, name: str) -> bytes | None:
    """The content of a kept file; `None` when there is none. A name with a path in it names nothing."""
    path = Path(settings.FILES) / folder / name
    if not name or name != Path(name).name or not path.is_file():
        return None
    return path.read_bytes()


def to_keep(content: bytes, kind: str, name: str) -> HttpResponse:
    """A file as an answer that a browser saves under `name` and never opens as a page."""
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _is_plain(preamble: bytes) -> bool:
    return not preamble.strip(b"\x00") or preamble.startswith(PICTURE_PREAMBLES)


def _unsound(told: str) -> Invalid:
    return Invalid(Problem("file", told))


def _require_modest(parts: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > min(MOST_UNPACKED, max(packed, CHUNK) * MOST_TIMES):
        raise _unsound(_("文件解压后过大，不能读取；请拆分后再传"))


def _read_through(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack a part piece by piece, for an archive can lie about sizes. An XML part may not declare a type."""
    parser = expat.ParserCreate() if part.filename.lower().endswith((".xml", ".rels", ".vml")) else None
    if parser is not None:
        parser.StartDoctypeDeclHandler = _refuse_doctype
    done = 0
    with packed.open(part) as file:
        while piece := file.read(CHUNK):
            done += len(piece)
            if done > MOST_UNPACKED:
                raise _unsound(_("文件解压后过大，不能读取；请拆分后再传"))
            if parser is not None:
                parser.Parse(piece, False)
    if parser is not None:
        parser.Parse(b"", True)


def _refuse_doctype(*_more: object) -> None:
    raise _unsound(_("xlsx 文件里声明了文档类型，不能读取"))
