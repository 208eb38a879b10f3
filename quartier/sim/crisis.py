"""Days of a crisis as they pass: a clock that jumps from event to event, and people who act through the actions.

People are told nothing that they would not be told: volunteers read the messages of their simulated phones and
mailboxes, follow the link, and answer; a coordinator sees what needs a human. What they do is drawn from
`behaviour.toml`; everything else is the installation itself, with its real pullers.
"""

import heapq
import math
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from quartier.cases import actions as cases
from quartier.intake import actions as intake
from quartier.intake.models import Contact
from quartier.lib import background, clock, hours
from quartier.lib.ids import token_hash
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.messaging.models import Message, SandboxDelivery
from quartier.people import actions as people
from quartier.people.models import Volunteer
from quartier.sim import coordination
from quartier.sim import people as invented
from quartier.sim.behaviour import Chance, behaviour, lognormal
from quartier.sim.country import Country
from quartier.sim.due import next_due
from quartier.team.access import Actor, link, system
from quartier.team.models import Organisation
from quartier.visits import access, actions, rules
from quartier.visits.actions.accept import Result
from quartier.visits.models import Assignment

OFFERS = ("offer", "offer_remote")
# What a volunteer decides by.
DECIDING = (
    "token_hash",
    "distance_m",
    "by_hand_of_id",
    "volunteer__open_count",
    "volunteer__asked_count",
    "request__reopened",
)
LINK = re.compile(r"/offer/([A-Za-z0-9_-]+)/")
# The words that people agreed to, as the form and the operators' script number them.
CONSENT = "simulated"
MOST_PULLS = 1000
# What is due and could not be done is looked at again after this long.
TICK = timedelta(minutes=1)
# A message is seen even if it was written down so much later than its time says.
LATE = timedelta(seconds=10)
# So many volunteers join in one transaction.
BATCH = 500


