"""Push messages, to a push service on this machine: sealed, signed, and never lost when it does not take them."""

import json
import stat
import time
from datetime import timedelta

import pytest

from quartier.lib import clock
from quartier.messaging import actions, rules, sign_in_letters
from quartier.messaging.actions import Browser as Given
from quartier.messaging.delivery import deliver
from quartier.messaging.models import Message, PushSubscription, SandboxDelivery
from quartier.messaging.providers.push import UnusableKeys, keys, notification, posting
from quartier.messaging.tests import push_service as stub
from quartier.people.codes import new_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(settings):
    settings.PUSH_LOOPBACK = True
    running = stub.PushService()
    yield running
    running.close()


@pytest.fixture
def browser(service, youssef):
    """Switches a browser on: `browser("/one")`."""

    def on(path="/one", person=None):
        made = stub.Browser()
        given = Given(f"{service.url}{path}", made.keys, "fr", "phone")
        made.row = actions.switch_push_on(person=person or youssef.person, browser=given)
        return made

    return on


@pytest.fixture
def offered(organisation, youssef, tuesday):
    """Writes an offer to Youssef and gives the message."""

    def write(key="offer:1", **given):
        values = {
            "kind": "groceries",
            "place": ("1050", "Ixelles"),
            "metres": 350,
            "window": (tuesday, tuesday + timedelta(hours=7)),
            "page": ("offer_link", "k" * 43),
        }
        letter = actions.Letter(youssef.person, "offer", key, values, **given)
        actions.write(organisation=organisation, letter=letter)
        return Message.objects.get(key=key)

    return write


def state(message):
    return Message.objects.get(pk=message.pk)


def test_it_is_signed_sealed_and_says_no_name(service, browser, offered, tuesday, settings):
    here = browser()
    message = offered(not_after=tuesday + timedelta(minutes=20))
    assert message.channel == "push"
    deliver()
    ((path, headers, body),) = service.taken
    assert path == "/one"
    claims, key = stub.claims_of(headers["Authorization"])
    assert claims["aud"] == service.url
    assert 0 < claims["exp"] - time.time() <= 24 * 3600
    assert claims["sub"].startswith("mailto:")
    assert key == keys.public()
    assert (headers["TTL"], headers["Urgency"], headers["Content-Encoding"]) == ("1200", "high", "aes128gcm")
    assert headers["Topic"] == notification.topic(message)
    shown = here.opens(body)
    assert shown["title"].startswith("Courses")
    assert "Ixelles" in shown["body"]
    assert "http" not in shown["body"]
    assert shown["body"].endswith(".")
    assert shown["url"] == f"/fr/volunteer/offer/{'k' * 43}/"
    assert (shown["language"], shown["tag"]) == ("fr", headers["Topic"])
    sent = state(message)
    assert (sent.state, sent.provider, sent.provider_reference) == ("sent", "push", str(message.pk))
    assert not SandboxDelivery.objects.exists()


def test_a_renewed_message_replaces_the_old_one(browser, offered):
    browser()
    first, other = offered("offer:1"), offered("offer:2")
    again = Message(organisation_id=first.organisation_id, key="offer:1")
    assert notification.topic(first) == notification.topic(again) != notification.topic(other)
    assert len(notification.topic(first)) == 32


def test_the_key_is_the_owners_alone_and_stays(settings):
    file = settings.INSTALLATION.home / "push" / "key.pem"
    first = keys.public()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    keys._key.cache_clear()
    assert keys.public() == first


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten_and_the_next_way_is_taken(service, browser, offered, status):
    browser()
    service.moods["/one"] = [status]
    message = offered()
    deliver()
    assert not PushSubscription.objects.exists()
    fallen = state(message)
    assert (fallen.state, fallen.channel, fallen.attempts, fallen.claim) == ("due", "email", 0, None)
    deliver()
    box = SandboxDelivery.objects.get()
    assert (box.to, box.copy_of, box.channel) == ("youssef@example.org", message.pk, "email")
    assert box.subject.startswith("Courses")
    assert box.body.endswith(f"\n\nhttp://127.0.0.1:8000/fr/volunteer/offer/{'k' * 43}/")
    assert state(message).state == "sent"


def test_by_text_it_has_the_letters_of_a_text(service, browser, offered, youssef):
    person = youssef.person
    person.phone, person.channel = "+32400001427", "text"
    person.save()
    browser()
    service.moods["/one"] = [413]
    message = offered()
    deliver()
    fallen = state(message)
    assert (fallen.channel, fallen.to, fallen.subject) == ("text", "+32400001427", "")
    assert "\u00a0" not in fallen.body
    assert "/fr/volunteer/offer/" in fallen.body
    # What is too large for one message is no fault of the browser.
    assert PushSubscription.objects.count() == 1


