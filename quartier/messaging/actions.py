"""Writing messages into the outbox. Sending them is the worker's, see `delivery`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation

from quartier.lib import clock, phone, sms
from quartier.lib.crypto import blind
from quartier.messaging import aloud, chats, codes, queries, saying, stops, wording
from quartier.messaging.models import Message, PushSubscription
from quartier.messaging.providers.push import opened, posting
from quartier.messaging.words import NOT_BY_PUSH, TEMPLATES, Words
from quartier.people import actions as people
from quartier.people.models import Person
from quartier.team.models import Organisation

# A group's own words, by template and language.
Own = dict[tuple[str, str], Words]
MOST_BROWSERS = 5
# Where yes and no are keys or buttons: the message itself holds the number that they stand for.
WITH_KEYS = frozenset({Message.Channel.VOICE, *Message.CHATS})
TRIAL_LASTS = timedelta(minutes=5)


@dataclass(frozen=True)
class Letter:
    """A message to be written. `values` may hold times, kinds, metres: `saying` turns them into words.

    `key` makes it unique in the organisation: written twice, it is sent once. It is not sent before
    `not_before`, nor after `not_after`, when nobody needs it any more. `about`: what a text says yes or no to, with a
    number to answer by. `by`: this channel and no other, for whoever has just written by it.
    """

    person: Person
    template: str
    key: str
    values: dict[str, Any] = field(default_factory=dict)
    not_before: datetime | None = None
    not_after: datetime | None = None
    about: UUID | None = None
    by: str = ""


def write(*, organisation: Organisation, letter: Letter) -> Message | None:
    """Write one message, in the caller's transaction. `None` if the person can only be called."""
    written = write_all(organisation=organisation, letters=[letter])
    return written[0]


def write_all(*, organisation: Organisation, letters: Iterable[Letter]) -> list[Message | None]:
    """Write many messages with one statement: a message, or `None` where a call is the only way, for each."""
    letters = list(letters)
    ways = _ways(organisation, letters)
    messages = _drafts(organisation, letters, ways, _numbers(organisation, letters, ways))
    Message.objects.bulk_create([each for each in messages if each is not None], ignore_conflicts=True)
    return messages


def drafts(*, organisation: Organisation, letters: Iterable[Letter]) -> list[Message | None]:
    """The same messages as `write_all` would write, and none of them is written: to show what they say and cost."""
    letters = list(letters)
    answered = codes.can_be_answered()
    numbers = {each.about: codes.LONG[0] for each in letters if each.about and answered}
    return _drafts(organisation, letters, _ways(organisation, letters), numbers)


def _ways(organisation: Organisation, letters: list[Letter]) -> list[tuple[str, str] | None]:
    """By which channel and to which address each goes; `None`: only a call is left."""
    pushed = queries.with_push(letter.person.pk for letter in letters if letter.template not in NOT_BY_PUSH)
    silent = stops.among(
        organisation, [each.person for each in letters if each.template not in stops.DESPITE]
    )
    reads = aloud.wanted(organisation, [each.person for each in letters if each.template in aloud.READ])
    linked = chats.ways(each.person.pk for each in letters)
    return [
        None
        if letter.person.died_at or (letter.person.pk in silent and letter.template not in stops.DESPITE)
        else _way(
            letter, push=letter.person.pk in pushed, reads=reads, linked=linked.get(letter.person.pk, [])
        )
        for letter in letters
    ]


def _drafts(
    organisation: Organisation,
    letters: list[Letter],
    ways: list[tuple[str, str] | None],
    numbers: dict[UUID, int],
) -> list[Message | None]:
    own = wording.of(organisation) if letters else {}
    return [
        way and _drafted(organisation, letter, way, numbers.get(letter.about) if letter.about else None, own)
        for letter, way in zip(letters, ways, strict=True)
    ]


