"""A request that is reopened: who was asked then, and did not say no, is asked again."""

import pytest

from quartier.matching import actions
from quartier.matching.models import Offer
from quartier.messaging.models import Message
from quartier.people.models import Volunteer

pytestmark = pytest.mark.django_db


def reopened(request):
    """As `cases.reopen_request` leaves it, the offers withdrawn as by a yes."""
    from quartier.cases import actions as cases
    from quartier.team.access import system

    actions.withdraw_offers(request=request)
    Volunteer.objects.update(asked_count=0)
    return cases.reopen_request(actor=system(request.organisation), request=request)


def test_who_had_no_chance_to_answer_is_asked_again_by_the_same_offer(tuesday, youssef, nadia, asked):
    request = asked("groceries").requests[0]
    first = {offer.volunteer_id: offer for offer in actions.send_wave(request_id=request.pk)}
    actions.decline_offer(actor=_actor(nadia), offer=first[nadia.pk], reason="no_time")
    request = reopened(request)
    (again,) = actions.send_wave(request_id=request.pk)
    assert (again.pk, again.volunteer_id, again.round) == (first[youssef.pk].pk, youssef.pk, 1)
    assert Offer.objects.get(pk=again.pk).state == Offer.State.SENT
    assert Message.objects.filter(person=youssef.person, template="offer").count() == 2
    # Within one round nobody is asked twice.
    request.refresh_from_db()
    request.next_at = tuesday
    request.save()
    assert actions.send_wave(request_id=request.pk) == []


def _actor(volunteer):
    from quartier.team.access import of_account

    return of_account(volunteer.person.account)
