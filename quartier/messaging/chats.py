"""Who is written to in a chat, and how somebody links one. (A file of its own: asked by `actions` before each message,
and by the volunteer's pages; what comes from chats is `chatting`.)"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from quartier.audit import actions as audit
from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.lib.ids import SPOKEN, spoken, token, token_hash
from quartier.lib.text import one_line
from quartier.messaging import providers
from quartier.messaging.models import ChatCode, ChatFeed, ChatLink, Message
from quartier.messaging.providers import heard
from quartier.messaging.providers.matrix import can_be_invited
from quartier.people.models import Person

CODE_LIVES = timedelta(minutes=30)
# Letters of a code that is typed by hand.
LETTERS = 8
# Where we begin the chat, and the code is typed by hand.
INVITED = frozenset({Message.Channel.MATRIX})


def ways(people: Iterable[UUID]) -> dict[UUID, list[str]]:
    """The chats in which these people (ids) can be written to now, in our order. Asks the database only where the
    installation has one."""
    here, asked = providers.chats(), sorted(set(people))
    found: dict[UUID, set[str]] = {}
    for start in range(0, len(asked) if here else 0, 500):
        rows = ChatLink.objects.filter(
            person_id__in=asked[start : start + 500], channel__in=here, dead_at__isnull=True
        )
        for person_id, channel in rows.values_list("person_id", "channel"):
            found.setdefault(person_id, set()).add(channel)
    return {who: [name for name in here if name in theirs] for who, theirs in found.items()}


def of(person: Person) -> dict[str, ChatLink]:
    """By channel, what this person has linked, also what takes nothing any more."""
    return {link.channel: link for link in ChatLink.objects.filter(person=person)}


def at(channel: str, address: str) -> ChatLink | None:
    """Whose chat this is."""
    found = ChatLink.objects.filter(channel=channel, address_index=_index(channel, address))
    return found.select_related("organisation", "person").first()


def _index(channel: str, address: str) -> str:
    # A chat is one person's of one organisation: our bot is that of the whole installation.
    return blind("chat", channel, address)


def handles() -> dict[str, str]:
    """The chats that can be linked here, and what we are called in each: '' until a worker has asked."""
    here = providers.chats()
    known = dict(ChatFeed.objects.filter(name__in=here).values_list("name", "handle")) if here else {}
    return {name: known.get(name, "") for name in here}


@transaction.atomic
def new_code(*, person: Person, channel: str, invite: str = "") -> str:
    """By what this person shows, from a chat, who they are; what they were given before is not good any more.
    `invite`: whom a worker invites to a room, where it is then written. Raises `ValueError` where there is no such
    channel, and for what nobody is called."""
    by_hand = channel in INVITED
    if channel not in providers.chats() or (by_hand and not can_be_invited(invite)):
        raise ValueError(channel)
    ChatCode.objects.filter(Q(person=person, channel=channel) | Q(created_at__lt=_oldest())).delete()
    code = spoken(LETTERS) if by_hand else token()
    row = ChatCode(organisation_id=person.organisation_id, person=person, channel=channel)
    row.created_at, row.invite = clock.now(), invite if by_hand else ""
    row.code_hash = _hash(channel, code)
    row.save()
    return code


def _hash(channel: str, code: str) -> str:
    return token_hash(f"{channel}|{code}")


def _oldest() -> datetime:
    return clock.now() - CODE_LIVES


def code_in(told: heard.Spoken) -> str:
    """The code that this may be, or '': behind "/start" it is whole; typed by hand, however its letters stand."""
    if told.channel not in INVITED:
        found = re.fullmatch(r"/start\s+([A-Za-z0-9_-]{8,64})\s*", told.body, re.ASCII)
        return found[1] if found else ""
    letters = re.sub(r"[\s-]", "", told.body[:40]).upper()
    return letters if len(letters) == LETTERS and set(letters) <= set(SPOKEN) else ""


@transaction.atomic
def link(*, told: heard.Spoken, code: str) -> ChatLink | None:
    """This chat is from now on that of whoever was given the code, and nobody else's. `None` for a code that is not
    good (any more)."""
    row = ChatCode.objects.filter(code_hash=_hash(told.channel, code), created_at__gt=_oldest()).first()
    if row is None or not ChatCode.objects.filter(pk=row.pk).delete()[0]:
        return None
    index = _index(told.channel, told.address)
    ChatLink.objects.filter(
        Q(address_index=index) | Q(person_id=row.person_id), channel=told.channel
    ).delete()
    made = ChatLink.objects.create(
        organisation_id=row.organisation_id,
        person_id=row.person_id,
        channel=told.channel,
        address=told.address,
        address_index=index,
        name=one_line(told.name, 100),
        linked_at=clock.now(),
    )
    _note(made.person, "chat.link", {"channel": told.channel})
    return made


@transaction.atomic
def take_away(*, person: Person, channel: str = "") -> int:
    """Write to this person in this chat no more; without a channel in none, as for who leaves. Returns how many."""
    rows, given = ChatLink.objects.filter(person=person), ChatCode.objects.filter(person=person)
    if channel:
        rows, given = rows.filter(channel=channel), given.filter(channel=channel)
    given.delete()
    count: int = rows.delete()[0]
    if count:
        _note(person, "chat.unlink", {"channel": channel or "all"})
    return count


def gone(channel: str, address: str) -> bool:
    """Nothing more arrives there: the link stays, and is shown as what it is. False when it was none."""
    alive = ChatLink.objects.filter(channel=channel, address_index=_index(channel, address), dead_at=None)
    return alive.update(dead_at=clock.now()) > 0


def to_invite(channel: str) -> list[ChatCode]:
    """Whom we have not invited yet."""
    waiting = ChatCode.objects.filter(channel=channel, invited_at=None, tries__lt=3, created_at__gt=_oldest())
    return list(waiting.select_related("person", "organisation")[:10]) if channel in INVITED else []


def _note(person: Person, verb: str, details: dict[str, Any]) -> None:
    audit.record(
        organisation_id=person.organisation_id,
        actor_kind="link",
        actor_id=person.pk,
        verb=verb,
        subject_kind="person",
        subject_id=person.pk,
        details=details,
    )
