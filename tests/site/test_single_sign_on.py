"""Single sign-on against a real OpenID provider, which runs as a process of its own beside the test."""

import socket
import subprocess
import sys
import time
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured

from catchment.kernel.models import AuditEntry
from catchment.rooms.staff.models import Practitioner
from catchment.site.signin.provider import Provider, configured

CONTACT = "信息科 王工 内线 8012"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def issuer():
    """A running provider that knows nobody yet."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            httpx.get(f"{address}/.well-known/openid-configuration").raise_for_status()
            break
        except httpx.HTTPError:
            time.sleep(0.05)
    yield address
    process.terminate()
    process.wait()


@pytest.fixture
def single(issuer, settings):
    """The provider as the county's file would name it; called with other lines, those."""

    def configure(**lines):
        told = {
            "name": "县统一认证",
            "issuer": issuer,
            "client_id": "catchment",
            "client_secret": "s",
            "contact": CONTACT,
        }
        settings.SINGLE_SIGN_ON = Provider(**{**told, "claim": "staff_number", **lines})
        settings.SOCIALACCOUNT_PROVIDERS = settings.SINGLE_SIGN_ON.as_setting()
        return settings.SINGLE_SIGN_ON

    configure()
    return configure


@pytest.fixture
def account(county):
    user = User.objects.create_user("zhou")
    Practitioner.objects.filter(pk=county.village_doctor.practitioner_id).update(user=user, code="YX0042")
    return user


def known(issuer, sub="p-1", **claims):
    """Make the provider know a person."""
    httpx.put(f"{issuer}/users/{sub}", json=claims).raise_for_status()
    return sub


def through(client, sub, next_page=""):
    """From our sign-in page to the provider, as somebody there, and back with what it answered."""
    there = client.get(f"/sign-in/with/single{next_page}")
    assert there.status_code == 302
    answered = httpx.post(there.headers["Location"], data={"sub": sub})
    back = urlsplit(answered.headers["location"])
    return client.get(f"{back.path}?{back.query}")


def test_a_practitioner_enters_by_the_claim_and_acts_through_their_own_post(client, single, issuer, account):
    assert "用县统一认证登录" in client.get("/sign-in").content.decode()
    assert through(client, known(issuer, staff_number="YX0042"), "?next=/people/").headers["Location"] == "/people/"
    assert "石桥村卫生室" in client.get("/").content.decode()
    assert AuditEntry.objects.filter(event="session.begin", user_id=account.pk).count() == 1


