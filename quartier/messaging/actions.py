"""Writing messages into the outbox. Sending them is the worker's, see `delivery`."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import translation

from quartier.lib import clock, phone, sms
from quartier.messaging import (
    aloud,
    ceiling,
    chats,
    codes,
    queries,
    rewording,
    ringing,
    saying,
    stops,
    waiting,
    wording,
)
from quartier.messaging.browsers import MOST_BROWSERS as MOST_BROWSERS
from quartier.messaging.browsers import Browser as Browser
from quartier.messaging.browsers import push_in as push_in
from quartier.messaging.browsers import renew_push as renew_push
from quartier.messaging.browsers import switch_push_off as switch_push_off
from quartier.messaging.browsers import switch_push_on as switch_push_on
from quartier.messaging.models import Message
from quartier.messaging.providers import ways_out
from quartier.messaging.proving import prove_phone_by_code as prove_phone_by_code
from quartier.messaging.saying import spoken_to as spoken_to
from quartier.messaging.waiting import Hold
from quartier.messaging.words import ANSWERED_IN_WORDS, NOT_BY_PUSH, TEMPLATES, WITH_CODES, Words, ours_for
from quartier.people.models import Person, Wishes
from quartier.people.own_way import shares_mailbox
from quartier.people.rules import AT_ONCE, CHANNELS, in_order
from quartier.people.wishes import of, of_people
from quartier.promises import actions as promises
from quartier.promises.models import Promise
from quartier.team.models import Organisation

# A group's own words, by template and language.
Own = dict[tuple[str, str], Words]
# Channel and address for each letter; `None`: only a call is left.
Ways = list[tuple[str, str] | None]
# Where yes and no are keys or buttons: the message itself holds the number that they stand for.
WITH_KEYS = frozenset({Message.Channel.VOICE, *Message.CHATS})
TRIAL_LASTS = timedelta(minutes=5)


@dataclass(frozen=True)
class Letter:
    """A message to be written. `values` may hold times, kinds, metres: `saying` turns them into words.

    `key` makes it unique in the organisation: written twice, it is sent once. It is not sent before
    `not_before`, nor after `not_after`, when nobody needs it any more. `about`: what a text answers, with a number to
    answer by. `by`: this channel and no other, for whoever has just written by it. `urgent`: may come in
    somebody's own quiet hours, if they have said so or are of the team; `by_hand`: somebody of the team writes now,
    whatever the hour of the organisation is. `promise`: the row of what the template promises; {by} is its hour.
    """

    person: Person
    template: str
    key: str
    values: dict[str, Any] = field(default_factory=dict)
    not_before: datetime | None = None
    not_after: datetime | None = None
    about: UUID | None = None
    by: str = ""
    urgent: bool = False
    by_hand: bool = False
    promise: Promise | None = None

    def __post_init__(self) -> None:
        if self.promise is not None:
            object.__setattr__(self, "values", {**self.values, "by": self.promise.due_at})


def write(*, organisation: Organisation, letter: Letter) -> Message | None:
    """Write one message, in the caller's transaction. `None` if the person can only be called."""
    written = write_all(organisation=organisation, letters=[letter])
    return written[0]


def write_all(*, organisation: Organisation, letters: Iterable[Letter]) -> list[Message | None]:
    """Write many messages with one statement: a message, or `None` where a call is the only way, for each.

    What can wait for the end of quiet hours does, or stands in one mail with others where they wish so (`waiting`).
    """
    letters = list(letters)
    for letter in letters:
        TEMPLATES[letter.template].check_promise(letter.promise)
    ways, holds = _ways(organisation, letters)
    messages = _drafts(organisation, letters, ways, holds, _numbers(organisation, letters, ways))
    Message.objects.bulk_create([each for each in messages if each is not None], ignore_conflicts=True)
    for letter, message in zip(letters, messages, strict=True):
        if letter.promise is not None and message is not None:
            promises.was_told(promise=letter.promise, person_id=letter.person.pk)
    return messages


def can_be_written(*, organisation: Organisation, letter: Letter) -> bool:
    """Whether there is a way to write this now, other than a call. Nothing is written."""
    return bool(channel_for(organisation=organisation, letter=letter))


