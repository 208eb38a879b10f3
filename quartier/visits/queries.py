"""Reading visits and offers, as a volunteer's pages show them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from quartier.cases import actions as cases
from quartier.cases.actions.promising import CALL_OFF
from quartier.cases.models import Case, Request, Series
from quartier.lib import cells, clock, rhythm
from quartier.lib.ids import token_hash
from quartier.lib.names import ways_to_say
from quartier.matching.models import ASKED, Offer
from quartier.people.models import Person, Volunteer
from quartier.people.queries import first_name
from quartier.places.rules import fold
from quartier.promises.queries import open_of
from quartier.team.models import Organisation
from quartier.visits import rules
from quartier.visits.models import Assignment, CalendarLink, Regular

CALENDAR_LOOKS_BACK = timedelta(weeks=4)


def asked_count(request: Request) -> int:
    """How many volunteers have been asked for this request."""
    return Offer.made.filter(ASKED, request=request).count()


def open_offers(volunteer: Volunteer, limit: int = 20) -> list[Offer]:
    """What this volunteer can still say yes or no to, the newest first, with request and case."""
    return list(
        Offer.objects.filter(
            volunteer=volunteer,
            state__in=[*Offer.LIVE, Offer.State.EXPIRED],
            request__state__in=[Request.State.OPEN, Request.State.HUMAN],
            request__window_until__gt=clock.now(),
        )
        .select_related("request__case", "request__organisation")
        .order_by("-created_at", "-pk")[:limit]
    )


def visits_to_make(volunteer: Volunteer) -> list[Assignment]:
    """What this volunteer has promised and not ended, the next one first, with offer, request and case."""
    return list(
        Assignment.objects.filter(volunteer=volunteer, state__in=Assignment.ACTIVE)
        .select_related("offer", "request__case", "request__organisation")
        .order_by("comes_until", "pk")
    )


def promised_between(volunteer: Volunteer, start: datetime, end: datetime) -> list[Assignment]:
    """As `visits_to_make`, those alone that lie in this time at least in part; all that a message about one needs."""
    return list(
        Assignment.objects.filter(
            volunteer=volunteer, state__in=Assignment.ACTIVE, comes_from__lt=end, comes_until__gt=start
        )
        .select_related("offer", "volunteer__person", "request__case", "request__organisation")
        .order_by("comes_from", "pk")
    )


def silent_on_way(now: datetime) -> QuerySet[Assignment]:
    """Who set out, whose time is over, and who was asked by day how it went and has not said."""
    return Assignment.objects.filter(
        state=Assignment.State.ON_WAY,
        comes_until__lte=now - rules.NO_SHOW_AFTER,
        reminded_at__lte=now - rules.ANSWER_TIME,
    )


def visits_made(volunteer: Volunteer, limit: int = 5) -> list[Assignment]:
    """The last visits that were done, the newest first, with the request."""
    return list(
        Assignment.objects.filter(volunteer=volunteer, state=Assignment.State.DONE)
        .select_related("request")
        .order_by("-ended_at", "-pk")[:limit]
    )


def called_off(requests: Collection[UUID]) -> dict[UUID, list[Assignment]]:
    """By request: the visits of which somebody waits for our call that they do not take place, the first hour first;
    not of who goes after all. One query, and one more where there is any."""
    owed = open_of(CALL_OFF, requests)
    if not owed:
        return {}
    rows = fallen_visits().filter(request__in=owed)
    rows = rows.select_related("volunteer__person").order_by("ended_at", "pk")
    found: dict[UUID, list[Assignment]] = {}
    for row in rows:
        since = owed[row.request_id].waiting_since
        # Of those before, they were called.
        before = [each for each in found.get(row.request_id, []) if each.ended_at and each.ended_at >= since]
        found[row.request_id] = [*before, row]
    return {key: sorted(visits, key=lambda each: each.comes_from) for key, visits in found.items()}


def fallen_visits() -> QuerySet[Assignment]:
    """Visits of which somebody was told, and that do not take place; not of who goes after all."""
    fell = [Assignment.State.CANCELLED, Assignment.State.FAILED]
    goes = Assignment.objects.filter(
        request=OuterRef("request"), volunteer=OuterRef("volunteer"), state__in=Assignment.ACTIVE
    )
    return Assignment.objects.filter(state__in=fell, told_at__isnull=False).exclude(Exists(goes))


def given_back() -> QuerySet[Assignment]:
    """Visits of which whoever had promised them said that they cannot."""
    return Assignment.objects.filter(
        state=Assignment.State.FAILED, failure=Assignment.Failure.CANNOT_GO
    ).order_by()


def gave_back(request: Request) -> set[UUID]:
    """The volunteers who said of this visit that they cannot, and not since that they can after all. One query."""
    visits = request.assignments.order_by("accepted_at", "pk").values_list("volunteer", "failure")
    last = dict(visits)
    return {volunteer for volunteer, failure in last.items() if failure == Assignment.Failure.CANNOT_GO}


def first_visit(request: Request) -> Assignment | None:
    """The first one of those who come or came for this."""
    states = [*Assignment.ACTIVE, Assignment.State.DONE]
    return request.assignments.filter(state__in=states).order_by("comes_from", "pk").first()


def last_done(case: Case, since: datetime) -> Assignment | None:
    """The last visit to this household that was done, if it ended after `since`."""
    return (
        Assignment.objects.filter(request__case=case, state=Assignment.State.DONE, ended_at__gt=since)
        .select_related("request")
        .order_by("-ended_at", "-pk")
        .first()
    )


@dataclass(frozen=True)
class Deed:
    """One visit that a volunteer made. `metres`: there and back between two neighbourhoods, 0 for help by phone;
    `person`: who was helped, only to count people; `thanks`: what they said, or nothing."""

    at: datetime
    minutes: int
    kind: str
    remote: bool
    person: UUID
    area: int
    metres: int
    thanks: str


# How long a visit takes where nobody has said when they set out; and within what a time said is believed.
USUAL_MIN, USUAL_CALL_MIN, SHORTEST_MIN, LONGEST_MIN = 45, 30, 10, 180


def deeds(volunteer: Volunteer, limit: int = 3000) -> list[Deed]:
    """Every visit that this volunteer made, the first first. One query."""
    rows = Assignment.objects.filter(volunteer=volunteer, state=Assignment.State.DONE, ended_at__isnull=False)
    columns = ("ended_at", "on_way_at", "request__kind", "request__remote", "request__case__person_id")
    more = ("request__area", "offer__distance_m", "thanks__said")
    found = []
    for ended, began, kind, remote, person, area, metres, said in rows.order_by("ended_at", "pk").values_list(
        *columns, *more
    )[:limit]:
        usual = USUAL_CALL_MIN if remote else USUAL_MIN
        took = round((ended - began).total_seconds() / 60) if began else usual
        took = took if SHORTEST_MIN <= took <= LONGEST_MIN else usual
        there = 0 if remote else 2 * (metres or 0)
        found.append(Deed(ended, took, kind, remote, person, area, there, said or ""))
    return found


@dataclass(frozen=True)
class Together:
    """What a neighbourhood did within a time: visits, people helped, neighbours who helped."""

    visits: int
    people: int
    helpers: int


def together(volunteer: Volunteer, since: datetime) -> Together:
    """The same for everybody in the volunteer's neighbourhood and those next to it. One query."""
    rows = Assignment.objects.filter(
        organisation=volunteer.organisation_id,
        state=Assignment.State.DONE,
        ended_at__gte=since,
        request__area__in=cells.disk(volunteer.area, 1),
    )
    counted = rows.aggregate(
        visits=Count("pk"),
        people=Count("request__case__person", distinct=True),
        helpers=Count("volunteer", distinct=True),
    )
    return Together(**counted)