def test_one_browser_of_two_is_enough(service, browser, offered):
    browser("/old")
    here = browser("/new")
    service.moods["/old"] = [410]
    message = offered()
    deliver()
    assert [path for path, *_ in service.taken] == ["/new"]
    assert here.opens(service.taken[0][2])["url"]
    assert state(message).state == "sent"
    assert PushSubscription.objects.count() == 1


def test_a_service_that_asks_for_a_moment_gets_it(service, browser, offered, tuesday):
    browser()
    service.moods["/one"] = [(429, {"Retry-After": "90"})]
    message = offered()
    deliver()
    waits = state(message)
    assert (waits.state, waits.channel, waits.not_before) == ("due", "push", tuesday + timedelta(seconds=90))
    with clock.stopped_at(tuesday + timedelta(seconds=89)):
        assert not deliver()
    with clock.stopped_at(tuesday + timedelta(seconds=90)):
        deliver()
    assert state(message).state == "sent"
    assert PushSubscription.objects.get().failed_at is None


@pytest.mark.parametrize("wait", ["1200", "Tue, 12 Jan 2027 10:20:00 GMT"])
def test_whoever_should_wait_too_long_is_told_another_way(service, browser, offered, wait):
    browser()
    service.moods["/one"] = [(503, {"Retry-After": wait})]
    message = offered()
    deliver()
    assert (state(message).state, state(message).channel) == ("due", "email")
    assert PushSubscription.objects.count() == 1


@pytest.mark.parametrize("wait", ["soon", "-1", "9" * 40, ""])
def test_a_wait_that_is_none_is_our_own(service, browser, offered, wait, tuesday):
    browser()
    service.moods["/one"] = [(500, {"Retry-After": wait})]
    message = offered()
    deliver()
    assert state(message).not_before == tuesday + rules.PAUSES[0]


def test_after_three_tries_it_goes_another_way(service, browser, offered, tuesday):
    browser()
    service.moods["/one"] = [500, 502, 503]
    message = offered()
    for minute in range(3):
        assert state(message).channel == "push"
        with clock.stopped_at(tuesday + timedelta(minutes=2 * minute)):
            deliver()
    assert (state(message).state, state(message).channel, state(message).attempts) == ("due", "email", 0)
    assert PushSubscription.objects.get().failed_at == tuesday


@pytest.mark.parametrize("mood", [stub.hangs, stub.drips, stub.talks_nonsense, stub.hangs_up])
def test_who_does_not_say_may_have_taken_it(service, browser, offered, monkeypatch, mood):
    monkeypatch.setattr(posting, "WHOLE_S", 0.5)
    browser()
    service.moods["/one"] = [mood]
    message = offered()
    began = time.monotonic()
    deliver()
    assert time.monotonic() - began < 2.5
    assert (state(message).state, state(message).channel) == ("unknown", "push")
    assert service.url not in state(message).error


def test_a_service_that_is_not_there_is_tried_again(service, browser, offered):
    browser()
    service.close()
    message = offered()
    deliver()
    assert (state(message).state, state(message).channel) == ("due", "push")


def test_nobody_is_led_elsewhere(service, browser, offered):
    browser()
    service.moods["/one"] = [(302, {"Location": f"{service.url}/inside"}), (307, {"Location": "/inside"})]
    message = offered()
    deliver()
    assert service.seen == ["/one"]
    assert state(message).channel == "email"


def test_who_can_only_be_called_is_seen_on_the_board(service, browser, offered, youssef):
    type(youssef.person).objects.filter(pk=youssef.person.pk).update(channel="call")
    youssef.person.refresh_from_db()
    browser()
    service.moods["/one"] = [410]
    message = offered()
    deliver()
    assert (state(message).state, state(message).channel) == ("failed", "push")


def test_a_lost_lease_changes_nothing(service, browser, offered, lost):
    from uuid import uuid4

    from quartier.messaging.delivery import fall_back

    browser()
    message = offered()
    Message.objects.filter(pk=message.pk).update(state="sending", claim=uuid4())
    assert not fall_back(message=message, token=uuid4(), why="")
    assert (state(message).state, state(message).channel) == ("sending", "push")


def test_a_code_to_sign_in_never_goes_there(browser, youssef, tuesday):
    browser()
    code = new_code(person=youssef.person)
    assert sign_in_letters.send_sign_in_code(person=youssef.person, code=code).channel == "email"


def test_a_trial_ends_where_it_began(service, browser, youssef, tuesday):
    here = browser()
    assert actions.try_push(person=youssef.person).channel == "push"
    deliver()
    shown = here.opens(service.taken[0][2])
    assert shown["title"] == "Un essai, rien d’autre"
    assert shown["body"].endswith("tout de suite.")
    service.moods["/one"] = [410]
    with clock.stopped_at(tuesday + timedelta(minutes=1)):
        second = actions.try_push(person=youssef.person)
        deliver()
    assert state(second).state == "cancelled"
    assert actions.try_push(person=youssef.person) is None


