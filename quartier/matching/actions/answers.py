"""How an offer ends without a visit: declined, expired, withdrawn."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from quartier.audit import actions as audit
from quartier.cases.models import Request
from quartier.lib import clock
from quartier.live import actions as live
from quartier.matching.models import Offer
from quartier.messaging import actions as messaging
from quartier.people.models import Person, Volunteer
from quartier.team.access import Actor


@transaction.atomic
def decline_offer(*, actor: Actor, offer: Offer, reason: str = "") -> Offer:
    """A volunteer says no. When nobody is left to answer, the next wave goes at once. Said twice, it is said once."""
    offers = Offer.objects.select_for_update(of=("self",)).annotate(case=F("request__case"))
    locked = offers.get(pk=offer.pk)
    reason = Offer.Decline(reason) if reason else ""
    if locked.state == Offer.State.DECLINED and reason and locked.decline_reason != reason:
        locked.decline_reason = reason
        locked.save(update_fields=["decline_reason"])
    if locked.state not in {*Offer.LIVE, Offer.State.EXPIRED}:
        return locked
    locked.state, locked.decline_reason, locked.answered_at = Offer.State.DECLINED, reason, clock.now()
    locked.save(update_fields=["state", "decline_reason", "answered_at"])
    request_id = locked.request_id
    if not Offer.objects.filter(request=request_id, state__in=Offer.LIVE).exists():
        Request.objects.filter(pk=request_id, state=Request.State.OPEN, next_at__gt=clock.now()).update(
            next_at=clock.now()
        )
    audit.record(
        organisation_id=locked.organisation_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb="offer.decline",
        subject_kind="offer",
        subject_id=locked.id,
        details={"reason": reason},
    )
    live.touch(locked.organisation_id, "board", f"case:{locked.case}")
    return locked


def withdraw_offers(*, request: Request, but_of: Q | None = None) -> int:
    """Nobody is needed any more, but for `but_of`: open offers end, and messages that were not sent are taken back."""
    offers = Offer.objects.filter(request=request)
    return _withdraw(offers if but_of is None else offers.exclude(but_of))


def withdraw_offers_of(*, volunteer: Volunteer, person: Person | None = None) -> int:
    """This volunteer cannot be asked any more; with `person`, for them alone."""
    offers = Offer.objects.filter(volunteer=volunteer)
    return _withdraw(offers if person is None else offers.filter(request__case__person=person))


def _withdraw(which: QuerySet[Offer]) -> int:
    # Of those that were only planned nobody knows.
    which.filter(state=Offer.State.QUEUED).delete()
    offers = list(which.filter(state__in=Offer.LIVE).select_related("message").defer("message__body"))
    messaging.cancel(offer.message for offer in offers)
    return Offer.objects.filter(pk__in=[offer.pk for offer in offers], state__in=Offer.LIVE).update(
        state=Offer.State.WITHDRAWN, withdrawn_at=clock.now()
    )


def expire_offers(now: datetime, limit: int = 500) -> int:
    """Offers that nobody answered in time. A late yes still counts while somebody is needed. Returns how many. Idle, it
    only looks."""
    sent = Offer.objects.filter(state=Offer.State.SENT)
    ids = list(sent.filter(expires_at__lte=now).values_list("pk", flat=True)[:limit])
    if not ids:
        return 0
    return sent.filter(pk__in=ids).update(state=Offer.State.EXPIRED)
