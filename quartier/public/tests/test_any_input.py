"""Whatever is sent: a page or a way on, never a failure, and nothing is stored twice."""

from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quartier.cases.models import Case
from quartier.intake.models import Draft
from quartier.people.models import Volunteer
from quartier.public.tests.conftest import ANSWERS

pytestmark = pytest.mark.django_db

WORDS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["\x00", "\ud800", "me", "other", "1050", "date", "2027-01-14", "9999-99-99", "0", "on", "call"]
    ),
    st.text(alphabet="0123456789-+/. ", max_size=20),
)
FIELDS = st.sampled_from(
    [
        *("whom", "kinds", "details", "other", "text", "place", "seen", "street", "notes", "urgency", "day"),
        *("part", "languages", "name", "relation", "tell", "phone", "channel", "shared", "email", "consent"),
        *("where", "slots", "always", "travel", "radius_m", "capacity", "budget", "charter", "proof"),
        *("lines", "shop", "substitutions", "never", "agreed", "allergies", "skip"),
    ]
)
SENT = st.dictionaries(FIELDS, st.one_of(WORDS, st.lists(WORDS, max_size=3)), max_size=8)
STEPS = (
    "for",
    "what",
    "details",
    "list",
    "where",
    "address",
    "when",
    "languages",
    "person",
    "reach",
    "check",
    "done",
)
KINDS_OF_BODY = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain")
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def encodable(sent):
    clean = lambda text: text.encode("utf-8", "replace").decode()  # noqa: E731
    return {
        name: [clean(each) for each in value] if isinstance(value, list) else clean(value)
        for name, value in sent.items()
    }


@settings(max_examples=60, deadline=None, suppress_health_check=QUIET)
@given(step=st.sampled_from(STEPS), sent=SENT)
def test_asking(answering, client, step, sent):
    sent = encodable(sent)
    if not hasattr(client, "walked"):
        client.walked = answering()
    url = client.walked.replace("/check/", f"/{step}/")
    for address in (url, f"/en/ask/{step}/?d={quote(str(sent.get('text', ''))[:40])}", reverse("ask")):
        answer = client.post(address, sent)
        assert answer.status_code in {200, 302, 404, 429}
    assert Case.objects.count() <= 1


@settings(max_examples=30, deadline=None, suppress_health_check=QUIET)
@given(sent=SENT, step=st.sampled_from(["where", "what", "reach", "send", "done"]))
def test_joining(client, places, organisation, sent, step):
    for address in ("/fr/join/", f"/fr/join/{step}/"):
        assert client.post(address, encodable(sent)).status_code in {200, 302, 404, 429}
    assert Volunteer.objects.count() <= 1


@settings(max_examples=40, deadline=None, suppress_health_check=QUIET)
@given(body=st.binary(max_size=300), kind=st.sampled_from(KINDS_OF_BODY))
def test_any_bytes(client, organisation, body, kind):
    for address in ("/fr/ask/", "/fr/join/", "/fr/sign-in/", "/fr/sign-in/passkey/finish/", "/fr/ask/reach/"):
        assert client.post(address, body, content_type=kind).status_code < 500


def test_an_address_that_somebody_copied_opens_nothing(answering, organisation):
    check = answering()
    stranger = Client()
    assert stranger.get(check).status_code == 302
    assert stranger.post(check, {"consent": "on"}).status_code == 302
    assert not Case.objects.exists()


def test_a_changed_cookie_opens_nothing(answering, client):
    check = answering()
    draft = Draft.objects.get()
    client.cookies["drafts"] = f"{draft.id.hex}:abc:def"
    assert client.get(check)["Location"].endswith("?lost=1")


def test_answers_survive_a_lost_session(answering, client):
    reach = answering(stop="reach")
    client.cookies.pop("sessionid", None)
    assert client.post(reach, ANSWERS["reach"]).status_code == 302