def channel_for(*, organisation: Organisation, letter: Letter) -> str:
    """By which channel this would go now; "" where only a call is left. Nothing is written."""
    (way,), _ = _ways(organisation, [letter])
    return way[0] if way is not None else ""


def drafts(*, organisation: Organisation, letters: Iterable[Letter]) -> list[Message | None]:
    """The same messages as `write_all` would write, and none of them is written: to show what they say and cost."""
    letters = list(letters)
    answered = codes.can_be_answered()
    numbers = {each.about: codes.LONG[0] for each in letters if each.about and answered}
    return _drafts(organisation, letters, *_ways(organisation, letters), numbers)


def _ways(organisation: Organisation, letters: list[Letter]) -> tuple[Ways, list[Hold | None]]:
    """By which channel and to which address each goes, and what it waits for; `None`: only a call is left."""
    now = clock.now()
    wishes = of_people(letter.person for letter in letters)
    pushed = queries.with_push(letter.person.pk for letter in letters if letter.template not in NOT_BY_PUSH)
    silent = stops.among(
        organisation, [each.person for each in letters if each.template not in stops.DESPITE]
    )
    to_read = [each.person for each in letters if each.template in aloud.READ]
    ring = [each.person for each in letters if each.template in ceiling.DANGER_TEMPLATES]
    reads = aloud.wanted(organisation, to_read, wishes) or ringing.line_reads(organisation, ring)
    linked = chats.ways(each.person.pk for each in letters)
    ways: Ways = []
    holds: list[Hold | None] = []
    for letter in letters:
        person, wish = letter.person, wishes.get(letter.person.pk)
        together = waiting.together_at(letter, person, wish, organisation, now)
        if person.died_at or (person.pk in silent and letter.template not in stops.DESPITE):
            together = way = None
        elif together:
            way = str(Message.Channel.EMAIL), person.email
        else:
            way = _way(letter, wish, push=person.pk in pushed, reads=reads, linked=linked.get(person.pk, []))
            if way and way[0] == Message.Channel.EMAIL:
                together = waiting.calm_at(letter, wish, organisation, now)
        ways.append(way)
        if together:
            holds.append(Hold(together, Message.State.HELD, Message.Quiet.ALL))
        else:
            holds.append(waiting.hold(letter, way[0], wish, organisation, now) if way else None)
    return ways, ceiling.limit_nights(organisation, letters, holds, now)


def _drafts(
    organisation: Organisation,
    letters: list[Letter],
    ways: Ways,
    holds: list[Hold | None],
    numbers: dict[UUID, int],
) -> list[Message | None]:
    own = wording.of(organisation) if letters else {}
    return [
        _drafted(organisation, letter, way, hold, numbers.get(letter.about) if letter.about else None, own)
        if way and hold
        else None
        for letter, way, hold in zip(letters, ways, holds, strict=True)
    ]


def channel_to(person: Person, *, push: bool = False, template: str = "") -> tuple[str, str] | None:
    """Channel and address by which a person can be written to; their own wish first. `None`: only by a call."""
    order = of(person).order
    return next(iter(ways_to(person, template, push=push, order=order)), None)


def ways_to(
    person: Person,
    template: str = "",
    *,
    reads: bool | None = None,
    push: bool = False,
    linked: list[str] | None = None,
    order: Sequence[str] = (),
) -> list[tuple[str, str]]:
    """Every channel and address by which a person can be told this template, in the order in which they are tried:
    the usual one, or `order` of their own (`people.rules`). `push`: they have asked a browser of theirs to tell them
    at once; `linked`: the chats that they have linked (`None`: not known yet).

    To who wants to be called, the line may read it, and to who has named that way; `reads`: whether it does here
    (`None`: not known yet). Nothing is written to who wants calls alone.
    """
    if linked is None:
        linked = chats.ways([person.pk]).get(person.pk, [])
    known: dict[str, str] = {}
    if template not in NOT_BY_PUSH:
        known = dict.fromkeys([Message.Channel.PUSH.value, *linked] if push else linked, str(person.pk))
    if can_be_texted(person):
        known[Message.Channel.TEXT] = person.phone
    if can_be_mailed(person):
        known[Message.Channel.EMAIL] = person.email
    if person.channel == Person.Channel.CALL:
        asked_for = {*AT_ONCE, *order}
        known = {code: to for code, to in known.items() if code in asked_for}
    if template in aloud.READ and (
        aloud.can_hear(person, order) or ringing.needs_line(person, template, known)
    ):
        if reads is None:
            reads = aloud.reads(person.organisation_id)
        if reads:
            known[Message.Channel.VOICE] = person.phone
    codes_in_order = ringing.what_rings_first(template, in_order(person.channel, order))
    return [(code, known[code]) for code in codes_in_order if code in known]


