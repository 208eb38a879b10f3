"""The ways in somebody's own order: the first try, and every detour."""

from datetime import time

import pytest

from quartier.lib import clock
from quartier.messaging import actions, delivery, detours
from quartier.messaging.actions import Browser, Letter, write
from quartier.messaging.models import Message, PostSettings
from quartier.messaging.providers.base import NotSent, Provider, Refused
from quartier.messaging.tests.test_failover import PostOf
from quartier.people import wishes
from quartier.people.models import Person
from quartier.people.rules import Quiet
from quartier.people.wishes import Said
from quartier.team.access import system

pytestmark = pytest.mark.django_db


class Refuses(Provider):
    """Takes nothing, for ever."""

    name = "refuses"

    def __init__(self):
        self.channels_tried = []

    def send(self, message):
        self.channels_tried.append(message.channel)
        raise Refused("no")


@pytest.fixture
def youssef_(organisation, youssef, tuesday, settings, monkeypatch):
    """Youssef with a phone, an address and a browser; the line reads to who names that way."""
    monkeypatch.setattr("quartier.messaging.providers.push.posting.checked", lambda endpoint: endpoint)
    monkeypatch.setattr("quartier.messaging.browsers.opened", lambda keys: None)
    person = youssef.person
    person.phone = "+32400001001"
    person.save()
    PostSettings.objects.create(organisation=organisation, reads_aloud=True)
    actions.switch_push_on(
        person=person, browser=Browser("https://push.example.org/1", {"p256dh": "a", "auth": "b"})
    )
    return person


def put(person, *order):
    wishes.put_in_order(actor=system(person.organisation), person=person, order=order)
    return Person.objects.get(pk=person.pk)


def offer(person, key="a"):
    values = {
        "kind": "groceries", "place": ("1050", "Ixelles"), "metres": 800, "page": ("home",),
        "window": (clock.now(), clock.now().replace(hour=20)),
    }  # fmt: skip
    return write(organisation=person.organisation, letter=Letter(person, "offer", key, values))


def test_without_wishes_all_is_as_it_was(youssef_):
    assert [code for code, _to in actions.ways_of(youssef_, "offer")] == ["push", "email", "text"]
    assert offer(youssef_).channel == "push"


@pytest.mark.parametrize(
    ("order", "tried"),
    [
        (("text", "email", "push"), ["text", "email", "push"]),
        (("email", "text"), ["push", "email", "text"]),
        (("voice", "email", "text", "push"), ["voice", "email", "text", "push"]),
        (("text", "voice", "push", "email"), ["text", "voice", "push", "email"]),
    ],
)
def test_every_way_is_tried_in_that_order(youssef_, order, tried):
    person = put(youssef_, *order)
    written = offer(person)
    carrier = Refuses()
    for _try in range(6):
        delivery.deliver(PostOf(carrier))
    assert carrier.channels_tried == tried
    written.refresh_from_db()
    assert written.state == "failed"


def test_a_code_never_comes_by_a_browser_and_never_by_a_call(youssef_):
    person = put(youssef_, "push", "voice", "text", "email")
    assert [code for code, _to in actions.ways_of(person, "sign_in_code")] == ["text", "email"]


def test_who_answers_a_text_is_answered_by_a_text(youssef_):
    person = put(youssef_, "email", "push", "text")
    letter = Letter(person, "reply_no", "no", by="text")
    assert write(organisation=person.organisation, letter=letter).channel == "text"


def test_who_wants_calls_alone_is_not_written_to(youssef_):
    youssef_.channel = "call"
    youssef_.save()
    assert [code for code, _to in actions.ways_of(youssef_, "offer")] == ["push", "voice"]
    assert actions.ways_known(youssef_) == []


def test_a_shared_phone_is_no_way(youssef_):
    youssef_.phone_is_shared = True
    youssef_.save()
    assert [code for code, _to in actions.ways_known(youssef_)] == ["push", "email"]


def test_choosing_one_way_anew_goes_before_an_order_chosen_elsewhere(youssef_, organisation):
    person = put(youssef_, "text", "email", "push")
    assert person.channel == "text"
    wishes.speak(actor=system(organisation), person=person, language="fr", channel="email")
    assert offer(Person.objects.get(pk=person.pk)).channel == "push"


def test_a_detour_in_quiet_hours_waits_for_them_to_end(youssef_, organisation, tuesday):
    person = put(youssef_, "email", "text", "push")
    written = offer(person)
    said = Said(quiet=Quiet(time(10), time(13)))
    wishes.wish(actor=system(organisation), person=person, said=said)
    Message.objects.update(state="sent")
    written.refresh_from_db()
    detours.not_arrived(written, "no such address")
    written.refresh_from_db()
    assert (written.channel, written.state) == ("text", "due")
    delivery.deliver()
    written.refresh_from_db()
    # Eleven in the morning in Brussels: at one in the afternoon it goes.
    assert (written.state, written.not_before) == ("due", tuesday.replace(hour=12))


def test_what_a_browser_shows_after_a_text_has_a_title(youssef_):
    person = put(youssef_, "text", "push", "email")
    written = offer(person)
    delivery.deliver(PostOf(Refuses()))
    written.refresh_from_db()
    assert (written.channel, written.subject) == ("push", person.organisation.name)


def test_what_only_comes_later_takes_no_detour(youssef_):
    person = put(youssef_, "text", "email", "push")

    class Later(Refuses):
        def send(self, message):
            raise NotSent("later")

    written = offer(person)
    delivery.deliver(PostOf(Later()))
    written.refresh_from_db()
    assert (written.channel, written.state) == ("text", "due")
