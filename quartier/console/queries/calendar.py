"""The calendar of the team: who comes when to whom, what comes again, and where nobody comes yet. Reads only."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import get_language

from quartier.cases.models import Request, Series
from quartier.console.compass import told_apart
from quartier.lib import choices, clock, rhythm
from quartier.people.models import Away, Person, Volunteer
from quartier.places.queries import names_of_areas
from quartier.team.models import Organisation
from quartier.visits.models import Assignment, Regular
from quartier.visits.rules import LONGEST_WAIT

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
    # Nothing is still to come but its end: no hour of the day at which it begins.
    is_deadline: bool = False

    @property
    def is_gap(self) -> bool:
        return self.missing > 0

    @property
    def ends_day(self) -> bool:
        """Whether it ends at midnight."""
        return timezone.localtime(self.end).time() == time.min

    @property
    def sorts_by(self) -> tuple[datetime, datetime, str]:
        """A deadline stands where it ends: it is no appointment at the hour at which its day begins."""
        return (self.end if self.is_deadline else self.start, self.end, self.name)


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

    @property
    def planned_alone(self) -> int:
        """How many times of series have nobody who comes each time, and are not asked for yet."""
        return sum(one.state == "planned" and one.is_gap for _day, entries in self.days for one in entries)


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
    names = told_apart(names_of_areas({one.area for one in found}, get_language() or "en"))
    places = sorted(
        {(one.area, names[one.area]) for one in found if names.get(one.area)}, key=lambda one: one[1]
    )
    people = dict(each for one in found for each in one.who)
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for one in sorted(found, key=lambda one: one.sorts_by):
        if (area and one.area != area) or (volunteer and volunteer not in dict(one.who)):
            continue
        by_day[max(one.start, start).astimezone(organisation.zone).date()].append(one)
    shown = [(first + number * A_DAY, by_day[first + number * A_DAY]) for number in range(days)]
    return Calendar(
        [(day, entries[:MOST]) for day, entries in shown],
        places,
        sorted(_people_apart(people).items(), key=lambda one: one[1]),
        more,
    )


def _people_apart(people: dict[UUID, str]) -> dict[UUID, str]:
    """Names of volunteers; where two have one name with the place, and where they live in one place with the end of
    their number or address. One query, where two have one name."""
    twice = _more_than_once(people)
    if not twice:
        return people
    rows = Volunteer.objects.filter(pk__in=twice).select_related("person").order_by("created_at", "pk")
    alike = {row.pk: row.person for row in rows}
    homes = {row.pk: f"{people[row.pk]}, {row.postcode} {row.place_name}".rstrip(", ") for row in rows}
    reach = {pk: f"{homes[pk]} ({_end_of(alike[pk])})" for pk in _more_than_once(homes) if _end_of(alike[pk])}
    said = people | homes | reach
    # Nothing is known that tells them apart: in the order in which they joined.
    still: dict[str, int] = {}
    apart: dict[UUID, str] = {}
    for pk in _more_than_once(said, alike):
        still[said[pk]] = number = still.get(said[pk], 0) + 1
        apart[pk] = f"{said[pk]} ({number})"
    return said | apart


def _more_than_once(names: dict[UUID, str], order: Iterable[UUID] = ()) -> list[UUID]:
    """Those whose name another one has too."""
    counted = Counter(names.values())
    return [pk for pk in order or names if counted[names[pk]] > 1]


def _end_of(person: Person) -> str:
    """Enough of a number, or of a mail address, to tell two of one name apart."""
    if person.phone:
        return f"… {person.phone[-4:-2]} {person.phone[-2:]}"
    name, _at, domain = person.email.partition("@")
    return f"{name[:2]}…@{domain}" if domain else ""


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
    now = clock.now()
    rows = Request.objects.filter(
        organisation=organisation,
        state__in=[Request.State.OPEN, Request.State.HUMAN],
        # What is over is no gap any more: nobody can fill it.
        window_until__gt=max(start, now),
        window_until__lte=end,
    ).select_related("case__person")
    for asked in rows.order_by("window_until")[: MOST + 1]:
        zone = organisation.zone
        last = (asked.window_until - timedelta(minutes=1)).astimezone(zone).date()
        begins = max(asked.window_from, midnight(last, organisation))
        is_long = asked.window_until - asked.window_from > LONGEST_WAIT
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
            # Who asked for an afternoon is not helped in the morning.
            is_deadline=is_long and asked.window_from <= max(midnight(last, organisation), now),
        )


def _planned(organisation: Organisation, first: date, last: date) -> Iterator[Entry]:
    """Times of series that have no request yet, with who comes each time. Five queries."""
    runs = Q(state=Series.State.RUNNING) | Q(state=Series.State.PAUSED, paused_until__lte=last)
    runs |= Q(state=Series.State.PAUSED, paused_from__gt=first)
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
    for day in series.rhythm.after(series.first_day, since, series.last_day):
        if day > last:
            return
        if not series.rests_on(day):
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
