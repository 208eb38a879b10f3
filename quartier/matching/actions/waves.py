"""One step of the ladder for one request: ask a wave, look farther, or call a human."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from quartier.audit import actions as audit
from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.lib import clock, hours
from quartier.live import actions as live
from quartier.matching import rules
from quartier.matching.actions.offering import reserve, write_offers
from quartier.matching.models import Offer
from quartier.matching.queries import local_day, nearest
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.team.access import system

# After so long it is looked again at volunteers whom other waves were just about to ask.
HELD_BY_OTHERS = timedelta(seconds=2)


@transaction.atomic
def send_wave(*, request_id: UUID) -> list[Offer]:
    """Do what is due for an open request, and set when to look again. Returns the offers written (perhaps none).

    Harmless when nothing is due: the row is looked at again under its lock.
    """
    now = clock.now()
    request = (
        Request.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("organisation", "case__person", "case__asked_by")
        .filter(pk=request_id)
        .first()
    )
    if (
        request is None
        or request.state != Request.State.OPEN
        or request.next_at is None
        or request.next_at > now
    ):
        return []
    organisation = request.organisation
    wakes = hours.after_quiet(now, organisation.quiet_from, organisation.quiet_until, organisation.zone)
    if wakes > now:
        request.next_at = wakes
        request.save(update_fields=["next_at"])
        return []
    offers: list[Offer] = []
    while True:
        wave = rules.next_wave(request, organisation, now)
        if wave is None:
            _give_to_human(request)
            return []
        found = nearest(request, limit=wave.size, radius_m=wave.radius_m, budget=organisation.daily_budget)
        chosen = reserve(
            request,
            [each.volunteer_id for each in found],
            local_day(request),
            budget=organisation.daily_budget,
        )
        if found and not chosen:
            # Another wave holds them at this moment: that uses up no step of the ladder.
            request.next_at = now + HELD_BY_OTHERS
            request.save(update_fields=["wave", "next_at"])
            return []
        request.wave += 1
        if chosen:
            offers = write_offers(request, chosen, wave=request.wave, expires_at=wave.expires_at)
            break
        if rules.is_widest(request) or request.remote:
            # Nobody new to ask. Those who were asked may still say yes, so the clock goes on while they can.
            if not Offer.objects.filter(request=request, state__in=Offer.LIVE).exists():
                _give_to_human(request)
                return []
            break
    request.next_at = wave.next_at
    request.save(update_fields=["wave", "next_at"])
    if offers:
        audit.record(
            organisation_id=organisation.id,
            actor_kind="system",
            actor_id=None,
            verb="request.wave",
            subject_kind="request",
            subject_id=request.id,
            details={"wave": request.wave, "offers": len(offers), "radius_m": wave.radius_m},
        )
        live.touch(organisation.id, "board", f"case:{request.case_id}")
    return offers


def _give_to_human(request: Request) -> None:
    request.save(update_fields=["wave"])
    actor = system(request.organisation)
    cases.ask_human(actor=actor, request=request, why=Request.Why.NOBODY)
    told = request.case.asked_by if request.case.tell_asker else request.case.person
    messaging.write(
        organisation=request.organisation,
        letter=Letter(
            told, "nobody_yet", f"nobody:{request.id}:{request.reopened}", {"by": request.promised_at}
        ),
    )