def calendar_of(token: str) -> CalendarLink | None:
    """The calendar behind this address, of a volunteer who is not suspended."""
    return (
        CalendarLink.objects.select_related("volunteer__person", "organisation")
        .filter(token_hash=token_hash(token))
        .exclude(volunteer__state=Volunteer.State.SUSPENDED)
        .first()
    )


def in_calendar(volunteer: Volunteer, limit: int = 100) -> list[Assignment]:
    """What stands in a volunteer's calendar: visits to make, and those of the last weeks, with request and case."""
    return list(
        Assignment.objects.filter(volunteer=volunteer, comes_until__gt=clock.now() - CALENDAR_LOOKS_BACK)
        .exclude(state=Assignment.State.FAILED)
        .select_related("offer", "request__case", "request__organisation")
        .order_by("-comes_until", "-pk")[:limit]
    )


def regulars_of(volunteer: Volunteer) -> list[Regular]:
    """What this volunteer does each time, the oldest first, with series and case."""
    return list(
        Regular.objects.filter(volunteer=volunteer, ended_at=None)
        .select_related("series__case", "series__organisation")
        .order_by("since", "pk")
    )


def was_silent(regular: Regular) -> bool:
    """Whether nobody heard from them the last times on which they were to come: then they are asked for each one, and
    counted on again once they have said yes."""
    visits = Assignment.objects.filter(request__series=regular.series_id, volunteer=regular.volunteer_id)
    ended = visits.exclude(state__in=Assignment.ACTIVE).order_by("-comes_from", "-id")
    last = list(ended.values_list("failure", "request__closure")[: rules.SILENCES])
    silent = {Assignment.Failure.NO_SHOW, Assignment.Failure.UNSAID}
    fulfilled = Request.Closure.FULFILLED
    return len(last) == rules.SILENCES and all(
        failure == Assignment.Failure.NO_SHOW or (failure in silent and closure != fulfilled)
        for failure, closure in last
    )


