"""The calendar of the team: who comes when to whom, what comes again, and where nobody comes yet. Reads only."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q
from django.utils.translation import get_language

from quartier.cases.models import Request, Series
from quartier.lib import choices, clock, rhythm
from quartier.people.models import Away, Volunteer
from quartier.places.queries import names_of_areas
from quartier.team.models import Organisation
from quartier.visits.models import Assignment, Regular

A_DAY = timedelta(days=1)
# A calendar with more than this nobody reads: a neighbourhood is to be chosen.
MOST = 600


@dataclass(frozen=True)
class Entry:
    """One line of a day. `state`: that of the visit; `gap`, where `missing` more neighbours are needed; or `planned`, a
    time of a series that has no request yet: neighbours are asked five days before."""

    start: datetime
    end: datetime
    kind: choices.Kind
    name: str
    area: int
    state: str
    request: UUID | None = None
    series: UUID | None = None
    who: tuple[tuple[UUID, str], ...] = ()
    missing: int = 0

    @property
    def is_gap(self) -> bool:
        return self.missing > 0


@dataclass
class Calendar:
    """The days asked for, each with its lines in their order; whom and where one can choose; whether there was more
    than is shown."""

    days: list[tuple[date, list[Entry]]]
    places: list[tuple[int, str]] = field(default_factory=list)
    volunteers: list[tuple[UUID, str]] = field(default_factory=list)
    more: bool = False

    @property
    def gaps(self) -> int:
        """How often somebody is still missing."""
        return sum(one.state == "gap" for _day, entries in self.days for one in entries)


def midnight(day: date, organisation: Organisation) -> datetime:
    """When a day begins where the organisation is; a day on which clocks change has 23 or 25 hours."""
    return datetime.combine(day, time.min, tzinfo=organisation.zone)


def calendar(
    organisation: Organisation,
    first: date,
    days: int,
    *,
    area: int | None = None,
    volunteer: UUID | None = None,
) -> Calendar:
    """Everything of these days. The same number of queries however much there is."""
    start, end = midnight(first, organisation), midnight(first + days * A_DAY, organisation)
    found = [
        *_visits(organisation, start, end),
        *_gaps(organisation, start, end),
        *_planned(organisation, first, first + (days - 1) * A_DAY),
    ]
    more = len(found) > MOST
    names = names_of_areas({one.area for one in found}, get_language() or "en")
    places = sorted(
        {(one.area, names[one.area]) for one in found if names.get(one.area)}, key=lambda one: one[1]
    )
    people = dict(each for one in found for each in one.who)
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for one in sorted(found, key=lambda one: (one.start, one.end, one.name)):
        if (area and one.area != area) or (volunteer and volunteer not in dict(one.who)):
            continue
        by_day[max(one.start, start).astimezone(organisation.zone).date()].append(one)
    shown = [(first + number * A_DAY, by_day[first + number * A_DAY]) for number in range(days)]
    return Calendar(
        [(day, entries[:MOST]) for day, entries in shown],
        places,
        sorted(people.items(), key=lambda one: one[1]),
        more,
    )


def _visits(organisation: Organisation, start: datetime, end: datetime) -> Iterator[Entry]:
    """What was promised, and how it went. Two queries: each reads an index of its own."""
    rows = Assignment.objects.filter(organisation=organisation).select_related(
        "request__case__person", "volunteer__person"
    )
    active = rows.filter(state__in=Assignment.ACTIVE, comes_until__gt=start, comes_from__lt=end)
    over = rows.filter(
        state__in=[Assignment.State.DONE, Assignment.State.FAILED],
        ended_at__gte=start - A_DAY,
        ended_at__lt=end + A_DAY,
        comes_from__gte=start,
        comes_from__lt=end,
    )
    for part in (active, over):
        for visit in part.order_by("comes_from")[: MOST + 1]:
            asked = visit.request
            yield Entry(
                visit.comes_from,
                visit.comes_until,
                choices.kind(asked.kind),
                asked.case.person.name,
                asked.area,
                visit.state,
                asked.pk,
                asked.series_id,
                ((visit.volunteer_id, visit.volunteer.person.name),),
            )


def _gaps(organisation: Organisation, start: datetime, end: datetime) -> Iterator[Entry]:
    """Where somebody is missing: on the day on which it must be done at the latest. One query."""
    rows = Request.objects.filter(
        organisation=organisation,
        state__in=[Request.State.OPEN, Request.State.HUMAN],
        # What is over is no gap any more: nobody can fill it.
        window_until__gt=max(start, clock.now()),
        window_until__lte=end,
    ).select_related("case__person")
    for asked in rows.order_by("window_until")[: MOST + 1]:
        zone = organisation.zone
        last = (asked.window_until - timedelta(minutes=1)).astimezone(zone).date()
        begins = max(asked.window_from, midnight(last, organisation))
        yield Entry(
            begins,
            asked.window_until,
            choices.kind(asked.kind),
            asked.case.person.name,
            asked.area,
            "gap",
            asked.pk,
            asked.series_id,
            missing=max(asked.needed - asked.accepted, 1),
        )


def _planned(organisation: Organisation, first: date, last: date) -> Iterator[Entry]:
    """Times of series that have no request yet, with who comes each time. Five queries."""
    runs = Q(state=Series.State.RUNNING) | Q(state=Series.State.PAUSED, paused_until__lte=last)
    regulars = (
        Regular.objects.filter(ended_at=None, volunteer__state=Volunteer.State.ACTIVE)
        .select_related("volunteer__person")
        .prefetch_related("not_on")
        .order_by("since", "pk")
    )
    rows = (
        Series.objects.filter(runs, organisation=organisation, first_day__lte=last)
        .filter(Q(last_day=None) | Q(last_day__gte=first), Q(made_until=None) | Q(made_until__lt=last))
        .select_related("case__person", "organisation")
        .prefetch_related("left_out", Prefetch("regulars", regulars, to_attr="who"))
        .order_by("pk")
    )
    away = list(
        Away.objects.filter(organisation=organisation, starts_on__lte=last, ends_on__gte=first).values_list(
            "volunteer", "starts_on", "ends_on"
        )
    )
    for series in rows[: MOST + 1]:
        out = {each.day for each in series.left_out.all()}
        for day in _days(series, first, last):
            if day not in out:
                yield _time_of(series, day, away)


def _days(series: Series, first: date, last: date) -> Iterator[date]:
    """Its days in this time that have no request yet."""
    since = first - A_DAY
    if series.made_until:
        since = max(since, series.made_until)
    if series.state == Series.State.PAUSED and series.paused_until:
        since = max(since, series.paused_until - A_DAY)
    for day in series.rhythm.after(series.first_day, since, series.last_day):
        if day > last:
            return
        yield day


def _time_of(series: Series, day: date, away: list[tuple[UUID, date, date]]) -> Entry:
    gone = {volunteer for volunteer, since, until in away if since <= day <= until}
    who = tuple(
        (each.volunteer_id, each.volunteer.person.name)
        for each in series.who  # type: ignore[attr-defined]
        if each.volunteer_id not in gone and day not in {no.day for no in each.not_on.all()}
    )[: series.needed]
    start, end = rhythm.times(day, series.starts, series.ends, series.organisation.zone)
    return Entry(
        start,
        end,
        choices.kind(series.kind),
        series.case.person.name,
        series.case.area,
        "planned",
        series=series.pk,
        who=who,
        missing=max(series.needed - len(who), 0),
    )
