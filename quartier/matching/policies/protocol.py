"""What every policy answers: how many neighbours are asked next, how far, and when to look again. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf
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
    """

    urgent: bool
    steps: int
    places: int
    radius_m: int
    waited_min: float
    pending: Sequence[tuple[float, float]] = ()
    offers_each: float = inf


@dataclass(frozen=True, slots=True)
class Step:
    """Ask up to `size` within `radius_m` metres, and look again after `wait_min` minutes.

    `enough`: fewer will do, the likeliest first, once one of them says yes with this probability; `None` asks
    them all.
    `size` 0 asks nobody this time.
    `budget`: offers a day that each volunteer may get; `None`: no cap but what each one agreed to.
    `widest`: no later step looks farther, so when nobody is found there is nobody left.
    """

    size: int
    radius_m: int
    wait_min: float
    budget: int | None
    widest: bool
    enough: float | None = None


class Policy(Protocol):
    """A way of asking. `name` is what an organisation chooses, and what benchmarks print; `counts_pending`: whether
    it must know the offers that nobody has answered yet, and how many there can be for each request."""

    name: str
    counts_pending: bool

    def next_step(self, standing: Standing, settings: Settings) -> Step | None:
        """What to do now; `None` when every automatic step is used up and a human takes over."""
        ...


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
