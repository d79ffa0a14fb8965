"""(a) Referrals created, accepted and closed over HTTP; (b) pages. Run in a process per home folder."""

import hashlib
import json
import os
import random
import sys
from datetime import timedelta

LETTER = {"letter": {"diagnoses": [{"display": "心绞痛"}], "advice": "坚持服药，一周内随访"}}


def prepare(count: int):
    """People, posts with tokens and slots enough for `count` referrals; everything through the rooms' own actions."""
    from catchment.kernel import clock
    from catchment.kernel.actor import system
    from catchment.rooms.booking import actions as booking
    from catchment.rooms.booking.types import Quota, SessionTold
    from catchment.rooms.people.models import Person
    from catchment.rooms.places.models import Facility, Service
    from catchment.rooms.referral.models import Referral
    from catchment.rooms.staff.models import Post

    now = clock.now()
    lead = Facility.objects.filter(kind="hospital", level="county", in_network=True).order_by("id").first()
    service = Service.objects.filter(facility=lead, specialty="cardiology").first()
    setter = system("bench", "booking.schedule-all")
    days = -(-count // 300)
    for day in range(days):
        start = (now + timedelta(days=1 + day)).replace(hour=1)
        told = SessionTold(
            service_id=service.pk, starts_at=start, minutes=1, quotas={Quota.PUBLIC: 320}, release_hours=1
        )
        booking.open_session(actor=setter, now=now, told=told)

    doctors = Post.objects.filter(role="village-doctor", until__isnull=True).order_by("facility_id", "id")
    posts = list(doctors.distinct("facility_id")[:200])
    senders = []
    for post in posts:
        people = Person.objects.filter(primary_facility=post.facility_id, merged_into__isnull=True, deceased_on=None)
        people = people.exclude(pk__in=Referral.objects.values("person"))
        senders += [
            (token_of(post), str(one))
            for one in people.values_list("public_id", flat=True)[: -(-count // len(posts)) + 5]
        ]
    random.Random(1).shuffle(senders)
    desk = Post.objects.filter(facility=lead, role="referral-desk", until__isnull=True).first()
    specialist = Post.objects.filter(facility=lead, role="specialist", until__isnull=True).first()
    return {
        "senders": senders[:count], "desk": token_of(desk), "specialist": token_of(specialist),
        "to": {"facility": lead.code, "service": service.code},
    }  # fmt: skip


def token_of(post) -> str:
    """A token of the post, good for a day from its first use here."""
    from catchment.kernel import clock
    from catchment.rooms.staff.models import ApiToken

    raw, now = f"bench-{post.pk}", clock.now()
    ApiToken.objects.update_or_create(
        digest=hashlib.sha256(raw.encode()).hexdigest(),
        defaults={"name": "bench", "post": post, "created_at": now, "expires_at": now + timedelta(days=1)},
    )
    return raw


def run(port: int, count: int) -> dict[str, object]:
    """The floor, then create, accept and close, at eight connections."""
    from bench import load

    load.run("warm", port, [("POST", "/floor", "", {})] * 200)
    floor = load.run("floor: one row and one audit row", port, [("POST", "/floor", "", {})] * (count * 2))
    if floor.failures:
        raise SystemExit(f"floor: {floor.failures[0]}")
    ready = prepare(count)
    body = {
        "to": ready["to"],
        "urgency": "ordinary",
        "reason_code": "0",
        "diagnosis": "胸痛",
        "question": "请诊",
        "send": {},
    }
    made = load.run(
        "referral created and sent, slot held", port,
        [("POST", "/api/v1/referrals", token, {**body, "person": who}) for token, who in ready["senders"]],
    )  # fmt: skip
    if made.failures:
        sys.stderr.write("\n".join(sorted(set(made.failures))[:5]) + "\n")
    keys = [json.loads(text)["id"] for text in made.answers]
    tokens = {who: token for token, who in ready["senders"]}
    owner = {json.loads(text)["id"]: tokens[json.loads(text)["person"]] for text in made.answers}
    steps = [made]
    for verb, who, given in (
        ("accept", ready["desk"], {}),
        ("arrive", ready["desk"], {}),
        ("answer", ready["specialist"], LETTER),
        ("take-over", "", {}),
        ("follow-up", "", {"text": "病情平稳"}),
    ):
        calls = [("POST", f"/api/v1/referrals/{key}/{verb}", who or owner[key], given) for key in keys]
        steps.append(load.run(f"referral: {verb}", port, calls))
    pages = page_loads(port, ready)
    return {"floor": floor.row(), "steps": [step.row() for step in steps], "pages": [page.row() for page in pages]}


def page_loads(port: int, ready) -> list:
    from bench import load

    token = ready["senders"][0][0]
    own = [("GET", f"/people/{one}/", doctor, None) for doctor, one in ready["senders"][:200]]
    return [
        load.run("board", port, [("GET", "/?view=facility", ready["desk"], None)] * 200),
        load.run("person page", port, own),
        load.run("search by initials", port, [("POST", "/people/", token, f"q={q}") for q in ("wxy", "lh", "zjg", "cm") * 50]),
        load.run("search by name", port, [("POST", "/people/", token, f"q={q}") for q in ("%E7%8E%8B", "%E6%9D%8E%E5%BB%BA") * 100]),
        load.run("search by name, one at a time", port, [("POST", "/people/", token, f"q={q}") for q in ("%E7%8E%8B", "%E6%9D%8E%E5%BB%BA") * 30], connections=1),
        load.run("search by initials, one at a time", port, [("POST", "/people/", token, f"q={q}") for q in ("wxy", "lh") * 30], connections=1),
        load.run("person page, one at a time", port, own[:60], connections=1),
        load.run("search by phone", port, [("POST", "/people/", token, f"q={q}") for q in ("1001", "100234") * 100]),
    ]  # fmt: skip


def queries_per_page() -> dict[str, int]:
    """How many SQL queries each page makes, signed in, counted by Django."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from catchment.rooms.referral.models import Referral
    from catchment.rooms.staff.models import Post

    desk = Post.objects.filter(role="referral-desk", until__isnull=True, facility__level="county").first()
    token = {"Authorization": f"Bearer bench-{desk.pk}"}
    person = Referral.objects.filter(to_facility=desk.facility_id).latest("id").person
    pages = {
        "board": "/?view=facility", "person page": f"/people/{person.public_id}/", "referrals": "/referrals/",
        "statistics": "/referrals/statistics", "rulebook": "/rulebook/", "places": "/places/",
    }  # fmt: skip
    calls = {name: lambda client, path=path: client.get(path, headers=token) for name, path in pages.items()}
    calls["search"] = lambda client: client.post("/people/", {"q": "wxy"}, headers=token)
    counted = {}
    for name, call in calls.items():
        with CaptureQueriesContext(connection) as caught:
            answer = call(Client(SERVER_NAME="localhost"))
        counted[name] = len(caught) if answer.status_code == 200 else -answer.status_code
    return counted


def main() -> None:
    """`python -m bench.referral HOME COUNT`: print one JSON object."""
    home, count = sys.argv[1], int(sys.argv[2])
    os.environ["CATCHMENT_HOME"] = home
    from catchment.site.cli import running

    running.ready()
    from bench import serving
    from catchment.rooms.people.models import Person

    with serving.site(home) as port:
        result = run(port, count)
    result["residents"] = Person.objects.count()
    result["queries"] = queries_per_page()
    print(json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    main()
