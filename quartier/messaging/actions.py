"""Writing messages into the outbox. Sending them is the worker's, see `delivery`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation

from quartier.lib import clock, phone, sms
from quartier.messaging import saying
from quartier.messaging.models import Message
from quartier.messaging.words import TEMPLATES
from quartier.people import actions as people
from quartier.people.models import Person
from quartier.team.models import Organisation


@dataclass(frozen=True)
class Letter:
    """A message to be written. `values` may hold times, kinds, metres: `saying` turns them into words.

    `key` makes it unique in the organisation: written twice, it is sent once. It is not sent before
    `not_before`, nor after `not_after`, when nobody needs it any more.
    """

    person: Person
    template: str
    key: str
    values: dict[str, Any] = field(default_factory=dict)
    not_before: datetime | None = None
    not_after: datetime | None = None


def write(*, organisation: Organisation, letter: Letter) -> Message | None:
    """Write one message, in the caller's transaction. `None` if the person can only be called."""
    written = write_all(organisation=organisation, letters=[letter])
    return written[0]


def write_all(*, organisation: Organisation, letters: Iterable[Letter]) -> list[Message | None]:
    """Write many messages with one statement: a message, or `None` where a call is the only way, for each."""
    messages = [_drafted(organisation, letter) for letter in letters]
    Message.objects.bulk_create([each for each in messages if each is not None], ignore_conflicts=True)
    return messages


def channel_to(person: Person) -> tuple[str, str] | None:
    """Channel and address by which a person can be written to; their own wish first. `None`: only by a call."""
    ways = []
    if person.phone and phone.is_mobile(person.phone) and not person.phone_is_shared:
        ways.append((Message.Channel.TEXT, person.phone))
    if person.email:
        ways.append((Message.Channel.EMAIL, person.email))
    if person.channel == Person.Channel.CALL:
        return None
    ways.sort(key=lambda way: way[0] != person.channel)
    return (str(ways[0][0]), ways[0][1]) if ways else None


def spoken_to(person: Person, organisation: Organisation) -> str:
    """The language in which a person is written to: their own, or the organisation's first if we do not speak it."""
    ours = [str(code) for code, _name in settings.LANGUAGES]
    wanted: list[str] = [person.language, *organisation.languages, *ours]
    return next(code for code in wanted if code in ours)


def _drafted(organisation: Organisation, letter: Letter) -> Message | None:
    way = channel_to(letter.person)
    if way is None:
        return None
    channel, to = way
    now = clock.now()
    words = TEMPLATES[letter.template]
    language = spoken_to(letter.person, organisation)
    with translation.override(language):
        values = saying.ready(organisation, letter.values, now)
        if channel == Message.Channel.TEXT:
            subject, body = "", sms.plain(str(words.text).format_map(values))
        else:
            subject = str(words.subject).format_map(values)
            body = str(words.mail or words.text).format_map(values)
    return Message(
        organisation=organisation,
        person=letter.person,
        key=letter.key,
        template=letter.template,
        channel=channel,
        language=language,
        to=to,
        subject=subject,
        body=body,
        not_before=letter.not_before or now,
        not_after=letter.not_after,
        created_at=now,
    )


def cancel(messages: Iterable[Message | None]) -> int:
    """Take back those that were not sent yet, as far as is known. Returns how many."""
    ids = [message.pk for message in messages if message is not None]
    waiting = Message.objects.filter(pk__in=ids, state__in=[Message.State.DUE, Message.State.UNKNOWN])
    return waiting.update(state=Message.State.CANCELLED)


@transaction.atomic
def send_sign_in_code(*, person: Person) -> Message | None:
    """Write a new code to somebody who wants to sign in."""
    code = people.new_code(person=person)
    now = clock.now()
    key = f"code:{person.id}:{now.timestamp()}"
    reachable = person
    if person.channel == Person.Channel.CALL:
        # Who asks for a code at the screen can read it there, whatever they prefer otherwise.
        reachable.channel = Person.Channel.EMAIL if person.email else Person.Channel.TEXT
    return write(
        organisation=person.organisation,
        letter=Letter(reachable, "sign_in_code", key, {"code": code}, not_after=now + people.CODE_LIVES),
    )
