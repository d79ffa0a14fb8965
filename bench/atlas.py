"""The health map in a real browser: first paint, the map drawn, interactions. `python -m bench.atlas HOME`.

Floor: the same browser on a page of the same frame without a map. The lake is refreshed first; a warm server, a cold
browser for each round. The machine's processor draws the map where there is no graphics card.
"""

import json
import os
import shutil
import statistics
import sys
import time

ROUNDS = 3
DESK = {"width": 1440, "height": 900}


def visit(browser, base: str, token: str, path: str, act=None) -> dict[str, float]:
    """Milliseconds of one visit with an empty cache: first paint and every interaction."""
    signed = {"Authorization": f"Bearer {token}"}
    context = browser.new_context(base_url=base, viewport=DESK, locale="zh-CN", extra_http_headers=signed)
    page = context.new_page()
    page.goto(path)
    if act:
        page.wait_for_selector(".atlas[data-drawn=yes]", state="attached", timeout=120_000)
        act(page)
    while not page.evaluate("performance.getEntriesByName('first-contentful-paint').length"):
        page.wait_for_timeout(20)
    paints = page.evaluate("performance.getEntriesByType('paint').map((one) => [one.name, one.startTime])")
    measures = page.evaluate("performance.getEntriesByType('measure').map((one) => [one.name, one.duration])")
    context.close()
    told = {"first-paint": dict(paints)["first-contentful-paint"]}
    for name, took in measures:
        told[name.removeprefix("atlas:")] = max(took, told.get(name.removeprefix("atlas:"), 0))
    return told


def interactions(page) -> None:
    """Time, level, layer, flows, a township and back; the layer's values are fetched the first time."""
    page.locator("#atlas-step").press("ArrowLeft")
    page.wait_for_timeout(400)
    for field, value in (("level", "village"), ("level", "township"), ("mode", "ratio"), ("layer", "people:contract")):
        page.select_option(f"#atlas-{field}", value)
        page.wait_for_timeout(600)
    page.select_option("#atlas-flows", "stays")
    page.wait_for_timeout(600)
    page.locator("[data-part=table] tbody button").first.click()
    page.wait_for_timeout(900)


def main() -> None:
    """Print one JSON object: medians over the rounds, and the slowest."""
    home = sys.argv[1]
    os.environ["CATCHMENT_HOME"] = home
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    from catchment.site.cli import running

    running.ready()
    from playwright.sync_api import sync_playwright

    from bench import serving
    from bench.referral import token_of
    from catchment.kernel import clock, wall
    from catchment.kernel.lake import refreshing
    from catchment.rooms.people.models import Person
    from catchment.rooms.staff.models import Post

    with wall.acting("lake", at=clock.now()):
        refreshing.refresh()
    manager = (
        Post.objects.filter(role="county-manager", until__isnull=True).select_related("practitioner__user").first()
    )
    token = token_of(manager)
    with serving.site(home) as port, sync_playwright() as playwright:
        base = f"http://127.0.0.1:{port}"
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        began = time.perf_counter()
        visit(browser, base, token, "/atlas/", interactions)
        cold = time.perf_counter() - began
        floor = [visit(browser, base, token, "/me") for _round in range(ROUNDS)]
        rounds = [visit(browser, base, token, "/atlas/", interactions) for _round in range(ROUNDS)]
        cockpit = [visit(browser, base, token, "/cockpit/") for _round in range(ROUNDS)]
        browser.close()
    found = [_row("first paint, page without a map (floor)", [one["first-paint"] for one in floor])]
    found.append(_row("first paint, map", [one["first-paint"] for one in rounds]))
    found.append(_row("first paint, cockpit", [one["first-paint"] for one in cockpit]))
    names = {"first-map": "map drawn", "time": "another time", "level": "townships or villages", "mode": "another way of showing",
             "layer": "another layer", "flows": "flows", "place": "another place"}  # fmt: skip
    found += [_row(words, [one[name] for one in rounds if name in one]) for name, words in names.items()]
    told = {
        "residents": Person.objects.count(),
        "first_visit_seconds": round(cold, 1),
        "load": os.getloadavg()[0],
        "rows": found,
    }
    print(json.dumps(told, ensure_ascii=False))


def _row(words: str, took: list[float]) -> dict[str, object]:
    return {"what": words, "n": len(took), "median_ms": round(statistics.median(took)), "slowest_ms": round(max(took))}


if __name__ == "__main__":
    main()
