"""What is done with one letter. Done twice, it is done once: each thing that comes of it has the letter's own name."""

import hashlib
import logging
import re

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from quartier.lib import clock
from quartier.limits import actions as limits
from quartier.messaging import incoming, reports
from quartier.messaging.models import Received
from quartier.messaging.providers import heard
from quartier.messaging.providers.email import leaving
from quartier.messaging.providers.mailbox import notices
from quartier.messaging.providers.mailbox.letter import Letter
from quartier.messaging.providers.mailbox.words import above
from quartier.people import queries as people
from quartier.team.models import Organisation

log = logging.getLogger(__name__)
# What `Message.provider` has of a mail.
NAME = "email"
# Room for a note below the words: `incoming` keeps 4,000 letters.
MOST_LETTERS = 3700
# People whom nobody knows: more than so many in an hour write no letters to a neighbourhood.
STRANGERS, STRANGERS_IN_S = 30, 3600
_ANSWERS = re.compile(r"(?:(?:re|aw|antw|rép|ref|sv)\s?(?:\[\d+\])?\s?:\s*)+", re.IGNORECASE)


def take(organisation: Organisation, letter: Letter, name: str) -> bool:
    """Whether it is done with; else a person must look at it. `name`: the same for the same bytes.

    `organisation`: to whom a letter belongs that answers none of ours.
    """
    kind = notices.kind_of_report(letter)
    if kind == "feedback-report":
        return _complaint(letter)
    bounced = notices.failed(letter)
    for each in bounced:
        told = heard.Report(f"bounce {name} {each.message.pk.hex}", str(each.message.pk), False, each.why)
        reports.reported(NAME, told)
    if bounced or kind:
        return True
    leaver = leaving.in_subject(letter.subject)
    if leaver is not None:
        leaving.no_more_offers(person=leaver)
        return True
    return _answer(organisation, letter, name)


def _complaint(letter: Letter) -> bool:
    message = notices.unwanted(letter)
    if message is not None:
        leaving.complained(message=message)
    return True


def _answer(organisation: Organisation, letter: Letter, name: str) -> bool:
    if not letter.sender or letter.sender == settings.DEFAULT_FROM_EMAIL.lower():
        return False
    message = notices.answered(letter)
    if notices.is_machine(letter):
        return message is not None
    here = message.organisation if message else organisation
    known = bool(people.by_email(here, letter.sender))
    sender = letter.sender
    if message is not None and not known:
        # Who answers our letter has got it, from whatever address they write.
        sender = message.to
    if notices.is_forged(letter):
        if message is None:
            log.warning("inbox: a letter whose sender the receiving server disproves is put aside")
            return False
        sender = message.to
    automatic = notices.is_automatic(letter)
    if message is None and not known and (automatic or not _may_be_new(letter)):
        return False
    told = heard.Incoming(
        _event(letter, name), NAME, sender, _body(here, letter, is_answer=message is not None),
        letter.written_at(clock.now()),
    )  # fmt: skip
    if automatic or notices.is_for_many(letter):
        _keep_unanswered(here, told)
    else:
        incoming.received(here, NAME, told)
    return True


def _may_be_new(letter: Letter) -> bool:
    """Whether somebody whom we do not know is answered: addresses are easily invented, and answers to them would go
    to people who never wrote."""
    if notices.is_for_many(letter) or notices.is_spam(letter):
        return False
    if limits.allow(purpose="letters of strangers", who="", limit=STRANGERS, per_seconds=STRANGERS_IN_S):
        return True
    log.warning("inbox: too many letters of strangers in an hour: the others are put aside")
    return False


@transaction.atomic
def _keep_unanswered(here: Organisation, told: heard.Incoming) -> None:
    """What a machine has written stands with whoever has it, and nobody answers."""
    row = incoming.received(here, NAME, told)
    if row is not None:
        row.state, row.meaning = Received.State.SETTLED, Received.Meaning.ROBOT
        row.save(update_fields=["state", "meaning"])


def _event(letter: Letter, name: str) -> str:
    """What this letter is called: by its own Message-ID, so that a second copy of it is the same."""
    if not letter.message_id:
        return f"letter {name}"
    return "mail " + hashlib.sha256(f"{letter.message_id} {letter.sender}".encode()).hexdigest()[:32]


def _body(here: Organisation, letter: Letter, *, is_answer: bool) -> str:
    """The words. A subject of their own is part of them, and it is said what was not kept."""
    words = above(letter.text)
    subject = _ANSWERS.sub("", letter.subject).strip()
    if not words or (not is_answer and subject and subject == letter.subject):
        words = f"{subject}\n\n{words}".strip()
    notes = []
    with translation.override(next(iter(here.languages), "fr")):
        if letter.has_attachment:
            notes.append(_("Something was attached. We do not keep it; it is in the mailbox."))
        if len(words) > MOST_LETTERS or (letter.cut and not notes):
            notes.append(_("This email continues. The full text is in the mailbox."))
    note = "\n\n---\n" + "\n".join(notes) if notes else ""
    return words[:MOST_LETTERS] + note
