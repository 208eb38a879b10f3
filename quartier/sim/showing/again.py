"""Help that comes again: households with a neighbour of their own, whose visits take place day by day."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from quartier.cases import actions as cases
from quartier.cases.models import Request, Series
from quartier.cases.rules import NotPossible
from quartier.intake import actions as intake
from quartier.intake.models import Contact
from quartier.lib import clock, rhythm
from quartier.matching import actions as matching
from quartier.matching import queries
from quartier.people import actions as people
from quartier.people.models import Volunteer
from quartier.sim import people as invented
from quartier.sim.population import Wishes
from quartier.team.access import link
from quartier.visits import actions as visits
from quartier.visits.models import Assignment, Regular

if TYPE_CHECKING:
    from quartier.sim.showing.shown import Shown

# What they need, by what rhythm, and from which hour on; a number of its own for each, far from those who ask once.
HOUSEHOLDS = (
    ("groceries", "week", 10), ("groceries", "week", 14), ("groceries", "week", 9), ("dog", "week", 17),
    ("groceries", "weeks2", 15), ("pharmacy", "week", 11), ("groceries", "week", 16), ("papers", "weeks2", 10),
    ("groceries", "week", 11), ("transport", "week", 13),
)  # fmt: skip
FIRST_NUMBER = 60_000
FARTHEST_M = 15_000


class Again:
    """Those to whom somebody comes each time."""

    def __init__(self, shown: "Shown") -> None:
        self._shown = shown

    def begin(self, first: datetime, count: int) -> None:
        """So many households ask on the first days."""
        for place in range(min(count, len(HOUSEHOLDS))):
            moment = first + timedelta(hours=9 + place)
            self._shown.at(moment, ("again", place), partial(self._asks, place))
        self._shown.at(self._shown.ends - timedelta(hours=15), ("away",), self._is_away)

    def _asks(self, place: int) -> None:
        shown, (kind, often, hour) = self._shown, HOUSEHOLDS[place]
        number = FIRST_NUMBER + place
        asking = invented.asking(shown.country, shown.chance, number, Wishes(kinds={kind: 1}))
        zone = shown.organisation.zone
        day = clock.now().astimezone(zone).date() + timedelta(days=1 + place % 6)
        starts, ends = rhythm.times(day, time(hour), time(hour + 2), zone)
        wanted = replace(
            asking.wanted,
            urgency="week",
            window_from=starts,
            window_until=ends,
            rhythm=rhythm.simple(often, day),
        )
        person = people.record_person(organisation=shown.organisation, who=asking.person)
        contact = intake.record_contact(
            actor=shown.operator,
            person=person,
            channel=Contact.Channel.PHONE,
            consent="simulated",
            consent_spoken=True,
        )
        household = replace(asking.household, relation="", tell_asker=False)
        opened = cases.open_case(
            actor=shown.operator, contact=contact, person=person, household=household, wanted=[wanted]
        )
        request = opened.requests[0]
        shown.requests[request.pk] = number
        if kind == "groceries":
            shown.write_list(request, number)
        if place == 1:
            return  # Neighbours are asked anew each time.
        assignment = self._finds(request)
        if assignment is not None and request.series is not None:
            if place == 0:
                shown.money.odd = assignment.volunteer_id
            self._goes_each_time(request.series, day)

    def _finds(self, request: Request) -> Assignment | None:
        """A neighbour near by says yes, and will come each time."""
        shown = self._shown
        if request.state == Request.State.HUMAN:
            request = cases.look_again(actor=shown.coordinator, request=request)
        for found in queries.nearest(request, limit=6, radius_m=FARTHEST_M, budget=None):
            volunteer = Volunteer.objects.select_related("person").get(pk=found.volunteer_id)
            actor = link(shown.organisation, volunteer.person_id)
            try:
                offer = matching.offer_by_hand(actor=shown.coordinator, request=request, volunteer=volunteer)
                answer = visits.accept_offer(actor=actor, offer=offer)
                if answer.assignment is None:
                    continue
                visits.come_every_time(actor=actor, assignment=answer.assignment)
            except NotPossible:
                continue
            return answer.assignment
        return None

    def _goes_each_time(self, series: Series, first: date) -> None:
        zone = self._shown.organisation.zone
        last = self._shown.ends.astimezone(zone).date()
        for day in [first, *series.rhythm.after(first, first, last)]:
            _start, end = rhythm.times(day, series.starts, series.ends, zone)
            moment = end - timedelta(minutes=20)
            if moment < self._shown.ends:
                act = partial(self._goes, series, day)
                self._shown.at(moment, ("goes", str(series.pk), day), act)

    def _goes(self, series: Series, day: date) -> None:
        for assignment in Assignment.objects.filter(
            request__series=series, request__day=day, state__in=Assignment.ACTIVE
        ).select_related("request__case__person", "offer__request", "offer__volunteer", "volunteer__person"):
            actor = link(self._shown.organisation, assignment.volunteer.person_id)
            if assignment.told_at is None:
                visits.told(actor=self._shown.operator, assignment=assignment)
            visits.on_my_way(actor=actor, assignment=assignment)
            self._shown.done(assignment, actor)

    def _is_away(self) -> None:
        """One of them cannot come next time: somebody else is looked for."""
        coming = Regular.objects.filter(organisation=self._shown.organisation, ended_at=None)
        for regular in coming.select_related("volunteer").order_by("since")[2:3]:
            days = cases.days_ahead(regular.series, 1)
            if days:
                with suppress(NotPossible):
                    actor = link(self._shown.organisation, regular.volunteer.person_id)
                    visits.not_this_time(actor=actor, regular=regular, day=days[0])