def channel_to(person: Person, *, push: bool = False, template: str = "") -> tuple[str, str] | None:
    """Channel and address by which a person can be written to; their own wish first. `None`: only by a call.

    `push`: they have asked a browser of theirs to tell them at once, which goes before everything else.
    """
    if push:
        return Message.Channel.PUSH.value, str(person.pk)
    return next(iter(ways_to(person, template)), None)


def ways_to(
    person: Person, template: str = "", *, reads: bool | None = None, linked: list[str] | None = None
) -> list[tuple[str, str]]:
    """Every channel and address by which a person can be told this template besides a browser: the chats that they have
    linked (`linked`), then their own wish first. To who wants to be called, the line may read it; `reads`: whether it
    does here. `None`: not known yet."""
    if linked is None:
        linked = chats.ways([person.pk]).get(person.pk, [])
    in_chats = [] if template in NOT_BY_PUSH else [(channel, str(person.pk)) for channel in linked]
    return in_chats + _other_ways(person, template, reads)


def _other_ways(person: Person, template: str, reads: bool | None) -> list[tuple[str, str]]:
    if person.channel == Person.Channel.CALL:
        if template not in aloud.READ or not aloud.can_hear(person):
            return []
        if reads is None:
            reads = aloud.reads(person.organisation_id)
        return [(str(Message.Channel.VOICE), person.phone)] if reads else []
    ways = []
    if person.phone and phone.is_mobile(person.phone) and not person.phone_is_shared:
        ways.append((str(Message.Channel.TEXT), person.phone))
    if person.email:
        ways.append((str(Message.Channel.EMAIL), person.email))
    return sorted(ways, key=lambda way: way[0] != person.channel)


def spoken_to(person: Person, organisation: Organisation) -> str:
    """The language in which a person is written to: their own, or the organisation's first if we do not speak it."""
    ours = [str(code) for code, _name in settings.LANGUAGES]
    wanted: list[str] = [person.language, *organisation.languages, *ours]
    return next(code for code in wanted if code in ours)


def worded(channel: str, subject: str, text: str) -> tuple[str, str]:
    """Subject and body of what was written for a browser, for another channel."""
    if channel == Message.Channel.TEXT:
        return "", sms.plain(text)
    if channel == Message.Channel.VOICE:
        return "", aloud.words(text)
    if channel in Message.CHATS:
        return subject, text
    # A link alone in its paragraph becomes a button.
    return subject, re.sub(r"\s(https?://\S+)$", r"\n\n\1", text)


def _way(letter: Letter, *, push: bool, reads: bool, linked: list[str]) -> tuple[str, str] | None:
    if letter.by in linked:
        return letter.by, str(letter.person.pk)
    if letter.by and letter.by not in Message.CHATS:
        to = letter.person.phone if letter.by == Message.Channel.TEXT else letter.person.email
        return (letter.by, to) if to else None
    if push and letter.template not in NOT_BY_PUSH:
        return channel_to(letter.person, push=True)
    return next(iter(ways_to(letter.person, letter.template, reads=reads, linked=linked)), None)


def _numbers(
    organisation: Organisation, letters: list[Letter], ways: list[tuple[str, str] | None]
) -> dict[UUID, int]:
    """The number to answer by, for each text that can be answered, and for what is read and answered with a key."""
    texts = codes.can_be_answered()
    asked = [
        codes.Asked(letter.person, letter.about, letter.not_after)
        for letter, way in zip(letters, ways, strict=True)
        if letter.about and way and (way[0] in WITH_KEYS or (way[0] == Message.Channel.TEXT and texts))
    ]
    return codes.give_all(organisation=organisation, asked=asked) if asked else {}


