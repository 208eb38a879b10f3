"""Warm referrals: she agrees, the listener proposes or calls with her, the supervisor calls; and what came of it."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.http import Http404

from quartier.companions.actions.ledger import changed, locked, tell_supervisor
from quartier.companions.models import Pairing, Referral, Service
from quartier.companions.rules import NotPossible
from quartier.lib import clock
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.team.access import Actor


@dataclass(frozen=True)
class Agreed:
    """What she has said: that the service may be called, whether she would like its number, whether she was on the
    line when they called."""

    agreed: bool
    wants_number: bool = False
    together: bool = False


@transaction.atomic
def refer(*, actor: Actor, pairing: Pairing, service_id: UUID, said: Agreed) -> Referral:
    """She agreed to be referred to a service. The supervisor has called it, with her or for her. Her listener has
    called it with her, or proposes to the supervisor to call; the supervisor is told of both.

    Said again while it stands, it is the same one; a proposal becomes a call. Raises `Http404` for anybody else;
    `NotPossible` without her yes, for a service that is given no more, and once the calls are over."""
    row = locked(pairing.pk)
    supervises, listens = actor.has("supervisor"), row.listener.account_id == actor.id
    if actor.account is None or not (supervises or listens):
        raise Http404
    service = Service.objects.filter(pk=service_id, organisation=actor.organisation, is_active=True).first()
    if not said.agreed or service is None or row.state == Pairing.State.ENDED:
        raise NotPossible
    now = clock.now()
    made = row.referrals.filter(service=service, outcome=Referral.Outcome.WAITS).first()
    is_new = made is None
    made = made or Referral(
        organisation_id=row.organisation_id, pairing=row, service=service, consent_at=now, at=now
    )
    if is_new and listens:
        made.proposed_by = actor.account
    if made.called_at is None and (said.together or not listens):
        made.called_by, made.called_at, made.together = actor.account, now, said.together
    made.wants_number = made.wants_number or said.wants_number
    made.save()
    if made.wants_number and made.number_sent_at is None and _write_number(row, made):
        made.number_sent_at = now
        made.save(update_fields=["number_sent_at"])
    if is_new:
        changed(actor, "referral.make", "pairing", row.pk, service=service.pk)
        if listens:
            tell_supervisor(row, "companion_referral", again=str(made.pk))
    return made


def _write_number(row: Pairing, made: Referral) -> bool:
    """Send her the number by her channel; false where it has to be said to her: she is only called, others use her
    phone or may read along, or the service has no number."""
    person, phones = row.wish.person, made.service.phones
    if not phones or person.phone_is_shared:
        return False
    letter = Letter(
        person,
        "companion_number",
        f"companion_number:{made.pk}",
        {"service": made.service.name[:80], "its_number": phones[0]["number"]},
    )
    return messaging.write(organisation=row.organisation, letter=letter) is not None


@transaction.atomic
def call_service(*, actor: Actor, pairing: Pairing, referral_id: UUID) -> None:
    """The supervisor has called the service that the listener proposed. Raises `Http404`."""
    made = _of(actor, pairing, referral_id)
    if made.called_at is None:
        made.called_by, made.called_at = actor.account, clock.now()
        made.save(update_fields=["called_by", "called_at"])
        changed(actor, "referral.call", "pairing", pairing.pk)


@transaction.atomic
def note_outcome(*, actor: Actor, pairing: Pairing, referral_id: UUID, outcome: str) -> None:
    """What came of a referral. Raises `Http404`."""
    if outcome not in Referral.Outcome.values:
        raise Http404
    made = _of(actor, pairing, referral_id)
    made.outcome = Referral.Outcome(outcome)
    made.outcome_at = clock.now() if outcome != Referral.Outcome.WAITS else None
    made.save(update_fields=["outcome", "outcome_at"])
    changed(actor, "referral.outcome", "pairing", pairing.pk, outcome=outcome)


def _of(actor: Actor, pairing: Pairing, referral_id: UUID) -> Referral:
    found = Referral.objects.select_for_update().filter(pk=referral_id, pairing=pairing).first()
    if found is None or not actor.has("supervisor"):
        raise Http404
    return found
