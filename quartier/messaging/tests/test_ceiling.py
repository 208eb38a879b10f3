"""Two messages a night, whatever they are about; what is a danger comes at any hour, by what rings."""

from datetime import UTC, datetime, timedelta

import pytest

from quartier.lib import clock
from quartier.messaging import aloud, delivery, digest
from quartier.messaging.actions import Letter, write, write_all
from quartier.messaging.ceiling import (
    ANSWER_TEMPLATES,
    DANGER_TEMPLATES,
    MAX_NIGHT_MESSAGES,
    is_under_ceiling,
    night_of,
)
from quartier.messaging.models import Message, SandboxDelivery
from quartier.messaging.waiting import WAITS, Waits
from quartier.messaging.who_waits import WaitingPerson
from quartier.people import actions as people
from quartier.people.actions import Who

pytestmark = pytest.mark.django_db
TWO = datetime(2027, 1, 13, 1, tzinfo=UTC)
EIGHT = datetime(2027, 1, 13, 7, tzinfo=UTC)
VALUES = {"occasion": "Canicule", "names": "Albert", "ladder": "Albert", "clock": EIGHT, "name": "Sofia"}


@pytest.fixture
def told(organisation):
    """Writes to somebody: `told(person)`."""

    def tell(person, template="check_to_call", values=None):
        number = Message.objects.count()
        name = f"Albert {number}"
        waits = WaitingPerson(name, clock.now(), "news", EIGHT + timedelta(hours=40), ("board",))
        dangers = [("concern_danger", {"page": ("board",)})] * 2
        more = {"page": ("board",), "names": name, "ladder": name, "waiting": [waits], "dangers": dangers}
        more |= values or {}
        return write(organisation=organisation, letter=Letter(person, template, f"k:{number}", VALUES | more))

    return tell


@pytest.fixture
def head(organisation, tuesday):
    who = Who("Sara", email="sara@example.org", phone="+32470111222", channel="email", language="fr")
    return people.record_person(organisation=organisation, who=who)


@pytest.mark.parametrize(
    ("moment", "begins"),
    [
        # The clocks went forward that morning: 22.05 is the first minute of its own night.
        (datetime(2027, 3, 28, 20, 5, tzinfo=UTC), datetime(2027, 3, 28, 20, tzinfo=UTC)),
        (datetime(2027, 3, 28, 4, 0, tzinfo=UTC), datetime(2027, 3, 27, 21, tzinfo=UTC)),
        # And back.
        (datetime(2027, 10, 31, 21, 5, tzinfo=UTC), datetime(2027, 10, 31, 21, tzinfo=UTC)),
        (datetime(2027, 10, 31, 5, 0, tzinfo=UTC), datetime(2027, 10, 30, 20, tzinfo=UTC)),
        (datetime(2027, 1, 12, 21, 0, tzinfo=UTC), datetime(2027, 1, 12, 21, tzinfo=UTC)),
    ],
)
def test_a_night_begins_on_its_own_evening_also_when_clocks_change(organisation, moment, begins):
    night = night_of(organisation, moment)
    assert night is not None
    assert (night.begins, moment <= night.ends <= moment + timedelta(hours=11)) == (begins, True)


def test_the_third_of_a_night_waits_and_is_told_in_the_morning_in_one_message(head, told):
    with clock.stopped_at(TWO):
        written = [told(head) for _each in range(5)]
    assert [each.state for each in written] == ["due", "due", "held", "held", "held"]
    assert {each.not_before for each in written[2:]} == {EIGHT}
    with clock.stopped_at(EIGHT):
        digest.gather(clock.now())
        morning = Message.objects.get(template="morning")
        assert all(f"Albert {number}" in morning.body for number in (2, 3, 4))
        assert Message.objects.filter(state="gathered").count() == 3
        delivery.deliver()
        # Two of the night, sent late here, and one of the morning.
        assert SandboxDelivery.objects.count() == 3


def test_written_together_they_are_counted_too(head, organisation):
    letters = [Letter(head, "check_to_call", f"k:{each}", VALUES | {"page": ("board",)}) for each in range(4)]
    with clock.stopped_at(TWO):
        written = write_all(organisation=organisation, letters=letters)
    assert [each.state for each in written] == ["due"] * MAX_NIGHT_MESSAGES + ["held"] * 2


def test_who_has_a_text_gets_one_text_in_the_morning(organisation, tuesday, told):
    who = Who("Jan", phone="+32470333444", channel="text", language="nl")
    jan = people.record_person(organisation=organisation, who=who)
    with clock.stopped_at(TWO):
        for _each in range(4):
            told(jan, "team_urgent")
    with clock.stopped_at(EIGHT):
        digest.gather(clock.now())
    morning = Message.objects.get(template="morning")
    assert morning.channel == "text"
    assert "Albert 2" in morning.body


def test_each_night_and_each_person_has_its_own(head, told, youssef):
    with clock.stopped_at(TWO):
        told(head)
        told(head)
        assert told(youssef.person).state == "due"
    with clock.stopped_at(TWO + timedelta(days=1)):
        assert told(head).state == "due"


def test_by_day_nothing_is_held(head, told):
    assert [told(head).state for _each in range(4)] == ["due"] * 4


def test_danger_knows_no_ceiling(head, told):
    with clock.stopped_at(TWO):
        written = [told(head, "risk_heard") for _each in range(6)]
    assert {each.state for each in written} == {"due"}
    assert {each.not_before for each in written} == {TWO}


def test_that_nobody_opened_the_door_is_never_held(head, told):
    with clock.stopped_at(TWO):
        told(head)
        told(head)
        assert told(head, "check_unreached").state == "due"


def test_whatever_is_added_is_under_it():
    never = {name for name, waits in WAITS.items() if waits == Waits.NEVER}
    assert {name for name in never if is_under_ceiling(name)} == {"team_urgent"}
    assert set(WAITS) >= DANGER_TEMPLATES | ANSWER_TEMPLATES
    assert not DANGER_TEMPLATES & ANSWER_TEMPLATES


@pytest.mark.parametrize("template", sorted(DANGER_TEMPLATES - {"watch_over", "line_stopped"}))
def test_danger_rings_whoever_prefers_mails(head, told, template):
    assert told(head, "team_urgent").channel == "email"
    assert told(head, template).channel == "text"


def test_whoever_has_a_landline_alone_is_rung_by_the_line(organisation, told, tuesday):
    who = Who("Sara", email="sara@example.org", phone="+3220001427", channel="email", language="fr")
    head = people.record_person(organisation=organisation, who=who)
    assert told(head, "risk_heard").channel == "email"
    aloud.switch(organisation, on=True)
    message = told(head, "risk_heard")
    assert (message.channel, "http" in message.body) == ("voice", False)
    assert "Sofia" in message.body
    assert told(head, "team_urgent").channel == "email"
