"""The directory of professional services, and warm referrals to them."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.http import Http404

from quartier.audit import actions as audit
from quartier.companions.actions.ledger import changed, locked
from quartier.companions.hsds import Listed
from quartier.companions.models import Pairing, Referral, Service
from quartier.companions.rules import NotPossible
from quartier.lib import clock
from quartier.team.access import Actor

KEEPERS = ("supervisor", "coordinator", "admin")


@transaction.atomic
def take_in(*, actor: Actor, services: Sequence[Listed]) -> tuple[int, int]:
    """Take services into the directory, known again by their identifier: how many are new, and how many there were.
    Others stay as they are. Raises `Http404`."""
    if not actor.has(*KEEPERS):
        raise Http404
    now, new = clock.now(), 0
    for each in services:
        _row, created = Service.objects.update_or_create(
            organisation=actor.organisation, key=each.key, defaults={**each.fields(), "changed_at": now}
        )
        new += created
    audit.record(
        organisation_id=actor.organisation.id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb="services.take_in",
        subject_kind="organisation",
        subject_id=actor.organisation.id,
        details={"new": new, "all": len(services)},
    )
    return new, len(services) - new


@transaction.atomic
def refer(*, actor: Actor, pairing: Pairing, service_id: UUID, agreed: bool) -> Referral:
    """She agreed, and the supervisor calls the service with her or for her. Raises `Http404`; `NotPossible` without her
    yes, or for a service that is closed."""
    row = locked(pairing.pk)
    if actor.account is None or not actor.has("supervisor"):
        raise Http404
    service = Service.objects.filter(pk=service_id, organisation=actor.organisation, is_active=True).first()
    if not agreed or service is None:
        raise NotPossible
    now = clock.now()
    standing = row.referrals.filter(service=service, outcome=Referral.Outcome.WAITS).first()
    if standing is not None:
        return standing
    referral = Referral.objects.create(
        organisation_id=row.organisation_id,
        pairing=row,
        service=service,
        consent_at=now,
        called_by=actor.account,
        at=now,
    )
    changed(actor, "referral.make", "pairing", row.pk, service=service.pk)
    return referral


@transaction.atomic
def note_outcome(*, actor: Actor, pairing: Pairing, referral_id: UUID, outcome: str) -> None:
    """What came of a referral. Raises `Http404`."""
    if not actor.has("supervisor") or outcome not in Referral.Outcome.values:
        raise Http404
    row = Referral.objects.select_for_update().filter(pk=referral_id, pairing=pairing).first()
    if row is None:
        raise Http404
    row.outcome = Referral.Outcome(outcome)
    row.outcome_at = clock.now() if outcome != Referral.Outcome.WAITS else None
    row.save(update_fields=["outcome", "outcome_at"])
    changed(actor, "referral.outcome", "pairing", pairing.pk, outcome=outcome)
