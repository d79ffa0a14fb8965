"""What a deployment is checked for, and what every answer carries."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

PROJECT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((PROJECT / "src").rglob("templates/**/*.html"))
BY_SECRET = {"track_open.html", "mine.html", "open.html", "messages.html"}
"""Residents have no session: the secret in the address is what lets them in, and nobody else knows it."""
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE
)


def test_djangos_deployment_check_is_clean_behind_https(tmp_path):
    environment = {
        **os.environ, "CATCHMENT_HTTPS": "1", "CATCHMENT_HOME": str(tmp_path), "PYTHONPATH": str(PROJECT / "src"),
        "DJANGO_SETTINGS_MODULE": "catchment.site.settings",
    }  # fmt: skip
    for name in ("CATCHMENT_DEMO", "DJANGO_ALLOW_ASYNC_UNSAFE"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_a_script_inside(path):
    assert INLINE.findall(path.read_text(encoding="utf-8")) == []


def test_every_form_that_posts_carries_its_token():
    forms = [
        (path.name, form)
        for path in TEMPLATES
        for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", path.read_text(encoding="utf-8"), re.DOTALL)
    ]
    assert len(forms) > 10
    assert [name for name, form in forms if "csrf_token" not in form and name not in BY_SECRET] == []


def test_a_post_without_its_token_is_refused(enter, county):
    inside = enter(county.village_doctor)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = inside.cookies
    for path in ("/referrals/", f"/referrals/new/{county.person.public_id}/", "/sign-out", "/language"):
        assert strict.post(path, {}).status_code == 403, path
    made = strict.post("/api/v1/referrals", "{}", content_type="application/json")
    assert made.status_code == 403


def test_another_hosts_name_is_refused(client, db):
    assert client.get("/sign-in", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "away", ["https://evil.example/", "//evil.example/", "https:///evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_away(client, db, away):
    answer = client.post("/language", {"language": "en", "next": away})
    assert answer.status_code == 302
    assert answer.url == "/"


@pytest.mark.parametrize("path", ["/sign-in", "/api/v1/referrals", "/fhir/R4/metadata", "/nowhere"])
def test_every_answer_forbids_scripts_inside_framing_and_sniffing(client, db, path):
    headers = client.get(path).headers
    assert "'unsafe-inline'" not in headers["Content-Security-Policy"].partition("style-src")[0]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
