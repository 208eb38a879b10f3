"""Where operators stand, as call control says it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from quartier import callcore
from quartier.lib.text import one_line
from quartier.team.models import Account, Organisation
from quartier.telephony.actions import ledger
from quartier.telephony.models import Call, Operator


@transaction.atomic
def operator_moved(
    *,
    organisation: Organisation,
    account_id: UUID,
    standing: str,
    reason: str,
    call_id: UUID | None,
    own_phone: bool,
    version: int,
    at: datetime,
) -> None:
    """Where an operator stands now. Of somebody who has no account here, nothing is kept.

    Raises `ValueError` for a standing that is none.
    """
    to = callcore.Standing(standing)
    row = locked(organisation, account_id, at)
    if row is None or version <= row.version:
        return
    if row.standing != to:
        row.standing, row.since = to, at
    row.reason, row.own_phone, row.version = one_line(reason, 40), own_phone, version
    calls = Call.objects.filter(organisation=organisation).only("id")
    row.call = calls.filter(pk=call_id).first() if call_id is not None else None
    row.save()
    ledger.touch(organisation.id, account_id)


def locked(organisation: Organisation, account_id: UUID, at: datetime) -> Operator | None:
    """The operator's row, locked, made if need be; `None` for who has no account here. Inside a transaction."""
    rows = Operator.objects.select_for_update()
    row = rows.filter(account_id=account_id, organisation=organisation).first()
    if row is None and Account.objects.filter(pk=account_id, organisation=organisation).exists():
        new = Operator(organisation=organisation, account_id=account_id, since=at)
        Operator.objects.bulk_create([new], ignore_conflicts=True)
        row = rows.get(account_id=account_id)
    return row
