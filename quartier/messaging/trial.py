"""Trying out a way with a message of its own, for whoever sets it up: what arrived where. (A file of its own: neither
the outbox's work nor anybody's letter. Its rows are gone afterwards.)"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import translation
from django.utils.translation import gettext as _

from quartier.lib import clock
from quartier.messaging import queries, reports
from quartier.messaging.models import Message
from quartier.messaging.providers import Post, texts, ways_out
from quartier.messaging.providers.base import Provider, Receipt
from quartier.messaging.rules import Outcome
from quartier.people.models import Person
from quartier.team.models import Organisation

POLL_INTERVAL_S = 0.5
TEMPLATE = "push_test"
# Nothing of it is tried by another way: each is looked at by itself.
EVERY_WAY = " ".join(Message.Channel.values)


class Result(StrEnum):
    ARRIVED = "arrived"
    ACCEPTED = "accepted"
    FAILED = "failed"


@dataclass(frozen=True)
class Trial:
    """What came of one provider. `why`: what it said; never holds the address."""

    provider: str
    result: Result
    why: str = ""


def by_mail(organisation: Organisation, to: str, wait_s: float) -> list[Trial]:
    """One mail to an address, whoever's it is."""
    if settings.MAIL.startswith("sandbox:"):
        return [Trial("email", Result.FAILED, _("no email is sent: its setting is “sandbox:”"))]
    return _each(organisation, Message.Channel.EMAIL, to, [Post().by_name("email")], wait_s)


def by_text(organisation: Organisation, to: str, wait_s: float) -> list[Trial]:
    """One text by each provider, in their order; and what is wrong with those that cannot be used."""
    addresses, faults = texts.each(settings.TEXTS)
    found = [Trial("text", Result.FAILED, why) for _place, why in faults]
    if [each.scheme for each in addresses] == [texts.SANDBOX]:
        found.append(Trial("text", Result.FAILED, _("no text is sent: their setting is “sandbox:”")))
    elif not addresses and not faults:
        found.append(Trial("text", Result.FAILED, _("no text is sent: texts names no provider")))
    return found + _each(organisation, Message.Channel.TEXT, to, Post().for_texts(), wait_s)


def by_call(organisation: Organisation, to: str, wait_s: float, step: Callable[[], object]) -> list[Trial]:
    """The line rings a number and reads. `step`: hands messages to the line and brings back what it says."""
    return _each(organisation, Message.Channel.VOICE, to, [Post().by_name("voice")], wait_s, step=step)


def by_push(person: Person, wait_s: float) -> list[Trial]:
    """To the browsers that this person has switched on."""
    if not queries.with_push([person.pk]):
        return [Trial("push", Result.FAILED, _("they have switched notifications on in no browser"))]
    provider = [Post().by_name("push")]
    return _each(person.organisation, Message.Channel.PUSH, str(person.pk), provider, wait_s, person=person)


def _each(
    organisation: Organisation,
    channel: Message.Channel,
    to: str,
    providers: list[Provider],
    wait_s: float,
    *,
    person: Person | None = None,
    step: Callable[[], object] = lambda: None,
) -> list[Trial]:
    if channel != Message.Channel.PUSH and ways_out.is_nobodys(channel, to):
        return [Trial(str(channel), Result.FAILED, _("the address is one for examples: no one has it"))]
    found = []
    for provider in providers:
        try:
            with _message(organisation, channel, to, person) as message:
                found.append(_try(provider, message, wait_s, step))
        finally:
            provider.close()
    return found


@contextmanager
def _message(
    organisation: Organisation, channel: Message.Channel, to: str, person: Person | None
) -> Iterator[Message]:
    """A message that nobody else sends, to a person of its own if need be; both are gone afterwards."""
    now = clock.now()
    own = person or Person.objects.create(
        organisation=organisation, created_at=now, channel=Person.Channel.CALL
    )
    language = organisation.languages[0]
    with translation.override(language):
        subject = _("A test from {name}").format(name=organisation.name)
        body = _("This is a test from {name}. It has arrived, and there is nothing to do.").format(
            name=organisation.name
        )
    message = Message.objects.create(
        organisation=organisation, person=own, key=f"trial:{uuid4()}", template=TEMPLATE, channel=channel,
        language=language, to=to, subject="" if channel == Message.Channel.TEXT else subject, body=body,
        state=Message.State.SENDING, claim=uuid4(), claimed_until=now + timedelta(hours=1), not_before=now,
        not_after=now + timedelta(hours=1), tried_by=EVERY_WAY, created_at=now,
    )  # fmt: skip
    try:
        yield message
    finally:
        Message.objects.filter(pk=message.pk).delete()
        if person is None:
            # Kept where they have answered meanwhile.
            with suppress(ProtectedError):
                own.delete()


def _try(provider: Provider, message: Message, wait_s: float, step: Callable[[], object]) -> Trial:
    receipt = provider.deliver(message)
    if receipt.outcome != Outcome.SENT:
        return Trial(provider.name, Result.FAILED, receipt.error or str(receipt.outcome))
    _keep(provider, message, receipt)
    if receipt.arrived:
        return Trial(provider.name, Result.ARRIVED)
    end = time.monotonic() + wait_s
    while True:
        step()
        message.refresh_from_db()
        if message.state == Message.State.DELIVERED or provider.ask(message):
            return Trial(provider.name, Result.ARRIVED)
        if message.state != Message.State.SENT:
            return Trial(provider.name, Result.FAILED, message.error)
        if time.monotonic() >= end:
            return Trial(provider.name, Result.ACCEPTED)
        time.sleep(POLL_INTERVAL_S)


def _keep(provider: Provider, message: Message, receipt: Receipt) -> None:
    """So that what the provider says later is known to be about it, also what it has said already."""
    names = " ".join(each.name for each in Post().for_texts())
    with transaction.atomic():
        Message.objects.filter(pk=message.pk).update(
            state=Message.State.SENT, claim=None, claimed_until=None, provider=provider.name,
            provider_reference=receipt.reference[:200], sent_at=clock.now(), tried_by=f"{EVERY_WAY} {names}"[:120],
        )  # fmt: skip
        reports.believe_early(message.pk, provider.name, receipt.reference)
