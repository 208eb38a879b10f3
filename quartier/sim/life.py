"""The demonstration goes on: requests come in, volunteers answer on their pages, visits are made. Faster than life.

The installation does its part by itself (its worker asks neighbours and sends messages); here are only the
people. Volunteers do everything through the pages behind the links that they were sent.
"""

import heapq
import logging
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import close_old_connections
from django.http import Http404

from quartier.cases.models import Request
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.sim import online, people
from quartier.sim.behaviour import behaviour
from quartier.sim.crisis import Crisis
from quartier.sim.filling import OPEN, PAST, actor_of, still_open
from quartier.sim.visitor import Visitor
from quartier.team.access import Actor, link
from quartier.team.models import Organisation, Role
from quartier.visits import access
from quartier.visits.models import Assignment

log = logging.getLogger(__name__)
# How much faster than life: ten minutes of thinking it over are a minute and a half, a visit in five hours is
# in a quarter of one. What needs a human is left a while to whoever looks at the board.
SPEED = {"answer": 7.0, "visit": 20.0, "team": 2.0}
# Seconds between two requests, on average; with many open ones fewer come in.
EVERY_S = 25.0
MOST_OPEN = OPEN + 40
STEP_S = 0.5
WHEN = re.compile(r'<option value="(\d+-\d+)"')


class Life(Crisis):
    """People in real time. `site`: the address of the installation, such as `http://127.0.0.1:8000`."""

    def __init__(self, organisation: Organisation, seed: int, site: str) -> None:
        super().__init__(
            organisation,
            seed,
            operator=actor_of(organisation, Role.Name.OPERATOR),
            coordinator=actor_of(organisation, Role.Name.COORDINATOR),
            speed=SPEED,
            day_and_night=True,
        )
        self.site = site.rstrip("/")
        self._number = PAST + OPEN + Request.objects.filter(organisation=organisation).count()
        self._pick_up()
        self.at(clock.now() + timedelta(seconds=5), ("arrive",), self._arrive)

    def go_on(self, stop: threading.Event) -> None:
        """Live until `stop` is set. What goes wrong is logged, and life goes on."""
        while not stop.wait(STEP_S):
            for act in (self._happen, self.read_messages, self._team.look):
                try:
                    act()
                except Exception:
                    log.exception("something went wrong in the simulation")
                    close_old_connections()

    def _happen(self) -> None:
        while self._events and self._events[0][0] <= clock.now():
            what, act = self._events[0][1], self._events[0][3]
            heapq.heappop(self._events)
            try:
                act()
            except (OSError, Http404) as error:
                # A page that did not answer, or a link that is closed: people give up, too.
                log.info("%s came to nothing: %s", what, error)

    def _pick_up(self) -> None:
        """Go on with what was under way: visits that were promised, offers that nobody has answered."""
        active = Assignment.objects.filter(organisation=self.organisation, state__in=Assignment.ACTIVE)
        for assignment in active.select_related("offer", "request", "volunteer"):
            self.plan_visit(assignment, link(self.organisation, assignment.volunteer.person_id))
        waiting = Offer.objects.filter(organisation=self.organisation, state=Offer.State.SENT)
        self.decide([matching.token_of(offer) for offer in waiting.order_by("created_at", "pk")])

    def _arrive(self) -> None:
        """The next one asks for help: on the phone, or on the public pages."""
        draw = self.chance.of("pause", self._number, clock.now())
        self.at(clock.now() + timedelta(seconds=draw.expovariate(1 / EVERY_S)), ("arrive",), self._arrive)
        if still_open(self.organisation) >= MOST_OPEN:
            return
        self._number += 1
        asking = people.asking(self.country, self.chance, self._number)
        if asking.by_phone:
            self.ask(self._number)
        else:
            online.ask(self.site, asking)

    def _page(self, offer: Offer) -> str:
        language = offer.volunteer.person.language
        return f"{self.site}/{language}/volunteer/offer/{matching.token_of(offer)}/"

    def answer(self, token: str, says: str) -> None:
        """The volunteer taps on the link, reads, and taps on yes or no."""
        offer = access.offer_by_token(token)
        visitor = Visitor()
        page = visitor.get(self._page(offer))
        if not page.has_form:
            return  # It says that somebody goes already, or that it is over.
        if says == "no":
            visitor.send(page, do="no")
            return
        times = WHEN.findall(page.text)
        if times:
            factor = behaviour()["visiting"]["next_time_factor"]
            (when,) = self.chance.of("when", token).choices(times, [factor**n for n in range(len(times))])
            visitor.send(page, do="yes", when=when)
        else:
            visitor.send(page, do="yes")
        assignment = Assignment.objects.filter(offer=offer, state__in=Assignment.ACTIVE).first()
        if assignment is not None:
            self.plan_visit(assignment, link(self.organisation, offer.volunteer.person_id))

    def leave(self, assignment: Assignment, actor: Actor) -> None:
        self._step(assignment, do="on_way")

    def fail(self, assignment: Assignment, actor: Actor, failure: str) -> None:
        self._step(assignment, do="failed", failure=failure)

    def done(self, assignment: Assignment, actor: Actor) -> None:
        self._step(assignment, do="done")

    def _step(self, assignment: Assignment, **fields: str) -> None:
        assignment.refresh_from_db(fields=["state"])
        if assignment.state in Assignment.ACTIVE:
            visitor = Visitor()
            page = visitor.send(visitor.get(self._page(assignment.offer)), **fields)
            # The hour agreed is still far away: it is asked whether that is meant.
            if "early=" in page.address:
                visitor.send(page, sure="1", **fields)


def run(organisation: Organisation, seed: int, site: str, stop: threading.Event) -> None:
    """Live until `stop` is set."""
    life: Any = None
    wait: Callable[[float], bool] = stop.wait
    while life is None and not stop.is_set():
        try:
            life = Life(organisation, seed, site)
        except Exception:
            log.exception("the simulation could not begin; again in a moment")
            close_old_connections()
            wait(3)
    if life is not None:
        life.go_on(stop)