def can_be_texted(person: Person) -> bool:
    """Whether a text of ours reaches this person alone."""
    number = person.phone
    is_own_mobile = bool(number) and phone.is_mobile(number) and not person.phone_is_shared
    return is_own_mobile and ways_out.leads_somewhere(ways_out.TEXT, number)


def can_be_mailed(person: Person) -> bool:
    """Whether a mail of ours reaches this person."""
    return bool(person.email) and ways_out.leads_somewhere(ways_out.EMAIL, person.email)


def told_by(person: Person) -> str:
    """How this person is told news, of `Person.Channel`: the one that they chose, as long as this installation has it.
    Chats and browsers that they have linked come before, and are not looked up."""
    ways = {Person.Channel.TEXT: can_be_texted, Person.Channel.EMAIL: can_be_mailed}
    order = sorted(ways, key=lambda each: each != person.channel)
    found = [] if person.channel == Person.Channel.CALL else [each for each in order if ways[each](person)]
    return str(found[0] if found else Person.Channel.CALL)


def ways_of(person: Person, template: str) -> list[tuple[str, str]]:
    """As `ways_to`, with all that is known of the person looked up: three queries at most."""
    push = bool(queries.with_push([person.pk]))
    ways = ways_to(person, template, push=push, order=of(person).order)
    if template in WITH_CODES and shares_mailbox(person):
        return [way for way in ways if way[0] != Message.Channel.EMAIL]
    return ways


def ways_known(person: Person) -> list[tuple[str, str]]:
    """Every way by which this person can be told something at all, in the order in which they are tried: what a page
    shows to put in another order. To who wants calls alone, none."""
    if person.channel == Person.Channel.CALL:
        return []
    push = bool(queries.with_push([person.pk]))
    known = dict(ways_to(person, "offer", push=push, order=CHANNELS))
    return [(code, known[code]) for code in in_order(person.channel, of(person).order) if code in known]


def worded(channel: str, subject: str, text: str) -> tuple[str, str]:
    """Subject and body of what was written for one channel, for another one."""
    if channel == Message.Channel.TEXT:
        return "", sms.plain(text)
    if channel == Message.Channel.VOICE:
        return "", aloud.words(text)
    if channel in Message.CHATS:
        return subject, text
    if channel == Message.Channel.PUSH:
        return subject, sms.plain(text)
    # A link alone in its paragraph becomes a button.
    return subject, re.sub(r"\s(https?://\S+)$", r"\n\n\1", text)


def _way(
    letter: Letter, wish: Wishes | None, *, push: bool, reads: bool, linked: list[str]
) -> tuple[str, str] | None:
    if letter.by in linked:
        return letter.by, str(letter.person.pk)
    if letter.by and letter.by not in Message.CHATS:
        to = letter.person.phone if letter.by == Message.Channel.TEXT else letter.person.email
        return (letter.by, to) if to and ways_out.leads_somewhere(letter.by, to) else None
    order = wish.order if wish else ()
    ways = ways_to(letter.person, letter.template, reads=reads, push=push, linked=linked, order=order)
    return next(iter(ways), None)


