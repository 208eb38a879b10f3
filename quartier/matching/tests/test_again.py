"""A request that is reopened: who was asked then, and did not say no, is asked again."""

import pytest

from quartier.cases.models import Request
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


def test_who_was_asked_by_hand_in_this_round_is_not_asked_by_its_waves_too(tuesday, youssef, asked):
    request = asked("groceries").requests[0]
    actions.send_wave(request_id=request.pk)
    request = reopened(request)
    offer = actions.offer_by_hand(actor=_actor(youssef), request=request, volunteer=youssef)
    assert (offer.round, offer.state) == (1, Offer.State.SENT)
    assert actions.send_wave(request_id=request.pk) == []
    assert Message.objects.filter(person=youssef.person, template="offer").count() == 2


@pytest.mark.parametrize("why", ["moderation", "words", "nobody"])
def test_one_who_is_asked_by_hand_for_what_nobody_has_read_starts_no_search(
    tuesday, youssef, nadia, asked, why
):
    request = asked("groceries").requests[0]
    request.state, request.why_human, request.next_at = "human", Request.Why[why.upper()], None
    request.save()
    offer = actions.offer_by_hand(actor=_actor(nadia), request=request, volunteer=youssef)
    request.refresh_from_db()
    stays = why != "nobody"
    assert (request.state, request.why_human) == (
        ("human", Request.Why[why.upper()]) if stays else ("open", "")
    )
    assert (request.next_at is None) == stays
    assert Offer.objects.get() == offer
    actions.decline_offer(actor=_actor(youssef), offer=offer)
    request.refresh_from_db()
    assert (request.next_at is None) == stays
