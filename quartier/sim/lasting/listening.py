"""The listening programme: who is trained, who wishes to be called, who is brought together, and how it ends."""

import random
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from quartier.alerts import actions as alerts
from quartier.alerts.models import Alert
from quartier.cases.models import Request
from quartier.companions import actions, queries, rules
from quartier.companions.actions.listeners import Listening as Room
from quartier.companions.actions.pairing import Ending, Wanted
from quartier.companions.models import CallWish, Listener, Pairing
from quartier.lib import choices, clock, rhythm
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.people.models import Volunteer
from quartier.sim import names
from quartier.sim import scenario as scenarios
from quartier.sim.behaviour import behaviour, lognormal
from quartier.sim.lasting import said
from quartier.sim.lasting.calls import Calls
from quartier.team.access import Actor, of_account
from quartier.team.models import Role

if TYPE_CHECKING:
    from quartier.sim.crisis import Crisis

TALK = "talk"
BEGINS_AT = time(9)
# One supervisor looks after so many listeners; each of these calls so many people.
LISTENERS_EACH, CAPACITY = 12, 3
# Nobody fits: looked at again after this, so often.
AGAIN, TRIES = timedelta(days=1), 30
# Somebody of the team has an alert so many minutes after it was raised, and closes it so many later.
TAKES_MIN, CLOSES_MIN = 4.0, 40.0
# Listeners and supervisor speak with each other every so many weeks.
MEETS_WEEKS = 3
# What the hours of a week are to those who wish a call: by day they are at home.
AT_HOME = {0: 0.6, 1: 0.7, 2: 0.3}


