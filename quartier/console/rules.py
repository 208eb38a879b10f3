"""Where each request stands on the board: its next step, and the age of its wait. Pure."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from quartier.cases.models import Request
from quartier.lib import choices


class Lane(StrEnum):
    """The next step of a request that is not closed.

    human    a person of the team must act
    find     nobody is asked at this moment: the next neighbours are
    answer   neighbours are asked, and may still say yes
    tell     who is helped has not been told yet that somebody comes, or that whom they expect does not: a call is
             the only way
    comes    somebody comes, and it is known
    late     the time agreed is over, and nobody has said how it went
    """

    HUMAN = "human"
    FIND = "find"
    ANSWER = "answer"
    TELL = "tell"
    COMES = "comes"
    LATE = "late"


@dataclass(frozen=True)
class Going:
    """A visit that is under way, as the board needs it."""

    comes_until: datetime
    told: bool


@dataclass(frozen=True)
class Open:
    """A request that is not closed, as the board needs it. `asked`: at least one neighbour may still answer;
    `call_off`: they expect somebody who is not coming."""

    id: UUID
    kind: str
    urgency: str
    languages: int
    area: int
    state: str
    taken_by: UUID | None
    waiting_since: datetime
    promised_at: datetime
    asked: bool
    incident: UUID | None = None
    call_off: bool = False
    window_until: datetime | None = None

    @classmethod
    def of(cls, request: Request, *, asked: bool, call_off: bool = False) -> Self:
        """The row of a request that was read whole."""
        return cls(
            request.pk,
            request.kind,
            request.urgency,
            request.languages,
            request.area,
            request.state,
            request.taken_by_id,
            request.waiting_since,
            request.promised_at,
            asked,
            request.incident_id,
            call_off,
            request.window_until,
        )


@dataclass(frozen=True)
class Wait:
    """A request in its lane, with the clock that is shown: from `since`; late after `until`."""

    request: Open
    lane: Lane
    since: datetime
    until: datetime
    late: bool
    # Where somebody is coming: the end of the first visit, by which these stand in their order.
    comes_until: datetime | None = None

    @property
    def sorts_by(self) -> datetime:
        return self.comes_until or self.since

    @property
    def promise_minutes(self) -> int:
        return max(1, round((self.until - self.since) / timedelta(minutes=1)))


def lane_of(request: Open, going: Sequence[Going], now: datetime) -> Lane:
    """The one lane in which a request stands. What only a human can do comes before what runs by itself."""
    if request.state == Request.State.HUMAN:
        return Lane.HUMAN
    if any(visit.comes_until < now for visit in going):
        return Lane.LATE
    if request.call_off or any(not visit.told for visit in going):
        return Lane.TELL
    if request.state == Request.State.COVERED:
        # Covered, and nobody goes any more: that should not be, so somebody must look at it.
        return Lane.COMES if going else Lane.HUMAN
    return Lane.ANSWER if request.asked else Lane.FIND


def wait_of(request: Open, going: Sequence[Going], now: datetime) -> Wait:
    """The lane and the clock of a request. Who comes late is counted from the end of the time agreed."""
    lane = lane_of(request, going, now)
    if lane == Lane.LATE:
        since = min(visit.comes_until for visit in going)
        return Wait(request, lane, since, since, True)
    next_visit = None
    if lane == Lane.COMES or (lane == Lane.TELL and _stands_by_visit(request, going)):
        next_visit = min(visit.comes_until for visit in going)
    if lane == Lane.COMES:
        until = max(visit.comes_until for visit in going)
        return Wait(
            request, lane, request.waiting_since, max(until, request.waiting_since), False, next_visit
        )
    until = _until(request, lane, going)
    return Wait(request, lane, request.waiting_since, until, until <= now, next_visit)


def _until(request: Open, lane: Lane, going: Sequence[Going]) -> datetime:
    """When the wait is late: at the hour promised, which moves each time that it is broken; and where nobody goes, once
    the time in which help was needed is over."""
    if request.window_until is None or (going and lane != Lane.HUMAN):
        return request.promised_at
    return min(request.promised_at, request.window_until)


def _stands_by_visit(request: Open, going: Sequence[Going]) -> bool:
    """Whether what is to be told is a visit, and not that nobody comes."""
    return bool(going) and (request.state == Request.State.COVERED or any(not visit.told for visit in going))


def ordered(waits: Sequence[Wait]) -> list[Wait]:
    """Late before urgent before the rest, each oldest first; where somebody is coming, the next visit first."""
    now = Request.Urgency.NOW
    return sorted(
        waits,
        key=lambda wait: (not wait.late, wait.request.urgency != now, wait.sorts_by, wait.request.id),
    )


@dataclass(frozen=True)
class Filters:
    """Which part of the board somebody looks at. `show`: `all`, `late`, `urgent` or `mine`."""

    show: str = "all"
    kind: str = ""
    language: str = ""
    area: int = 0
    lane: str = ""
    incident: UUID | None = None

    SHOWS = ("all", "late", "urgent", "mine")

    @property
    def is_narrowed(self) -> bool:
        """Whether something of a lane may be left out."""
        return self.show != "all" or self.is_part

    @property
    def is_part(self) -> bool:
        """Whether one kind, language, neighbourhood or incident was chosen."""
        return bool(self.kind or self.language or self.area or self.incident)

    def shows(self, wait: Wait, me: UUID | None, show: str) -> bool:
        """Whether the wait belongs to one of the four views."""
        if show == "late":
            return wait.late
        if show == "urgent":
            return wait.request.urgency == Request.Urgency.NOW
        if show == "mine":
            return me is not None and wait.request.taken_by == me
        return True

    def fits(self, wait: Wait) -> bool:
        """Whether kind, language, neighbourhood and incident are those that were chosen."""
        request = wait.request
        if self.kind and request.kind != self.kind:
            return False
        if self.language and not request.languages & choices.mask(choices.LANGUAGES, [self.language]):
            return False
        if self.incident and request.incident != self.incident:
            return False
        return not self.area or request.area == self.area


def filters(given: dict[str, str]) -> Filters:
    """Filters from the words of an address; what nobody offers is left out."""
    show, kind, language = given.get("show", ""), given.get("kind", ""), given.get("language", "")
    area, lane = given.get("area", ""), given.get("lane", "")
    incident = None
    with contextlib.suppress(ValueError):
        incident = UUID(given.get("incident", "")[:40])
    return Filters(
        show=show if show in Filters.SHOWS else "all",
        kind=kind if kind in {each.code for each in choices.KINDS} else "",
        language=language if language in {each.code for each in choices.LANGUAGES} else "",
        area=int(area) if area.isascii() and area.isdigit() and len(area) < 20 else 0,
        lane=lane if lane in {each.value for each in Lane} else "",
        incident=incident,
    )
