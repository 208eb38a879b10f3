"""Sending what is due. (A file of its own: neither an action of somebody, nor a job that is enqueued; the puller
in `jobs.py` calls it, again and again, in every worker.)

A worker takes some messages for a while (a lease: a token, and a time by the database's clock), talks to the
provider without any transaction, and then writes down what came of it. If it dies in between, the lease runs
out, and whoever takes the message next knows that it may have been sent: the provider is asked where it can
be, else it is sent again. So there are never more copies than one, one for each unclear answer, and one for
each lost worker.
"""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, DateTimeField, ExpressionWrapper, F, SmallIntegerField, Value, When
from django.db.models.functions import Now

from quartier.audit import actions as audit
from quartier.lib import clock
from quartier.live import actions as live
from quartier.messaging import queries, rules
from quartier.messaging.models import Message
from quartier.messaging.providers import Post
from quartier.messaging.providers.base import Provider, Receipt
from quartier.messaging.rules import Outcome

log = logging.getLogger(__name__)
AT_ONCE = 20
# After so long a worker stops beginning new messages, so that one which is told to stop need not be waited for.
STRETCH = 5.0
GONE = "the senders of this message were lost again and again"

# Providers that could not be reached, and until when (of the monotonic clock) this process leaves them alone.
resting: dict[str, float] = {}


@dataclass(frozen=True)
class Taken:
    """A message that is ours until the lease runs out. `unclear`: it may have been sent already."""

    message: Message
    unclear: bool


def deliver(post: Post | None = None) -> bool:
    """Send some of what is due. True when there was something. Idle, it only looks, and writes nothing."""
    now = clock.now()
    if not queries.due(now).exists():
        return False
    token, end = uuid4(), time.monotonic() + STRETCH
    waiting = _claim(token, now)
    post = post or Post()
    try:
        while waiting and time.monotonic() < end:
            taken = waiting.pop(0)
            provider = _provider(post, token, taken)
            if provider is None:
                continue
            if resting.get(provider.name, 0) > time.monotonic():
                _put_back(token, [taken], now + rules.PROVIDER_PAUSE)
                continue
            receipt = _send(provider, taken)
            if receipt.unreachable:
                resting[provider.name] = time.monotonic() + rules.PROVIDER_PAUSE.total_seconds()
            record(message=taken.message, token=token, receipt=receipt, provider=provider.name)
    finally:
        post.close()
    _put_back(token, waiting)
    return True


def _lease_end() -> Any:
    lease = timedelta(seconds=settings.LEASE_SECONDS)
    return ExpressionWrapper(Now() + lease, output_field=DateTimeField())


def _claim(token: UUID, now: datetime) -> list[Taken]:
    """Take up to `AT_ONCE` due messages, the urgent ones first, in one short transaction."""
    with transaction.atomic():
        due = queries.due(now).select_related("organisation")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        found = list(due.filter(template__in=queries.FIRST)[:AT_ONCE])
        found += due.exclude(template__in=queries.FIRST)[: AT_ONCE - len(found)]
        lost = When(state=Message.State.SENDING, then=F("losses") + 1)
        Message.objects.filter(pk__in=[message.pk for message in found]).update(
            state=Message.State.SENDING,
            claim=token,
            claimed_until=_lease_end(),
            losses=Case(lost, default=F("losses"), output_field=SmallIntegerField()),
        )
    return [
        Taken(message, message.state in {Message.State.SENDING, Message.State.UNKNOWN}) for message in found
    ]


def _provider(post: Post, token: UUID, taken: Taken) -> Provider | None:
    """The message's provider, unless it is not to be sent (any more): then that is written down."""
    message = taken.message
    if message.state == Message.State.SENDING and message.losses >= rules.MOST_LOSSES:
        _end(message, token, Message.State.FAILED, GONE)
        return None
    try:
        provider = post.for_message(message)
    except LookupError as error:
        _end(message, token, Message.State.FAILED, str(error))
        return None
    if rules.is_too_late(message.not_after, clock.now()) and not (taken.unclear and provider.ask(message)):
        _end(message, token, Message.State.CANCELLED, "")
        return None
    return provider


def _send(provider: Provider, taken: Taken) -> Receipt:
    if taken.unclear and provider.ask(taken.message):
        return Receipt(Outcome.SENT, taken.message.provider_reference or str(taken.message.pk))
    return provider.deliver(taken.message)


def record(*, message: Message, token: UUID, receipt: Receipt, provider: str) -> bool:
    """Write down what came of a try. False when the lease was lost meanwhile and another has decided.

    That a message was sent is true whoever holds the lease, so it is always written.
    """
    now = clock.now()
    tries = message.attempts + 1
    then = rules.after(receipt.outcome, tries, now)
    changes: dict[str, Any] = {
        "state": then.state,
        "attempts": tries,
        "claim": None,
        "claimed_until": None,
        "provider": provider,
        "provider_reference": receipt.reference[:200],
        "error": receipt.error[:300],
    }
    if then.not_before is not None:
        changes["not_before"] = then.not_before
    if receipt.outcome == Outcome.SENT:
        changes["sent_at"] = now
        rows = Message.objects.filter(pk=message.pk).exclude(state=Message.State.SENT)
    else:
        rows = Message.objects.filter(pk=message.pk, state=Message.State.SENDING, claim=token)
    with transaction.atomic():
        changed = rows.update(**changes) == 1
        if changed and then.state == Message.State.FAILED:
            _tell(message, receipt.error)
    return changed


def _end(message: Message, token: UUID, state: str, why: str) -> None:
    """End a message without a try, if it is still ours."""
    with transaction.atomic():
        ours = Message.objects.filter(pk=message.pk, state=Message.State.SENDING, claim=token)
        ended = ours.update(state=state, claim=None, claimed_until=None, error=why[:300])
        if ended and state == Message.State.FAILED:
            _tell(message, why)


def _tell(message: Message, why: str) -> None:
    """A message that was given up is seen: on the board, and in the record."""
    log.error("message %s (%s) was given up: %s", message.pk, message.template, why)
    audit.record(
        organisation_id=message.organisation_id,
        actor_kind="system",
        actor_id=None,
        verb="message.failed",
        subject_kind="message",
        subject_id=message.pk,
        details={"template": message.template, "channel": message.channel},
    )
    live.touch(message.organisation_id, "board")


def _put_back(token: UUID, taken: Iterable[Taken], not_before: datetime | None = None) -> None:
    """Give back what was not tried, as it was, so that the next one need not wait for the lease to run out."""
    for unclear in (False, True):
        ids = [each.message.pk for each in taken if each.unclear == unclear]
        if not ids:
            continue
        later = {"not_before": Value(not_before, DateTimeField())} if not_before else {}
        Message.objects.filter(pk__in=ids, state=Message.State.SENDING, claim=token).update(
            state=Message.State.UNKNOWN if unclear else Message.State.DUE,
            claim=None,
            claimed_until=None,
            **later,
        )
