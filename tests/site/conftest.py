import pytest
from django.contrib.auth.models import User

import county as small_county
from catchment.kernel import clock
from catchment.rooms.rulebook import queries as rulebook


@pytest.fixture
def county(db, monkeypatch) -> small_county.County:
    """A very small county as of now, so that what is due is due."""
    rulebook.forget()
    monkeypatch.setattr(small_county, "NOW", clock.now())
    yield small_county.build()
    rulebook.forget()


@pytest.fixture
def officer(county):
    """The insurance office's officer, who stands in no relation to the person."""
    office = small_county._facility("I1", "县医保局", "insurance-office", "county", county.hospital.area, 121.3, 28.1)
    return small_county._actor("孟佳宁", office, "insurance-officer")


@pytest.fixture
def desk(county):
    """The hospital's case-mix officer."""
    return small_county._actor("曹敏行", county.hospital, "case-mix-officer")


@pytest.fixture
def enter(client, county):
    """Sign a client in through the post of an actor."""
    from catchment.rooms.staff.models import Practitioner
    from catchment.site.middleware import POST_KEY, SEEN_KEY

    def sign_in(actor):
        practitioner = Practitioner.objects.get(pk=actor.practitioner_id)
        practitioner.user, _made = User.objects.get_or_create(username=f"user-{actor.post_id}")
        practitioner.save()
        client.force_login(practitioner.user)
        session = client.session
        session[POST_KEY] = actor.post_id
        session[SEEN_KEY] = clock.now().timestamp()
        session.save()
        small_county.remember_rules()
        return client

    return sign_in


@pytest.fixture
def administrator(enter, county):
    return enter(small_county._actor("魏子默", county.hospital, "administrator"))
