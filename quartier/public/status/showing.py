"""What the holder of a link may see of each request: who comes and when, where we are, what one can do."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quartier.cases import rules as cases
from quartier.cases.models import Request, Series, StatusLink
from quartier.cases.queries import asked_before
from quartier.conversation.queries import VisitLine, may_be_written_to, said_on_visits
from quartier.lib import choices, clock
from quartier.look import rules as saying
from quartier.people.models import Volunteer
from quartier.promises.models import Promise
from quartier.promises.queries import open_of
from quartier.public.status.steps import WHOLE_DAY, Step, first_name, is_day_past, steps_of, when_said
from quartier.public.status.told import Told, told_of
from quartier.shopping import queries as shopping
from quartier.shopping.queries import Shown
from quartier.trust import rules as trust
from quartier.visits import rules
from quartier.visits.models import Assignment

# How a search ended, for whoever waits.
ENDED = {
    Request.Why.NOBODY: gettext_lazy("We have asked neighbours, and no one has said yes yet."),
    Request.Why.NONE_NEAR: gettext_lazy("None of our neighbours lives near enough."),
    Request.Why.NONE_KIND: gettext_lazy("None of our neighbours near you can do this."),
    Request.Why.NONE_FIT: gettext_lazy("None of our neighbours near you is free at that time."),
    Request.Why.ASLEEP: gettext_lazy(
        "The neighbours who could come do not want to be disturbed at this hour."
    ),
    Request.Why.BUDGET: gettext_lazy("The neighbours who could come have been asked often enough today."),
}
# What is shown first: who is on the way, who comes, what is looked for, what is over.
ON_WAY, COMES, LOOKING, OVER = range(4)


@dataclass
class Helper:
    """Who comes: first name, code word, whether the time agreed is over."""

    name: str
    word: str
    late: bool
    # How often this neighbour has helped, and whether the team has seen who it is.
    times: int = 0
    is_identified: bool = False
    # By whose visit words pass between the two, and what was written so far.
    visit: Assignment | None = None
    lines: list[VisitLine] = field(default_factory=list)

    @property
    def can_be_written_to(self) -> bool:
        """Whether words can be passed on to this neighbour now."""
        visit = self.visit
        return (
            visit is not None
            and rules.may_see_details(visit, clock.now())
            and may_be_written_to(visit.volunteer.person)
        )


@dataclass
class Help:
    """One request as its page shows it. `title` and `when` are the answer; `promise` follows where nobody comes."""

    request: Request
    rank: int
    what: str
    title: str
    when: str = ""
    text: str = ""
    helpers: list[Helper] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    # When the first of them comes.
    first: datetime | None = None
    # It is urgent and waits for the morning; its time is over and nobody came.
    at_night: bool = False
    is_past: bool = False
    # Where nobody comes yet: for when it was asked.
    asked_for: str = ""
    # What was said of it, as long as it is not over.
    told: Told | None = None

    @property
    def is_paid(self) -> bool:
        """Whether the neighbour advances money."""
        return self.request.kind in {"groceries", "pharmacy", "meal"}

    @property
    def is_at_door(self) -> bool:
        """Whether the neighbour stays at the door."""
        return not self.request.remote and self.request.kind != "transport"

    @property
    def is_over(self) -> bool:
        return self.rank == OVER

    @property
    def is_done(self) -> bool:
        """Whether somebody came, whom one may want to thank."""
        return self.is_over and self.request.closure == Request.Closure.FULFILLED

    @property
    def series(self) -> Series | None:
        """The help that comes again and goes on, of which this is one time."""
        series = self.request.series
        return series if series is not None and series.state != Series.State.ENDED else None

    @property
    def day(self) -> str:
        """The day of this time, as one says it."""
        return saying.day(self.first or cases.date_named(self.request), clock.now())

    @property
    def noted(self) -> str:
        """When somebody comes, or for when it was asked."""
        return self.when or when_said(self.request.window_from, self.request.window_until, clock.now())


def helps(link: StatusLink, until: datetime | None = None) -> list[Help]:
    """Every request of the case, or those that stood there at a moment; what matters most comes first. Three
    queries, however many there are; four where somebody comes."""
    visits = Assignment.objects.select_related("volunteer__person").order_by("accepted_at", "pk")
    requests = (
        Request.objects.filter(asked_before(until) if until else Q(), case_id=link.case_id)
        .exclude(closure=Request.Closure.DUPLICATE)
        .select_related("organisation", "series")
        .prefetch_related(Prefetch("assignments", visits, to_attr="visits"))
        .order_by("-created_at", "-pk")[:20]
    )
    promised = open_of("request", [each.pk for each in requests if each.state != Request.State.CLOSED])
    found = [_help(link, request, promised.get(request.pk)) for request in requests]
    _with_words(link, [helper for each in found for helper in each.helpers])
    return sorted(found, key=lambda shown: (shown.rank, _when_first(shown)))


def put_told(helps: list[Help], listed: Shown | None) -> None:
    """Put what was said of it beside each that is not over. `listed`: the list of the first."""
    for shown in helps:
        # What nobody has asked for (a knock after a check-in) has the team's words for the neighbour who goes.
        if not shown.is_over and not shown.request.unasked:
            known = listed if shown is helps[0] else shopping.of_request(shown.request)
            shown.told = told_of(shown.request, known)


def _with_words(link: StatusLink, helpers: list[Helper]) -> None:
    """Put beside each neighbour who comes what they and the holder of the link have written to each other."""
    coming = [helper for helper in helpers if helper.can_be_written_to and helper.visit]
    said = (
        said_on_visits(link.person, [helper.visit.pk for helper in coming if helper.visit]) if coming else {}
    )
    for helper in coming:
        helper.lines = said.get(helper.visit.pk, []) if helper.visit else []


def _when_first(shown: Help) -> float:
    """Of those who come, who comes soonest; of the others, what was asked last."""
    return shown.first.timestamp() if shown.first else -shown.request.created_at.timestamp()


def who_came(link: StatusLink) -> list[tuple[str, Volunteer]]:
    """Everybody who was sent to this household, by first name, the last one first; each once."""
    visits = (
        Assignment.objects.filter(request__case_id=link.case_id)
        .select_related("volunteer__person")
        .order_by("-accepted_at", "-pk")[:50]
    )
    found = {visit.volunteer_id: visit.volunteer for visit in visits}
    return [(first_name(each.person), each) for each in list(found.values())[:8]]


def _help(link: StatusLink, request: Request, promise: Promise | None) -> Help:
    now = clock.now()
    everybody: list[Assignment] = request.visits  # type: ignore[attr-defined]
    as_they_know(request, everybody, now)
    active = [visit for visit in everybody if visit.state in Assignment.ACTIVE]
    what = str(choices.kind(request.kind).name)
    # Who asked for somebody else reads of that person by name.
    other = first_name(link.case.person) if link.person_id != link.case.person_id else ""
    if request.state == Request.State.CLOSED:
        shown = Help(request, OVER, what, *_over(request))
    elif active:
        shown = _coming(request, active, other, now, what)
    else:
        # Of a call: whoever is called. Else whoever is told how things stand.
        told = link.case.asked_by_id if link.case.tell_asker else link.case.person_id
        called = promise.person_id if promise and promise.person_id else told
        shown = _looking(request, promise, other, what, is_told=link.person_id == called)
        shown.asked_for = "" if shown.is_past else _asked_for(request, now)
    shown.helpers = [
        Helper(
            first_name(visit.volunteer.person),
            visit.code_word,
            rules.is_late(visit, now),
            visit.volunteer.done_total,
            visit.volunteer.level >= trust.LEVEL_OF_IDENTITY,
            visit,
        )
        for visit in active
    ]
    shown.first = min((visit.comes_from for visit in active), default=None)
    shown.steps = steps_of(request, everybody, now)
    return shown


def as_they_know(request: Request, visits: list[Assignment], now: datetime) -> None:
    """Rows in memory as whoever waits knows them: what was said to be done ahead of its time is not, until they are
    told of it."""
    ahead = [visit for visit in visits if rules.is_done_ahead(visit, now)]
    for visit in ahead:
        visit.state = Assignment.State.ON_WAY if visit.on_way_at else Assignment.State.ACCEPTED
        visit.ended_at = None
    if ahead and request.state == Request.State.CLOSED and request.closure == Request.Closure.FULFILLED:
        request.state, request.closure, request.closed_at = Request.State.COVERED, "", None


def _over(request: Request) -> tuple[str, str, str]:
    match request.closure:
        case Request.Closure.FULFILLED:
            return (
                _("Done"),
                "",
                _("If something is wrong, tell us. We are glad to hear it when all went well, too."),
            )
        case Request.Closure.WITHDRAWN:
            return _withdrawn(request)
        case Request.Closure.REFERRED:
            return _("Another service is taking care of it"), "", _("Call us if you do not hear from them.")
        case Request.Closure.NEGLECTED:
            return (
                _("We did not manage to help you in time"),
                "",
                _("That was our fault, and we are sorry. If you still need it, ask again or call us."),
            )
        case Request.Closure.EXPIRED:
            return (
                _("The time for this has passed"),
                "",
                _(
                    "We did not find anyone in time, and we are sorry. If you still need it, ask again or "
                    "call us."
                ),
            )
    return (
        _("We could not find anyone"),
        "",
        _("We are sorry. Call us and we’ll look for another way together."),
    )


def _withdrawn(request: Request) -> tuple[str, str, str]:
    """Of help that comes again one time is not needed, which ends nothing; or all of it has ended."""
    again, series = _("If you need us again, we are here."), request.series
    if series is None:
        return _("It is cancelled"), "", again
    if series.state == Series.State.ENDED:
        return _("The regular help has been stopped"), "", again
    day = cases.date_named(request)
    if series.rests_on(day):
        return _("Paused"), "", saying.pause(series.paused_from, series.paused_until)
    return _("Not this time"), saying.day(day, clock.now()), _("The regular help carries on.")


def _asked_for(request: Request, now: datetime) -> str:
    """For when it was asked: the hours that somebody named, the day where they named no hour, or else by when."""
    start, end = request.window_from, request.window_until
    zone = request.organisation.zone
    is_named = start.minute % 5 == 0 and start.astimezone(zone).date() == end.astimezone(zone).date()
    if not is_named:
        return when_said(now, end, now) if end.minute % 5 else saying.before(end, now)
    return saying.day(start, now) if end - start > WHOLE_DAY else saying.window(start, end, now)


def _coming(request: Request, active: list[Assignment], other: str, now: datetime, what: str) -> Help:
    names = saying_names([first_name(visit.volunteer.person) for visit in active])
    on_way = [visit for visit in active if visit.state == Assignment.State.ON_WAY]
    words = {"name": names, "person": other}
    text = ""
    if request.for_experienced:
        text = _(
            "This is a first visit, so an experienced volunteer comes too. Expect two people at the door. "
            "We’ll tell you who."
        )
    start, end = active[0].comes_from, active[0].comes_until
    when = when_said(start, end, now)
    if on_way:
        words["name"] = saying_names([first_name(visit.volunteer.person) for visit in on_way])
        title = _("%(name)s is on the way to %(person)s") if other else _("%(name)s is on the way")
        return Help(request, ON_WAY, what, title % words, when)
    if is_day_past(end, now):
        # "Is coming yesterday" is nothing that anybody says.
        title = _("%(name)s was due to call:") if request.remote else _("%(name)s was due to come:")
    elif request.remote:
        title = _("%(name)s calls %(person)s") if other else _("%(name)s calls you")
    else:
        title = _("%(name)s goes to %(person)s") if other else _("%(name)s is coming")
    return Help(request, COMES, what, title % words, when, text)


def _promised(request: Request, promise: Promise | None, other: str, *, is_told: bool) -> str:
    """Until when they hear from us, and how: what is owed to them now. `other`: for whom it was asked by whoever reads
    this; `is_told`: the reader is the one who hears from us."""
    now = clock.now()
    due_at = promise.due_at if promise else request.promised_at
    if due_at <= now:
        return _("We are running late. You can call us and ask.")
    by = {"by": saying.before(due_at, now), "name": other}
    if other and not is_told:
        return _promised_to_other(promise, by)
    if promise and promise.times_broken:
        return (
            _(
                "We are later than we said, and we are sorry. You will hear from us %(by)s. You can also "
                "call us."
            )
            % by
        )
    if promise and promise.kind == Promise.Kind.CALL:
        return _("Someone from our team will call you %(by)s.") % by
    return _("You will hear from us %(by)s, even if we have not found anyone yet.") % by


def _promised_to_other(promise: Promise | None, by: dict[str, str]) -> str:
    """The same for whoever asked for somebody else, who hears from us themselves: they read here how things stand."""
    if promise and promise.kind == Promise.Kind.CALL:
        said = _("Someone from our team will call %(name)s %(by)s. You can see here how things stand.")
    else:
        said = _("%(name)s will hear from us %(by)s. You can see here how things stand.")
    if promise and promise.times_broken:
        return _("We are later than we said, and we are sorry.") + " " + said % by
    return said % by


def _looking(request: Request, owed: Promise | None, other: str, what: str, *, is_told: bool = True) -> Help:
    now = clock.now()
    is_read = request.asked_over_at is not None or request.why_human not in Request.UNREAD
    if request.window_until <= now and is_read:
        text = _("Was it done, or is it still needed? One tap is enough.")
        if owed and owed.kind == Promise.Kind.CALL:
            text = f"{_promised(request, owed, other, is_told=is_told)} {text}"
        return Help(request, LOOKING, what, _("The time for this has passed"), "", text, is_past=True)
    promise = _promised(request, owed, other, is_told=is_told)
    if request.state == Request.State.HUMAN:
        if request.why_human in {Request.Why.MODERATION, Request.Why.WORDS}:
            return Help(
                request, LOOKING, what, _("Someone from our team will read what you wrote"), "", promise
            )
        ended = ENDED.get(Request.Why(request.why_human)) if request.why_human else None
        promise = f"{ended} {promise}" if ended else promise
        if request.taken_by_id is None:
            return Help(request, LOOKING, what, _("Our team has been told"), "", promise)
        return Help(request, LOOKING, what, _("Someone from our team is taking care of it"), "", promise)
    if cases.waits_for_morning(request, now):
        begins = saying.day_time(cases.asks_from(request, now), now)
        title = _("We’ll start looking %(begins)s") % {"begins": begins}
        return Help(request, LOOKING, what, title, "", promise, at_night=True)
    if other:
        title = _("We are looking for someone near %(person)s") % {"person": other}
    else:
        title = _("We are looking for someone near you")
    return Help(request, LOOKING, what, title, "", promise)


def saying_names(names: list[str]) -> str:
    """`Sofia`, `Sofia and Karim`, `Sofia, Karim and Ann`."""
    if len(names) < 2:
        return names[0] if names else ""
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}
