"""Days of a crisis as they pass: a clock that jumps from event to event, and people who act through the actions.

People are told nothing that they would not be told: volunteers read the messages of their simulated phones and
mailboxes, follow the link, and answer; a coordinator sees what needs a human. What they do is drawn from
`behaviour.toml`; everything else is the installation itself, with its real pullers.
"""

import heapq
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
from quartier.sim import conduct, coordination
from quartier.sim import people as invented
from quartier.sim.behaviour import Chance, behaviour
from quartier.sim.blows import Blows
from quartier.sim.country import Country
from quartier.sim.due import next_due
from quartier.sim.lasting.course import Lasting
from quartier.sim.population import AS_ALWAYS, Wishes
from quartier.sim.world import World
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
    "request__remote",
    "request__case",
    "request__series",
)
LINK = re.compile(r"/offer/([A-Za-z0-9_-]+)/")
MOST_PULLS = 1000
# What is due and could not be done is looked at again after this long.
TICK = timedelta(minutes=1)
# A message is seen even if it was written down so much later than its time says.
LATE = timedelta(seconds=10)
# Whoever begins in the morning does so a little after it.
OPENED = timedelta(minutes=5)
# So many volunteers join in one transaction.
BATCH = 500


class Crisis:
    """What happens to one organisation. `operator` and `coordinator` act for the team; `speed` shortens what
    people take time for: `answer`, `visit`, `team`; `world`: the scenario that is played, if it is one.

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
        world: World | None = None,
    ) -> None:
        self.organisation = organisation
        self.operator = operator or system(organisation)
        self.coordinator = coordinator or system(organisation)
        self.chance = Chance(seed)
        self.country = world.country if world else Country()
        self.world = world
        # When volunteers went for good.
        self.quits: list[datetime] = []
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
        self._blows = Blows(world)
        self._events: list[tuple[datetime, tuple[Any, ...], int, Callable[[], None]]] = []
        self._counter = count()
        self._read: dict[UUID, datetime] = {}
        self._read_until = clock.now()
        self._team = coordination.Team(self)
        self.lasting = Lasting(self)

    def at(self, moment: datetime, what: tuple[Any, ...], act: Callable[[], None]) -> None:
        """Let something happen. `what` orders things of one moment, the same way in each run."""
        heapq.heappush(self._events, (moment, what, next(self._counter), act))

    def after(self, minutes: float, what: str) -> datetime:
        """So many minutes from now, or less where people do this faster."""
        return clock.now() + timedelta(minutes=minutes / self.speed[what])

    def asks_at(self, moment: datetime, number: int, wishes: Wishes = AS_ALWAYS) -> None:
        """Somebody reaches us then: request number so-and-so."""
        self.at(moment, ("ask", number), lambda: self.ask(number, wishes))

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
        happened = pulled = False
        while self._events and self._events[0][0] <= now:
            heapq.heappop(self._events)[3]()
            happened = True
        if (due := next_due()) is not None and due <= now:
            self.pull()
            self.read_messages()
            happened = pulled = True
        if happened:
            self._team.look()
        if pulled:
            self.lasting.look()

    def pull(self) -> None:
        """What a worker does, until there is nothing left to do."""
        for _ in range(MOST_PULLS):
            found = [puller.function() for puller in background.PULLERS.values()]
            # What is due stands in one statement, so that nobody need be asked once more.
            if not any(found) or (due := next_due()) is None or due > clock.now():
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

    def ask(self, number: int, wishes: Wishes = AS_ALWAYS) -> None:
        """Somebody calls or fills in the form."""
        asking = invented.asking(self.country, self.chance, number, wishes)
        actor = self.operator if asking.by_phone else system(self.organisation)
        asker = people.record_person(organisation=self.organisation, who=asking.asker)
        person = asker
        if asking.person != asking.asker:
            person = people.record_person(organisation=self.organisation, who=asking.person)
        contact = intake.record_contact(
            actor=actor,
            person=asker,
            channel=Contact.Channel.PHONE if asking.by_phone else Contact.Channel.WEB,
            consent=invented.CONSENT,
            consent_spoken=asking.by_phone,
        )
        opened = cases.open_case(
            actor=actor, contact=contact, person=person, household=asking.household, wanted=[asking.wanted]
        )
        for request in opened.requests:
            self.requests[request.pk] = number
            self.lasting.asked(request, number)
            if asking.takes_back is not None:
                self._will_take_back(request, asking.takes_back, link(self.organisation, asker.pk))

    def _will_take_back(self, request: Any, minutes: float, actor: Actor) -> None:
        def take_back() -> None:
            request.refresh_from_db()
            if request.state in {request.State.OPEN, request.State.HUMAN} and not request.accepted:
                actions.end_request(actor=actor, request=request, closure=request.Closure.WITHDRAWN)

        self.at(self.after(minutes, "answer"), ("take back", self.requests[request.pk]), take_back)

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
        now, again = clock.now(), offer.request.reopened
        factor, late = self._blows.factor(who, now), self._blows.late(who, now)
        if offer.by_hand_of_id is not None:
            factor *= behaviour()["team"]["by_hand_factor"]
        factor *= self.lasting.factor(offer)
        asked = conduct.Asked(
            conduct.ready(self.chance.seed, who),
            float(offer.distance_m or 0),
            offer.volunteer.open_count,
            max(0, offer.volunteer.asked_count - 1),
            self._blows.offers_a_day(who, now),
            factor,
        )
        says, minutes = conduct.answer(self.chance.seed, who, what, again, asked, conduct.answering())
        if says == conduct.NOTHING:
            return
        moment = self._awake(self.after(minutes + late, "answer"), (who, what, again))
        if says == conduct.QUITS:
            self.at(moment, ("quit", who), lambda: self.leaves(offer.volunteer_id))
        else:
            word = "yes" if says == conduct.YES else "no"
            self.at(moment, ("answer", who, what), lambda: self.answer(token, word))

    def leaves(self, volunteer_id: UUID) -> None:
        """A volunteer has been asked too often, and goes for good."""
        volunteer = Volunteer.objects.select_related("person").get(pk=volunteer_id)
        if volunteer.state == Volunteer.State.ACTIVE:
            self.quits.append(clock.now())
            actions.volunteer_leaves(actor=link(self.organisation, volunteer.person_id), volunteer=volunteer)

    def _awake(self, moment: datetime, key: tuple[int, int, int]) -> datetime:
        org = self.organisation
        wakes = hours.after_quiet(moment, org.quiet_from, org.quiet_until, org.zone)
        if wakes == moment:
            return moment
        return wakes + timedelta(minutes=conduct.wakes_after(self.chance.seed, *key))

    def _numbers(self, offer: Offer) -> tuple[int, int]:
        """The numbers of volunteer and request; newcomers get the next ones."""
        who = self.volunteers.setdefault(offer.volunteer_id, len(self.volunteers))
        return who, self.number(offer.request_id)

    def number(self, request_id: UUID) -> int:
        """The number of a request: of the one who asked, of its day in a series, or the next one that is free."""
        if request_id not in self.requests:
            again = self.lasting.number(request_id)
            self.requests[request_id] = 100_000 + len(self.requests) if again is None else again
        return self.requests[request_id]

    def who(self, assignment: Assignment) -> int:
        """The number of the volunteer who goes."""
        return self.volunteers.setdefault(assignment.volunteer_id, len(self.volunteers))

    def in_office(self, moment: datetime) -> datetime:
        """The moment itself, or shortly after the team's hours begin."""
        org = self.organisation
        if self.day_and_night or hours.is_within(moment, org.opens, org.closes, org.zone):
            return moment
        return hours.next_time(moment, org.opens, org.zone) + OPENED

    def awake(self, moment: datetime) -> datetime:
        """The moment itself, or shortly after the quiet hours are over."""
        org = self.organisation
        wakes = hours.after_quiet(moment, org.quiet_from, org.quiet_until, org.zone)
        return moment if wakes == moment else wakes + OPENED

    def answer(self, token: str, says: str) -> None:
        """The volunteer opens the link and answers."""
        offer = access.offer_to_answer(token)
        who, what = self._numbers(offer)
        again = offer.request.reopened
        actor = link(self.organisation, offer.volunteer.person_id)
        if says == "no":
            reason = self.chance.of("says", who, what, again).choice(
                [reason.value for reason in Offer.Decline]
            )
            matching.decline_offer(actor=actor, offer=offer, reason=reason)
            return
        times = rules.times_to_choose(offer.request, clock.now())
        which = conduct.which_time(self.chance.seed, who, what, again, len(times)) if times else 0
        window = times[which] if times else None
        answer = actions.accept_offer(actor=actor, offer=offer, window=window)
        if answer.result == Result.YOURS and answer.assignment is not None:
            self.plan_visit(answer.assignment, actor)
            self.lasting.accepted(answer.assignment, actor)

    # Visits

    def plan_visit(self, assignment: Assignment, actor: Actor) -> None:
        """How the visit of an assignment will go."""
        who, what = key = self._numbers(assignment.offer)
        begins = max(0.0, (assignment.comes_from - clock.now()).total_seconds() / 60)
        course = conduct.visit(self.chance.seed, who, what, assignment.request.reopened, begins)
        self.lasting.goes(assignment, actor, course)
        may_leave = assignment.state == Assignment.State.ACCEPTED and not assignment.request.remote
        if course.leaves is not None and may_leave:
            self.at(
                self.after(course.leaves, "visit"), ("leave", *key), lambda: self.leave(assignment, actor)
            )
        if course.ends is None:
            return
        ends = self.after(course.ends, "visit")
        if course.failure:
            self.at(ends, ("fail", *key), lambda: self.fail(assignment, actor, course.failure))
        else:
            self.at(ends, ("done", *key), lambda: self.done(assignment, actor))

    def leave(self, assignment: Assignment, actor: Actor) -> None:
        """The volunteer sets out."""
        actions.on_my_way(actor=actor, assignment=assignment)

    def fail(self, assignment: Assignment, actor: Actor, failure: str) -> None:
        """It did not work."""
        actions.could_not(actor=actor, assignment=assignment, failure=failure)

    def done(self, assignment: Assignment, actor: Actor) -> None:
        """It is done."""
        ended = actions.done(actor=actor, assignment=assignment)
        if ended.state == Assignment.State.DONE:
            self.lasting.done(ended, actor)


def arrivals(chance: Chance, day: datetime, numbers: range) -> list[tuple[datetime, int]]:
    """When the requests with these numbers come in on the day that begins at `day`, in the order of time."""
    weights = {int(hour): float(share) for hour, share in behaviour()["asking"]["by_hour"].items()}
    moments = []
    for number in numbers:
        draw = chance.of("arrival", number)
        (hour,) = draw.choices(list(weights), list(weights.values()))
        moments.append(day + timedelta(hours=hour, seconds=draw.uniform(0, 3600)))
    return list(zip(sorted(moments), numbers, strict=True))
