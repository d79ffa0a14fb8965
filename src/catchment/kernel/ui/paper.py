"""Drawing paper: a page description and what it says become a PDF; addresses become codes to scan."""

import json
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import segno
import typst
from django.http import HttpResponse
from django.utils.safestring import SafeString, mark_safe


def draw(template: Path, content: dict[str, Any]) -> bytes:
    """The PDF of a Typst description, which reads `content` as JSON from `sys.inputs.paper`."""
    drawn = typst.compile(
        template.read_bytes(), font_paths=_fonts(), format="pdf", sys_inputs={"paper": json.dumps(content)}
    )
    return bytes(drawn)


def printed(drawn: bytes, number: str) -> HttpResponse:
    """A drawn PDF as an answer that a browser shows and nothing keeps; `number`, in ASCII, is its name when saved."""
    answer = HttpResponse(drawn, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{number}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def qr_svg(text: str, scale: int = 4) -> SafeString:
    """A QR code of error level M as an inline SVG."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(scale=scale, border=2, svgclass=None, lineclass=None)
    return mark_safe(drawn)  # noqa: S308 drawn by segno, which escapes


@lru_cache(maxsize=1)
def _fonts() -> Any:
    """The Chinese font that comes as a package; its own module is not imported, only its folder is used."""
    spec = find_spec("rinoh_typeface_notosanscjk")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return typst.Fonts(include_system_fonts=False, font_paths=folders)
