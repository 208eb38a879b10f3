"""One text and whoever wrote it, as every step of its handling sees them; and the answer to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from quartier.conversation.understanding import Meaning as Meant
from quartier.conversation.understanding import understand
from quartier.lib import clock
from quartier.lib.text import clean, folded
from quartier.messaging import actions as messaging
from quartier.messaging import codes, stops
from quartier.messaging.actions import Letter
from quartier.messaging.incoming import PAGE
from quartier.messaging.models import Message, Received
from quartier.people import own_way
from quartier.people import queries as people_queries
from quartier.people.models import Person
from quartier.promises.models import Promise
from quartier.team.access import Actor, link, system
from quartier.team.models import Organisation

Meaning = Received.Meaning
MOST_FILES = people_queries.MOST_OF_ONE_WAY
# Who gets so many answers within so long, or says the same so often, is taken for a machine.
SOON = timedelta(minutes=10)
MOST_ANSWERS, MOST_RELAYED, MOST_ALIKE = 5, 20, 3
# An answer that could not be sent for so long nobody waits for.
ANSWER_LASTS = timedelta(hours=12)


# What a page says at once to whoever writes there is not sent to them as well: somebody beside them may read their
# phone.
ANSWERED_ON_PAGE = frozenset({"heard", "who_are_you", "danger_numbers", "still_stopped", "relay_call"})
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
        if row.channel in {PAGE, *Message.CHATS}:
            known = [row.person] if row.person is not None else []
        elif row.sender and row.channel in {"text", "voice"}:
            known = people_queries.by_phone(row.organisation, row.sender, limit=MOST_FILES)
        elif row.sender:
            known = people_queries.by_email(row.organisation, row.sender, limit=MOST_FILES)
        # Of those who share a mailbox, first whoever has no other way to write.
        is_mail = row.channel == Message.Channel.EMAIL
        known.sort(
            key=lambda each: (
                each.account_id is None,
                not each.name,
                is_mail and own_way.has_own_mobile(each),
            )
        )
        return cls(row, row.organisation, known, clock.now())

    @property
    def person(self) -> Person | None:
        return self.people[0] if self.people else None

    @property
    def is_on_page(self) -> bool:
        """Whether it was written on a page, to the other one of the visit `row.about`."""
        return self.row.channel == PAGE

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
    person = person or _who_is_answered(talk)
    if person is None or (talk.is_on_page and template in ANSWERED_ON_PAGE):
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


def _who_is_answered(talk: Talk) -> Person | None:
    """Of several at one number, the first of whom no other way is stopped: a stranger's STOP by mail, or one for an old
    file, takes nobody the answer to what they have just written."""
    if len(talk.people) < 2:
        return talk.person
    silent = stops.among(talk.organisation, talk.people)
    return next((each for each in talk.people if each.pk not in silent), talk.person)


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
    words coming back. What a form sends is counted by itself."""
    if talk.is_on_page:
        return False
    row = talk.row
    lately = list(
        Received.objects.filter(
            organisation=talk.organisation,
            sender_index=row.sender_index,
            state=Received.State.SETTLED,
            came_at__gt=talk.now - SOON,
        ).exclude(pk=row.pk)
    )
    first = _first_answers(lately)
    answers = [each for each in lately if each.answer_id is not None and each.pk not in first]
    relayed = sum(each.meaning == Meaning.RELAYED for each in answers)
    is_too_many = relayed >= MOST_RELAYED or len(answers) - relayed >= MOST_ANSWERS
    if is_too_many and not _answers_question(talk, {each.about for each in lately}):
        return True
    mine = _told(row.body)
    if sum(_told(each.body) == mine for each in lately if each.pk not in first) >= MOST_ALIKE:
        return True
    ours = Message.objects.filter(
        organisation=talk.organisation,
        person__in=[person.pk for person in talk.people],
        created_at__gt=talk.now - timedelta(days=1),
    )
    return len(mine) > 20 and any(
        _told(each.body) == mine for each in ours.order_by("-created_at")[:MOST_ANSWERS]
    )


def _answers_question(talk: Talk, answered: set[Any]) -> bool:
    """Whether it answers, with its number, something that we asked of them and they have not answered just before:
    there are only so many such questions, and nobody who was asked is left without an answer."""
    meant = understand(talk.row.body)
    if meant.meaning not in {Meant.YES, Meant.NO} or len(meant.codes) != 1:
        return False
    found = codes.find(talk.organisation, talk.people, meant.codes[0])
    return found is not None and found.about not in answered


def _first_answers(lately: list[Received]) -> set[UUID]:
    """Of what they wrote, the first yes or no to each question of ours: who was asked for six things answers six. Said
    again and again it is counted."""
    first: dict[UUID, UUID] = {}
    for each in sorted(lately, key=lambda row: (row.came_at, row.pk)):
        if each.meaning in {Meaning.YES, Meaning.NO} and each.about is not None:
            first.setdefault(each.about, each.pk)
    return set(first.values())


def _told(body: str) -> str:
    return folded(body) or " ".join(body.split())
