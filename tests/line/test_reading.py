"""The line reads messages to real telephones: who presses a key hears it and answers, a mailbox hears nothing of it."""

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from tests.line import sound
from tests.line.caller import Caller, Refused
from tests.line.site import LineSite
from tests.line.test_calls import takes

pytestmark = [pytest.mark.servers]

BEGIN = """
import json
from datetime import timedelta
from quartier.cases import actions as cases
from quartier.cases.rules import Household, Wanted, Where
from quartier.intake import actions as intake
from quartier.lib import cells, choices, clock
from quartier.messaging import actions as messaging, aloud
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.people.actions import Readiness, Who
from quartier.team.access import system
from quartier.team.models import Organisation
from quartier.telephony.models import Callback, Reading
from quartier.visits.models import Assignment
here, now = Organisation.objects.get(), clock.now()
"""
ON = """
aloud.switch(here, on=True)
from quartier.telephony.models import LineSettings
LineSettings.objects.update_or_create(organisation=here, defaults={"daily_cents": 100000})
"""
# Somebody who can only be called is told who comes.
COMES = """
who = Who("Marie", phone="{number}", language="fr", channel="call")
values = {{"name": "Sofia", "word": "tulipe", "kind": "groceries", "page": ("home_of_role",), "window": (
    now + timedelta(days=1), now + timedelta(days=1, hours=1))}}
person = people.record_person(organisation=here, who=who)
messaging.write(organisation=here, letter=messaging.Letter(person, "someone_comes", "{key}", values))
"""
# A volunteer who can only be called lives where somebody asks for help: the worker asks.
OFFERED = """
cell = cells.cell_at(50.828, 4.372)
ready = Readiness(kinds=choices.mask(choices.KINDS, ["groceries"]), languages=choices.mask(choices.LANGUAGES, ["fr"]),
    slots=choices.ALL_SLOTS, travel="foot", radius_m=5000, capacity=2, budget=9, cell=cell, postcode="1050",
    place_name="Ixelles")
who = Who("Youssef", phone="+32470000077", language="fr", channel="call")
people.join(organisation=here, who=who, ready=ready)
marie = people.record_person(organisation=here, who=Who("Jeanne", phone="+3220001499", language="fr", channel="call"))
contact = intake.record_contact(actor=system(here), person=marie, channel="web", moderated=False)
household = Household(where=Where(cell, "1050", "Ixelles"), address="Rue du Page 42", access_notes="")
cases.open_case(actor=system(here), contact=contact, person=marie, household=household, wanted=[Wanted(
    "groceries", choices.mask(choices.LANGUAGES, ["fr"]), urgency="day")])
"""


def run(line: LineSite, words: str, answer: str = "''") -> Any:
    said = line.site.shell(f"{BEGIN}{words}\nprint('said', json.dumps({answer}))")
    return json.loads(said.split("said ", 1)[1])


@pytest.fixture
def line(line: LineSite) -> Iterator[LineSite]:
    run(line, ON)
    yield line
    run(line, "aloud.switch(here, on=False)")


def state(line: LineSite, of: str) -> str:
    return str(run(line, "", of))


def announced(phone: Caller) -> int:
    """It rings, is taken, and somebody speaks. Gives how many calls are over when this one is."""
    over, before = phone.types().count("CALL_CLOSED") + 1, len(phone.heard())
    takes(phone, 40)
    end = time.monotonic() + 15
    while not sound.has_speech(phone.heard()[before:]):
        assert time.monotonic() < end, "nothing is said"
        time.sleep(0.2)
    return over


def test_who_presses_1_hears_it(line: LineSite, outside: Caller) -> None:
    run(line, COMES.format(number="+32470000071", key="told"))
    over = announced(outside)
    before = len(outside.heard())
    outside.press("1")
    outside.wait_ended(60, count=over)
    # The message, the question, the goodbye: longer than that there is one.
    heard = outside.heard()[before:]
    assert len(heard) / sound.RATE > 12
    assert sound.has_speech(heard[: 5 * sound.RATE])
    line.wait_until(lambda: state(line, "Message.objects.get(key='told').state") == "delivered", 20)
    call = line.calls()[-1]
    assert (call["direction"], call["outcome"]) == ("out", "answered")
    assert not [each for each in line.callbacks() if each["call_id"] == call["id"]]
    # What was said lies in no file.
    assert not list((line.site.home / "line").glob("prompts/*/read/*.wav"))


def test_a_key_accepts_an_offer(line: LineSite, outside: Caller) -> None:
    run(line, OFFERED)
    over = announced(outside)
    outside.press("1")
    line.wait_until(lambda: line.calls()[-1]["state"] == "reading", 10)
    # A key counts once the message was said; before, it changes nothing.
    for _ in range(30):
        if outside.types().count("CALL_CLOSED") == over:
            break
        with suppress(Refused):
            outside.press("1")
        time.sleep(1)
    line.wait_until(lambda: state(line, "Assignment.objects.count()") == "1", 20)
    assert state(line, "Message.objects.filter(template='offer').get().state") == "delivered"
    # What came of it is read to him too.
    over = announced(outside)
    outside.press("1")
    outside.wait_ended(60, count=over)
    line.wait_until(
        lambda: state(line, "Message.objects.filter(template='accepted').get().state") == "delivered", 20
    )


def test_who_never_presses_is_rung_by_a_human(line: LineSite, outside: Caller) -> None:
    run(line, COMES.format(number="+32470000073", key="mailbox"))
    where = "Reading.objects.filter(message=Message.objects.get(key='mailbox').pk)"
    for left in (2, 1, 0):
        outside.wait_ended(60, count=announced(outside))
        line.wait_until(lambda: state(line, f"{where}.get().state") != "calling", 20)
        if left:
            assert state(line, f"{where}.get().state") == "waiting"
            run(line, f"{where}.update(due_at=now)")
    line.wait_until(lambda: state(line, "Message.objects.get(key='mailbox').state") == "failed", 20)
    note = state(line, "Callback.objects.filter(why='promised').latest('wanted_at').note")
    assert "Sofia" in note
    assert "tulipe" in note


# Sofia comes to whoever has this number.
EXPECTED = """
from quartier.lib.ids import uuid7
from quartier.telephony.actions import Coming, open_masked
def person(name, phone):
    return people.record_person(organisation=here, who=Who(name, phone=phone, language="fr", channel="call"))
open_masked(organisation=here, helper=person("Sofia", "+32470000079"), helped=person("Marie", "{number}"),
    about=uuid7(), at=now, until=now + timedelta(hours=26),
    coming=Coming("Sofia", now + timedelta(hours=24), now + timedelta(hours=25)))
"""


def test_who_is_expecting_somebody_presses_2_and_hears_who(line: LineSite, marie: Caller) -> None:
    run(line, EXPECTED.format(number=marie.number))
    marie.dial(line.uri)
    marie.wait_answered(5)
    line.wait_until(lambda: line.calls()[-1]["state"] == "masked", 10)
    marie.wait_heard(sound.has_speech, 8)
    marie.press("2")
    # Until it was said they are asked nothing; then they wait for an operator, as everybody does.
    assert sound.has_speech(marie.hears(4.0)[sound.RATE :])
    line.wait_until(lambda: line.calls()[-1]["state"] == "queued", 25)
    marie.hang_up()
    line.wait_until(lambda: line.calls()[-1]["outcome"] == "abandoned", 10)
    assert not list((line.site.home / "line").glob("prompts/*/read/*.wav"))
