"""The policy: how many neighbours are asked at a time, how far, how long, and when a human takes over. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from quartier.cases.models import Request
from quartier.team.models import Organisation

# Each wave looks farther than the one before, in multiples of the first reach.
WIDENING = (1.0, 1.0, 1.5, 2.0, 3.0, 4.0)
# Nobody is asked to go farther than this, in metres.
FARTHEST_M = 60_000
# An unanswered offer stays open this long, by urgency.
OFFER_LIVES = {
    Request.Urgency.NOW: timedelta(hours=2),
    Request.Urgency.DAY: timedelta(hours=8),
    Request.Urgency.WEEK: timedelta(hours=24),
    Request.Urgency.ANY: timedelta(hours=24),
}


@dataclass(frozen=True)
class Wave:
    """The next wave of a request: how many to ask, within how many metres, and when to look again."""

    size: int
    radius_m: int
    next_at: datetime
    expires_at: datetime


def next_wave(request: Request, organisation: Organisation, now: datetime) -> Wave | None:
    """What to do next for an open request; `None` when every automatic step is used up: a human first.

    An urgent request asks two thirds more neighbours, and waits half as long. The time is over: a human too.
    """
    if request.wave >= organisation.waves_before_human or request.window_until <= now:
        return None
    urgent = request.urgency == Request.Urgency.NOW
    size = organisation.wave_size * 5 // 3 if urgent else organisation.wave_size
    wait = timedelta(minutes=organisation.wave_minutes / 2 if urgent else organisation.wave_minutes)
    step = WIDENING[min(request.wave, len(WIDENING) - 1)]
    return Wave(
        size=size * (request.needed - request.accepted),
        radius_m=min(int(request.radius_m * step), FARTHEST_M),
        next_at=now + wait,
        expires_at=expires_at(request, now),
    )


def expires_at(request: Request, now: datetime) -> datetime:
    """Until when an offer made now can be answered without being asked whether it is still needed."""
    lives = OFFER_LIVES[Request.Urgency(request.urgency)]
    return max(min(now + lives, request.window_until), now + timedelta(minutes=30))


def is_widest(request: Request) -> bool:
    """Whether the coming wave already looks as far as any wave will."""
    return request.wave >= len(WIDENING) - 1
