"""What strikes volunteers in the true mode: offers again and again, a flood at home, a blackout without messages."""

from datetime import datetime
from functools import cached_property
from math import exp

import numpy as np

from quartier.sim.behaviour import behaviour
from quartier.sim.world import World

SECONDS_A_DAY = 86_400.0


class Blows:
    """By number of the volunteer. Without a world, nothing strikes anybody."""

    def __init__(self, world: World | None) -> None:
        self._world = world
        self._offers: dict[int, tuple[float, datetime]] = {}

    def offers_a_day(self, who: int, now: datetime) -> float:
        """Count one more offer; how many a day it has been lately, with fading memory."""
        days = float(behaviour()["answering"]["remembers_days"])
        count, at = self._offers.get(who, (0.0, now))
        count = count * exp(-(now - at).total_seconds() / (days * SECONDS_A_DAY)) + 1.0
        self._offers[who] = (count, now)
        return count / days

    def factor(self, who: int, now: datetime) -> float:
        """By how much somebody is less ready to say yes who has been hit."""
        return (
            float(behaviour()["answering"]["hit_factor"]) if self._minutes_left(self._hit, who, now) else 1.0
        )

    def late(self, who: int, now: datetime) -> float:
        """Minutes until a message that is sent now reaches them."""
        return self._minutes_left(self._dark, who, now)

    @cached_property
    def _hit(self) -> tuple[np.ndarray, float, float]:
        return self._world.hit() if self._world else (np.empty(0), 0.0, 0.0)

    @cached_property
    def _dark(self) -> tuple[np.ndarray, float, float]:
        return self._world.dark() if self._world else (np.empty(0), 0.0, 0.0)

    def _minutes_left(self, blow: tuple[np.ndarray, float, float], who: int, now: datetime) -> float:
        if self._world is None or blow[2] == 0.0:
            return 0.0
        minute = self._world.timeline.calendar.minute(now)
        return blow[2] - minute if blow[1] <= minute < blow[2] and blow[0][who] else 0.0