def _drafted(
    organisation: Organisation, letter: Letter, way: tuple[str, str], number: int | None, own: Own
) -> Message:
    channel, to = way
    now = clock.now()
    language = spoken_to(letter.person, organisation)
    words = own.get((letter.template, language)) or TEMPLATES[letter.template]
    with translation.override(language):
        values = saying.ready(organisation, letter.values, now)
        text = str(words.text if number is None or not words.answer else words.answer)
        numbered = values | ({} if number is None else {"number": str(number)})
        if channel == Message.Channel.TEXT:
            subject, body = "", sms.plain(text.format_map(numbered))
        elif channel in Message.CHATS:
            # The subject is for the mail that it becomes where the chat does not take it.
            subject, body = str(words.subject).format_map(values), text.format_map(numbered)
        elif channel == Message.Channel.VOICE:
            subject, body = "", aloud.words(str(words.text)).format_map(values)
        elif channel == Message.Channel.PUSH:
            subject, body = (str(each).format_map(values) for each in (words.subject, words.text))
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
        answer_code=number if channel in WITH_KEYS else None,
        not_before=letter.not_before or now,
        not_after=letter.not_after,
        created_at=now,
    )


def cancel(messages: Iterable[Message | None]) -> int:
    """Take back those that were not sent yet, as far as is known. Returns how many."""
    ids = [message.pk for message in messages if message is not None]
    waiting = Message.objects.filter(pk__in=ids, state__in=[Message.State.DUE, Message.State.UNKNOWN])
    return waiting.update(state=Message.State.CANCELLED)


def cancel_all_to(person: Person) -> int:
    """Take back what was not sent yet to this person. Returns how many."""
    waiting = Message.objects.filter(person=person, state__in=[Message.State.DUE, Message.State.UNKNOWN])
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


@dataclass(frozen=True)
class Browser:
    """A browser's subscription as it gives it: the address of its push service and its keys (base64url)."""

    endpoint: str
    keys: dict[str, str]
    language: str = "fr"
    device: str = ""


@transaction.atomic
def switch_push_on(*, person: Person, browser: Browser) -> PushSubscription:
    """Tell this person things in this browser from now on, and nobody else who was told in it before.

    Raises `ValueError` for what no browser gives. Of more browsers than `MOST_BROWSERS` the oldest is forgotten.
    """
    posting.checked(browser.endpoint)
    opened(browser.keys)
    row = push_in(person.organisation, browser.endpoint)
    if row is not None and row.person_id == person.pk and row.keys == browser.keys:
        return row
    if row is not None:
        row.delete()
    mine = PushSubscription.objects.filter(person=person).order_by("-created_at")
    for old in mine[MOST_BROWSERS - 1 :]:
        old.delete()
    return PushSubscription.objects.create(
        organisation=person.organisation,
        person=person,
        endpoint=browser.endpoint,
        endpoint_index=blind("push", person.organisation_id, browser.endpoint),
        keys={name: browser.keys[name] for name in ("p256dh", "auth")},
        language=browser.language,
        device=browser.device[:20],
        created_at=clock.now(),
    )


def push_in(organisation: Organisation, endpoint: str) -> PushSubscription | None:
    """The subscription with this address, if it is one of ours."""
    index = blind("push", organisation.pk, endpoint)
    return PushSubscription.objects.filter(organisation=organisation, endpoint_index=index or None).first()


@transaction.atomic
def renew_push(*, organisation: Organisation, old: str, browser: Browser) -> bool:
    """A browser has a new address: only it knows the old one. Raises `ValueError` as `switch_push_on` does."""
    row = push_in(organisation, old)
    if row is None:
        return False
    person = row.person
    row.delete()
    switch_push_on(person=person, browser=replace(browser, language=row.language, device=row.device))
    return True


def switch_push_off(*, person: Person, endpoint: str = "") -> int:
    """Tell this person nothing more in the browser with this address; without one, in none of theirs."""
    rows = PushSubscription.objects.filter(person=person)
    if endpoint:
        rows = rows.filter(endpoint_index=blind("push", person.organisation_id, endpoint))
    return rows.delete()[0]


@transaction.atomic
def try_push(*, person: Person) -> Message | None:
    """Write a message that only shows that messages arrive."""
    now = clock.now()
    if not queries.with_push([person.pk]):
        return None
    key = f"push:{person.pk}:{now.timestamp()}"
    letter = Letter(person, "push_test", key, {"page": ("home_of_role",)}, not_after=now + TRIAL_LASTS)
    return write(organisation=person.organisation, letter=letter)
