"""The health map over HTTP: every layer, every flow, the panel of many places. `python -m bench.answers HOME`.

Floor: a bare view on the same server and database that inserts one row and one audit row. Cold: the first request that a
new server is asked, the answers of the lake being kept beside it as a refresh leaves them. Clicks: one at a time, warm
server, each address once, so that no answer was given before.
"""

import json
import os
import sys
from urllib.parse import quote

FLOORS, PLACES, WAKE = 200, 40, 16


def prepare():
    """A county manager's token, the county's code, layers with their grains, and places of every level."""
    from django.utils import timezone

    from bench.referral import token_of
    from catchment.kernel import clock, wall
    from catchment.kernel.lake import refreshing
    from catchment.rooms.measures.queries import atlas
    from catchment.rooms.places.models import Area
    from catchment.rooms.staff.models import Post

    with wall.acting("lake", at=clock.now()):
        refreshing.refresh()
        atlas.keep_answers(timezone.localdate())
    manager = (
        Post.objects.filter(role="county-manager", until__isnull=True).select_related("practitioner__user").first()
    )
    county = Area.objects.filter(level="county", boundary__isnull=False).order_by("code").first()
    known = [
        (one.code, grain) for one in atlas.layers(atlas.standing(county, timezone.localdate())) for grain in one.grains
    ]
    places = list(Area.objects.filter(code__startswith=county.code).order_by("code").values_list("code", flat=True))
    return token_of(manager), county.code, known, places[:: max(1, len(places) // PLACES)]


def addresses(token: str, county: str, layers, places):
    """What is asked, by what it is."""
    kinds: dict[str, list[str]] = {}
    for code, grain in layers:
        kind = code.partition(":")[0]
        kinds.setdefault(f"layer: {kind}", []).append(f"/atlas/values.json?layer={quote(code)}&grain={grain}")
    flows = [f"/atlas/flows.json?kind={kind}&grain={g}" for kind in ("stays", "up", "down") for g in ("year", "month")]
    kinds["flows"] = flows
    kinds["panel of a place"] = [f"/atlas/panel?place={one}&county={county}" for one in places]
    kinds["map, page"], kinds["cockpit, page"] = ["/atlas/"], ["/cockpit/"]
    kinds["ground"], kinds["cockpit, board"] = ["/atlas/ground.json"], ["/cockpit/board"]
    return {kind: [("GET", path, token, None) for path in paths] for kind, paths in kinds.items()}


def main() -> None:
    """Print one JSON object."""
    home = sys.argv[1]
    os.environ["CATCHMENT_HOME"] = home
    from catchment.site.cli import running

    running.ready()
    from bench import load, serving
    from catchment.rooms.people.models import Person

    asked = addresses(*prepare())
    with serving.site(home) as port:
        load.run("warm", port, [("POST", "/floor", "", {})] * 20, connections=1)
        floor = load.run("floor", port, [("POST", "/floor", "", {})] * FLOORS, connections=1)
    rows = [_row("floor: one row and one audit row", floor.seconds, floor.seconds)]
    for kind, calls in asked.items():
        with serving.site(home) as port:
            rows.append(_measured(load, kind, port, calls, floor.seconds))
    found = {"residents": Person.objects.count(), "load": round(os.getloadavg()[0], 1), "rows": rows}
    print(json.dumps(found, ensure_ascii=False))


def _measured(load, kind: str, port: int, calls, floor: list[float]) -> dict[str, object]:
    """The first request of a new server; then, both its processes being awake, the others, or the one five times."""
    done = load.run(kind, port, calls[:1], connections=1)
    load.run("warm", port, [calls[0]] * WAKE, connections=WAKE)
    more = load.run(kind, port, calls[1:] or calls * 5, connections=1)
    for one in (done, more):
        if one.failures:
            raise SystemExit(f"{kind}: {one.failures[0]}")
    return {**_row(kind, more.seconds, floor), "cold_ms": round(1000 * done.seconds[0])}


def _row(kind: str, seconds: list[float], floor: list[float]) -> dict[str, object]:
    def at(values: list[float], share: float) -> float:
        return 1000 * sorted(values)[int(share * (len(values) - 1))]

    return {
        "what": kind, "n": len(seconds), "p50_ms": round(at(seconds, 0.5), 1), "p95_ms": round(at(seconds, 0.95), 1),
        "slowest_ms": round(1000 * max(seconds), 1), "ratio_p50": round(at(seconds, 0.5) / at(floor, 0.5), 1), "cold_ms": "",
    }  # fmt: skip


if __name__ == "__main__":
    main()
