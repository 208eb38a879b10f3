"""Callers who are written to by text: who asked for it with a key, and who was missed. Each call is looked at once."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from quartier.callcore import Outcome
from quartier.telephony import queries
from quartier.telephony.actions import listing
from quartier.telephony.models import Call, Callback

# Whoever dials again at once is not written to; and nobody is after so long: who asked for it is rung instead.
MISSED_AFTER, TOO_LATE_AFTER = timedelta(minutes=1), timedelta(hours=1)
# Who asks for a text more often than this in a day is rung back instead.
MAX_TEXTS_ASKED_A_DAY = 3
BATCH_SIZE = 20


def has_calls_to_text(now: datetime) -> bool:
    """Whether `take_calls_to_text` would find any, locking none."""
    return _to_text(now).exists()


@transaction.atomic
def take_calls_to_text(now: datetime) -> list[Call]:
    """Calls whose callers may be written to now; each is given once, in the caller's transaction. Whoever asked for a
    text is given however late it is: they are on no list yet."""
    rows = _to_text(now).select_for_update(of=("self",), skip_locked=True)
    found = list(rows.select_related("organisation", "person", "callback").order_by("ended_at")[:BATCH_SIZE])
    Call.objects.filter(pk__in=[each.pk for each in found]).update(text_settled_at=now)
    return [each for each in found if each.outcome == Outcome.WRITTEN or _is_to_text(each)]


def _to_text(now: datetime) -> QuerySet[Call]:
    asked = Q(outcome=Outcome.WRITTEN)
    missed = Q(outcome=Outcome.ABANDONED, ended_at__lte=now - MISSED_AFTER, ended_at__gt=now - TOO_LATE_AFTER)
    return Call.objects.filter(asked | missed, text_settled_at=None)


@transaction.atomic
def text_not_sent(call: Call, now: datetime) -> None:
    """Who asked for a text gets none: they are rung back, as if they had asked for that."""
    if call.number:
        listing.put(organisation=call.organisation, need=listing.of_call(call, Callback.Why.ASKED), at=now)


def is_too_late_to_text(call: Call, now: datetime) -> bool:
    """Whether they have waited for their text for so long that they are rung instead."""
    return call.ended_at is not None and call.ended_at <= now - TOO_LATE_AFTER


def asks_too_often(call: Call, now: datetime) -> bool:
    """Whether this number has asked for more texts today than anybody needs."""
    asked = Call.objects.filter(
        organisation=call.organisation, number_index=call.number_index, outcome=Outcome.WRITTEN
    )
    return asked.filter(ended_at__gt=now - timedelta(days=1)).count() > MAX_TEXTS_ASKED_A_DAY


def _is_to_text(call: Call) -> bool:
    """Missed, still on the list, and not on the line again; not who was worried about somebody, of whose call nobody
    is to see anything."""
    row = call.callback
    if row is None or row.state != Callback.State.WAITING or row.why != Callback.Why.MISSED or row.tries:
        return False
    if call.worried_at is not None or not queries.can_text(call.organisation, call.number):
        return False
    if queries.is_shared(call.organisation, call.number_index):
        return False
    since = Call.objects.filter(organisation=call.organisation, number_index=call.number_index)
    return not since.filter(Q(ended_at=None) | Q(answered_at__gt=call.began_at)).exists()
