"""Help that comes again: who asks for it, who comes each time, who cannot this once, how it rests and ends."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from quartier.cases import actions as cases
from quartier.cases.models import Case, Request, Series
from quartier.cases.rules import NotPossible, Wanted
from quartier.intake import actions as intake
from quartier.intake.models import Contact
from quartier.lib import clock, rhythm
from quartier.matching.models import Offer
from quartier.sim import people as invented
from quartier.sim.behaviour import behaviour, lognormal
from quartier.sim.lasting import said
from quartier.team.access import Actor, link
from quartier.visits import actions as visits
from quartier.visits.models import Assignment, Regular

if TYPE_CHECKING:
    from quartier.sim.crisis import Crisis

# The requests of the series of request number n have the numbers from here on: FROM + n * WEEKS, one a week.
FROM, WEEKS = 10_000_000, 100
KIND = "groceries"
# From when until when somebody may come, in whole hours: as long after the hour of the first visit.
EARLIEST, LATEST, LASTS = 9, 17, 3
# Somebody asks for it so long after the first visit (minutes, median).
ASKS_MIN = 90.0
A_WEEK = timedelta(days=7)
LATE = timedelta(seconds=10)


class Again:
    """Series of one crisis. `not_this_time`, `rested`, `handed_over`: how often."""

    def __init__(self, crisis: "Crisis") -> None:
        self._crisis = crisis
        # By series: the number of the request out of which it grew, and its first day.
        self._known: dict[UUID, tuple[int, date]] = {}
        self._asked: set[int] = set()
        self._seen: set[UUID] = set()
        self._since = clock.now()
        self._regulars = 0
        self.not_this_time = self.rested = self.handed_over = 0
        # The first day of which nothing is counted any more: everything is handed over.
        self.until: date | None = None

    def number(self, request_id: UUID) -> int | None:
        """The number of a day of a series; `None` for any other request."""
        row = Request.objects.filter(pk=request_id).values_list("series", "day").first()
        if row is None or row[0] not in self._known:
            return None
        number, first = self._known[row[0]]
        day = row[1] or first
        return FROM + number * WEEKS + (day - first).days // 7

    def factor(self, offer: Offer) -> float:
        """Who has been there says yes more readily."""
        if offer.request.series_id is None:
            return 1.0
        been = Assignment.objects.filter(
            volunteer=offer.volunteer_id, request__case=offer.request.case_id, state=Assignment.State.DONE
        )
        return float(behaviour()["again"]["knows_her_factor"]) if been.exists() else 1.0

    def done(self, assignment: Assignment, actor: Actor) -> None:
        """Groceries were brought: perhaps they are wanted every week, or not any more."""
        request, crisis = assignment.request, self._crisis
        what = crisis.number(request.pk)
        if request.series_id is not None:
            self._goes_on(request, what)
        elif request.kind == KIND and what not in self._asked:
            self._asked.add(what)
            draw = crisis.chance.of("weekly", what)
            if draw.random() < behaviour()["again"]["weekly"]:
                at = crisis.in_office(crisis.after(lognormal(draw, ASKS_MIN), "visit"))
                came = assignment.comes_from
                crisis.at(at, ("weekly", what), lambda: self._begin(request.pk, what, came))

    def _begin(self, request_id: UUID, what: int, came: datetime) -> None:
        """She calls: every week, please, on that day and about that time."""
        crisis = self._crisis
        if self.until is not None:
            return  # whoever goes on with all of it hears of this too
        first = Request.objects.get(pk=request_id)
        case = Case.objects.select_related("person", "asked_by", "organisation").get(pk=first.case_id)
        zone = crisis.organisation.zone
        local = came.astimezone(zone)
        day = max(local.date(), clock.now().astimezone(zone).date()) + A_WEEK
        day -= timedelta(days=(day - local.date()).days % 7)
        hour = min(max(local.hour, EARLIEST), LATEST)
        start, end = rhythm.times(day, time(hour), time(hour + LASTS), zone)
        if case.person.died_at or start <= clock.now():
            return
        contact = intake.record_contact(
            actor=crisis.operator,
            person=case.asked_by,
            channel=Contact.Channel.PHONE,
            consent=invented.CONSENT,
            consent_spoken=True,
        )
        things = said.shopping(crisis.chance.of("list", what), case.person.language)
        wanted = Wanted(
            KIND,
            first.languages,
            details="\n".join(things),
            urgency=Request.Urgency.WEEK,
            window_from=start,
            window_until=end,
            rhythm=rhythm.simple("week", day),
        )
        (request,) = cases.add_requests(actor=crisis.operator, case=case, contact=contact, wanted=[wanted])
        assert request.series_id
        self._known[request.series_id] = (what, day)

    def accepted(self, assignment: Assignment, actor: Actor) -> None:
        """Who goes for a series may say that they will come each time."""
        request = assignment.request
        if request.series_id is None:
            return
        draw = self._crisis.chance.of(
            "each time", self._crisis.number(request.pk), self._crisis.who(assignment)
        )
        if draw.random() < behaviour()["again"]["each_time"]:
            try:
                visits.come_every_time(actor=actor, assignment=assignment)
            except NotPossible:
                return
            self._regulars += 1

    def look(self) -> None:
        """Who comes each time has got the days that the worker has opened, and keeps them in mind."""
        if not self._regulars:
            return
        fresh = Assignment.objects.filter(
            regular=True, state=Assignment.State.ACCEPTED, accepted_at__gte=self._since - LATE
        ).select_related("offer__volunteer", "offer__request", "request", "volunteer")
        self._since = clock.now()
        found = [each for each in fresh if each.pk not in self._seen]
        self._seen.update(each.pk for each in found)
        for each in sorted(found, key=lambda one: self._crisis.number(one.request_id)):
            actor = link(self._crisis.organisation, each.volunteer.person_id)
            self._crisis.plan_visit(each, actor)
            self._perhaps_not(each, actor)

    def _perhaps_not(self, assignment: Assignment, actor: Actor) -> None:
        crisis, what = self._crisis, self._crisis.number(assignment.request_id)
        draw = crisis.chance.of("not this time", what)
        if draw.random() >= behaviour()["again"]["not_this_time"]:
            return
        ahead = (assignment.comes_from - clock.now()).total_seconds() / 60
        at = crisis.awake(crisis.after(ahead * draw.uniform(0.1, 0.8), "visit"))
        crisis.at(at, ("not this time", what), lambda: self._not_this_time(assignment, actor))

    def _not_this_time(self, assignment: Assignment, actor: Actor) -> None:
        request = assignment.request
        regular = Regular.objects.filter(
            series=request.series_id, volunteer=assignment.volunteer_id, ended_at=None
        ).first()
        promised = Assignment.objects.filter(pk=assignment.pk, state=Assignment.State.ACCEPTED).exists()
        if regular is None or not promised or request.day is None:
            return
        visits.not_this_time(actor=actor, regular=regular, day=request.day)
        self.not_this_time += 1

    def _goes_on(self, request: Request, what: int) -> None:
        """After a visit of a series: it ends, it rests, or it goes on."""
        crisis, figures = self._crisis, behaviour()["again"]
        draw = crisis.chance.of("goes on", what)
        moment = crisis.in_office(crisis.after(lognormal(draw, ASKS_MIN), "visit"))
        chance, series = draw.random(), request.series_id
        assert series is not None
        if chance < figures["dies"]:
            moment += timedelta(days=draw.uniform(0, 6))
            crisis.at(moment, ("dies", what), lambda: self._dies(request.case_id))
        elif chance < figures["dies"] + figures["ends"]:
            crisis.at(moment, ("series ends", what), lambda: self._ends(series))
        elif chance < figures["dies"] + figures["ends"] + figures["rests"]:
            crisis.at(moment, ("series rests", what), lambda: self._rests(series))

    def _dies(self, case_id: UUID) -> None:
        """A daughter calls: she has died."""
        case = Case.objects.select_related("person", "organisation").get(pk=case_id)
        visits.person_died(actor=self._crisis.coordinator, case=case)

    def _ends(self, series_id: UUID) -> None:
        series = Series.objects.get(pk=series_id)
        if series.state != Series.State.ENDED:
            visits.end_series(actor=self._crisis.operator, series=series)

    def _rests(self, series_id: UUID) -> None:
        series = Series.objects.select_related("organisation").get(pk=series_id)
        if series.state == Series.State.RUNNING:
            today = clock.now().astimezone(series.organisation.zone).date()
            until = today + timedelta(days=int(behaviour()["again"]["rests_days"]))
            visits.pause_series(actor=self._crisis.operator, series=series, until=until)
            self.rested += 1

    def hand_over(self) -> None:
        """Somebody else goes on with all of it: as in the summer of 2020."""
        self.until = clock.now().astimezone(self._crisis.organisation.zone).date()
        going = Series.objects.filter(organisation=self._crisis.organisation).exclude(
            state=Series.State.ENDED
        )
        for series in going.order_by("pk"):
            visits.end_series(actor=self._crisis.coordinator, series=series)
            self.handed_over += 1
