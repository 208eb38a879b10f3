"""Whoever comes each time and was silent the last times: what is said of the next one, and what their page says."""

from datetime import timedelta

import pytest

from quartier.cases.models import Request, Series
from quartier.lib import clock
from quartier.matching.models import Offer
from quartier.messaging.models import Message
from quartier.visits import actions, queries
from quartier.visits.models import Assignment, Regular
from quartier.visits.tests.test_rhythm import NEXT, actor, open_next, silent
from quartier.visits.tests.test_rhythm import regular as regular
from quartier.visits.tests.test_rhythm import weekly as weekly

pytestmark = [pytest.mark.django_db, pytest.mark.either]
DAYS = [NEXT + timedelta(weeks=number) for number in range(4)]


def let_pass(regular, day, comes=()):
    """On this day the one who comes each time says nothing, and these others go."""
    request = open_next(day)
    clock.set_time(request.window_until + timedelta(hours=3))
    silent(regular, day)
    for visit in Assignment.objects.filter(request=request, volunteer__in=comes):
        actions.done(actor=actor(visit.volunteer), assignment=visit)
    Request.objects.filter(day=day).update(
        state="closed", closure="expired", closed_at=clock.now(), next_at=None, why_human=""
    )


def test_whoever_waits_hears_that_they_are_asked_first_and_for_each_time(regular, youssef, weekly):
    let_pass(regular, DAYS[0])
    assert queries.counted_on(weekly) == [regular]
    let_pass(regular, DAYS[1])
    # Their page does not say that he comes every time.
    assert queries.counted_on(weekly) == []
    request = open_next(DAYS[2])
    word = Message.objects.get(template="regular_unheard")
    assert word.person == request.case.person
    assert "nous n’avons pas eu de ses nouvelles" in word.body
    assert "Si Youssef ne dit pas oui bientôt, nous demanderons à d’autres voisins" in word.body
    # After a yes they are counted on again.
    offer = Offer.objects.get(request=request, volunteer=youssef)
    visit = actions.accept_offer(actor=actor(youssef), offer=offer).assignment
    actions.done(actor=actor(youssef), assignment=visit)
    assert queries.counted_on(weekly) == [regular]


def test_of_two_who_come_each_time_the_silent_one_alone_is_named(regular, nadia, weekly, tuesday):
    Series.objects.filter(pk=weekly.pk).update(needed=2)
    since = tuesday + timedelta(minutes=1)
    other = Regular.objects.create(
        organisation=weekly.organisation, series=weekly, volunteer=nadia, since=since
    )
    for day in DAYS[:2]:
        let_pass(regular, day, comes=[nadia])
    open_next(DAYS[2])
    word = Message.objects.get(template="regular_unheard")
    assert "Youssef" in word.body
    assert "Nadia" not in word.body
    assert queries.counted_on(weekly) == [other]
