"""Whoever was missed or asked for a text with a key is written to once, or is on the callback list: never nowhere."""

from datetime import timedelta
from uuid import uuid4

import pytest

from quartier.intake import missed_calls
from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.messaging import actions as messaging
from quartier.messaging import queries as messages
from quartier.messaging import reports, stops
from quartier.messaging.models import Message
from quartier.messaging.providers import heard
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.people.models import Person
from quartier.telephony import actions as telephony
from quartier.telephony import queries
from quartier.telephony.actions import Ended
from quartier.telephony.models import Call, Callback, LineSettings

pytestmark = pytest.mark.django_db
MOBILE, LANDLINE, ABROAD = "+32400001427", "+3220001427", "+33612345678"


@pytest.fixture(autouse=True)
def _day(settings, organisation, tuesday):
    settings.TEXTS = ["sandbox:"]


def call(organisation, number=MOBILE, outcome="abandoned", *, ring_back=True, why="missed", **words):
    name, now = uuid4(), clock.now()
    telephony.call_began(organisation=organisation, call_id=name, direction="in", number=number, at=now)
    ended = Ended(outcome, number, "nl", ring_back=ring_back, why=why, **words)
    return telephony.call_closed(
        organisation=organisation, call_id=name, ended=ended, at=now + timedelta(seconds=40)
    )


def texted(clock_at, minutes=2):
    clock_at(clock.now() + timedelta(minutes=minutes))
    missed_calls.text_callers()
    return list(Message.objects.order_by("created_at").values_list("template", flat=True))


