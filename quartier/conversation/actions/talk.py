"""One text and whoever wrote it, as every step of its handling sees them; and the answer to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from quartier.lib import clock
from quartier.lib.text import clean, folded
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.messaging.models import Message, Received
from quartier.people import queries as people_queries
from quartier.people.models import Person
from quartier.promises.models import Promise
from quartier.team.access import Actor, link, system
from quartier.team.models import Organisation

Meaning = Received.Meaning
# Who gets so many answers within so long, or says the same so often, is taken for a machine.
SOON = timedelta(minutes=10)
MOST_ANSWERS, MOST_RELAYED, MOST_ALIKE = 5, 20, 3
# An answer that could not be sent for so long nobody waits for.
ANSWER_LASTS = timedelta(hours=12)


# Who writes by one of these is answered by it.
WRITTEN = frozenset({Message.Channel.TEXT, Message.Channel.EMAIL, *Message.CHATS})


@dataclass
class Talk:
    """`people`: everybody who is reached at the number or address now, who knows us best first; nobody when it is new
    to us. `aside`: an alert that goes around somebody of the team has what was written, and no other row keeps it."""

    row: Received
    organisation: Organisation
    people: list[Person]
    now: datetime
    aside: bool = False

    @classmethod
    def about(cls, row: Received) -> "Talk":
        """Look up who wrote this. A number may have changed hands since it came."""
        known: list[Person] = []
        if row.channel in Message.CHATS:
            known = [row.person] if row.person is not None else []
        elif row.sender and row.channel in {"text", "voice"}:
            known = people_queries.by_phone(row.organisation, row.sender)
        elif row.sender:
            known = people_queries.by_email(row.organisation, row.sender)
        known.sort(key=lambda person: (person.account_id is None, not person.name))
        return cls(row, row.organisation, known, clock.now())

    @property
    def person(self) -> Person | None:
        return self.people[0] if self.people else None

    @property
    def words(self) -> str:
        """What was written, safe to keep and to show."""
        return clean(self.row.body, 4000)

    @property
    def to_keep(self) -> str:
        """The words where rows of other rooms keep them: in a file, in an answer after a visit."""
        return "" if self.aside else self.words

    def actor(self, person: Person | None = None) -> Actor:
        person = person or self.person
        return link(self.organisation, person.pk) if person else system(self.organisation)


@dataclass
class Outcome:
    """What it was, and what came of it. `read`: a person of the team must read it too; `case`, `contact`: where it
    stands."""

    meaning: str
    about: UUID | None = None
    answer: Message | None = None
    read: bool = False
    case_id: UUID | None = None
    contact_id: UUID | None = None


def reply(
    talk: Talk,
    template: str,
    values: dict[str, Any] | None = None,
    person: Person | None = None,
    part: str = "",
    promise: Promise | None = None,
) -> Message | None:
    """Answer by the channel on which it came, in the language of who wrote. `part` tells several answers apart;
    `promise` is what the answer promises.

    `None` where nobody can be answered: nobody is known, or they want nothing more from us.
    """
    person = person or talk.person
    if person is None:
        return None
    by = talk.row.channel if talk.row.channel in WRITTEN else ""
    letter = Letter(
        person,
        template,
        f"{template}:{talk.row.pk}{part}",
        values or {},
        not_after=talk.now + ANSWER_LASTS,
        by=by,
        promise=promise,
    )
    return messaging.write(organisation=talk.organisation, letter=letter)


def answered_lately(talk: Talk, template: str, within: timedelta) -> bool:
    """Whether this sender had such an answer within so long."""
    return Received.objects.filter(
        organisation=talk.organisation,
        sender_index=talk.row.sender_index,
        came_at__gt=talk.now - within,
        answer__template=template,
    ).exists()


def is_machine(talk: Talk) -> bool:
    """Whether this goes on by itself: too many answers in a short time, the same words again and again, or our own
    words coming back."""
    row = talk.row
    lately = list(
        Received.objects.filter(
            organisation=talk.organisation,
            sender_index=row.sender_index,
            state=Received.State.SETTLED,
            came_at__gt=talk.now - SOON,
        ).exclude(pk=row.pk)
    )
    answers = [each for each in lately if each.answer_id is not None]
    relayed = sum(each.meaning == Meaning.RELAYED for each in answers)
    if relayed >= MOST_RELAYED or len(answers) - relayed >= MOST_ANSWERS:
        return True
    mine = _told(row.body)
    if sum(_told(each.body) == mine for each in lately) >= MOST_ALIKE:
        return True
    ours = Message.objects.filter(
        organisation=talk.organisation,
        person__in=[person.pk for person in talk.people],
        created_at__gt=talk.now - timedelta(days=1),
    )
    return len(mine) > 20 and any(
        _told(each.body) == mine for each in ours.order_by("-created_at")[:MOST_ANSWERS]
    )


def _told(body: str) -> str:
    return folded(body) or " ".join(body.split())
