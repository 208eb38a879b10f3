"""Words that somebody writes on a page of ours, to the team or to whoever comes: danger in them is heard as in a text,
and what the team is said to read waits until somebody has."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction

from quartier.cases.models import Case
from quartier.conversation import danger
from quartier.conversation.actions import alarm, taking
from quartier.conversation.actions.talk import Meaning, Outcome, Talk
from quartier.conversation.danger import Sign
from quartier.conversation.models import Danger, ToRead
from quartier.lib import clock
from quartier.lib.text import clean
from quartier.messaging.incoming import PAGE, page_event, page_sender, received_on_page
from quartier.messaging.models import Received
from quartier.people.models import Person

# The same words about the same thing within so long were sent twice.
ONCE_WITHIN = timedelta(hours=1)
MAX_CHARS = 4000


@dataclass(frozen=True)
class PageWords:
    """What was found in words on a page. `to_keep`: the words where rows of other rooms keep them; nothing where an
    alert goes around somebody of the team, which alone has them then. `received`: the row that has them, if any."""

    signs: frozenset[Sign] = frozenset()
    to_keep: str = ""
    is_aside: bool = False
    received: UUID | None = None


@transaction.atomic
def hear_on_page(
    *, person: Person, words: str, about: UUID, case: Case | None = None, is_read: bool = True
) -> PageWords:
    """Hear what somebody wrote on a page about `about` (a visit, an answer, a file). `is_read`: the page says that the
    team reads it, so that it waits for that; without it, words of danger do alone, and any words after them for as long
    as their alert goes on. Sent again within an hour, the same words change nothing. Whoever asks has passed the gate
    of the page."""
    words, now = clean(words, MAX_CHARS), clock.now()
    signs = danger.signs(words) if words else frozenset()
    if not words or not (signs or is_read or _is_in_danger(person, now)):
        return PageWords(to_keep=words)
    # Two that come at the same moment have one event, and the second is none.
    once = uuid5(about, f"{now:%Y%m%d%H}")
    row = _before(person, words, about) or received_on_page(
        person=person, words=words, once=once, about=about
    )
    if row is None:
        row = Received.objects.get(provider=PAGE, event=page_event(person, once, words))
    talk = Talk.about(row)
    around = alarm.around(talk, signs)
    talk.aside = bool(around)
    if row.state == Received.State.NEW:
        case_id = case.pk if case is not None else None
        outcome = Outcome(Meaning.WORDS, about=about, read=True, case_id=case_id)
        if signs:
            alarm.raise_alarm(talk, outcome, signs, around)
        elif around:
            alarm.goes_on(talk, outcome)
        taking.keep(talk, outcome)
    return PageWords(signs, "" if talk.aside else words, talk.aside, row.pk)


def _is_in_danger(person: Person, now: datetime) -> bool:
    """Whether they have written of danger, and it is not over: what they write next may name nobody, and be about the
    one around whom the alert goes."""
    return alarm.going_on(person.organisation, page_sender(person), now) is not None


def _before(person: Person, words: str, about: UUID) -> Received | None:
    rows = Received.objects.filter(
        organisation=person.organisation_id,
        channel=PAGE,
        person=person,
        about=about,
        came_at__gt=clock.now() - ONCE_WITHIN,
    )
    return next((row for row in rows if row.body == words), None)


def put_in_file(heard: PageWords, case: Case) -> None:
    """Words that were heard before their file was opened belong to it."""
    if heard.received is not None:
        ToRead.objects.filter(received=heard.received).update(case=case)
        Danger.objects.filter(received=heard.received).update(case=case)
