"""What the rooms ask the worker to do: pull due rows again and again, and do things on a schedule.

Both are declared in a room's `jobs.py`, which the worker imports at its start. They stand here, below every
room, so that rooms that do not know each other can all declare; `jobs` does the work.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Schedule:
    """A function called once in every `seconds` seconds (ticks count from 1970), by any one worker.

    `atomic`: the function and the note that it was done share one transaction. A function that talks to the
    network says `atomic=False`.
    """

    name: str
    seconds: int
    function: Callable[[], object]
    atomic: bool

    @property
    def path(self) -> str:
        return f"{self.function.__module__}.{self.function.__qualname__}"


@dataclass(frozen=True)
class Puller:
    """A function that takes some due rows, works on them, and says whether there were any.

    `looks_elsewhere`: whether there is something is not said by our tables and `lib.clock` alone. It asks other
    servers, or goes by the database's clock.
    """

    name: str
    function: Callable[[], bool]
    looks_elsewhere: bool = False


SCHEDULES: dict[str, Schedule] = {}
PULLERS: dict[str, Puller] = {}


def every[F: Callable[[], object]](seconds: int, name: str, *, atomic: bool = True) -> Callable[[F], F]:
    """Declare that the decorated function is called once in every `seconds` seconds. The name is for good.

    Raises `ValueError` for a name that another function has, or for less than a second.
    """
    if seconds < 1:
        raise ValueError(f"{name}: a schedule needs at least one second")

    def declare(function: F) -> F:
        schedule = Schedule(name, seconds, function, atomic)
        if SCHEDULES.get(name, schedule).path != schedule.path:
            raise ValueError(f"two schedules are called {name}")
        SCHEDULES[name] = schedule
        return function

    return declare


def puller(name: str, *, looks_elsewhere: bool = False) -> Callable[[Callable[[], bool]], Callable[[], bool]]:
    """Declare that workers call the decorated function again and again, at once while it returns true.

    One call should take little time (some rows, then return), because a stopping worker waits for it. Idle, it only
    reads. What is due at some moment stays due for the rest of that minute, or until it is written that it is done: so
    a worker can ask early what will be (`jobs.pull`). With `looks_elsewhere` it is not asked, but called each time.
    Raises `ValueError` for a name that another function has.
    """

    def declare(function: Callable[[], bool]) -> Callable[[], bool]:
        other = PULLERS.get(name)
        if other and (other.function.__module__, other.function.__qualname__) != (
            function.__module__,
            function.__qualname__,
        ):
            raise ValueError(f"two pullers are called {name}")
        PULLERS[name] = Puller(name, function, looks_elsewhere)
        return function

    return declare
