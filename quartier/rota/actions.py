"""Planning duty, and saying that one is away."""

from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

from django.db import transaction

from quartier.audit import actions as audit
from quartier.rota.models import DutyAbsence, DutyShift
from quartier.team.access import Actor
from quartier.team.models import Account, Organisation


@dataclass(frozen=True)
class ShiftSpec:
    """One shift, as `DutyShift` has it: `weekday`, or `day`."""

    account: Account
    from_hour: int
    until_hour: int
    weekday: int | None = None
    day: date | None = None
    stand_in: Account | None = None
    postcodes: str = ""


@transaction.atomic
def save_shift(*, actor: Actor, spec: ShiftSpec, shift: DutyShift | None = None) -> DutyShift:
    """A new shift, or this one changed."""
    verb = "duty.plan" if shift is None else "duty.change"
    row = shift or DutyShift(organisation=actor.organisation)
    for each in fields(spec):
        setattr(row, each.name, getattr(spec, each.name))
    row.save()
    _plans(actor.organisation)
    _record(actor, verb, row, account=spec.account.pk)
    return row


@transaction.atomic
def remove_shift(*, actor: Actor, shift: DutyShift) -> None:
    """It is no shift any more."""
    _record(actor, "duty.remove", shift, account=shift.account_id)
    shift.delete()
    _plans(actor.organisation)


@transaction.atomic
def add_absence(*, actor: Actor, account: Account, starts_on: date, ends_on: date) -> DutyAbsence:
    """Somebody of the team is away on these days, both included: stand-ins are there for them."""
    row = DutyAbsence.objects.create(
        organisation=actor.organisation, account=account, starts_on=starts_on, ends_on=ends_on
    )
    _plans(actor.organisation)
    _record(actor, "duty.away", row, account=account.pk)
    return row


@transaction.atomic
def remove_absence(*, actor: Actor, absence: DutyAbsence) -> None:
    """They are there after all."""
    _record(actor, "duty.back", absence, account=absence.account_id)
    absence.delete()
    _plans(actor.organisation)


def _plans(organisation: Organisation) -> None:
    """Keep on the organisation whether there is anything to look for."""
    rows = (DutyShift, DutyAbsence)
    plans = any(each.objects.filter(organisation=organisation).exists() for each in rows)
    Organisation.objects.filter(pk=organisation.pk).update(plans_duty=plans)
    organisation.plans_duty = plans


def _record(actor: Actor, verb: str, row: DutyShift | DutyAbsence, account: UUID) -> None:
    audit.record(
        organisation_id=actor.organisation.pk,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=verb,
        subject_kind="duty_shift" if isinstance(row, DutyShift) else "duty_absence",
        subject_id=row.pk,
        details={"account": account},
    )