def test_what_stands_in_the_database_tells_nothing(service, browser):
    from django.db import connection

    browser()
    with connection.cursor() as cursor:
        cursor.execute("SELECT endpoint, keys FROM messaging_pushsubscription")
        words = json.dumps([str(each) for each in cursor.fetchone()])
    assert "127.0.0.1" not in words
    assert "p256dh" not in words


def test_a_browser_tells_only_who_switched_it_on_last(service, browser, youssef, nadia):
    browser()
    browser(person=nadia.person)
    assert PushSubscription.objects.get().person_id == nadia.person.pk
    for number in range(7):
        browser(f"/{number}")
    assert PushSubscription.objects.filter(person=youssef.person).count() == actions.MOST_BROWSERS
    assert actions.switch_push_off(person=youssef.person, endpoint=f"{service.url}/6") == 1
    assert actions.switch_push_off(person=youssef.person, endpoint=f"{service.url}/one") == 0
    assert actions.switch_push_off(person=youssef.person) == actions.MOST_BROWSERS - 1
    assert PushSubscription.objects.count() == 1


def test_a_browser_gets_a_new_address(service, browser, organisation, elsewhere, youssef):
    browser()
    fresh = Given(f"{service.url}/two", stub.Browser().keys)
    assert not actions.renew_push(organisation=organisation, old=f"{service.url}/never", browser=fresh)
    assert not actions.renew_push(organisation=elsewhere, old=f"{service.url}/one", browser=fresh)
    assert actions.renew_push(organisation=organisation, old=f"{service.url}/one", browser=fresh)
    row = PushSubscription.objects.get()
    assert (row.endpoint, row.person_id, row.device) == (f"{service.url}/two", youssef.person.pk, "phone")


@pytest.mark.parametrize(
    "endpoint",
    [
        "", "http://push.example.com/x", "http://127.0.0.1:99/", "https://127.0.0.1/x", "https://localhost/x",
        "https://[::1]/x", "https://10.0.0.1/x", "https://2130706433/", "https://0x7f.1/", "ftp://push.example.com/",
        "https://user:word@push.example.com/", "https://push.example.com:8443/", "https://push.example.com:x/",
        "https://push.example.com/\r\nHost: x", "https://pûsh.example.com/", "https://intranet/x", "file:///etc/passwd",
        "https://push.example.com/" + "x" * 2000,
    ],
)  # fmt: skip
def test_an_address_that_leads_inside_is_refused(endpoint, youssef):
    with pytest.raises(posting.NotAllowed):
        actions.switch_push_on(person=youssef.person, browser=Given(endpoint, stub.Browser().keys))


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1", "::1",
     "fe80::1%2", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "ff02::1"],
)  # fmt: skip
def test_a_name_that_leads_inside_is_refused_when_it_is_used(address, monkeypatch):
    monkeypatch.setattr(posting.socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", (address, 443))])
    with pytest.raises(posting.NotAllowed):
        posting.post("https://push.example.com/x", b"", {})


def test_public_addresses_are():
    assert posting.is_public("142.250.1.1")
    assert posting.is_public("2a00:1450::1")


@pytest.mark.parametrize(
    "given",
    [{}, {"p256dh": "x", "auth": "y"}, {"p256dh": stub.b64(b"\x04" + bytes(64)), "auth": stub.b64(bytes(16))},
     {**stub.Browser().keys, "auth": stub.b64(bytes(15))}, {**stub.Browser().keys, "auth": "!!"}],
)  # fmt: skip
def test_keys_that_are_none_are_refused(given, youssef):
    with pytest.raises(UnusableKeys):
        actions.switch_push_on(person=youssef.person, browser=Given("https://push.example.com/x", given))


@pytest.mark.parametrize(
    ("text", "words", "path"),
    [
        ("Courses, Ixelles, avant 18 h. Oui ou non : https://q.be/fr/x/", "Courses, Ixelles, avant 18 h.", "/fr/x/"),
        ("Am 12. Januar. Ja oder nein: https://q.be/de/x/?a=1", "Am 12. Januar.", "/de/x/?a=1"),
        ("Es-tu là ? Dis-le ici : https://q.be/x", "Es-tu là ?", "/x"),
        ("Nous écrivons. https://q.be/x", "Nous écrivons.", "/x"),
        ("Rien : https://q.be/x", "Rien", "/x"),
        ("Pas de lien.", "Pas de lien.", ""),
    ],
)  # fmt: skip
def test_the_words_end_where_the_link_begins(text, words, path):
    assert notification.parted(text) == (words, path)