@pytest.fixture
def clock_at(monkeypatch):
    """Sets the clock."""

    def put(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    return put


def test_a_missed_call_is_answered_by_one_text_a_day(organisation, clock_at):
    call(organisation)
    assert not missed_calls.text_callers(), "perhaps they dial again at once"
    assert texted(clock_at) == ["missed_call"]
    (message,) = Message.objects.all()
    assert (message.channel, message.to, message.language) == ("text", MOBILE, "nl")
    assert "antwoord gewoon op deze sms" in message.body
    assert Callback.objects.get().why == "missed"
    call(organisation)
    assert texted(clock_at) == ["missed_call"]
    assert not missed_calls.text_callers()


@pytest.mark.parametrize(
    "what",
    [
        "landline",
        "abroad",
        "off",
        "shared",
        "stopped",
        "wants calls",
        "worried",
        "no texts",
        "back",
        "cut off",
    ],
)
def test_who_is_not_written_to(organisation, settings, clock_at, what):
    who = Who("Marie", phone=MOBILE, language="nl", phone_is_shared=what == "shared",
              channel=Person.Channel.CALL if what == "wants calls" else Person.Channel.TEXT)  # fmt: skip
    person = people.record_person(organisation=organisation, who=who)
    if what == "off":
        LineSettings.objects.create(organisation=organisation, texts_missed=False)
    elif what == "stopped":
        stops.stop(organisation=organisation, index=blind("phone", organisation.id, MOBILE), people=[person])
    elif what == "no texts":
        settings.TEXTS = []
    number = {"landline": LANDLINE, "abroad": ABROAD}.get(what, MOBILE)
    call(organisation, number, why="cut_off" if what == "cut off" else "missed", worried=what == "worried")
    if what == "back":
        again = uuid4()
        telephony.call_began(
            organisation=organisation, call_id=again, direction="in", number=number, at=clock.now()
        )
    assert texted(clock_at) == []
    assert not Call.objects.filter(ended_at__isnull=False, text_settled_at=None).exists()


def test_at_night_it_waits_for_the_morning(organisation, clock_at):
    call(organisation)
    night = clock.now().astimezone(organisation.zone).replace(hour=23, minute=0)
    clock_at(night)
    call(organisation, "+32400001428")
    assert texted(clock_at) == ["missed_call"]
    assert Message.objects.get().not_before > night + timedelta(hours=4)


def test_who_asked_with_a_key_is_written_to_at_once_also_after_stop(organisation):
    person = people.record_person(
        organisation=organisation, who=Who("Marie", phone=MOBILE, language="fr", channel=Person.Channel.CALL)
    )
    stops.stop(organisation=organisation, index=blind("phone", organisation.id, MOBILE), people=[person])
    call(organisation, outcome="written", ring_back=False, why="")
    assert missed_calls.text_callers()
    (message,) = Message.objects.all()
    assert (message.template, message.to, message.person) == ("write_to_us", MOBILE, person)
    assert message.not_before <= clock.now()
    assert not Callback.objects.exists(), "nothing is promised twice"
    assert not missed_calls.text_callers()


@pytest.mark.parametrize("what", ["no texts", "too often"])
def test_who_asked_and_cannot_be_written_to_is_rung_back(organisation, settings, what):
    if what == "no texts":
        settings.TEXTS = []
    for _ in range(4 if what == "too often" else 1):
        call(organisation, outcome="written", ring_back=False, why="")
    missed_calls.text_callers()
    assert Callback.objects.get().why == "asked"
    assert not Message.objects.exists()


def test_who_asked_and_was_not_written_to_within_an_hour_is_rung_back(organisation, clock_at):
    call(organisation, outcome="written", ring_back=False, why="")
    assert texted(clock_at, minutes=62) == []
    assert Callback.objects.get().why == "asked"
    assert not missed_calls.text_callers(), "once"


def test_one_letter_that_cannot_be_written_takes_no_other_with_it(organisation, clock_at, monkeypatch):
    broken, write = "+32400001428", messaging.write

    def failing(*, organisation, letter):
        message = write(organisation=organisation, letter=letter)
        if letter.person.phone == broken:
            raise RuntimeError("a template that is broken")
        return message

    monkeypatch.setattr(messaging, "write", failing)
    call(organisation, broken, outcome="written", ring_back=False, why="")
    for number in (MOBILE, "+32400001429"):
        call(organisation, number, outcome="written", ring_back=False, why="")
    call(organisation, "+32400001430")
    assert sorted(texted(clock_at)) == ["missed_call", "write_to_us", "write_to_us"]
    assert {row.number: row.why for row in Callback.objects.all()} == {
        broken: "asked",
        "+32400001430": "missed",
    }


def test_a_text_that_was_asked_for_and_never_arrives_becomes_a_call(organisation, clock_at):
    call(organisation, outcome="written", ring_back=False, why="")
    assert texted(clock_at) == ["write_to_us"]
    message = Message.objects.get()
    assert message.not_after is None, "never dropped in silence"
    assert not missed_calls.ring_back_unreached()
    message.state, message.provider, message.provider_reference = "sent", "sms", "1"
    message.save()
    reports.reported("sms", heard.Report("1", "1", False, "no such number"))
    message.refresh_from_db()
    assert message.state == "failed"
    assert missed_calls.ring_back_unreached()
    assert Callback.objects.get().why == "asked"
    assert not messages.failed(organisation), "on one list, not on two"
    assert not missed_calls.ring_back_unreached()


def test_a_flood_of_numbers_is_no_flood_of_texts(organisation, clock_at, monkeypatch):
    monkeypatch.setattr(missed_calls, "MAX_TEXTS_AN_HOUR", 3)
    for number in range(6):
        call(organisation, f"+3240000{number:04d}")
    assert texted(clock_at) == ["missed_call"] * 3
    assert Callback.objects.count() == 6


def test_nor_is_one_that_presses_the_key_for_a_text(organisation, clock_at, monkeypatch):
    monkeypatch.setattr(missed_calls, "MAX_TEXTS_AN_HOUR", 3)
    for number in range(6):
        call(organisation, f"+3240000{number:04d}", outcome="written", ring_back=False, why="")
    assert texted(clock_at) == ["write_to_us"] * 3
    # Nobody of them is forgotten.
    assert [each.why for each in Callback.objects.all()] == ["asked"] * 3
    clock_at(clock.now() + timedelta(hours=1))
    call(organisation, "+32400000099", outcome="written", ring_back=False, why="")
    assert texted(clock_at) == ["write_to_us"] * 4, "an hour later"


def test_the_line_knows_whom_it_may_offer_a_text(organisation, settings):
    known = lambda number: queries.known(organisation, number, clock.now()).can_text  # noqa: E731
    assert [known(number) for number in (MOBILE, LANDLINE, ABROAD, "")] == [True, False, False, False]
    settings.TEXTS = []
    assert not known(MOBILE)
