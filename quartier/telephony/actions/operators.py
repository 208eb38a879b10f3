"""Where operators stand, as call control says it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from quartier import callcore
from quartier.lib.text import one_line
from quartier.people.models import Person
from quartier.team.models import Account, Organisation
from quartier.telephony import rules
from quartier.telephony.actions import ledger
from quartier.telephony.models import Call, Operator, OwnPhoneUse

# Where an own phone has been answered, and the carrier counts.
ON_THE_PHONE = {callcore.Standing.ACCEPTING, callcore.Standing.IN_CALL}


@transaction.atomic
def operator_moved(
    *,
    organisation: Organisation,
    account_id: UUID,
    stands: rules.OperatorStanding,
    call_id: UUID | None,
    own_phone: bool,
    version: int,
    at: datetime,
) -> None:
    """Where an operator stands now. Of somebody who has no account here, nothing is kept.

    Raises `ValueError` for a standing that is none.
    """
    to = callcore.Standing(stands.standing)
    row = locked(organisation, account_id, at)
    if row is None or version <= row.version:
        return
    if row.standing != to:
        row.standing, row.since = to, at
    was_own_phone = row.own_phone
    row.reason, row.own_phone, row.version = one_line(stands.reason, 40), own_phone, version
    row.until = stands.until
    calls = Call.objects.filter(organisation=organisation).only("id")
    row.call = calls.filter(pk=call_id).first() if call_id is not None else None
    row.save()
    if own_phone or was_own_phone:
        _meter(row, at)
    ledger.touch(organisation.id, account_id)


def operator_left(*, row: Operator, reason: str, at: datetime) -> None:
    """Call control, which begins anew, cannot have them on the line again. `reason`: of `rules.MayNotDial`."""
    operator_moved(
        organisation=row.organisation,
        account_id=row.account_id,
        stands=rules.OperatorStanding(callcore.Standing.OFFLINE, reason),
        call_id=None,
        own_phone=row.own_phone,
        version=row.version + 1,
        at=at,
    )


def _meter(row: Operator, at: datetime) -> None:
    """Count the leg to an own phone from the moment it was answered, by a mailbox too, until it is let go."""
    on_phone = row.own_phone and row.standing in ON_THE_PHONE
    begun = OwnPhoneUse.objects.filter(account_id=row.account_id, ended_at=None).first()
    if begun is not None and (not on_phone or begun.call_id != row.call_id):
        begun.ended_at = max(at, begun.began_at)
        begun.save(update_fields=["ended_at"])
        begun = None
    if on_phone and begun is None:
        person = Person.objects.filter(organisation=row.organisation_id, account=row.account_id).first()
        OwnPhoneUse.objects.create(
            organisation_id=row.organisation_id,
            account_id=row.account_id,
            call_id=row.call_id,
            destination=rules.destination(person.phone if person else "", row.organisation.country),
            began_at=at,
        )


def end_own_phone_uses(organisation: Organisation, at: datetime, calls: Collection[UUID]) -> None:
    """These calls are over without a word of their operators' phones, so are these legs."""
    OwnPhoneUse.objects.filter(organisation=organisation, call__in=calls, ended_at=None).update(ended_at=at)


def begin_words(organisation: Organisation) -> None:
    """Call control begins anew, and numbers its words by a clock that may have been set back meanwhile: whatever the
    one before has said, the next word of each operator counts."""
    Operator.objects.filter(organisation=organisation).exclude(version=0).update(version=0)


def locked(organisation: Organisation, account_id: UUID, at: datetime) -> Operator | None:
    """The operator's row, locked, made if need be; `None` for who has no account here. Inside a transaction."""
    rows = Operator.objects.select_for_update()
    row = rows.filter(account_id=account_id, organisation=organisation).first()
    if row is None and Account.objects.filter(pk=account_id, organisation=organisation).exists():
        new = Operator(organisation=organisation, account_id=account_id, since=at)
        Operator.objects.bulk_create([new], ignore_conflicts=True)
        row = rows.get(account_id=account_id)
    return row
