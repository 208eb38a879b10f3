"""The team in the simulation: somebody acts on what needs a human, and calls who can only be called."""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.cases.rules import NotPossible
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.matching import queries
from quartier.matching.policies import FARTHEST_M
from quartier.people.models import Volunteer
from quartier.sim import conduct
from quartier.sim.behaviour import behaviour, lognormal
from quartier.visits import actions
from quartier.visits.models import Assignment

if TYPE_CHECKING:
    from quartier.sim.crisis import Crisis


class Team:
    """Sees what the board shows, and acts after a while, within opening hours."""

    def __init__(self, crisis: "Crisis") -> None:
        self._crisis = crisis
        self._planned: set[tuple[str, UUID]] = set()
        self._tries: dict[UUID, int] = {}

    def look(self) -> None:
        """Plan what is to be done about what has come up since the last look. What a visitor has asked for meanwhile,
        later than this clock says, is none of it."""
        figures, now = behaviour()["team"], clock.now()
        organisation = self._crisis.organisation
        waiting = Request.objects.filter(
            organisation=organisation, state=Request.State.HUMAN, created_at__lte=now
        )
        if self._crisis.world is not None and not self._crisis.world.scenario.by_hand:
            # What is measured is the way of asking alone: where it finds nobody, the request is left.
            waiting = waiting.exclude(why_human__in=Request.SEARCH_ENDED)
        for pk in waiting.order_by("created_at", "pk").values_list("pk", flat=True):
            self._plan("human", pk, pk, figures["acts_median_min"])
        untold = Assignment.objects.filter(
            organisation=organisation, state__in=Assignment.ACTIVE, told_at=None, accepted_at__lte=now
        ).order_by("accepted_at", "pk")
        for pk, request_id in untold.values_list("pk", "request_id"):
            self._plan("call", pk, request_id, figures["calls_median_min"])

    def _plan(self, what: str, pk: UUID, request_id: UUID, median: float) -> None:
        if (what, pk) in self._planned:
            return
        self._planned.add((what, pk))
        crisis = self._crisis
        number = crisis.number(request_id)
        minutes = conduct.act(crisis.chance.seed, number, self._tries.get(pk, 0)).minutes
        if what == "call":
            draw = crisis.chance.of(what, number)
            minutes = lognormal(draw, median, behaviour()["team"]["acts_sigma"])
        moment = crisis.in_office(crisis.after(minutes, "team"))
        act = self.act if what == "human" else self.call
        crisis.at(moment, (what, number), lambda: act(pk))

    def call(self, assignment_id: UUID) -> None:
        """Tell somebody by phone who comes."""
        assignment = Assignment.objects.get(pk=assignment_id)
        if assignment.state in Assignment.ACTIVE:
            actions.told(actor=self._crisis.operator, assignment=assignment)

    def act(self, request_id: UUID) -> None:
        """One step of a coordinator for a request that needs a human."""
        self._planned.discard(("human", request_id))
        request = Request.objects.select_related("organisation", "case").get(pk=request_id)
        if request.state != Request.State.HUMAN:
            return
        figures, actor = behaviour()["team"], self._crisis.coordinator
        tries = self._tries.get(request_id, 0)
        act = conduct.act(self._crisis.chance.seed, self._crisis.number(request_id), tries)
        tries = self._tries[request_id] = tries + 1
        why = request.why_human
        if why == Request.Why.ASKED and self._crisis.lasting.talks(request, tries=tries):
            return
        wanted = why != Request.Why.FAILED or act.still_wanted
        if wanted and why in {Request.Why.WORDS, Request.Why.MODERATION, Request.Why.FAILED}:
            cases.look_again(actor=actor, request=request, from_start=True)
        elif why == Request.Why.FAILED:
            actions.end_request(actor=actor, request=request, closure=Request.Closure.WITHDRAWN)
        elif tries > figures["tries_by_hand"] or not self._ask_by_hand(request):
            closure = Request.Closure.REFERRED if act.referred else Request.Closure.IMPOSSIBLE
            actions.end_request(actor=actor, request=request, closure=closure)

    def _ask_by_hand(self, request: Request) -> bool:
        """Ask the next best neighbours, whatever their budget and however far. False: there is nobody."""
        if request.window_until <= clock.now() + timedelta(hours=1):
            # Too late for the time that was asked: the person has been called and takes another one.
            request = cases.look_again(actor=self._crisis.coordinator, request=request)
        found = queries.nearest(
            request, limit=behaviour()["team"]["asks_by_hand"], radius_m=FARTHEST_M, budget=None
        )
        asked = False
        for candidate in found:
            volunteer = Volunteer.objects.select_related("person").get(pk=candidate.volunteer_id)
            try:
                matching.offer_by_hand(actor=self._crisis.coordinator, request=request, volunteer=volunteer)
            except NotPossible:
                continue
            asked = True
        if not asked and request.state == Request.State.OPEN:
            cases.ask_human(actor=self._crisis.coordinator, request=request, why=Request.Why.NOBODY)
        return asked
