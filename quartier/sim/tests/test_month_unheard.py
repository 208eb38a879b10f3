"""The examiner knows when whoever comes each time was silent, and when not."""

import pytest

from quartier.lib import clock
from quartier.matching.models import Offer
from quartier.messaging.models import Message
from quartier.sim.month.events import is_true
from quartier.sim.month.record import MonthRecord
from quartier.visits import actions
from quartier.visits.tests.test_rhythm import actor, open_next
from quartier.visits.tests.test_rhythm import regular as regular
from quartier.visits.tests.test_rhythm import weekly as weekly
from quartier.visits.tests.test_unheard import DAYS, let_pass

pytestmark = pytest.mark.django_db


def test_what_was_said_of_a_day_stays_true_after_the_next_yes(regular, youssef, weekly):
    for day in DAYS[:2]:
        let_pass(regular, day)
    request = open_next(DAYS[2])
    word = Message.objects.get(template="regular_unheard")
    offer = Offer.objects.get(request=request, volunteer=youssef)
    visit = actions.accept_offer(actor=actor(youssef), offer=offer).assignment
    actions.done(actor=actor(youssef), assignment=visit)
    assert is_true(MonthRecord(weekly.organisation), word)


def test_words_about_a_silence_that_was_none_are_found(regular, weekly):
    let_pass(regular, DAYS[0])
    request = open_next(DAYS[1])
    word = Message(
        organisation=weekly.organisation,
        person=request.case.person,
        template="regular_unheard",
        key=f"regular_unheard:{request.pk}:{regular.pk}",
        created_at=clock.now(),
    )
    assert not is_true(MonthRecord(weekly.organisation), word)