def counted_on(series: Series) -> list[Regular]:
    """Whoever comes each time, and was heard from the last times. Not who takes a break without an end, as after STOP.
    A query, and one for each of them."""
    regulars = Regular.objects.filter(series=series, ended_at=None).select_related("volunteer__person")
    regulars = regulars.exclude(volunteer__state=Volunteer.State.PAUSED, volunteer__paused_until=None)
    return [each for each in regulars.order_by("since", "pk") if not was_silent(each)]


@dataclass(frozen=True)
class Coming:
    """One time of a series: its day, its hours, its request if it has one, and who comes (first names as we know
    them, with their visits). `left_out`: nobody needs to come; `moved_to`: the day of such a one, if it was moved."""

    day: date
    start: datetime
    end: datetime
    request: Request | None = None
    visits: tuple[Assignment, ...] = ()
    left_out: bool = False
    moved_to: date | None = None

    @property
    def shown_day(self) -> date:
        """On which day somebody comes: a visit that was moved has its place in the series, and another day."""
        begins = min((each.comes_from for each in self.visits), default=self.start)
        if self.request is None:
            return self.moved_to or self.day
        return begins.astimezone(self.request.organisation.zone).date()

    @property
    def hours(self) -> tuple[datetime, datetime] | None:
        """When somebody comes: the hours that they have named, or we have; of a day for which nobody has yet, those
        that were asked for. `None` where that is longer than anybody can wait: then the day alone is known."""
        start, end = self.start, self.end
        if self.visits:
            starts, ends = zip(*((each.comes_from, each.comes_until) for each in self.visits), strict=True)
            start, end = min(starts), max(ends)
        return None if rules.is_too_long(start, end) else (start, end)


def coming(series: Series, count: int = 6) -> list[Coming]:
    """The next times of a series, with those left out among them. Four queries, however many."""
    today = clock.now().astimezone(series.organisation.zone).date()
    # One that was moved is still to come when its own day has long passed.
    ahead = Q(day__gte=today - timedelta(days=1)) | Q(window_until__gt=clock.now())
    skipped = set(series.left_out.values_list("day", flat=True))
    rests = Q(day__in=skipped, closure=Request.Closure.WITHDRAWN, window_until__gt=clock.now())
    opened = (
        series.requests.filter(ahead)
        .filter(~Q(state=Request.State.CLOSED) | rests)
        .select_related("organisation")
        .prefetch_related(
            Prefetch(
                "assignments",
                Assignment.objects.filter(state__in=Assignment.ACTIVE).select_related(
                    "volunteer__person", "offer"
                ),
                to_attr="going",
            )
        )
    )
    rows = [
        Coming(each.day, each.window_from, each.window_until, each, tuple(each.going))
        if each.state != Request.State.CLOSED
        else Coming(
            each.day,
            each.window_from,
            each.window_until,
            left_out=True,
            moved_to=each.window_from.astimezone(series.organisation.zone).date(),
        )
        for each in opened
        if each.day
    ]
    left_out = {day for day in skipped if day >= today}
    for day in {*cases.days_ahead(series, count), *left_out} - {row.day for row in rows}:
        start, end = rhythm.times(day, series.starts, series.ends, series.organisation.zone)
        rows.append(Coming(day, start, end, left_out=day in left_out))
    return sorted(rows, key=lambda row: (row.shown_day, row.day))[: count + len(left_out)]


def ours(organisation: Organisation, *, word: str, beside: str, now: datetime) -> Assignment | None:
    """The visit of just now that goes by this code word, and in this place (postcode or name) or by a volunteer of this
    first name, as `beside` says one of them. The same work is done whether there is one or not.
    """
    said, other = fold(word), fold(beside)
    # Never an empty list: it would be answered without asking the database, and sooner.
    known = (*rules.CODE_WORDS.values(), rules.FORMER_CODE_WORDS)
    words = [each for group in known for each in group if fold(each) == said] or ["-"]
    visits = (
        Assignment.objects.filter(
            organisation=organisation,
            state__in=Assignment.ACTIVE,
            comes_until__gt=now - rules.STAYS_LATE,
            code_word__in=words,
        )
        .select_related("request__case", "volunteer__person")
        .order_by("comes_until", "pk")
    )
    found = None
    for visit in visits:
        case = visit.request.case
        said_at_door = ways_to_say(visit.volunteer.person.name)
        names = {fold(case.postcode), fold(case.place_name), *map(fold, said_at_door)}
        if other and other in names and rules.is_on(visit, now) and found is None:
            found = visit
    return found


def is_namesake(assignment: Assignment) -> bool:
    """Whether they were told of another volunteer of the same first name for this, or for another day of it, who would
    be taken for this one. One query."""
    request = assignment.request
    same = (
        Q(request=request) | Q(request__series=request.series_id) if request.series_id else Q(request=request)
    )
    told_of = Assignment.objects.filter(same, told_at__isnull=False).exclude(
        volunteer=assignment.volunteer_id
    )
    others = Person.objects.filter(pk__in=told_of.values("volunteer__person"))
    name = first_name(assignment.volunteer.person)
    return bool(name) and any(first_name(each) == name for each in others)
