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

from quartier.lib import clock
from quartier.live import actions as live
from quartier.messaging import queries, reports, rewording, rules
from quartier.messaging.breaker import TOPIC, Breaker
from quartier.messaging.detours import fall_back, tell
from quartier.messaging.models import Message
from quartier.messaging.providers import Post
from quartier.messaging.providers.base import Provider, Receipt
from quartier.messaging.rules import Outcome
from quartier.messaging.spending import Purse, tomorrow
from quartier.messaging.waiting import quiet_for
from quartier.people.rules import wakes
from quartier.people.wishes import of_all

log = logging.getLogger(__name__)
AT_ONCE = 20
# After so long a worker stops beginning new messages, so that one which is told to stop need not be waited for.
STRETCH = 5.0
GONE = "the senders of this message were lost again and again"


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
    waiting = _awake(token, _claim(token, now), now)
    breaker, purse = Breaker(), Purse(now)
    post = post or Post()
    together = _Together(token)
    try:
        while waiting and time.monotonic() < end:
            taken = waiting.pop(0)
            if rewording.looks_at_others(taken.message):
                together.send()
            found = _providers(post, token, taken)
            if not found:
                continue
            usable = breaker.usable(found, taken.message, unclear=taken.unclear)
            if not usable and breaker.are_gone(found) and _detour(token, taken):
                continue
            if not usable:
                _put_back(token, [taken], breaker.back_at(found))
            elif (
                _is_true_today(token, taken)
                and _affordable(purse, token, taken, usable)
                and not together.add(usable[0], taken)
            ):
                receipt, provider = _try(breaker, usable, taken)
                record(message=taken.message, token=token, receipt=receipt, provider=provider)
        together.send()
    finally:
        post.close()
    _put_back(token, waiting)
    return True


class _Together:
    """Messages for a provider that lives in this database, sent and written down in one transaction: none of them is
    ever sent and not known to be."""

    def __init__(self, token: UUID) -> None:
        self._token = token
        self._waiting: list[Message] = []
        self._provider: Provider | None = None

    def add(self, provider: Provider, taken: Taken) -> bool:
        """False for another provider, and for what may have been sent already: it goes alone."""
        if taken.unclear or not provider.takes_many:
            return False
        self._provider = provider
        self._waiting.append(taken.message)
        return True

    def send(self) -> None:
        """Send what has been added. Of a message whose lease was lost meanwhile, another worker decides."""
        asked, self._waiting = self._waiting, []
        if self._provider is None or not asked:
            return
        with transaction.atomic():
            ours = Message.objects.filter(
                pk__in=[each.pk for each in asked], state=Message.State.SENDING, claim=self._token
            )
            there = set(ours.select_for_update().values_list("pk", flat=True))
            messages = [each for each in asked if each.pk in there]
            self._provider.send_many(messages)
            ours.update(
                state=Message.State.SENT,
                attempts=F("attempts") + 1,
                claim=None,
                claimed_until=None,
                provider=self._provider.name,
                provider_reference="",
                error="",
                sent_at=clock.now(),
            )
            for organisation_id in {each.organisation_id for each in messages if _is_listed(each)}:
                live.touch(organisation_id, TOPIC)


def _try(breaker: Breaker, usable: list[Provider], taken: Taken) -> tuple[Receipt, str]:
    """One after the other, as long as the one before could not even be reached."""
    for provider in usable:
        began = time.monotonic()
        receipt = _send(provider, taken)
        breaker.noted(provider, receipt, time.monotonic() - began)
        if not receipt.unreachable:
            break
    return receipt, provider.name


def _detour(token: UUID, taken: Taken) -> bool:
    """Who has another way than the chat that is away does not wait for it."""
    in_chat = taken.message.channel in Message.CHATS
    return in_chat and fall_back(message=taken.message, token=token, why="away for long")


def _touch(message: Message) -> None:
    """The lists of messages change, unless this one stands on none of them."""
    if _is_listed(message):
        live.touch(message.organisation_id, TOPIC)


def _is_listed(message: Message) -> bool:
    return message.template not in queries.AROUND


def _is_true_today(token: UUID, taken: Taken) -> bool:
    """Give it the words of today, where it was written for another one. False for what is said better by a later
    message, or was said by an earlier one: then it is taken back. What may have been sent already stays as it was."""
    message, now = taken.message, clock.now()
    if taken.unclear:
        return True
    if rewording.is_overtaken(message, now):
        _end(message, token, Message.State.CANCELLED, rules.OVERTAKEN)
        return False
    if rewording.is_said_already(message, now):
        _end(message, token, Message.State.CANCELLED, rules.SAID)
        return False
    if rewording.make_again(message, now):
        # Sealed columns are written through their row; the rest of it is the lease's.
        message.save(update_fields=["template", "subject", "body", "made_of"])
    return True


