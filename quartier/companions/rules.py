"""Rules of the listening programme: who fits whom, what may follow what, when somebody is told. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from quartier.companions.models import Pairing, StandIn, Talk
from quartier.lib import rhythm
from quartier.lib.choices import Choice
from quartier.lib.rhythm import Rhythm

State, Said = Pairing.State, Talk.State
# How far ahead the first call of a rhythm is looked for.
LOOKED_AHEAD = timedelta(days=60)
# A stand-in who may still come, or calls already.
STANDING = (StandIn.State.ASKED, StandIn.State.ACCEPTED)

# What people like to speak about. A bit, once given, is never given again.
INTERESTS = (
    Choice("family", 0, _("Family and grandchildren")),
    Choice("garden", 1, _("Garden and plants")),
    Choice("animals", 2, _("Animals")),
    Choice("cooking", 3, _("Cooking")),
    Choice("music", 4, _("Music")),
    Choice("books", 5, _("Books")),
    Choice("films", 6, _("Films and television")),
    Choice("sport", 7, _("Sport")),
    Choice("crafts", 8, _("Handicrafts")),
    Choice("travel", 9, _("Journeys and other countries")),
    Choice("faith", 10, _("Faith and the meaning of life")),
    Choice("old_days", 11, _("The old days")),
    Choice("news", 12, _("What is in the news")),
)

# The wording of the consent, by its version: what is read to her or shown stands in `companions/consent.html`.
CONSENT = "2026-11-30"
# A training is good for so long, unless its record says otherwise.
TRAINING_LASTS = timedelta(days=730)
# Calls are planned so far ahead, and the next ones looked at that often.
AHEAD = timedelta(days=15)
PLAN_EVERY = timedelta(days=1)
# From when a call may be made, counted from its time; and how long the two reach each other through the line.
CALL_FROM = timedelta(hours=-1)
CALL_UNTIL = timedelta(hours=24)
# Nothing was said of a call: the listener is reminded, then the supervisor is told.
REMIND_AFTER = timedelta(hours=2)
ALARM_AFTER = timedelta(hours=3)
# So often not reached, one time after the other: somebody checks on her.
NOT_REACHED = 2
# A listener is spoken with at least so often.
SUPERVISE_EVERY = timedelta(weeks=4)
# Broken glass stays open so long.
GLASS_OPEN = timedelta(minutes=30)
# Notes are gone so long after the end (safety.md: distress notes).
NOTES_KEPT = timedelta(days=90)

# Of a service, somebody makes sure again after so long that what we say of it is still so.
SERVICE_CHECKED = timedelta(days=182)
# A stand-in calls for so many days at most: longer than that, another listener is looked for.
STANDS_IN = timedelta(days=42)

MOVES = {
    State.PROPOSED: {State.AGREED, State.ENDED},
    State.AGREED: {State.RUNNING, State.ENDED},
    State.RUNNING: {State.PAUSED, State.ENDED},
    State.PAUSED: {State.RUNNING, State.ENDED},
    State.ENDED: frozenset(),
}


class NotPossible(Exception):
    """The state does not allow it (any more)."""


def may(state: str, to: str) -> bool:
    """Whether a pairing may go from one state to the other."""
    return to in MOVES[State(state)]


@dataclass(frozen=True)
class Side:
    """One of two who could speak with each other: sets of bits, and the neighbourhood (H3, resolution 7) if known."""

    languages: int
    slots: int
    interests: int
    area: int | None = None


@dataclass(frozen=True)
class Fit:
    """Why somebody fits: bits in common, whether they live in the same neighbourhood, how many more calls they take."""

    languages: int
    slots: int
    interests: int
    near: bool
    left: int

    @property
    def rank(self) -> tuple[int, bool, int, int]:
        """The greater, the better: interests first, then the neighbourhood, room left, times in common."""
        return (self.interests.bit_count(), self.near, self.left, self.slots.bit_count())


def fit(wish: Side, listener: Side, left: int) -> Fit | None:
    """How well they fit; `None` without a language or a time in common, or when the listener has enough."""
    languages, slots = wish.languages & listener.languages, wish.slots & listener.slots
    if not languages or not slots or left < 1:
        return None
    near = wish.area is not None and wish.area == listener.area
    return Fit(languages, slots, wish.interests & listener.interests, near, left)


def is_trained(until: date, today: date) -> bool:
    """Whether a training is still good."""
    return today <= until


def talk_at(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When the call of that day is, in UTC; an hour that the clocks leave out is the one after."""
    return rhythm.times(day, at, at, zone)[0].astimezone(UTC)


def days(every: Rhythm, first: date, after: date, until: date) -> list[date]:
    """The days of a rhythm after `after`, up to `until`."""
    return list(every.after(first, after, until))


def first_call(pairing: Pairing, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the next call of its rhythm is; `None` where none is agreed, or in sight."""
    if pairing.rhythm is None or pairing.first_day is None or pairing.at is None:
        return None
    today = now.astimezone(zone).date()
    after = min(today, pairing.first_day) - timedelta(days=1)
    ahead = days(pairing.rhythm, pairing.first_day, after, max(today, pairing.first_day) + LOOKED_AHEAD)
    moments = (talk_at(day, pairing.at, zone) for day in ahead)
    return next((moment for moment in moments if moment > now), None)


class Step(StrEnum):
    """What is due when nothing was said of a call."""

    REMIND = "remind"
    ALARM = "alarm"


def due(at: datetime, now: datetime, *, reminded: bool) -> Step | None:
    """What is due for a call planned at `at` of which nothing was said."""
    if now >= at + ALARM_AFTER:
        return Step.ALARM
    if now >= at + REMIND_AFTER and not reminded:
        return Step.REMIND
    return None


def not_reached_in_a_row(newest_first: Sequence[str]) -> int:
    """How often she was not reached since they spoke last; what was postponed, dropped or never said does not count."""
    count = 0
    for state in newest_first:
        if state == Said.SPOKEN:
            break
        count += state == Said.NOT_REACHED
    return count


def drawn(
    moments: Sequence[datetime], scores: Sequence[int], most: int, width: int, height: int
) -> list[tuple[int, int]]:
    """Where the points of a drawing lie: time from left to right, the best score (`most`) at the top."""
    if not moments:
        return []
    first, length = moments[0], (moments[-1] - moments[0]).total_seconds() or 1.0
    return [
        (round((at - first).total_seconds() / length * width), round(height - score / most * height))
        for at, score in zip(moments, scores, strict=True)
    ]
