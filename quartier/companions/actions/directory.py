"""The directory of professional services: written by hand, or taken in from others."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.http import Http404

from quartier.audit import actions as audit
from quartier.companions.hsds import Listed
from quartier.companions.models import Service
from quartier.lib import clock
from quartier.lib.ids import uuid7
from quartier.team.access import Actor

KEEPERS = ("supervisor", "coordinator", "admin")


@transaction.atomic
def take_in(*, actor: Actor, services: Sequence[Listed]) -> tuple[int, int]:
    """Take services into the directory, known again by their identifier: how many are new, and how many there were.
    Others stay as they are; a day on which somebody here checked one is not taken back by a file that is older or says
    none. Raises `Http404`."""
    _keeps(actor)
    now, new = clock.now(), 0
    known = dict(
        Service.objects.filter(organisation=actor.organisation, checked_on__isnull=False).values_list(
            "key", "checked_on"
        )
    )
    for each in services:
        days = [day for day in (each.checked_on, known.get(each.key)) if day is not None]
        _row, created = Service.objects.update_or_create(
            organisation=actor.organisation,
            key=each.key,
            defaults={**each.fields(), "checked_on": max(days, default=None), "changed_at": now},
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
def keep_service(*, actor: Actor, said: Listed, service: Service | None = None) -> Service:
    """A service written by hand, or changed: what was said, checked today. Its identifiers stay. Raises `Http404`."""
    _keeps(actor)
    now = clock.now()
    fields = said.fields()
    if service is None:
        row = Service(organisation=actor.organisation, key=str(uuid7()), provider_key=str(uuid7()))
    else:
        row = _locked(actor, service.pk)
    for name in set(fields) - {"key", "provider_key", "is_active", "checked_on"}:
        setattr(row, name, fields[name])
    row.checked_on, row.changed_at = now.astimezone(actor.organisation.zone).date(), now
    row.save()
    _note(actor, "service.write", row)
    return row


@transaction.atomic
def check_service(*, actor: Actor, service: Service) -> None:
    """Somebody has made sure today that all of it is still so. Raises `Http404`."""
    _keeps(actor)
    row = _locked(actor, service.pk)
    row.checked_on = clock.now().astimezone(actor.organisation.zone).date()
    row.save(update_fields=["checked_on"])
    _note(actor, "service.check", row)


@transaction.atomic
def give_service(*, actor: Actor, service: Service, wish: bool) -> None:
    """Whether it is given to people: withdrawn, nobody is referred to it any more; referrals made stay. Raises
    `Http404`."""
    _keeps(actor)
    row = _locked(actor, service.pk)
    if row.is_active != wish:
        row.is_active, row.changed_at = wish, clock.now()
        row.save(update_fields=["is_active", "changed_at"])
        _note(actor, "service.give" if wish else "service.withdraw", row)


def _keeps(actor: Actor) -> None:
    if not actor.has(*KEEPERS):
        raise Http404


def _locked(actor: Actor, service_id: UUID) -> Service:
    row = Service.objects.select_for_update().filter(pk=service_id, organisation=actor.organisation).first()
    if row is None:
        raise Http404
    return row


def _note(actor: Actor, verb: str, row: Service) -> None:
    audit.record(
        organisation_id=actor.organisation.id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=verb,
        subject_kind="service",
        subject_id=row.pk,
    )
