"""The offer of who comes each time: nobody needs to be asked, and it counts against no budget."""

from datetime import timedelta

from django.db import transaction

from quartier.cases.models import Request
from quartier.lib import clock
from quartier.lib.ids import token_hash
from quartier.matching import rules
from quartier.matching.actions.offering import said_distance, token_of, write_offers
from quartier.matching.models import Offer
from quartier.people.models import Volunteer


@transaction.atomic
def ask_first(*, request: Request, volunteer: Volunteer) -> Offer:
    """Whoever comes each time was silent the last times: asked for this one before everybody else, like anybody. It
    counts against no budget. The others have their turn soon: nobody waits for an answer that may not come."""
    now = clock.now()
    (offer,) = write_offers(
        request, [volunteer], wave=0, expires_at=rules.expires_at(request, now), usual=True
    )
    # Whom no message reaches is waited for by nobody.
    wait = rules.usual_has(request, now) if offer.message else timedelta()
    Request.objects.filter(pk=request.pk).update(next_at=now + wait)
    return offer


@transaction.atomic
def standing_offer(*, request: Request, volunteer: Volunteer, comes: bool = True) -> Offer:
    """The offer by which a regular volunteer's visit hangs on its request. Made once; no message goes with it.

    `comes`: not this time, if false: then it is declined already, and nobody asks this volunteer for it.
    """
    known = Offer.objects.filter(request=request, volunteer=volunteer).first()
    offer = known or Offer(
        organisation_id=request.organisation_id,
        request=request,
        volunteer=volunteer,
        created_at=clock.now(),
        wave=0,
    )
    offer.state = Offer.State.SENT if comes else Offer.State.DECLINED
    offer.round, offer.answered_at = request.reopened, None if comes else clock.now()
    offer.distance_m = None if request.remote else said_distance(request, volunteer)
    offer.reasons, offer.likelihood = [["regular", ""]], 1.0
    offer.expires_at = request.window_until
    offer.token_hash = token_hash(token_of(offer))
    offer.save()
    return offer
