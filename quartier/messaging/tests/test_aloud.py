"""Which messages are read by the line, to whom, and in what words; without a switch everything is as it was."""

from datetime import timedelta
from uuid import uuid4

import pytest

from quartier.lib import clock
from quartier.messaging import actions, aloud, delivery
from quartier.messaging.actions import Letter
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.people.actions import Who

pytestmark = pytest.mark.django_db
LANDLINE = "+3225123456"


@pytest.fixture
def marie(tuesday, organisation):
    return people.record_person(organisation=organisation, who=Who("Marie", phone=LANDLINE, language="fr"))


@pytest.fixture
def tell(organisation, marie):
    """Write to Marie: `tell("someone_comes")`."""

    def written(template="someone_comes", person=None, **more):
        now = clock.now()
        values = {
            "name": "Sofia",
            "word": "tulipe",
            "kind": "groceries",
            "window": (now + timedelta(days=1), now + timedelta(days=1, hours=1)),
            "by": now,
            "place": ("1050", "Ixelles"),
            "metres": 800,
            "page": ("status", "abc"),
        }
        letter = Letter(person or marie, template, f"{template}:{uuid4()}", values, **more)
        return actions.write(organisation=organisation, letter=letter)

    return written


def test_without_the_switch_a_human_calls(tell):
    assert tell() is None


def test_it_is_said_without_a_link_and_the_code_word_twice(tell, organisation):
    aloud.switch(organisation, on=True)
    message = tell()
    assert (message.channel, message.to, message.answer_code) == ("voice", LANDLINE, None)
    assert "http" not in message.body
    assert message.body.count("tulipe") == 2
    assert message.body.startswith("Sofia")


def test_an_offer_has_a_number_for_its_key(tell, organisation, monkeypatch):
    # No hour and no distance of the offer is the same number.
    monkeypatch.setattr("quartier.messaging.codes.secrets.choice", lambda free: 77)
    aloud.switch(organisation, on=True)
    message = tell("offer", about=uuid4())
    assert message.answer_code == 77
    assert "http" not in message.body
    assert "77" not in message.body


@pytest.mark.parametrize(
    "template", ["sign_in_code", "wake", "check_unreached", "reply_no", "relay", "heard", "said"]
)
def test_what_is_not_for_the_ear_is_not_read(template):
    assert template not in aloud.READ


@pytest.mark.parametrize("how", [{"phone_is_shared": True}, {"channel": "text"}, {"phone": ""}])
def test_whom_nothing_is_read_to(tell, organisation, how):
    aloud.switch(organisation, on=True)
    who = {"phone": LANDLINE, "language": "fr", **how}
    person = people.record_person(organisation=organisation, who=Who("Jean", **who))
    assert tell(person=person) is None


def test_sent_is_with_the_line_and_waits(tell, organisation):
    aloud.switch(organisation, on=True)
    message = tell()
    delivery.deliver()
    message.refresh_from_db()
    assert (message.state, message.provider) == ("sent", "voice")
    assert list(aloud.waiting()) == [message]


def test_switched_off_meanwhile_it_is_seen_that_nobody_was_told(tell, organisation):
    aloud.switch(organisation, on=True)
    message = tell()
    aloud.switch(organisation, on=False)
    delivery.deliver()
    message.refresh_from_db()
    assert message.state == "failed"


def test_every_template_for_the_ear_says_something(organisation):
    from django.utils import translation

    from quartier.messaging.words import TEMPLATES

    assert set(TEMPLATES) >= aloud.READ >= aloud.URGENT
    for language in ("fr", "nl", "de", "en"):
        with translation.override(language):
            for template in aloud.READ:
                said = aloud.words(str(TEMPLATES[template].text))
                assert len(said) > 15, (language, template)
                assert "link" not in said, (language, template)
    assert Message.Channel.VOICE == "voice"


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_several_dangers_are_named_to_the_ear(organisation, marie, language):
    marie.language = language
    marie.save()
    page = {"page": ("board",)}
    dangers = [("risk_heard", {"name": "Lotte", **page}), ("risk_written", page)]
    aloud.switch(organisation, on=True)
    letter = Letter(marie, "dangers", "alerts:x", {"dangers": dangers, **page})
    body = actions.write(organisation=organisation, letter=letter).body
    assert "Lotte" in body
    # Neither a link nor words that lead to one.
    assert "http" not in body
    assert ":" not in body.split("Lotte")[1]
    assert len(body.split("Lotte")[1].split(". ")) >= 2
