"""Words that the two of a visit write to each other on their pages: by the same relay as a text."""

from enum import StrEnum
from uuid import UUID

from quartier.conversation import danger, withdrawal_words
from quartier.conversation.actions import taking
from quartier.conversation.danger import Sign
from quartier.limits.actions import allow
from quartier.messaging.incoming import PAGE, page_event, received_on_page
from quartier.messaging.models import Received
from quartier.people.models import Person
from quartier.visits.models import Assignment

MAX_WORDS_CHARS = 300
# Of one person, in an hour, to whomever.
MAX_WORDS_AN_HOUR, HOUR_S = 12, 3600


class TooManyWords(Exception):
    """This person has written more often in an hour than anybody who is helped."""


class Came(StrEnum):
    """What became of them, for whoever wrote: passed on, perhaps by somebody who cannot go after all; read by the team
    and not passed on; danger, or violence; no more messages, or messages again; kept, and handled in a moment."""

    PASSED = "passed"
    CANNOT = "cannot"
    TEAM = "team"
    DANGER = "danger"
    VIOLENCE = "violence"
    STOPPED = "stopped"
    STARTED = "started"
    SOON = "soon"


def write_to_other(*, visit: Assignment, person: Person, words: str, once: UUID) -> Came:
    """Pass these words on to the other one of a visit, in the same way as a text. They are kept before they are
    handled, so that none is lost. `once`: of the form; sent again with the same words, it changes nothing.

    Whoever asks has passed the gate of the page. Raises `TooManyWords`, never for words of danger.
    """
    signs = danger.signs(words)
    before = Received.objects.filter(provider=PAGE, event=page_event(person, once, words))
    if not before.exists():
        who = f"{person.organisation_id} {person.pk}"
        counted = allow(purpose="relay", who=who, limit=MAX_WORDS_AN_HOUR, per_seconds=HOUR_S)
        if not counted and not signs:
            raise TooManyWords
        row = received_on_page(person=person, words=words, once=once, about=visit.pk)
        if row is not None:
            taking.take(row.pk)
    row = before.get()
    if signs:
        return Came.VIOLENCE if Sign.VIOLENCE in signs else Came.DANGER
    return _came(row, visit)


def write_too_late(*, visit: Assignment, person: Person, words: str, once: UUID) -> Came | None:
    """The same once the other one cannot be written to any more: the team reads it, and danger is heard. `None` when so
    many were sent in the last hour."""
    try:
        return write_to_other(visit=visit, person=person, words=words, once=once)
    except TooManyWords:
        return None


def _came(row: Received, visit: Assignment) -> Came:
    if row.state == Received.State.NEW:
        return Came.SOON
    match row.meaning:
        case Received.Meaning.RELAYED:
            is_volunteer = row.person_id == visit.volunteer.person_id
            return Came.CANNOT if is_volunteer and withdrawal_words.says_cannot(row.body) else Came.PASSED
        case Received.Meaning.STOP:
            return Came.STOPPED
        case Received.Meaning.START:
            return Came.STARTED
    return Came.TEAM
