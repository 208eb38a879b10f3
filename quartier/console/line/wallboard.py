"""The wallboard: read from six metres. Who waits and how long, who was not called back, who is there."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quartier.callcore import Standing
from quartier.console.line.callbacks import WHY
from quartier.console.queries import board
from quartier.console.queries.lanes import NEED_PLACES, board_rows, by_place, count_in, first_of
from quartier.console.request_page import COORDINATES
from quartier.lib import choices, clock
from quartier.look import rules as look
from quartier.team.access import Actor
from quartier.telephony import queries
from quartier.telephony.models import Callback
from quartier.telephony.queries.callback_list import CALLBACK_GRACE
from quartier.telephony.queries.floods import Fold, folds_of
from quartier.telephony.queries.showing import answered_of, missed_of

SHOWS = 5
# Whoever waits longer is late, in minutes.
PATIENCE = 5
STANDINGS = {
    Standing.AVAILABLE: gettext_lazy("free"),
    Standing.RINGING: gettext_lazy("it rings"),
    Standing.ACCEPTING: gettext_lazy("it rings"),
    Standing.IN_CALL: gettext_lazy("on a call"),
    Standing.WRAP_UP: gettext_lazy("notes"),
    Standing.PAUSED: gettext_lazy("pause"),
}


@dataclass(frozen=True)
class Entry:
    """Somebody who waits: what is said of them, since when, and when that is late."""

    text: str
    since: datetime
    late_at: datetime

    def is_late(self, now: datetime) -> bool:
        return now >= self.late_at


@dataclass(frozen=True)
class Column:
    """`entries`: those who wait longest first; `seconds`: ages are shown to the second."""

    name: str
    title: str
    count: int
    entries: list[Entry]
    calm: str
    seconds: bool = False

    @property
    def first(self) -> Entry | None:
        return self.entries[0] if self.entries else None


@dataclass(frozen=True)
class Hour:
    """A bar of the little chart: answered calls of an hour and, on top of them, missed ones, as the figures of the day
    count them. `x`, `high`, `low`, `top` in the units of the drawing."""

    hour: int
    answered: int
    missed: int
    x: int
    high: int
    low: int

    @property
    def top(self) -> int:
        return self.high + self.low


def show(request: HttpRequest) -> HttpResponse:
    """The board; asked by htmx, only its moving part."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    part = request.htmx  # type: ignore[attr-defined]
    page = "console/line_wall_live.html" if part else "console/line_wall.html"
    return render(request, page, context(actor, clock.now()))


def context(actor: Actor, now: datetime) -> dict[str, Any]:
    """Everything on it. Twelve queries, however much there is; for coordinators four more, for the money."""
    folds = folds_of(actor.organisation)
    folded = [callback for each in folds for callback in each.callbacks]
    wall = queries.wallboard(actor.organisation, now, folded)
    owed = _not_called_back(actor, wall, folds, now)
    there = [each for each in wall.operators if each.standing != Standing.OFFLINE]
    return {
        "wall": wall,
        "now": now,
        # The clock on the wall is the group's, wherever its screen believes to be.
        "zone": str(actor.organisation.zone),
        "columns": [_waiting(wall), owed, _nobody_yet(actor, now)],
        "owed": owed.count,
        "crew": [
            (each, STANDINGS.get(Standing(each.standing), ""), _kind(each.standing))
            for each in sorted(there, key=lambda each: _ORDER.index(_kind(each.standing)))
        ],
        "spoken": [(_language(code), count) for code, count in sorted(wall.there_by_language.items())],
        "hours": (hours := _hours(wall.by_hour, actor, now)),
        "hours_wide": len(hours) * STEP,
        "until": _until(actor, now),
        "money": queries.money_today(actor.organisation, now) if actor.has(*COORDINATES) else None,
    }


def _until(actor: Actor, now: datetime) -> str:
    """When the line closes today; '' when it never does."""
    here = actor.organisation
    if here.opens == here.closes:
        return ""
    today = now.astimezone(here.zone).date()
    return look.clock_time(datetime.combine(today, here.closes, tzinfo=here.zone))


_ORDER = ["on", "free", "off"]


def _kind(standing: str) -> str:
    if standing == Standing.AVAILABLE:
        return "free"
    return "off" if standing == Standing.PAUSED else "on"


def _language(code: str) -> str:
    return str(next((each.name for each in choices.LANGUAGES if each.code == code), code)).capitalize()


def _waiting(wall: Any) -> Column:
    limit = timedelta(minutes=PATIENCE)
    entries = [
        Entry(_language(each.language) if each.language else _("A call"), each.since, each.since + limit)
        for each in sorted(wall.waiting, key=lambda each: each.since)
    ]
    return Column(
        "waiting",
        _("Waiting on the line"),
        len(entries),
        entries[:SHOWS],
        _("No one is waiting."),
        seconds=True,
    )


def _not_called_back(actor: Actor, wall: Any, folds: list[Fold], now: datetime) -> Column:
    folded = [callback for each in folds for callback in each.callbacks]
    rows = queries.not_called_back(actor.organisation, now, folded, limit=SHOWS)
    entries = [Entry(_said(each), each.wanted_at, each.due_at + CALLBACK_GRACE) for each in rows]
    entries += [Entry(_folded(each), each.first_at, each.first_at + CALLBACK_GRACE) for each in folds]
    entries.sort(key=lambda each: each.since)
    return Column(
        "callbacks",
        _("Not called back yet"),
        wall.not_called_back + len(folds),
        entries[:SHOWS],
        _("Everyone has been called back."),
    )


def _folded(fold: Fold) -> str:
    count = len(fold.callbacks)
    return ngettext("%(count)s call in a rush", "%(count)s calls in a rush", count) % {"count": count}


def _said(callback: Callback) -> str:
    why = str(WHY[Callback.Why(callback.why)])
    return f"{_language(callback.language)}, {why}" if callback.language else why.capitalize()


def _nobody_yet(actor: Actor, now: datetime) -> Column:
    placed = by_place(board_rows(actor.organisation, actor.id, now))
    shown = board.cards([UUID(row[6]) for row in first_of(placed, NEED_PLACES, SHOWS)], now)
    entries = [
        Entry(
            f"{card.kind.name}, {card.place}",
            card.wait.since,
            card.wait.since + timedelta(minutes=card.wait.promise_minutes or 10**6),
        )
        for card in shown
    ]
    count = count_in(placed, NEED_PLACES)
    return Column("nobody", _("No volunteer yet"), count, entries, _("Everyone has a visit arranged."))


HEIGHT, STEP = 40, 12


def _hours(by_hour: dict[int, Counter[str]], actor: Actor, now: datetime) -> list[Hour]:
    """The hours of today so far, from the first one in which somebody called."""
    if not by_hour:
        return []
    last = now.astimezone(actor.organisation.zone).hour
    first = min(by_hour)
    counted = []
    for hour in range(first, last + 1):
        outcomes = by_hour.get(hour, Counter())
        counted.append((hour, answered_of(outcomes), missed_of(outcomes)))
    most = max((answered + missed for _hour, answered, missed in counted), default=0) or 1
    return [
        Hour(
            hour,
            answered,
            missed,
            place * STEP,
            round(answered / most * HEIGHT),
            round(missed / most * HEIGHT),
        )
        for place, (hour, answered, missed) in enumerate(counted)
    ]
