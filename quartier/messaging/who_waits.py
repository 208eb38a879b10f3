"""Who waits for one of us, as the team reads it, and the words for that. (A file of its own beside `saying`, which puts
them into a message.)"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

# What was promised, after a colon.
PROMISED = {
    "call": pgettext_lazy("promised to somebody", "a call %(by)s"),
    "news": pgettext_lazy("promised to somebody", "news %(by)s"),
    "care": pgettext_lazy("promised to somebody", "one of us, %(by)s"),
    "read": pgettext_lazy("promised to somebody", "a message for us to read %(by)s"),
}
# Who waits without a promise.
NOT_PROMISED = {
    "unreached": gettext_lazy("%(who)s: not reached (%(done)s)"),
    "unmet": gettext_lazy("%(who)s: not reached by our regular calls. %(done)s"),
    "neglected": gettext_lazy("%(who)s: we did not answer in time, and have stopped"),
    "begun": gettext_lazy("%(who)s: a form started on the phone and not sent, with words of danger"),
    "unanswered": gettext_lazy("%(who)s: we have not answered, and have told them so"),
}
# The parts of a message that tells the team several things at once.
SECTION_HEADINGS = {
    "urgent": gettext_lazy("Urgent:"),
    "broken": gettext_lazy("Promise broken. Promised now:"),
    "overdue": gettext_lazy("Not done in time. To do as soon as possible:"),
    "soon": gettext_lazy("Due within half an hour:"),
    "came": gettext_lazy("Waiting for one of us:"),
}
# What somebody waits for who was asked whether they are well and does not answer: no kind of help, and not asked for.
NOT_ANSWERING = {
    "not_answering": pgettext_lazy("help, inside a sentence", "not answering us"),
    "not_answering_heat": pgettext_lazy("help, inside a sentence", "not answering us, heatwave"),
    "not_answering_blackout": pgettext_lazy("help, inside a sentence", "not answering us, power cut"),
    "not_answering_lockdown": pgettext_lazy("help, inside a sentence", "not answering us, lockdown"),
    "not_answering_flood": pgettext_lazy("help, inside a sentence", "not answering us, flood"),
    "not_answering_arrival": pgettext_lazy("help, inside a sentence", "not answering us, new here"),
}
# A mail to the team names so many who wait; the page has all.
MAX_LINES = 12


@dataclass(frozen=True)
class WaitingPerson:
    """Somebody who waits for one of us, as the team reads it. `name`: the first name alone; `promise`: its kind."""

    name: str
    since: datetime
    promise: str
    due_at: datetime
    page: tuple[str, ...]
    kind: str = ""
    place: tuple[str, str] = ("", "")
    # How many neighbours could be asked for it today; `None`: nobody has looked.
    askable: int | None = None
    # A word to them was broken before the one that is promised now.
    broken: bool = False
    # What was done to reach them, in the language of whoever reads it.
    done: str = ""
    # They have nothing of ours to read, and nobody has spoken with them: only a call tells them anything.
    unwritten: bool = False


def askable_words(number: int) -> str:
    """How many neighbours could be asked, behind what was promised."""
    if number == 0:
        return _("there is no neighbour left nearby to ask today")
    return ngettext(
        "%(number)s neighbour could be asked today", "%(number)s neighbours could be asked today", number
    ) % {"number": number}


def more_words(number: int) -> str:
    """How many more wait than are named."""
    words = ngettext("And %(number)s more, on the page.", "And %(number)s more, on the page.", number)
    return words % {"number": number}


def unreached_words(names: Sequence[str]) -> str:
    """Whoever was not reached before this day, as a paragraph; nothing where there is nobody."""
    if not names:
        return ""
    return _("Still not reached: %(names)s.") % {"names": ", ".join(names)} + "\n\n"