class Crisis:
    """What happens to one organisation. `operator` and `coordinator` act for the team; `speed` shortens what
    people take time for: `answer`, `visit`, `team`.

    Sets the clock of this process; whoever starts it sets the clock free again.
    """

    def __init__(
        self,
        organisation: Organisation,
        seed: int,
        *,
        operator: Actor | None = None,
        coordinator: Actor | None = None,
        speed: dict[str, float] | None = None,
        day_and_night: bool = False,
    ) -> None:
        self.organisation = organisation
        self.operator = operator or system(organisation)
        self.coordinator = coordinator or system(organisation)
        self.chance = Chance(seed)
        self.country = Country()
        # A demonstration lets people act faster than they would, and at any hour.
        self.speed = {"answer": 1.0, "visit": 1.0, "team": 1.0} | (speed or {})
        self.day_and_night = day_and_night
        # Numbers in the order of creation: chance is drawn for them, since identifiers differ from run to run.
        self.volunteers: dict[UUID, int] = {
            pk: number
            for number, pk in enumerate(
                Volunteer.objects.filter(organisation=organisation)
                .order_by("created_at", "pk")
                .values_list("pk", flat=True)
            )
        }
        self.requests: dict[UUID, int] = {}
        self._events: list[tuple[datetime, tuple[Any, ...], int, Callable[[], None]]] = []
        self._counter = count()
        self._read: dict[UUID, datetime] = {}
        self._read_until = clock.now()
        self._team = coordination.Team(self)

    def at(self, moment: datetime, what: tuple[Any, ...], act: Callable[[], None]) -> None:
        """Let something happen. `what` orders things of one moment, the same way in each run."""
        heapq.heappush(self._events, (moment, what, next(self._counter), act))

    def after(self, minutes: float, what: str) -> datetime:
        """So many minutes from now, or less where people do this faster."""
        return clock.now() + timedelta(minutes=minutes / self.speed[what])

    def asks_at(self, moment: datetime, number: int) -> None:
        """Somebody reaches us then: request number so-and-so."""
        self.at(moment, ("ask", number), lambda: self.ask(number))

    def run(self, until: datetime, *, progress: Callable[[], None] = lambda: None) -> None:
        """Let time pass until then, from one thing that is due to the next."""
        while (now := clock.now()) < until:
            events = self._events[0][0] if self._events else until
            # What is due and stays due (a provider that rests) is looked at again a tick later.
            due = next_due() or until
            clock.set_time(min(max(events, now), due if due > now else now + TICK, until))
            self.step()
            progress()

    def step(self) -> None:
        """Everything that is due now."""
        now = clock.now()
        happened = False
        while self._events and self._events[0][0] <= now:
            heapq.heappop(self._events)[3]()
            happened = True
        if (due := next_due()) is not None and due <= now:
            self.pull()
            self.read_messages()
            happened = True
        if happened:
            self._team.look()

    def pull(self) -> None:
        """What a worker does, until there is nothing left to do."""
        for _ in range(MOST_PULLS):
            found = [puller.function() for puller in background.PULLERS.values()]
            if not any(found):
                return
        raise RuntimeError("the worker finds no end")

    def join(self, numbers: range, *, step: Callable[[int], None] = lambda done: None) -> None:
        """The volunteers with these numbers join, in batches; `step` hears how many have."""
        for start in range(numbers.start, numbers.stop, BATCH):
            batch = range(start, min(start + BATCH, numbers.stop))
            joined = people.join_many(
                organisation=self.organisation,
                joining=invented.volunteers(self.country, self.chance, batch),
            )
            for volunteer in joined:
                self.volunteers[volunteer.pk] = len(self.volunteers)
            step(batch.stop - numbers.start)

    # Those who need help

    def ask(self, number: int) -> None:
        """Somebody calls or fills in the form."""
        asking = invented.asking(self.country, self.chance, number)
        actor = self.operator if asking.by_phone else system(self.organisation)
        asker = people.record_person(organisation=self.organisation, who=asking.asker)
        person = asker
        if asking.person != asking.asker:
            person = people.record_person(organisation=self.organisation, who=asking.person)
        contact = intake.record_contact(
            actor=actor,
            person=asker,
            channel=Contact.Channel.PHONE if asking.by_phone else Contact.Channel.WEB,
            consent=CONSENT,
            consent_spoken=asking.by_phone,
        )
        opened = cases.open_case(
            actor=actor, contact=contact, person=person, household=asking.household, wanted=[asking.wanted]
        )
        for request in opened.requests:
            self.requests[request.pk] = number
            self._may_take_back(request, number, link(self.organisation, asker.pk))

    def _may_take_back(self, request: Any, number: int, actor: Actor) -> None:
        draw, figures = self.chance.of("takes back", number), behaviour()["asking"]
        if draw.random() >= figures["takes_back"]:
            return
        moment = self.after(lognormal(draw, figures["takes_back_after_median_min"]), "answer")

        def take_back() -> None:
            request.refresh_from_db()
            if request.state in {request.State.OPEN, request.State.HUMAN} and not request.accepted:
                actions.end_request(actor=actor, request=request, closure=request.Closure.WITHDRAWN)

        self.at(moment, ("take back", number), take_back)

    # Volunteers

    def read_messages(self) -> None:
        """Volunteers find new messages on their phones and in their mailboxes."""
        now = clock.now()
        fresh = [
            delivery
            for delivery in SandboxDelivery.objects.filter(
                organisation=self.organisation, at__gte=self._read_until - LATE
            ).order_by("at", "pk")
            if delivery.pk not in self._read
        ]
        self._read = {pk: at for pk, at in self._read.items() if at >= self._read_until - LATE}
        self._read_until = now
        if not fresh:
            return
        self._read.update((delivery.pk, delivery.at) for delivery in fresh)
        offers = set(
            Message.objects.filter(
                pk__in=[delivery.copy_of for delivery in fresh], template__in=OFFERS
            ).values_list("pk", flat=True)
        )
        links = [LINK.search(delivery.body) for delivery in fresh if delivery.copy_of in offers]
        self.decide([found[1] for found in links if found])

    def decide(self, tokens: list[str]) -> None:
        """Whether the volunteers with these offers answer, what, and when."""
        by_hash = {
            offer.token_hash: offer
            for offer in Offer.objects.filter(token_hash__in=[token_hash(token) for token in tokens])
            .select_related("volunteer", "request")
            .only(*DECIDING)
        }
        for token in tokens:
            if (offer := by_hash.get(token_hash(token))) is not None:
                self._decide(offer, token)

    def _decide(self, offer: Offer, token: str) -> None:
        who, what = self._numbers(offer)
        draw, figures = self.chance.of("answer", who, what, offer.request.reopened), behaviour()["answering"]
        ready = self._readiness(offer, who)
        chance = draw.random()
        if chance < ready:
            says = "yes"
        elif chance < ready + (1 - ready) * figures["says_no"]:
            says = "no"
        else:
            return
        minutes = lognormal(draw, figures["reply_median_min"], figures["reply_sigma"])
        moment = self._awake(self.after(minutes, "answer"), draw)
        self.at(moment, ("answer", who, what), lambda: self.answer(token, says))

    def _readiness(self, offer: Offer, who: int) -> float:
        figures = behaviour()["answering"]
        ready = self.chance.of("ready", who).betavariate(figures["ready_a"], figures["ready_b"])
        ready *= math.exp(-(offer.distance_m or 0) / figures["distance_m"])
        ready *= float(figures["load_factor"]) ** offer.volunteer.open_count
        ready *= float(figures["fatigue_factor"]) ** max(0, offer.volunteer.asked_count - 1)
        if offer.by_hand_of_id is not None:
            ready *= behaviour()["team"]["by_hand_factor"]
        return min(ready, 0.95)

    def _awake(self, moment: datetime, draw: Any) -> datetime:
        org = self.organisation
        wakes = hours.after_quiet(moment, org.quiet_from, org.quiet_until, org.zone)
        if wakes == moment:
            return moment
        figures = behaviour()["answering"]
        return wakes + timedelta(minutes=lognormal(draw, figures["after_quiet_median_min"]))

    def _numbers(self, offer: Offer) -> tuple[int, int]:
        """The numbers of volunteer and request; newcomers get the next ones."""
        who = self.volunteers.setdefault(offer.volunteer_id, len(self.volunteers))
        return who, self.requests.setdefault(offer.request_id, 100_000 + len(self.requests))

    def answer(self, token: str, says: str) -> None:
        """The volunteer opens the link and answers."""
        offer = access.offer_by_token(token)
        who, what = self._numbers(offer)
        draw = self.chance.of("says", who, what, offer.request.reopened)
        actor = link(self.organisation, offer.volunteer.person_id)
        if says == "no":
            reason = draw.choice([reason.value for reason in Offer.Decline])
            matching.decline_offer(actor=actor, offer=offer, reason=reason)
            return
        times = rules.times_to_choose(offer.request, clock.now())
        factor = behaviour()["visiting"]["next_time_factor"]
        window = draw.choices(times, [factor**n for n in range(len(times))])[0] if times else None
        answer = actions.accept_offer(actor=actor, offer=offer, window=window)
        if answer.result == Result.YOURS and answer.assignment is not None:
            self.plan_visit(answer.assignment, actor)

    # Visits

    def plan_visit(self, assignment: Assignment, actor: Actor) -> None:
        """How the visit of an assignment will go."""
        who, what = key = self._numbers(assignment.offer)
        draw = self.chance.of("visit", who, what, assignment.request.reopened)
        figures, fate = behaviour()["visiting"], draw.random()
        begins = max(0.0, (assignment.comes_from - clock.now()).total_seconds() / 60)
        if fate < figures["no_show"]:
            return
        fate -= figures["no_show"]
        if fate < figures["cannot_go"]:
            later = min(lognormal(draw, figures["cannot_go_after_median_min"]), max(0.0, begins - 10))
            self.at(
                self.after(later, "visit"),
                ("cannot", *key),
                lambda: self.fail(assignment, actor, "cannot_go"),
            )
            return
        fate -= figures["cannot_go"]
        leaves = max(5.0, begins - figures["on_way_before_min"])
        arrives = leaves + figures["on_way_before_min"]
        if assignment.state == Assignment.State.ACCEPTED:
            self.at(self.after(leaves, "visit"), ("leave", *key), lambda: self.leave(assignment, actor))
        if fate < figures["nobody_home"] + figures["wrong_place"]:
            failure = "nobody_home" if fate < figures["nobody_home"] else "wrong_place"
            self.at(
                self.after(arrives, "visit"), ("fail", *key), lambda: self.fail(assignment, actor, failure)
            )
        else:
            stays = lognormal(draw, figures["at_the_door_median_min"], figures["at_the_door_sigma"])
            self.at(
                self.after(arrives + stays, "visit"), ("done", *key), lambda: self.done(assignment, actor)
            )

    def leave(self, assignment: Assignment, actor: Actor) -> None:
        """The volunteer sets out."""
        actions.on_my_way(actor=actor, assignment=assignment)

    def fail(self, assignment: Assignment, actor: Actor, failure: str) -> None:
        """It did not work."""
        actions.could_not(actor=actor, assignment=assignment, failure=failure)

    def done(self, assignment: Assignment, actor: Actor) -> None:
        """It is done."""
        actions.done(actor=actor, assignment=assignment)


def arrivals(chance: Chance, day: datetime, numbers: range) -> list[tuple[datetime, int]]:
    """When the requests with these numbers come in on the day that begins at `day`, in the order of time."""
    weights = {int(hour): float(share) for hour, share in behaviour()["asking"]["by_hour"].items()}
    moments = []
    for number in numbers:
        draw = chance.of("arrival", number)
        (hour,) = draw.choices(list(weights), list(weights.values()))
        moments.append(day + timedelta(hours=hour, seconds=draw.uniform(0, 3600)))
    return list(zip(sorted(moments), numbers, strict=True))
