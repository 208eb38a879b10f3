"""What is known of one person lately, whichever room knows it, on one line of time.

Rooms above declare what they know in a `lately.py` of their own: alerts, which stand below them, ask here too."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quartier.lib import choices, clock
from quartier.lib.elision import elided
from quartier.look import rules as look
from quartier.people.models import Person

LATELY_PERIOD = timedelta(days=28)
MAX_ROWS = 30

FACT_WORDS = {
    "visited": gettext_lazy("seen at home by {name}"),
    "nobody_home": gettext_lazy("no one opened the door to {name}"),
    "visit_failed": gettext_lazy("{name} could not go there"),
    "spoken": gettext_lazy("spoken to by {name}"),
    "not_reached": gettext_lazy("not reached by {name}"),
    "call_missed": gettext_lazy("a call by {name} may not have happened"),
    "well": gettext_lazy("said: all is well"),
    "needs_help": gettext_lazy("said: I need help"),
    "check_silent": gettext_lazy("did not answer when we asked"),
    "request_open": gettext_lazy("asked for: {kind}; no one is coming yet"),
    "request_human": gettext_lazy("asked for: {kind}; waiting for one of us"),
}
# Somebody saw them, spoke with them, or heard from them.
MET_CODES = frozenset({"visited", "spoken", "well", "needs_help"})


@dataclass(frozen=True)
class KnownFact:
    """One thing that a room knows: when it happened, what (`FACT_WORDS`), by whom, and which kind of help."""

    at: datetime
    code: str
    name: str = ""
    kind: str = ""

    @property
    def is_meeting(self) -> bool:
        return self.code in MET_CODES

    def __str__(self) -> str:
        kind = str(choices.kind(self.kind).name) if self.kind else ""
        name = self.name or _("one of us")
        return elided(str(FACT_WORDS[self.code]).format(name=name, kind=kind))


FactSource = Callable[[Person, datetime], Iterable[KnownFact]]
FACT_SOURCES: dict[str, FactSource] = {}


def fact_source(name: str) -> Callable[[FactSource], FactSource]:
    """A room's function that says what it knows of a person since a moment; a name only once."""

    def declare(function: FactSource) -> FactSource:
        FACT_SOURCES[name] = function
        return function

    return declare


def known_lately(person: Person, since: datetime | None = None) -> list[KnownFact]:
    """What every room knows of this person since then (four weeks), the newest first. One query a room."""
    since = since or clock.now() - LATELY_PERIOD
    found = [fact for source in FACT_SOURCES.values() for fact in source(person, since)]
    return sorted(found, key=lambda fact: fact.at, reverse=True)[:MAX_ROWS]


def last_meeting(facts: Sequence[KnownFact]) -> KnownFact | None:
    """The last time that somebody saw them, spoke with them or heard from them."""
    return next((fact for fact in facts if fact.is_meeting), None)


def last_met_words(facts: Sequence[KnownFact]) -> str:
    """A sentence for a message: by whom they were met last, and on which day."""
    met, now = last_meeting(facts), clock.now()
    if met is None:
        return _("As far as we know, no one has met them in four weeks.")
    day = look.day(met.at, now)
    if not met.name:
        return _("Last heard of: {day}.").format(day=day)
    if met.code == "spoken":
        return _("Last call that reached them: {name}, {day}.").format(name=met.name, day=day)
    return _("Last met: {name}, {day}.").format(name=met.name, day=day)
