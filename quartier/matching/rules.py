"""Where a request stands, and what the organisation's way of asking makes of it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import inf

from quartier.cases.models import Request
from quartier.cases.rules import window_after_night
from quartier.lib import hours
from quartier.matching import likelihood
from quartier.matching.likelihood import Prior
from quartier.matching.policies import FARTHEST_M, POLICIES, WIDENING, Policy, Settings, Standing
from quartier.people.models import Volunteer
from quartier.team.models import Organisation

USUAL_POLICY = "adaptive"
# A budget that no volunteer's own word reaches (people.actions.Readiness): the organisation sets no cap.
NO_CAP = 30_000
# With so many requests due at once, neighbours are shared out among them by the engine instead of first come, first
# served. Reading one volunteer for it takes as long as the search for one request takes for a two-thousandth part
# (decision 0013), so with many volunteers more requests must be due.
MANY_DUE, VOLUNTEERS_A_SEARCH = 50, 2000
# An unanswered offer stays open this long, by urgency.
OFFER_LIVES = {
    Request.Urgency.NOW: timedelta(hours=2),
    Request.Urgency.DAY: timedelta(hours=8),
    Request.Urgency.WEEK: timedelta(hours=24),
    Request.Urgency.ANY: timedelta(hours=24),
}


# Who knows the person is asked alone at first, so many of them at most; so long the others wait, by urgency. Where
# minutes count, nobody waits for anybody.
KNOWN_FIRST = 2
KNOWN_HAVE = {
    Request.Urgency.DAY: timedelta(minutes=20),
    Request.Urgency.WEEK: timedelta(hours=2),
    Request.Urgency.ANY: timedelta(hours=4),
}


# Whoever usually comes and was silent has as long, where days are left.
USUAL_HAS = timedelta(hours=12)


# With more time left than this, a few neighbours at a time are enough, and each morning begins another search. A search
# that hurries takes a day at most, so what is nearer than this begins with one.
DAYS_AWAY = timedelta(hours=36)
# With less time left than this, another morning's search would find nobody in time.
MIN_SEARCH_TIME = timedelta(hours=3)
# From this hour on, on local clocks, the offers kept for what is urgent are free for everything.
URGENT_RESERVE_UNTIL = time(17)

# What an organisation may choose, from and to.
BOUNDS = {
    "wave_size": (1, 60),
    "wave_minutes": (2, 60),
    "daily_budget": (1, 10),
    "waves_before_human": (1, 12),
}


@dataclass(frozen=True)
class Way:
    """How an organisation has its neighbours asked. Raises `ValueError` for what is out of bounds."""

    policy: str
    wave_size: int
    wave_minutes: int
    daily_budget: int
    waves_before_human: int
    quiet_from: time
    quiet_until: time
    learns: bool

    def __post_init__(self) -> None:
        if self.policy not in POLICIES:
            raise ValueError(f"no way of asking is called {self.policy!r}")
        for name, (least, most) in BOUNDS.items():
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"{name} must be from {least} to {most}")


@dataclass(frozen=True)
class Wave:
    """The next step of a request: how many to ask, within how many metres, and when to look again.

    `budget`: offers a day for each volunteer, whose own word holds as well; `enough`: fewer will do once one of
    them says yes with this probability; `widest`: no later step looks farther; `spares_small_groups`: of a small
    group only a share is asked at once.
    """

    size: int
    radius_m: int
    next_at: datetime
    expires_at: datetime
    budget: int
    widest: bool
    enough: float | None = None
    spares_small_groups: bool = True


def policy_of(organisation: Organisation) -> Policy:
    """The organisation's way of asking."""
    return POLICIES.get(organisation.policy) or POLICIES[USUAL_POLICY]


def next_wave(
    request: Request,
    organisation: Organisation,
    now: datetime,
    pending: Sequence[tuple[float, datetime]] = (),
    prior: Prior | None = None,
    offers_each: float = inf,
) -> Wave | None:
    """What to do next for an open request; `None` when every automatic step is used up: a human first.

    `pending`: of the offers that nobody has answered, how likely a yes was, and when they were made. `offers_each`:
    how many can be made in a day for each request that comes. The time is over: a human too.
    """
    if request.window_until <= now:
        return None
    settings = Settings(
        wave_size=organisation.wave_size,
        wave_minutes=organisation.wave_minutes,
        daily_budget=organisation.daily_budget,
        waves_before_human=organisation.waves_before_human,
        prior=prior or Prior(),
    )
    standing = Standing(
        urgent=request.urgency == Request.Urgency.NOW,
        steps=request.wave,
        places=request.needed - request.accepted,
        radius_m=request.radius_m,
        waited_min=waking_minutes(organisation, request.searched_since, now),
        pending=[(likely, waking_minutes(organisation, made, now)) for likely, made in pending],
        offers_each=offers_each,
        days_away=is_days_away(request, now),
        evening=is_evening(organisation, now),
    )
    step = policy_of(organisation).next_step(standing, settings)
    if step is None:
        return None
    return Wave(
        size=step.size,
        radius_m=step.radius_m,
        next_at=now + timedelta(minutes=step.wait_min),
        expires_at=expires_at(request, now),
        budget=NO_CAP if step.budget is None else step.budget,
        widest=step.widest,
        enough=step.enough,
        spares_small_groups=step.spares_small_groups,
    )