def _numbers(
    organisation: Organisation, letters: list[Letter], ways: list[tuple[str, str] | None]
) -> dict[UUID, int]:
    """The number to answer by, for each text that can be answered, and for what is read and answered with a key."""
    texts = codes.can_be_answered()

    def is_answered(letter: Letter, channel: str) -> bool:
        if channel in WITH_KEYS:
            return letter.template not in ANSWERED_IN_WORDS
        return channel == Message.Channel.TEXT and texts

    asked = [
        codes.Asked(letter.person, letter.about, letter.not_after)
        for letter, way in zip(letters, ways, strict=True)
        if letter.about and way and is_answered(letter, way[0])
    ]
    return codes.give_all(organisation=organisation, asked=asked) if asked else {}


def _drafted(
    organisation: Organisation, letter: Letter, way: tuple[str, str], hold: Hold, number: int | None, own: Own
) -> Message:
    channel, to = way
    now = clock.now()
    language = spoken_to(letter.person, organisation)
    words = own.get((letter.template, language)) or ours_for(letter.template, letter.values)
    with translation.override(language):
        # "Tomorrow" is said as it will be read.
        made_for = max(hold.at, now)
        values = saying.ready(organisation, letter.values, made_for)
        subject, body = rewording.worded(channel, words, values, number)
        made_of = rewording.to_keep(letter.values, made_for, number)
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
        made_of=made_of,
        answer_code=number if channel in WITH_KEYS else None,
        state=hold.state,
        quiet=hold.quiet,
        error=hold.error,
        not_before=hold.at,
        not_after=letter.not_after,
        created_at=now,
    )


def cancel(messages: Iterable[Message | None]) -> int:
    """Take back those that were not sent yet, as far as is known. Returns how many."""
    ids = [message.pk for message in messages if message is not None]
    rows = Message.objects.filter(pk__in=ids, state__in=Message.WAITING)
    return rows.update(state=Message.State.CANCELLED)


def cancel_by_key(*, organisation: Organisation, keys: Sequence[str]) -> int:
    """The same, by the keys of their letters. Returns how many."""
    rows = Message.objects.filter(organisation=organisation, key__in=keys, state__in=Message.WAITING)
    return rows.update(state=Message.State.CANCELLED)


def cancel_by_template(*, person: Person, templates: Sequence[str]) -> int:
    """The same, of what this person has still to get in these words. Returns how many."""
    rows = Message.objects.filter(person=person, template__in=templates, state__in=Message.WAITING)
    return rows.update(state=Message.State.CANCELLED)


def was_written(*, organisation: Organisation, key: str) -> bool:
    """Whether the letter with this key was written, and not taken back."""
    rows = Message.objects.filter(organisation=organisation, key=key)
    return rows.exclude(state=Message.State.CANCELLED).exists()


def is_any_waiting(*, organisation: Organisation, keys: Sequence[str]) -> bool:
    """Whether a letter with one of these keys is still to be sent."""
    return Message.objects.filter(organisation=organisation, key__in=keys, state__in=Message.WAITING).exists()


def cancel_all_to(person: Person) -> int:
    """Take back what was not sent yet to this person. Returns how many."""
    rows = Message.objects.filter(person=person, state__in=Message.WAITING)
    return rows.update(state=Message.State.CANCELLED)


@transaction.atomic
def try_push(*, person: Person) -> Message | None:
    """Write a message that only shows that messages arrive."""
    now = clock.now()
    if not queries.with_push([person.pk]):
        return None
    key = f"push:{person.pk}:{now.timestamp()}"
    letter = Letter(person, "push_test", key, {"page": ("home_of_role",)}, not_after=now + TRIAL_LASTS)
    return write(organisation=person.organisation, letter=letter)


@transaction.atomic
def try_way(*, person: Person, channel: str) -> Message | None:
    """Write a message that only shows that messages arrive by this way; `None` where there is no such way."""
    ways = dict(ways_to(person, "push_test", order=[channel]))
    if channel == Message.Channel.PUSH:
        return try_push(person=person)
    if channel == Message.Channel.VOICE or channel not in ways:
        return None
    now = clock.now()
    key = f"try:{channel}:{person.pk}:{now.timestamp()}"
    letter = Letter(
        person, "push_test", key, {"page": ("home_of_role",)}, not_after=now + TRIAL_LASTS, by=channel
    )
    return write(organisation=person.organisation, letter=letter)
