"""What lasts, as one: what a crisis tells it, handed to the parts that its scenario plays."""

from typing import TYPE_CHECKING
from uuid import UUID

from quartier.sim.conduct import Course
from quartier.sim.lasting.after import After
from quartier.sim.lasting.again import Again
from quartier.sim.lasting.listening import Listening
from quartier.sim.lasting.money import Money

if TYPE_CHECKING:
    from quartier.cases.models import Request
    from quartier.matching.models import Offer
    from quartier.sim.crisis import Crisis
    from quartier.team.access import Actor
    from quartier.visits.models import Assignment


class Lasting:
    """The parts of one crisis; `None` for those that are not played. Without a world there are none."""

    def __init__(self, crisis: "Crisis") -> None:
        told = crisis.world.scenario if crisis.world else None
        self.again = Again(crisis) if told and told.comes_again else None
        self.money = Money(crisis) if told and told.money else None
        self.after = After(crisis) if told and told.asks_afterwards else None
        self.listening = Listening(crisis, told.listening) if told and told.listening else None

    @property
    def is_played(self) -> bool:
        """Whether there is any of them."""
        return any((self.again, self.money, self.after, self.listening))

    def look(self) -> None:
        """The worker has been at work: what is there for people to do?"""
        if self.again:
            self.again.look()
        if self.after:
            self.after.look()
        if self.listening:
            self.listening.look()

    def number(self, request_id: UUID) -> int | None:
        """The number of a request that nobody asked for anew: a day of a series."""
        return self.again.number(request_id) if self.again else None

    def factor(self, offer: "Offer") -> float:
        """By how much somebody says yes more readily to this offer."""
        return self.again.factor(offer) if self.again else 1.0

    def asked(self, request: "Request", number: int) -> None:
        """Somebody has asked for something."""
        if self.listening:
            self.listening.asked(request, number)

    def accepted(self, assignment: "Assignment", actor: "Actor") -> None:
        """Somebody has said yes."""
        if self.again:
            self.again.accepted(assignment, actor)

    def goes(self, assignment: "Assignment", actor: "Actor", course: Course) -> None:
        """A visit will go like this."""
        if self.money:
            self.money.goes(assignment, actor, course)

    def done(self, assignment: "Assignment", actor: "Actor") -> None:
        """A visit is done; `assignment` as its action returned it."""
        for part in (self.money, self.again, self.after):
            if part:
                part.done(assignment, actor)

    def talks(self, request: "Request", tries: int) -> bool:
        """Whether somebody of the team has spoken with her about what was not right, and what follows is under way."""
        return bool(self.after and self.after.talks(request, tries))
