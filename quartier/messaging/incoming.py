"""What people write to us, as providers tell it. (A file of its own, like `delivery`: neither an action of somebody,
nor a job; webhooks and pullers call it.) Kept once, however often it is told."""

from uuid import UUID

from django.db import transaction

from quartier.lib import clock, phone
from quartier.lib.crypto import blind
from quartier.live import actions as live
from quartier.messaging import chats
from quartier.messaging.models import Message, Received
from quartier.messaging.providers import heard
from quartier.people import queries as people
from quartier.people.models import Person
from quartier.team.models import Organisation

# What is longer than this nobody has typed on a phone: the rest is left out.
MOST_LETTERS = 4000
# Provider and channel of what is written on a page of ours.
PAGE = "web"


@transaction.atomic
def received(organisation: Organisation, provider: str, told: heard.Incoming) -> Received | None:
    """Keep what somebody wrote; `conversation` finds out what it means. `None` when it was told before."""
    sender = _sender(organisation, told)
    person = _person(organisation, told.channel, sender)
    index = blind(_KIND.get(told.channel, told.channel), organisation.pk, sender)
    row = Received(
        organisation=organisation,
        provider=provider,
        event=told.event[:200],
        channel=told.channel,
        sender=sender,
        sender_index=index,
        person=person,
        body=told.body.replace("\x00", "").encode(errors="replace").decode()[:MOST_LETTERS],
        written_at=told.at,
        came_at=clock.now(),
    )
    Received.objects.bulk_create([row], ignore_conflicts=True)
    if not Received.objects.filter(pk=row.pk).exists():
        return None
    live.touch(organisation.pk, "messages")
    return row


def received_on_page(*, person: Person, words: str, once: UUID, about: UUID) -> Received | None:
    """Keep what somebody wrote on a page of ours, to the other one of a visit (`about`). It stands among their texts
    and mails, so that danger and STOP are theirs, whichever way they write. `once`: of the form. `None` when that form
    was sent before with these words."""
    sender = person.phone or person.email or str(person.pk)
    index, now = page_sender(person), clock.now()
    row = Received(
        organisation=person.organisation,
        provider=PAGE,
        event=page_event(person, once, words),
        channel=PAGE,
        sender=sender,
        sender_index=index,
        person=person,
        body=words,
        written_at=now,
        came_at=now,
        about=about,
    )
    Received.objects.bulk_create([row], ignore_conflicts=True)
    if not Received.objects.filter(pk=row.pk).exists():
        return None
    live.touch(person.organisation_id, "messages")
    return row


def page_sender(person: Person) -> str:
    """The `sender_index` of what this person writes on a page of ours."""
    return person.phone_index or person.email_index or blind(PAGE, person.organisation_id, str(person.pk))


def page_event(person: Person, once: UUID, words: str) -> str:
    """The event under which a form that somebody sent is kept: with other words in it, it is another message."""
    return f"{person.pk}:{once}:{blind(PAGE, person.organisation_id, words)[:22]}"


# Where the sender is a phone: what was written, and keys pressed when a message was read.
_PHONES = {"text", "voice"}
_KIND = dict.fromkeys(_PHONES, "phone")


def _sender(organisation: Organisation, told: heard.Incoming) -> str:
    if told.channel in _PHONES:
        try:
            return phone.parse(told.sender, organisation.country)
        except ValueError:
            # A name or a short code: a machine, to which nothing can be answered.
            return ""
    if told.channel in Message.CHATS:
        return told.sender
    return told.sender.strip().lower()[:254]


def _person(organisation: Organisation, channel: str, sender: str) -> Person | None:
    """Whoever has this number or address, if it is one person's alone; or has linked this chat."""
    if channel in Message.CHATS:
        link = chats.at(channel, sender)
        return link.person if link is not None and link.organisation_id == organisation.pk else None
    found = (
        people.by_phone(organisation, sender) if channel in _PHONES else people.by_email(organisation, sender)
    )
    return found[0] if len(found) == 1 and sender else None
