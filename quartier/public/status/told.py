"""What somebody told us of each thing that they need: in their own words, how it is to be done, and when they did."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from quartier.cases.models import Request
from quartier.lib import clock
from quartier.look import rules as saying
from quartier.public.ask.shopping import said_beside
from quartier.shopping.queries import Shown
from quartier.shopping.rules import Thing


@dataclass(frozen=True)
class Told:
    """Of one request. `words`: where there is no list."""

    when: str
    words: str = ""
    things: Sequence[Thing] = ()
    beside: list[str] = field(default_factory=list)

    @property
    def is_anything(self) -> bool:
        return bool(self.words or self.things or self.beside)


def told_of(request: Request, listed: Shown | None) -> Told:
    """What was said of this request. `listed`: its list, where it has one."""
    # A time of regular help was made by us.
    when = "" if request.series_id else saying.day_time(request.created_at, clock.now())
    if listed is None:
        return Told(when, words=request.details)
    return Told(when, things=listed.things, beside=list(said_beside(listed)))