def test_the_way_there_carries_a_state_and_a_proof_key(client, single, issuer, account):
    asked = parse_qs(urlsplit(client.get("/sign-in/with/single").headers["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["state"]
    assert set(asked["scope"][0].split()) == {"openid", "profile"}


@pytest.mark.parametrize("claims", [{"staff_number": "YX9999"}, {}, {"staff_number": ["YX0042"]}, {"staff_number": ""}])
def test_whom_nobody_here_knows_is_told_whom_to_ask_and_nothing_is_made(client, single, issuer, account, claims):
    before = (User.objects.count(), Practitioner.objects.count())
    answer = through(client, known(issuer, "p-2", **claims))
    assert answer.status_code == 403
    assert CONTACT in answer.content.decode()
    assert (User.objects.count(), Practitioner.objects.count()) == before
    assert client.get("/").status_code == 302
    assert AuditEntry.objects.filter(event="session.unknown").count() == 1


def test_a_practitioner_without_a_sign_in_or_who_has_left_does_not_enter(client, single, issuer, account):
    Practitioner.objects.filter(user=account).update(active=False)
    assert through(client, known(issuer, staff_number="YX0042")).status_code == 403
    Practitioner.objects.filter(user=account).update(active=True, user=None)
    assert through(client, known(issuer, staff_number="YX0042")).status_code == 403


def test_a_disabled_account_does_not_enter(client, single, issuer, account):
    User.objects.filter(pk=account.pk).update(is_active=False)
    through(client, known(issuer, staff_number="YX0042"))
    assert client.get("/").status_code == 302


def test_a_second_factor_is_asked_here_all_the_same(client, single, issuer, account):
    TOTP.activate(account, generate_totp_secret())
    answer = through(client, known(issuer, staff_number="YX0042"))
    assert answer.headers["Location"].startswith("/sign-in/second-factor")
    assert client.get("/").status_code == 302


def test_accounts_can_be_matched_by_username_instead(client, single, issuer, account):
    single(claim="preferred_username", matches="username")
    assert through(client, known(issuer, preferred_username="zhou")).headers["Location"] == "/"


def test_nothing_of_the_provider_is_kept(client, single, issuer, account):
    through(client, known(issuer, staff_number="YX0042"))
    assert (SocialAccount.objects.count(), SocialToken.objects.count()) == (0, 0)


def test_an_answer_that_nobody_asked_for_opens_nothing(client, single, issuer, account):
    known(issuer, staff_number="YX0042")
    assert client.get("/sign-in/with/single/back?code=abc&state=made-up").status_code == 502
    client.get("/sign-in/with/single")
    assert client.get("/sign-in/with/single/back?code=abc&state=made-up").status_code == 502
    assert client.get("/").status_code == 302


def test_a_code_opens_only_once(client, single, issuer, account):
    there = client.get("/sign-in/with/single").headers["Location"]
    back = urlsplit(httpx.post(there, data={"sub": known(issuer, staff_number="YX0042")}).headers["location"])
    client.get(f"{back.path}?{back.query}")
    client.post("/sign-out")
    assert client.get(f"{back.path}?{back.query}").status_code == 502
    assert client.get("/").status_code == 302


def test_a_refusal_by_the_provider_is_told(client, single, issuer, account):
    there = client.get("/sign-in/with/single").headers["Location"]
    back = urlsplit(httpx.post(there, data={"action": "deny"}).headers["location"])
    state = parse_qs(urlsplit(there).query)["state"][0]  # which this provider forgets to send along with a refusal
    answer = client.get(f"{back.path}?{back.query}&state={state}")
    assert answer.status_code == 403
    assert "已取消登录" in answer.content.decode()


def test_a_provider_that_is_away_is_told_and_the_password_still_opens(client, single, account):
    single(issuer=f"http://127.0.0.1:{free_port()}")
    answer = client.get("/sign-in/with/single")
    assert answer.status_code == 502
    assert CONTACT in answer.content.decode()
    assert client.get("/sign-in").status_code == 200


def test_signing_out_ends_the_session_here_and_leads_out_of_the_provider(client, single, issuer, account):
    through(client, known(issuer, staff_number="YX0042"))
    assert client.post("/sign-out").headers["Location"] == "/sign-in?left=single"
    assert client.get("/").status_code == 302
    assert "一并退出" in client.get("/sign-in?left=single").content.decode()
    out = client.get("/sign-out/with/single").headers["Location"]
    assert out.startswith(f"{issuer}/oauth2/end_session?")
    assert httpx.get(out).status_code == 200


def test_without_a_provider_there_is_no_such_door(client, county):
    assert client.get("/sign-in/with/single").status_code == 404
    assert "sign-in/with" not in client.get("/sign-in").content.decode()


def test_the_file_is_read_and_its_secret_may_stand_in_the_environment(tmp_path, monkeypatch):
    file = tmp_path / "single-sign-on.yaml"
    file.write_text("name: 县统一认证\nissuer: https://sso.example/\nclient_id: c\ncontact: 信息科\n", encoding="utf-8")
    with pytest.raises(ImproperlyConfigured, match="client_secret"):
        configured(tmp_path)
    monkeypatch.setenv("CATCHMENT_SINGLE_SIGN_ON_SECRET", "from outside")
    assert configured(tmp_path).client_secret == "from outside"
    assert configured(tmp_path / "none") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [("issuer: http://sso.example", "https://"), ("colour: blue", "colour"), ("- a", "YAML"), ("a: [", "YAML")],
)
def test_a_wrong_file_is_told_with_its_line(tmp_path, text, said):
    (tmp_path / "single-sign-on.yaml").write_text(text)
    with pytest.raises(ImproperlyConfigured, match=said):
        configured(tmp_path)
