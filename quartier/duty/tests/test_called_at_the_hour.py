"""What came of a word to ring somebody back: neither a try before its hour nor one of before it keeps it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from quartier.duty.actions import watch_promises
from quartier.lib import clock
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.promises.models import Promise
from quartier.team.access import of_account
from quartier.telephony import actions
from quartier.telephony.models import LineSettings
from quartier.telephony.tests.room import MARIE, Line

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(tuesday, organisation):
    return Line(organisation)


def try_to_reach(line, lotte):
    (row,) = line.listed()
    actions.claim(actor=of_account(lotte), callback_id=row.pk)
    return actions.tried(actor=of_account(lotte), callback_id=row.pk)


def test_whoever_is_tried_today_was_not_called_tomorrow(line, lotte):
    tomorrow = clock.now() + timedelta(days=1)
    actions.promise(actor=of_account(lotte), call=line.call(line.rings()), due_at=tomorrow)
    word = Promise.objects.get()
    line.missed()
    clock.advance(timedelta(minutes=1))
    try_to_reach(line, lotte)
    out = line.rings(direction="out")
    line.moves(out, "calling", lotte)
    line.ends(out, "unreached", False)
    clock.advance(tomorrow + timedelta(minutes=16) - clock.now())
    watch_promises(clock.now())
    word.refresh_from_db()
    assert word.outcome == "broken"


def test_whoever_is_tried_at_the_hour_was_called(line, lotte):
    at = clock.now() + timedelta(hours=2)
    actions.promise(actor=of_account(lotte), call=line.call(line.rings()), due_at=at)
    word = Promise.objects.get()
    clock.advance(timedelta(hours=2))
    try_to_reach(line, lotte)
    clock.advance(timedelta(minutes=16))
    watch_promises(clock.now())
    word.refresh_from_db()
    assert word.outcome == "kept"


def test_what_a_human_must_say_is_not_said_by_tries_of_before(line, lotte):
    LineSettings.objects.create(organisation=line.organisation, tries=1)
    line.missed(outcome="callback", why="asked")
    assert try_to_reach(line, lotte).state == "given_up"
    person = people.record_person(organisation=line.organisation, who=Who("Marie", phone=MARIE))
    message = actions.ToRead(uuid4(), person, MARIE, "fr", "Sofia vient demain.")
    actions.read_aloud(organisation=line.organisation, message=message, at=clock.now())
    assert actions.give_up_unread(clock.now() + timedelta(hours=1)) == 1
    word = Promise.objects.get(outcome="")
    watch_promises(clock.now())
    word.refresh_from_db()
    assert word.outcome == ""
