"""The app without a browser: what the server says to it, takes from it, and takes only once."""

import json

import pytest

from quartier.messaging.models import Message, PushSubscription
from quartier.messaging.tests.push_service import Browser
from quartier.team.access import of_account
from quartier.visits import actions as visits
from quartier.visits.models import Assignment
from quartier.volunteer.tests.planted import state

pytestmark = pytest.mark.django_db
ONCE = "3f0c4d52-0b7e-4c52-9d6e-5d1f4f6f2a01"
ENDPOINT = "https://push.example.com/x"


def posted(**given):
    return {"endpoint": ENDPOINT, **Browser().keys, **given}


def test_an_answer_with_a_key_is_taken_once(client, phone, opened, links, youssef):
    client.post(links["Youssef"], {"do": "yes", "once": ONCE})
    assert state(opened) == ("covered", 1)
    visits.could_not(
        actor=of_account(youssef.person.account), assignment=Assignment.objects.get(), failure="cannot_go"
    )
    for browser in (client, phone):
        answer = browser.post(links["Youssef"], {"do": "yes", "once": ONCE})
        assert (answer.status_code, answer["Location"]) == (302, links["Youssef"])
    assert state(opened) == ("open", 0)
    # Another answer, or the same key of another offer, is another one.
    client.post(links["Nadia"], {"do": "no", "once": ONCE})
    client.post(links["Youssef"], {"do": "yes", "once": ONCE.replace("3", "4")})
    assert state(opened) == ("covered", 1)


@pytest.mark.parametrize("once", ["", "x", "\x00" * 36, "a" * 5000])
def test_a_key_that_is_none_is_as_without(client, opened, links, once):
    client.post(links["Youssef"], {"do": "yes", "once": once})
    assert state(opened) == ("covered", 1)


def test_what_fails_may_be_sent_again(client, opened, links, monkeypatch):
    def fails(**_given):
        raise RuntimeError("away")

    client.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr(visits, "accept_with", fails)
        assert client.post(links["Youssef"], {"do": "yes", "once": ONCE}).status_code == 500
    client.post(links["Youssef"], {"do": "yes", "once": ONCE})
    assert state(opened) == ("covered", 1)


def test_a_page_says_how_long_it_may_be_kept(client, opened, links, youssef):
    assert int(client.get(links["Youssef"])["Quartier-Keep"]) == int(opened.window_until.timestamp())
    client.post(links["Youssef"], {"do": "yes"})
    page = client.get(links["Youssef"])
    visit = Assignment.objects.get()
    assert int(page["Quartier-Keep"]) == int(visit.comes_until.timestamp()) + 24 * 3600
    assert page["Quartier-State"] == "visit"
    other = client.get(links["Nadia"])
    assert (other["Quartier-Keep"], other["Quartier-State"]) == ("0", "covered")
    visits.done(actor=of_account(youssef.person.account), assignment=visit)
    assert client.get(links["Youssef"])["Quartier-Keep"] == "0"


def test_the_worker_is_at_the_root_and_never_old(client, organisation):
    answer = client.get("/worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_the_manifest_speaks_the_readers_language(client, organisation, language):
    said = json.loads(client.get(f"/{language}/volunteer/app.webmanifest").content)
    assert (said["lang"], said["start_url"]) == (language, f"/{language}/volunteer/")
    assert {each["purpose"] for each in said["icons"]} == {"any", "maskable"}


def test_switched_on_tried_and_off(signed_in, youssef, tuesday):
    client = signed_in(youssef.person.account)
    box = client.post("/fr/volunteer/push/", {"do": "state"}).content.decode()
    assert "Me prévenir" in box
    given = posted(do="on")
    box = client.post("/fr/volunteer/push/", given, headers={"user-agent": "Android Mobile"}).content.decode()
    assert "Depuis aujourd’hui" in box
    for _ in range(8):
        client.post("/fr/volunteer/push/", {**given, "do": "try"})
    assert Message.objects.filter(template="push_test").count() <= 5
    box = client.post("/fr/volunteer/push/", {**given, "do": "off"}).content.decode()
    assert "Me prévenir" in box
    assert not PushSubscription.objects.exists()


def test_what_another_switched_on_is_not_mine(signed_in, youssef, lotte):
    signed_in(youssef.person.account).post("/fr/volunteer/push/", posted(do="on"))
    other = signed_in(lotte)
    for do in ("state", "try", "off"):
        box = other.post("/fr/volunteer/push/", {"do": do, "endpoint": ENDPOINT}).content.decode()
        assert "Ce qui ne peut pas attendre" in box
    assert PushSubscription.objects.get().person_id == youssef.person.pk


def test_an_address_that_leads_inside_is_refused(signed_in, youssef):
    client = signed_in(youssef.person.account)
    for endpoint in ("https://10.0.0.1/", "http://push.example.com/", "", "\x00", "x" * 3000):
        box = client.post("/fr/volunteer/push/", posted(do="on", endpoint=endpoint)).content.decode()
        assert "pas marché" in box
    assert not PushSubscription.objects.exists()


def test_only_the_browser_itself_gets_a_new_address(client, signed_in, youssef):
    signed_in(youssef.person.account).post("/fr/volunteer/push/", posted(do="on"))
    fresh = {"endpoint": f"{ENDPOINT}/2", "keys": Browser().keys}
    for old, status in ((f"{ENDPOINT}/0", 404), (ENDPOINT, 204), (ENDPOINT, 404)):
        answer = client.post(
            "/push/renew/", json.dumps({"old": old, **fresh}), content_type="application/json"
        )
        assert answer.status_code == status
    assert PushSubscription.objects.get().endpoint == f"{ENDPOINT}/2"
    for body in ("", "[]", "{}", '{"old": 1, "endpoint": 2, "keys": 3}', "\xff"):
        assert client.post("/push/renew/", body, content_type="application/json").status_code == 400


def test_who_leaves_is_told_nothing_any_more(signed_in, youssef):
    client = signed_in(youssef.person.account)
    client.post("/fr/volunteer/push/", posted(do="on"))
    client.post("/fr/volunteer/leave/")
    assert not PushSubscription.objects.exists()