def _affordable(purse: Purse, token: UUID, taken: Taken, usable: list[Provider]) -> bool:
    """Whether the day's money is enough; if not, the message goes by mail, or tomorrow."""
    message = taken.message
    message.cost = usable[0].cost(message)
    urgent = message.template in queries.FIRST
    if taken.unclear or purse.allows(message.organisation, message.cost, urgent=urgent):
        purse.pay(message.organisation, message.cost)
        return True
    if not fall_back(message=message, token=token, why=rules.SPENT):
        _put_back(token, [taken], tomorrow(message.organisation, clock.now()), rules.SPENT)
        _touch(message)
    return False


def _lease_end() -> Any:
    lease = timedelta(seconds=settings.LEASE_SECONDS)
    return ExpressionWrapper(Now() + lease, output_field=DateTimeField())


def _claim(token: UUID, now: datetime) -> list[Taken]:
    """Take up to `AT_ONCE` due messages, the urgent ones first, in one short transaction."""
    with transaction.atomic():
        due = queries.due(now).select_related("organisation")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        # Nearly always these are all there are; if not, those that come first may stand behind them.
        found = list(due[: AT_ONCE + 1])
        first = [each for each in found if each.template in queries.FIRST]
        others = [each for each in found if each.template not in queries.FIRST]
        if len(found) > AT_ONCE:
            first = list(due.filter(template__in=queries.FIRST)[:AT_ONCE])
        found = (first + others)[:AT_ONCE]
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


def _awake(token: UUID, taken: list[Taken], now: datetime) -> list[Taken]:
    """Those whose readers are not asleep; the others are put back. They were written for another hour: a provider was
    away, or no worker was there."""
    wishes = of_all(each.message.person_id for each in taken if each.message.quiet)
    ready = []
    for each in taken:
        message = each.message
        quiet = None
        if message.quiet:
            wish = wishes.get(message.person_id)
            quiet = quiet_for(wish, message.organisation, message.channel, message.quiet)
        later = wakes(now, quiet, message.organisation.zone)
        if later > now:
            _put_back(token, [each], later)
        else:
            ready.append(each)
    return ready


def _providers(post: Post, token: UUID, taken: Taken) -> list[Provider]:
    """The message's providers in order; none when it is not to be sent (any more): then that is written down."""
    message = taken.message
    if message.state == Message.State.SENDING and message.losses >= rules.MOST_LOSSES:
        _end(message, token, Message.State.FAILED, GONE)
        return []
    try:
        found = post.all_for(message)
    except LookupError as error:
        if fall_back(message=message, token=token, why=str(error)):
            return []
        _end(message, token, Message.State.FAILED, str(error))
        return []
    if rules.is_too_late(message.not_after, clock.now()) and not (
        taken.unclear and any(provider.ask(message) for provider in found)
    ):
        _end(message, token, Message.State.CANCELLED, "")
        return []
    refused = message.tried_by.split()
    return [provider for provider in found if provider.name not in refused] or found


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
    if rules.goes_another_way(message, receipt.outcome, tries, receipt.wait) and fall_back(
        message=message, token=token, why=receipt.error, provider=provider
    ):
        return True
    then = rules.after(receipt.outcome, tries, now, receipt.wait)
    if then.state == Message.State.FAILED and message.template in rules.TRIALS:
        then = rules.Next(Message.State.CANCELLED)
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
        changes |= {"sent_at": now, "cost": message.cost}
        if receipt.arrived:
            changes |= {"state": Message.State.DELIVERED, "delivered_at": now}
        rows = Message.objects.filter(pk=message.pk).exclude(
            state__in=[Message.State.SENT, Message.State.DELIVERED]
        )
    else:
        rows = Message.objects.filter(pk=message.pk, state=Message.State.SENDING, claim=token)
    with transaction.atomic():
        changed = rows.update(**changes) == 1
        if changed and then.state == Message.State.FAILED:
            tell(message, receipt.error)
        if changed and then.state == Message.State.SENT:
            reports.believe_early(message.pk, provider, receipt.reference)
            _touch(message)
    return changed


def _end(message: Message, token: UUID, state: str, why: str) -> None:
    """End a message without a try, if it is still ours."""
    with transaction.atomic():
        ours = Message.objects.filter(pk=message.pk, state=Message.State.SENDING, claim=token)
        ended = ours.update(state=state, claim=None, claimed_until=None, error=why[:300])
        if ended and state == Message.State.FAILED:
            tell(message, why)


def _put_back(token: UUID, taken: Iterable[Taken], not_before: datetime | None = None, why: str = "") -> None:
    """Give back what was not tried, as it was, so that the next one need not wait for the lease to run out."""
    for unclear in (False, True):
        ids = [each.message.pk for each in taken if each.unclear == unclear]
        if not ids:
            continue
        later: dict[str, Any] = {"not_before": Value(not_before, DateTimeField())} if not_before else {}
        later |= {"error": why} if why else {}
        Message.objects.filter(pk__in=ids, state=Message.State.SENDING, claim=token).update(
            state=Message.State.UNKNOWN if unclear else Message.State.DUE,
            claim=None,
            claimed_until=None,
            **later,
        )
