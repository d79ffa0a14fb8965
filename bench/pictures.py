"""The pictures of the documentation, taken anew: `python -m bench.pictures HOME` of a county that was lived in and screened.

Each page is seen as a county leader sees it, in Chinese, at desk width and at that of a phone, with a palette of 128
colours, so that a picture weighs little.
"""

import os
import shutil
import sys
from pathlib import Path

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
COLOURS = 128


def main() -> None:
    """Write the pictures over the old ones."""
    home = sys.argv[1]
    os.environ["CATCHMENT_HOME"] = home
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    from catchment.site.cli import running

    running.ready()
    from playwright.sync_api import sync_playwright

    from bench import serving
    from bench.referral import token_of
    from catchment.rooms.staff.models import Post

    manager = Post.objects.filter(role="county-manager", until__isnull=True, practitioner__user__isnull=False).first()
    signed = {"Authorization": f"Bearer {token_of(manager)}"}
    with serving.site(home) as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for suffix, viewport in (("", DESK), ("-phone", PHONE)):
            context = browser.new_context(
                base_url=f"http://127.0.0.1:{port}", viewport=viewport, locale="zh-CN", extra_http_headers=signed
            )
            for name, see in SEEN.items():
                page = context.new_page()
                see(page)
                page.wait_for_timeout(2500)
                _keep(page.screenshot(), PICTURES / f"{name}{suffix}.png")
                page.close()
            context.close()
        browser.close()


def _map(page) -> None:
    page.goto("/atlas/")
    page.wait_for_selector("[data-drawn=yes]", state="attached", timeout=120_000)


def _flows(page) -> None:
    _map(page)
    page.wait_for_timeout(1500)
    page.locator("#atlas-flows").select_option("stays")
    page.locator("#atlas-flows").dispatch_event("change")


def _cockpit(page) -> None:
    page.goto("/cockpit/")
    page.wait_for_load_state("networkidle")


def _funnel(page) -> None:
    page.goto("/screening/programmes/")
    page.wait_for_load_state("networkidle")


SEEN = {"map": _map, "map-flows": _flows, "cockpit": _cockpit, "funnel": _funnel}


def _keep(picture: bytes, path: Path) -> None:
    """Write the picture with few colours."""
    import io

    from PIL import Image

    with Image.open(io.BytesIO(picture)) as full:
        full.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    sys.stdout.write(f"{path.name} {path.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