class Listening:
    """The programme of one crisis. `supervisors`: the accounts, as actors; `meetings`: how many took place."""

    def __init__(self, crisis: "Crisis", told: scenarios.Listening) -> None:
        self._crisis, self._told = crisis, told
        zone = crisis.organisation.zone
        self.begins = datetime.combine(told.first, BEGINS_AT, tzinfo=zone)
        self.ends = datetime.combine(told.until, time(), tzinfo=zone)
        self.supervisors: list[Actor] = []
        self.meetings = 0
        self.runs = False
        # Numbers in the order of their beginning, for chance.
        self._listeners: dict[UUID, int] = {}
        self._pairs: dict[UUID, int] = {}
        self._wishes: dict[UUID, int] = {}
        self._alerts: set[UUID] = set()
        self._calls = Calls(crisis, self)
        crisis.at(self.begins, ("listening",), self._begin)

    def pair_number(self, pairing_id: UUID) -> int:
        """The number of a pairing."""
        return self._pairs[pairing_id]

    def supervisor_of(self, listener: Listener) -> Actor:
        """Who looks after a listener."""
        return next(each for each in self.supervisors if each.id == listener.supervisor_id)

    # Who listens

    def _begin(self) -> None:
        """Those who have passed the training are entered, and everything begins."""
        crisis, many = self._crisis, self._told.listeners
        for number in range(-(-many // LISTENERS_EACH)):
            draw = crisis.chance.of("supervisor", number)
            who = Who(
                names.name(draw, "nl" if number % 2 else "fr"),
                email=f"supervisor{number}@example.org",
                channel="email",
            )
            account = people.create_account(
                organisation=crisis.organisation, who=who, roles=[Role.Name.SUPERVISOR]
            )
            self.supervisors.append(of_account(account))
        for place, volunteer in enumerate(self._trained(many)):
            self._train(place, volunteer)
        self.runs = True
        self._calls.plan_day()
        self._meet()

    def _trained(self, many: int) -> list[Volunteer]:
        """Volunteers who offer to talk, drawn."""
        crisis = self._crisis
        there = Volunteer.objects.filter(
            organisation=crisis.organisation,
            state=Volunteer.State.ACTIVE,
            person__account__isnull=False,
        ).select_related("person__account")
        talk = choices.kind(TALK).mask
        able = [each for each in there if each.kinds & talk]
        able.sort(key=lambda each: crisis.chance.of("listens", crisis.volunteers[each.pk]).random())
        return able[:many]

    def _train(self, place: int, volunteer: Volunteer) -> None:
        supervisor = self.supervisors[place % len(self.supervisors)]
        draw = self._crisis.chance.of("listener", self._crisis.volunteers[volunteer.pk])
        account = volunteer.person.account
        assert account is not None
        today = self._told.first
        room = Room(volunteer.languages, volunteer.slots, _interests(draw), capacity=CAPACITY)
        listener = actions.record_training(
            actor=supervisor,
            account=account,
            passed_on=today - timedelta(days=1 + place % 3),
            good_until=today + rules.TRAINING_LASTS,
            listening=room,
        )
        self._listeners[listener.pk] = place

    def _meet(self) -> None:
        """Each week some listeners and their supervisor speak about how it goes."""
        crisis = self._crisis
        week = (clock.now() - self.begins).days // 7
        busy = Listener.objects.filter(stopped_at=None, pairings__state__in=Pairing.LIVE).distinct()
        today = clock.now().astimezone(crisis.organisation.zone).date()
        for listener in busy.select_related("organisation"):
            if self._listeners[listener.pk] % MEETS_WEEKS == week % MEETS_WEEKS:
                actions.meet(actor=self.supervisor_of(listener), listener=listener, on=today)
                self.meetings += 1
        crisis.at(clock.now() + timedelta(days=7), ("supervision",), self._meet)

    # Who is called

    def asked(self, request: Request, number: int) -> None:
        """Somebody has asked for a talk: perhaps they would like to be called regularly, once that is offered."""
        if request.kind != TALK:
            return
        crisis, figures = self._crisis, behaviour()["listening"]
        draw = crisis.chance.of("wishes", number)
        if draw.random() >= figures["wishes"]:
            return
        later = timedelta(days=draw.expovariate(1 / figures["wishes_days"]))
        at = crisis.in_office(max(clock.now(), self.begins) + later)
        crisis.at(at, ("wish", number), lambda: self._wish(request.pk, number, draw))

    def _wish(self, request_id: UUID, number: int, draw: random.Random) -> None:
        """One of the team tells her of it on the phone; she agrees to what is written down."""
        crisis = self._crisis
        request = Request.objects.select_related("case__person").get(pk=request_id)
        person = request.case.person
        if person.died_at or request.closure == Request.Closure.WITHDRAWN:
            return
        slots = sum(1 << bit for bit in range(21) if draw.random() < AT_HOME[bit % 3]) or 1
        wanted = Wanted(
            request.languages, slots, _interests(draw), words=said.in_language(said.WISH, person.language)
        )
        wish = actions.wish_for(
            actor=crisis.operator, case=request.case, person=person, wanted=wanted, request=request
        )
        self._wishes[wish.pk] = number
        self.look_for(wish.pk)

    def look_for(self, wish_id: UUID, tries: int = 0) -> None:
        """A supervisor will look who could call her."""
        crisis, number = self._crisis, self._wishes[wish_id]
        draw = crisis.chance.of("proposes", number, len(self._pairs), tries)
        hours = lognormal(draw, behaviour()["listening"]["proposes_hours"], 0.6)
        at = crisis.in_office(clock.now() + timedelta(hours=hours) + (AGAIN if tries else timedelta()))
        crisis.at(at, ("propose", number), lambda: self._propose(wish_id, tries))

    def _propose(self, wish_id: UUID, tries: int) -> None:
        wish = CallWish.objects.select_related("person", "organisation").get(pk=wish_id)
        if wish.state != CallWish.State.OPEN:
            return
        if wish.person.died_at:
            actions.close_wish(actor=self.supervisors[0], wish=wish)
            return
        found = queries.proposals(wish, limit=1000)
        if not found:
            if tries < TRIES:
                self.look_for(wish_id, tries + 1)
            return
        # The best; among equals, whoever was trained first.
        best = min(
            found, key=lambda one: (*(-int(each) for each in one.fit.rank), self._listeners[one.listener.pk])
        )
        pairing = actions.propose(actor=self.supervisor_of(best.listener), wish=wish, listener=best.listener)
        number = self._pairs[pairing.pk] = len(self._pairs)
        draw = self._crisis.chance.of("both", self._wishes[wish_id], self._listeners[best.listener.pk])
        figures, crisis = behaviour()["listening"], self._crisis
        listener = crisis.awake(clock.now() + timedelta(hours=lognormal(draw, figures["listener_hours"])))
        person = crisis.in_office(
            clock.now() + timedelta(hours=lognormal(draw, figures["person_hours"], 0.6))
        )
        yes, hers = draw.random() < figures["listener_yes"], draw.random() < figures["person_yes"]
        crisis.at(
            listener, ("listener", number), lambda: self._says(pairing.pk, draw, yes=yes, by_listener=True)
        )
        crisis.at(
            person, ("person", number), lambda: self._says(pairing.pk, draw, yes=hers, by_listener=False)
        )

    def _says(self, pairing_id: UUID, draw: random.Random, *, yes: bool, by_listener: bool) -> None:
        """The listener on their page, or she on the phone."""
        row = self._pairing(pairing_id)
        if row.state != Pairing.State.PROPOSED:
            return
        actor = of_account(row.listener.account) if by_listener else self._crisis.operator
        if not yes:
            actions.decline(actor=actor, pairing=row, by_listener=by_listener)
            self.look_for(row.wish_id)
            return
        agree = actions.agree_listener if by_listener else actions.agree_person
        if agree(actor=actor, pairing=row).state == Pairing.State.AGREED:
            self._agreed(row, draw)

    def _agreed(self, row: Pairing, draw: random.Random) -> None:
        """They agree on when: once or twice a week, at an hour that suits both."""
        common = row.wish.slots & row.listener.slots
        slots = [bit for bit in range(21) if common & 1 << bit]
        first = draw.choice(slots)
        twice = draw.random() < behaviour()["listening"]["twice_a_week"]
        same_hour = sorted({bit // 3 for bit in slots if bit % 3 == first % 3})
        days = {first // 3}
        if twice and len(same_hour) > 1:
            days.add(same_hour[(same_hour.index(first // 3) + (len(same_hour) + 1) // 2) % len(same_hour)])
        opens, closes = choices.PARTS[first % 3][1:]
        hour = draw.randrange(max(opens, 9), min(closes, 20))
        actions.begin(
            actor=of_account(row.listener.account),
            pairing=row,
            rhythm=_weekly(days),
            first_day=self.today() + timedelta(days=1),
            at=time(hour, draw.choice([0, 15, 30, 45])),
        )

    # What comes up

    def look(self) -> None:
        """Alerts are taken, and where a listener is gone another one is looked for."""
        if not self.runs:
            return
        crisis = self._crisis
        fresh = Alert.objects.filter(organisation=crisis.organisation, state=Alert.State.OPEN)
        for pk in fresh.order_by("raised_at").values_list("pk", flat=True):
            if pk not in self._alerts:
                self._alerts.add(pk)
                draw = crisis.chance.of("alert", len(self._alerts))
                at = crisis.after(lognormal(draw, TAKES_MIN), "team")
                done = at + timedelta(minutes=lognormal(draw, CLOSES_MIN))
                crisis.at(at, ("alert",), lambda pk=pk: self._take(pk))  # type: ignore[misc]
                crisis.at(done, ("alert is over",), lambda pk=pk: self._close(pk))  # type: ignore[misc]
        gone = Pairing.objects.filter(state__in=Pairing.LIVE, listener_gone_at__isnull=False)
        for pk in sorted(gone.values_list("pk", flat=True), key=self.pair_number):
            row = self._pairing(pk)
            self.end(row, self.supervisor_of(row.listener), Pairing.Why.LISTENER)

    def _take(self, alert_id: UUID) -> None:
        alerts.take(actor=self._crisis.coordinator, alert_id=alert_id)

    def _close(self, alert_id: UUID) -> None:
        """She was called, or somebody went there."""
        alerts.close(
            actor=self._crisis.coordinator, alert_id=alert_id, words="Called; a neighbour was there."
        )

    def end(self, row: Pairing, actor: Actor, why: str, goodbye_on: date | None = None) -> None:
        """It is over; where the listener stops, another one is looked for."""
        after = {Pairing.Why.LISTENER: Pairing.Next.ANOTHER, Pairing.Why.REFERRED: Pairing.Next.REFERRAL}
        ending = Ending(why, after.get(Pairing.Why(why), Pairing.Next.NOTHING), goodbye_on)
        actions.end(actor=actor, pairing=row, ending=ending)
        if ending.what_next == Pairing.Next.ANOTHER:
            self.look_for(row.wish_id)

    def today(self) -> date:
        """The day where the line is."""
        return clock.now().astimezone(self._crisis.organisation.zone).date()

    def _pairing(self, pairing_id: UUID) -> Pairing:
        return Pairing.objects.select_related(
            "organisation", "wish__person", "wish__case", "listener__account__person"
        ).get(pk=pairing_id)


def _interests(draw: random.Random) -> int:
    return sum(each.mask for each in draw.sample(rules.INTERESTS, draw.randint(2, 5)))


def _weekly(days: set[int]) -> rhythm.Rhythm:
    return rhythm.Rhythm(rhythm.Unit.WEEK, 1, tuple(sorted(days)))
