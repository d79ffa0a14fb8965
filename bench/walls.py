"""What row-level security costs: the same pages with and without it, in turn, on one database."""

import json
import os
import sys

ROUNDS, EACH = 3, 40


def prepare():
    """A village doctor's and a desk's token, and residents of the clinic with the longest records."""
    from bench.referral import token_of
    from catchment.rooms.people.models import Person
    from catchment.rooms.staff.models import Post

    doctor = Post.objects.filter(role="village-doctor", until__isnull=True).order_by("facility_id", "id").first()
    desk = Post.objects.filter(role="referral-desk", until__isnull=True, facility__level="county").first()
    people = Person.objects.filter(primary_facility=doctor.facility_id, merged_into__isnull=True).order_by("birth_date")
    return token_of(doctor), token_of(desk), [str(one) for one in people.values_list("public_id", flat=True)[:EACH]]


def pages(doctor: str, desk: str, people: list[str]):
    """The requests of one round by page."""
    return {
        "person page": [("GET", f"/people/{one}/", doctor, None) for one in people],
        "board": [("GET", "/?view=facility", desk, None)] * EACH,
        "search by initials": [("POST", "/people/", doctor, f"q={q}") for q in ("wxy", "lh", "zjg", "cm")]
        * (EACH // 4),
        "referrals": [("GET", "/referrals/", desk, None)] * EACH,
    }


def main() -> None:
    """`python -m bench.walls HOME`: print one JSON object."""
    home = sys.argv[1]
    os.environ["CATCHMENT_HOME"] = home
    from catchment.site.cli import running

    running.ready()
    from bench import load, serving
    from catchment.rooms.people.models import Person

    asked = pages(*prepare())
    seconds: dict[tuple[str, bool], list[float]] = {}
    for walls in (True, False) * ROUNDS:
        with serving.site(home, walls=walls) as port:
            for name, calls in asked.items():
                load.run("warm", port, calls[:8], connections=1)
                done = load.run(name, port, calls, connections=1)
                if done.failures:
                    raise SystemExit(f"{name}: {done.failures[0]}")
                seconds.setdefault((name, walls), []).extend(done.seconds)
    rows = [_row(name, seconds[name, True], seconds[name, False]) for name in asked]
    print(json.dumps({"residents": Person.objects.count(), "pages": rows}, ensure_ascii=False))


def _row(name: str, held: list[float], free: list[float]) -> dict[str, object]:
    def at(values: list[float], share: float) -> float:
        return round(1000 * sorted(values)[int(share * (len(values) - 1))], 1)

    return {
        "page": name, "n": len(held), "without_p50_ms": at(free, 0.5), "with_p50_ms": at(held, 0.5),
        "without_p95_ms": at(free, 0.95), "with_p95_ms": at(held, 0.95),
        "cost_percent": round(100 * (at(held, 0.5) / at(free, 0.5) - 1), 1),
    }  # fmt: skip


if __name__ == "__main__":
    main()
