"""What every policy answers: how many neighbours are asked next, how far, and when to look again. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, inf
from typing import Protocol

from quartier.matching.likelihood import Prior

# Nobody is asked to go farther than this, in metres.
FARTHEST_M = 60_000


@dataclass(frozen=True, slots=True)
class Settings:
    """What an organisation has chosen: neighbours a wave, minutes between waves, offers a day for each volunteer,
    and how many waves before a human takes over. `prior`: what is assumed of answers."""

    wave_size: int = 12
    wave_minutes: float = 15.0
    daily_budget: int = 2
    waves_before_human: int = 6
    prior: Prior = field(default_factory=Prior)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an open request stands, as a policy sees it.

    steps      steps taken since it was opened (or reopened)
    places     how many neighbours are still needed
    radius_m   the first reach of this kind of help, in metres
    waited_min minutes since it was opened in which neighbours could be asked (quiet hours do not count)
    pending    offers nobody has answered yet: (likelihood when it was made, minutes ago), both from
               `matching.likelihood`
    offers_each  how many offers volunteers can be made in a day for each request that comes in a day; many where
               hardly anybody asks
    days_away  its time is so far away that a few at a time are enough (`matching.rules.is_days_away`)
    evening    the day is nearly over: what was kept of everybody's offers for urgent requests is free for all
    """

    urgent: bool
    steps: int
    places: int
    radius_m: int
    waited_min: float
    pending: Sequence[tuple[float, float]] = ()
    offers_each: float = inf
    days_away: bool = False
    evening: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Ask up to `size` within `radius_m` metres, and look again after `wait_min` minutes.

    `enough`: fewer will do, the likeliest first, once one of them says yes with this probability; `None` asks
    them all.
    `size` 0 asks nobody this time.
    `budget`: offers a day that each volunteer may get; `None`: no cap but what each one agreed to.
    `widest`: no later step looks farther, so when nobody is found there is nobody left.
    `spares_small_groups`: of a group not much larger than `size`, a share is asked (`share_of_group`).
    """

    size: int
    radius_m: int
    wait_min: float
    budget: int | None
    widest: bool
    enough: float | None = None
    spares_small_groups: bool = True


class Policy(Protocol):
    """A way of asking. `name` is what an organisation chooses, and what benchmarks print; `counts_pending`: whether
    it must know the offers that nobody has answered yet, and how many there can be for each request."""

    name: str
    counts_pending: bool

    def next_step(self, standing: Standing, settings: Settings) -> Step | None:
        """What to do now; `None` when every automatic step is used up and a human takes over."""
        ...


# With fewer offers a day for each request than this, messages are what there is too little of, not minutes.
PLENTIFUL_OFFERS_EACH = 40.0
# Share of a small group that one request asks at once, and of an urgent one; and how many at least for each place.
GROUP_SHARE, URGENT_GROUP_SHARE, MIN_OF_GROUP = 1 / 2, 3 / 4, 3


def daily_budget(standing: Standing, settings: Settings) -> int:
    """Offers a day that a volunteer can get for this request: the last one of the day is kept for what is urgent.

    Kept until the evening, and only where there are offers enough for all: else a request would wait for nothing.
    """
    kept = not standing.urgent and not standing.evening and standing.offers_each >= PLENTIFUL_OFFERS_EACH
    return settings.daily_budget - 1 if kept and settings.daily_budget > 1 else settings.daily_budget


def share_of_group(found: int, *, urgent: bool, places: int) -> int:
    """How many of `found` neighbours, all there are, one request asks at once, so that others are left for the next."""
    share = URGENT_GROUP_SHARE if urgent else GROUP_SHARE
    return min(found, max(ceil(found * share), MIN_OF_GROUP * places))


def fewest(likelihoods: Sequence[float], enough: float | None) -> int:
    """How many of these, in their order, until one says yes with probability `enough` (all of them if never)."""
    if enough is None:
        return len(likelihoods)
    nobody = 1.0
    for count, likelihood in enumerate(likelihoods):
        if nobody <= 1.0 - enough:
            return count
        nobody *= 1.0 - likelihood
    return len(likelihoods)
