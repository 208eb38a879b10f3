"""Before the other one of a visit is rung, and while the two speak, the database is asked whether that may be."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from quartier import callcore
from quartier.callcore import State, facts, orders
from quartier.lib import clock
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.telephony import actions, prompts, queries
from quartier.telephony.desk.desk import LineNow
from quartier.telephony.desk.exchange import Exchange, LineState
from quartier.telephony.desk.journal import Journal
from quartier.telephony.models import Call, Masked
from quartier.telephony.tests.room import LANDLINE, MOBILE

pytestmark = pytest.mark.django_db
CALL = "11111111-0000-7000-8000-000000000001"


class Room:
    """An exchange whose desk has the database at once; `rung` are the numbers that the carrier is to ring."""

    def __init__(self, folder, organisation):
        self.organisation, self.waiting, self.rung, self.ended = organisation, [], [], []
        self.exchange = Exchange(Journal(folder / "journal"), folder)
        self.exchange.desk.put = lambda do, then=None, **_: self.waiting.append((do, then))
        self.exchange.call_soon = self.exchange._loop.call_soon_threadsafe = lambda do, *given: do(*given)
        self.exchange.control = type("Control", (), {"records": False, "starts_s": 0.0})()
        self.exchange.enqueue = self.carries_out
        group = prompts.Group(folder, "group")
        self.now = LineNow(organisation.pk, "", "BE", callcore.Line(), True, group)
        self.line = self.exchange.lines[organisation.pk] = LineState(self.now)

    def carries_out(self, order):
        if isinstance(order, orders.RingOut):
            self.rung.append(self.line.numbers[order.call])

    def works(self):
        while self.waiting:
            do, then = self.waiting.pop(0)
            result = do()
            if then is not None:
                then(result)

    def happens(self, kind, **words):
        self.exchange.happened(CALL, kind, **words)
        self.works()

    def looks(self):
        self.exchange._masked.end_closed(self.line)
        self.works()

    @property
    def call(self):
        return self.line.board.calls[CALL]


@pytest.fixture
def calls(tmp_path, tuesday, organisation):
    """Run a story of a volunteer who calls the line, and may reach whom they help."""

    def run(story):
        def person(name, phone):
            return people.record_person(organisation=organisation, who=Who(name, phone=phone, language="fr"))

        now = clock.now()
        actions.open_masked(
            organisation=organisation,
            helper=person("Sofia", MOBILE),
            helped=person("Marie", LANDLINE),
            about=uuid4(),
            at=now,
            until=now + timedelta(hours=3),
        )

        async def make():
            return Room(tmp_path, organisation)

        loop = asyncio.new_event_loop()
        room = loop.run_until_complete(make())
        room.exchange.rang(room.line, CALL, MOBILE)
        room.works()
        assert room.call.state == State.MASKED
        story(room)
        loop.close()

    return run


def close():
    actions.close_masked(about=Masked.objects.get().about, at=clock.now())


def test_the_other_one_is_rung_and_the_call_is_between_two(calls):
    def story(room):
        room.happens(facts.Pressed, digit="1")
        assert room.rung == [LANDLINE]
        assert (Call.objects.get().direction, Call.objects.get().masked_destination) == ("masked", "landline")
        # The call itself is not one too many.
        row = queries.settings_of(room.organisation)
        row.max_calls_out = 1
        row.save()
        room.happens(facts.Declined, leg=room.call.far, reason="busy")
        room.happens(facts.Pressed, digit="1")
        assert room.rung == [LANDLINE, LANDLINE]

    calls(story)


@pytest.mark.parametrize("why", ["over", "spent"])
def test_at_each_key_it_is_asked_again(calls, why):
    def story(room):
        room.happens(facts.Pressed, digit="1")
        room.happens(facts.Declined, leg=room.call.far, reason="busy")
        if why == "over":
            close()
        else:
            row = queries.settings_of(room.organisation)
            row.daily_cents = 0
            row.save()
        room.happens(facts.Pressed, digit="1")
        assert (room.rung, room.call.failure, room.call.far) == ([LANDLINE], why, "")
        room.happens(facts.Pressed, digit="1")
        assert room.rung == [LANDLINE]

    calls(story)


def test_an_answer_that_comes_after_the_caller_gave_up_rings_nobody(calls):
    def story(room):
        room.exchange.happened(CALL, facts.Pressed, digit="1")
        room.exchange.happened(CALL, facts.HungUp)
        room.works()
        assert room.rung == []

    calls(story)


@pytest.mark.parametrize("answers", [True, False])
def test_a_visit_that_is_over_parts_the_two(calls, answers):
    def story(room):
        room.happens(facts.Pressed, digit="1")
        if answers:
            room.happens(facts.Answered, leg=room.call.far)
        room.looks()
        assert room.call.far
        close()
        room.looks()
        if answers:
            assert not room.line.board.calls
        else:
            assert (room.call.state, room.call.far) == (State.MASKED, "")

    calls(story)


def test_the_settings_bring_that_look(calls):
    def story(room):
        room.happens(facts.Pressed, digit="1")
        room.line.warm = object()
        close()
        room.exchange._settings([room.now])
        room.works()
        assert room.call.far == ""

    calls(story)
