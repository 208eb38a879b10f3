"""Volunteer and person helped reach each other through the line from "yes" until the visit ends, however it ends."""

from datetime import timedelta

import pytest

from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.team.access import of_account, system
from quartier.telephony.models import Masked
from quartier.visits import actions
from quartier.visits.models import Assignment
from quartier.visits.rules import ACCESS_LASTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def going(tuesday, asked, youssef):
    """Youssef goes to Marie."""
    request = asked("groceries").requests[0]
    offer = matching.offer_by_hand(actor=system(request.organisation), request=request, volunteer=youssef)
    actor = of_account(youssef.person.account)
    assignment = actions.accept_offer(actor=actor, offer=offer).assignment
    return actor, assignment


def test_open_with_the_yes_once(going, youssef):
    actor, assignment = going
    actions.accept_offer(actor=actor, offer=assignment.offer)
    row = Masked.objects.get()
    assert (row.helper, row.helped, row.about) == (
        youssef.person,
        assignment.request.case.person,
        assignment.id,
    )
    assert (row.opened_at, row.ended_at, row.until) == (
        clock.now(),
        None,
        assignment.comes_until + ACCESS_LASTS,
    )


def test_open_again_where_done_was_a_wrong_press(going, thomas):
    actor, assignment = going
    actions.done(actor=actor, assignment=assignment)
    assert Masked.objects.get().ended_at is not None
    actions.undo_done(actor=actor, assignment=assignment)
    row = Masked.objects.get()
    assert (row.ended_at, row.until) == (None, assignment.comes_until + ACCESS_LASTS)


def test_as_long_as_the_address_may_be_seen(going):
    actor, assignment = going
    start = clock.now() + timedelta(hours=3)
    actions.set_time(actor=actor, assignment=assignment, start=start, end=start + timedelta(hours=1))
    assert Masked.objects.get().until == start + timedelta(hours=1) + ACCESS_LASTS
    window = (start + timedelta(hours=2), start + timedelta(hours=5))
    actions.move_request(actor=actor, request=assignment.request, window=window, urgency="day")
    assert Masked.objects.get().until == window[1] + ACCESS_LASTS


def test_who_asked_stands_in_for_somebody_without_a_phone(tuesday, asked, youssef, organisation):
    opened = asked("groceries")
    daughter = people.record_person(organisation=organisation, who=Who("Anne Peeters", phone="+3220001460"))
    case = opened.case
    case.person.phone, case.person.phone_index = "", ""
    case.person.save()
    case.asked_by = daughter
    case.save()
    request = opened.requests[0]
    offer = matching.offer_by_hand(actor=system(organisation), request=request, volunteer=youssef)
    actions.accept_offer(actor=of_account(youssef.person.account), offer=offer)
    assert Masked.objects.get().helped == daughter


@pytest.mark.parametrize(
    ("kind", "words"), [("groceries", "is on the way to Marie now."), ("talk", "will call Marie")]
)
def test_who_asked_reads_of_the_one_who_is_helped(tuesday, asked, youssef, organisation, kind, words):
    opened = asked(kind)
    case = opened.case
    case.asked_by = people.record_person(
        organisation=organisation,
        who=Who("Anne Peeters", phone="+32400001460", channel="text", language="en"),
    )
    case.tell_asker = True
    case.save()
    request = opened.requests[0]
    offer = matching.offer_by_hand(actor=system(organisation), request=request, volunteer=youssef)
    actor = of_account(youssef.person.account)
    assignment = actions.accept_offer(actor=actor, offer=offer).assignment
    if not request.remote:
        actions.on_my_way(actor=actor, assignment=assignment)
    said = [each.body for each in Message.objects.filter(person=case.asked_by)]
    assert any(words in body for body in said), said
    assert not any("to you" in body or "call you" in body for body in said), said


def never_came(actor, assignment):
    clock.advance(timedelta(days=3))
    assert actions.find_no_shows(clock.now()) == 1


ENDS = {
    "done": lambda actor, visit: actions.done(actor=actor, assignment=visit),
    "nobody home": lambda actor, visit: actions.could_not(
        actor=actor, assignment=visit, failure="nobody_home"
    ),
    "cannot go": lambda actor, visit: actions.could_not(actor=actor, assignment=visit, failure="cannot_go"),
    "withdrawn": lambda actor, visit: actions.end_request(
        actor=actor, request=visit.request, closure="withdrawn"
    ),
    "fulfilled": lambda actor, visit: actions.end_request(
        actor=actor, request=visit.request, closure="fulfilled"
    ),
    "leaves": lambda actor, visit: actions.volunteer_leaves(actor=actor, volunteer=visit.volunteer),
    "suspended": lambda actor, visit: actions.volunteer_suspended(actor=actor, volunteer=visit.volunteer),
    "never came": never_came,
}


@pytest.mark.parametrize("how", ENDS)
def test_over_with_the_visit_however_it_ends(going, how):
    actor, assignment = going
    ENDS[how](actor, assignment)
    assert Assignment.objects.get().state not in Assignment.ACTIVE
    assert Masked.objects.get().ended_at == clock.now()