def is_days_away(request: Request, now: datetime) -> bool:
    """Whether so much time is left for this request that nobody need hurry."""
    return request.urgency != Request.Urgency.NOW and request.window_until - now >= DAYS_AWAY


def has_come_near(request: Request, now: datetime) -> bool:
    """Whether nobody hurried the last time that it was looked at, and somebody must now."""
    return request.unhurried and not is_days_away(request, now)


def is_evening(organisation: Organisation, now: datetime) -> bool:
    """Whether the day is so nearly over that nothing of it is kept for what is urgent."""
    return now.astimezone(organisation.zone).time() >= URGENT_RESERVE_UNTIL


def next_morning(organisation: Organisation, now: datetime) -> datetime:
    """When the next day's search begins: the budgets of the day have begun again, and nobody is woken."""
    return hours.next_time(now + timedelta(minutes=1), organisation.quiet_until, organisation.zone)


def begins_again_at(request: Request, organisation: Organisation, now: datetime) -> datetime:
    """When the search for what is days away goes on: in the morning, or when its time has come near."""
    return min(next_morning(organisation, now), request.window_until - DAYS_AWAY + timedelta(seconds=1))


def can_resume(request: Request, now: datetime) -> bool:
    """Whether a search that found nobody on an earlier day begins again by itself, while nobody of the team has it; or
    on the same day, where its time has come near meanwhile. What was urgent in the evening has another morning."""
    organisation = request.organisation
    quiet = hours.is_within(now, organisation.quiet_from, organisation.quiet_until, organisation.zone)
    ended_on = request.search_ended_on
    return (
        request.state == Request.State.HUMAN
        and request.why_human in Request.SEARCH_CAN_RESUME
        and request.taken_by_id is None
        and ended_on is not None
        and (ended_on < now.astimezone(organisation.zone).date() or has_come_near(request, now))
        and not quiet
        and (request.window_until - now >= MIN_SEARCH_TIME or _ended_in_night(request, now))
    )


def last_night(organisation: Organisation, now: datetime) -> tuple[datetime, datetime] | None:
    """The quiet hours that are over today; `None` where there are none, or they are not over."""
    zone, start, end = organisation.zone, organisation.quiet_from, organisation.quiet_until
    today = now.astimezone(zone).date()
    woke = datetime.combine(today, end, tzinfo=zone)
    if start == end or woke > now:
        return None
    evening = today - timedelta(days=1) if start > end else today
    return datetime.combine(evening, start, tzinfo=zone), woke


def _ended_in_night(request: Request, now: datetime) -> bool:
    """Whether it was urgent, its time ended in the night that is over, and whoever waits was not asked about it."""
    night = last_night(request.organisation, now)
    if night is None or request.asked_over_at is not None or not night[0] < request.window_until <= night[1]:
        return False
    return window_after_night(request, now) is not None


def known_have(request: Request, now: datetime) -> timedelta | None:
    """How long those who know the person have the request for themselves; `None`: not at all."""
    wait = KNOWN_HAVE.get(Request.Urgency(request.urgency))
    if wait is None or request.wave or now + 4 * wait > request.window_until:
        return None
    return wait


def usual_has(request: Request, now: datetime) -> timedelta:
    """How long whoever usually comes has a request for themselves, after times without a word."""
    return USUAL_HAS if request.window_until - now >= DAYS_AWAY + USUAL_HAS else timedelta(0)


def many_due(free: int) -> int:
    """With more requests due at once than this, they are planned together; `free` volunteers can be asked."""
    return max(MANY_DUE, free // VOLUNTEERS_A_SEARCH)


def waking_minutes(organisation: Organisation, start: datetime, end: datetime) -> float:
    """Minutes between the two in which neighbours could be asked and answer: quiet hours do not count."""
    quiet = (organisation.quiet_from, organisation.quiet_until)
    return hours.outside(start, end, *quiet, organisation.zone).total_seconds() / 60


def expires_at(request: Request, now: datetime) -> datetime:
    """Until when an offer made now can be answered without being asked whether it is still needed."""
    lives = OFFER_LIVES[Request.Urgency(request.urgency)]
    return max(min(now + lives, request.window_until), now + timedelta(minutes=30))


def farthest_m(request: Request) -> int:
    """How far the last steps look, in metres."""
    return min(int(request.radius_m * WIDENING[-1]), FARTHEST_M)


def had_today(volunteer: Volunteer, today: date) -> int:
    """Offers that this volunteer has had today."""
    return volunteer.asked_count if volunteer.asked_on == today else 0


def likely(volunteer: Volunteer, metres: int | None, today: date, *, learns: bool, prior: Prior) -> float:
    """How likely a yes is now. `metres`: `None` for help by phone; `learns`: whether one's own history counts."""
    ready = volunteer.likelihood if learns and volunteer.likelihood is not None else prior.mean
    factor = likelihood.circumstances(metres or 0, volunteer.open_count, had_today(volunteer, today), prior)
    return float(ready * factor)
