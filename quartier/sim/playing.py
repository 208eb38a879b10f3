"""Playing a scenario with one way of asking after the other, in either mode: what the command line does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from quartier.matching.policies import POLICIES, Settings
from quartier.matching.rules import USUAL_POLICY
from quartier.sim import scenario as scenarios
from quartier.sim.trace import PolicyTrace, Trace
from quartier.sim.world import World, world

LEARNS = "+learns"


@dataclass(frozen=True)
class Asked:
    """What to play. `policy`: names with commas between them; `mode`: "fast", "true", or `None` for the usual one;
    `requests` a day and `volunteers`, where they are not those of the scenario."""

    scenario: str
    policy: str = USUAL_POLICY
    seed: int = 1
    mode: str | None = None
    scale: float = 1.0
    requests: int | None = None
    volunteers: int | None = None

    def __post_init__(self) -> None:
        for name in self.policies:
            if name.removesuffix(LEARNS) not in POLICIES:
                raise ValueError(f"there is no way of asking {name!r}; there are: {', '.join(POLICIES)}")
        if self.seed < 0:
            raise ValueError("a seed is 0 or more")

    @property
    def policies(self) -> list[str]:
        """The ways of asking, one after the other."""
        return [name.strip() for name in self.policy.split(",")]

    def world(self) -> World:
        """The scenario in the size that was asked for. Raises `scenario.Unreadable`."""
        told = scenarios.load(self.scenario)
        told = told if self.scale == 1.0 else told.scaled(self.scale)
        return world(told.sized(requests=self.requests, volunteers=self.volunteers), self.seed)


def play(asked: Asked, progress: Callable[[str], None], show: Callable[[dict[str, Any]], None]) -> Trace:
    """Play it; `show` is given the figures of each way of asking. Raises `ValueError` for what cannot be played."""
    played = asked.world()
    mode = asked.mode or ("true" if asked.scenario == "day" else "fast")
    traces = []
    for name in asked.policies:
        trace = (fast if mode == "fast" else true)(played, name, progress)
        trace.figures.update(scenario=played.scenario.name, policy=name, mode=mode)
        show(trace.figures)
        traces.append(trace)
    calendar = played.timeline.calendar
    start = calendar.moment(played.warm_up_min).astimezone(calendar.zone)
    minutes = played.timeline.until - played.warm_up_min
    return Trace(
        played.scenario.name, played.scenario.title, start.isoformat(), calendar.zone.key, minutes, traces
    )


def fast(played: World, name: str, progress: Callable[[str], None] = lambda words: None) -> PolicyTrace:
    """Play a world without a database."""
    from quartier.sim.fast.played import play as play_fast

    progress(name)
    policy = POLICIES[name.removesuffix(LEARNS)]
    return play_fast(played, policy, Settings(), learns=name.endswith(LEARNS))


def empty() -> None:
    """Take everything out of the database of this process. What is only added to in SQLite (the audit, the book of
    money) refuses that row by row, so its triggers step aside meanwhile."""
    from django.core.management import call_command
    from django.db import connection

    triggers: list[tuple[str, str]] = []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
            triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
    call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
    with connection.cursor() as cursor:
        for _name, sql in triggers:
            cursor.execute(sql)


def true(played: World, name: str, progress: Callable[[str], None] = lambda words: None) -> PolicyTrace:
    """Play a world through the actions of the product, on the database of this process, which is emptied first."""
    from quartier.lib import catalogues, tables
    from quartier.sim import replay

    catalogues.compile_all()
    tables.make()
    empty()
    return replay.play(played, name.removesuffix(LEARNS), learns=name.endswith(LEARNS), progress=progress)
