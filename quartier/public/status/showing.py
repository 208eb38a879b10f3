"""What the holder of a link may see of each request: who comes and when, where we are, what one can do."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quartier.cases import rules as cases
from quartier.cases.models import Request, StatusLink
from quartier.lib import choices, clock
from quartier.look import rules as saying
from quartier.people.models import Person, Volunteer
from quartier.promises.models import Promise
from quartier.promises.queries import open_of
from quartier.visits import rules
from quartier.visits.models import Assignment

# How a search ended, for whoever waits.
ENDED = {
    Request.Why.NOBODY: gettext_lazy("We have asked neighbours, and nobody has said yes yet."),
    Request.Why.NONE_NEAR: gettext_lazy("None of our neighbours lives near enough."),
    Request.Why.NONE_KIND: gettext_lazy("None of our neighbours near you can do this."),
    Request.Why.NONE_FIT: gettext_lazy("None of our neighbours near you is free at that time."),
    Request.Why.ASLEEP: gettext_lazy("Those who could come do not want to be disturbed at this hour."),
    Request.Why.BUDGET: gettext_lazy("Those who could come have been asked often enough today."),
}
# What is shown first: who is on the way, who comes, what is looked for, what is over.
ON_WAY, COMES, LOOKING, OVER = range(4)


@dataclass
class Step:
    """One line of "where we are". `state` as the timeline wants it: '', now, next."""

    title: str
    when: str = ""
    state: str = ""


@dataclass
class Helper:
    """Who comes: first name, code word, whether the time agreed is over."""

    name: str
    word: str
    late: bool


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
    def noted(self) -> str:
        """When somebody comes, or for when it was asked."""
        return self.when or _when(self.request.window_from, self.request.window_until, clock.now())


def first_name(person: Person) -> str:
    """How somebody is called in front of others."""
    return person.name.split()[0] if person.name.split() else ""


def helps(link: StatusLink) -> list[Help]:
    """Every request of the case; what matters most comes first. Three queries, however many there are."""
    visits = Assignment.objects.select_related("volunteer__person").order_by("accepted_at", "pk")
    requests = (
        Request.objects.filter(case_id=link.case_id)
        .exclude(closure=Request.Closure.DUPLICATE)
        .select_related("organisation", "series")
        .prefetch_related(Prefetch("assignments", visits, to_attr="visits"))
        .order_by("-created_at", "-pk")[:20]
    )
    promised = open_of("request", [each.pk for each in requests if each.state != Request.State.CLOSED])
    found = [_help(link, request, promised.get(request.pk)) for request in requests]
    return sorted(found, key=lambda shown: (shown.rank, _when_first(shown)))


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
    active = [visit for visit in everybody if visit.state in Assignment.ACTIVE]
    what = str(choices.kind(request.kind).name)
    # Who asked for somebody else reads of that person by name.
    other = first_name(link.case.person) if link.person_id != link.case.person_id else ""
    if request.state == Request.State.CLOSED:
        shown = Help(request, OVER, what, *_over(request))
    elif active:
        shown = _coming(request, active, other, now, what)
    else:
        shown = _looking(request, promise, other, what)
    shown.helpers = [
        Helper(first_name(visit.volunteer.person), visit.code_word, rules.is_late(visit, now))
        for visit in active
    ]
    shown.first = min((visit.comes_from for visit in active), default=None)
    shown.steps = _steps(request, everybody, now)
    return shown


def _over(request: Request) -> tuple[str, str, str]:
    match request.closure:
        case Request.Closure.FULFILLED:
            return (
                _("It is done"),
                "",
                _("If something is not right, tell us. We are glad to hear it when it is, too."),
            )
        case Request.Closure.WITHDRAWN:
            return _("It is cancelled"), "", _("If you need us again, we are here.")
        case Request.Closure.REFERRED:
            return _("Another service takes care of it"), "", _("Call us if you do not hear from them.")
        case Request.Closure.EXPIRED:
            return (
                _("The time for this is over"),
                "",
                _("We found nobody in time, and we are sorry. If you still need it, ask again or call us."),
            )
    return (
        _("We could not find anybody"),
        "",
        _("We are sorry. Call us, and we look for another way together."),
    )


def _coming(request: Request, active: list[Assignment], other: str, now: datetime, what: str) -> Help:
    names = saying_names([first_name(visit.volunteer.person) for visit in active])
    on_way = [visit for visit in active if visit.state == Assignment.State.ON_WAY]
    words = {"name": names, "person": other}
    text = ""
    if request.for_experienced:
        text = _(
            "It is a first visit: somebody experienced comes along, and two people ring. We tell you who it is."
        )
    start, end = active[0].comes_from, active[0].comes_until
    when = _when(start, end, now)
    if on_way:
        words["name"] = saying_names([first_name(visit.volunteer.person) for visit in on_way])
        title = _("%(name)s is on the way to %(person)s") if other else _("%(name)s is on the way")
        return Help(request, ON_WAY, what, title % words, when)
    if request.remote:
        title = _("%(name)s calls %(person)s") if other else _("%(name)s calls you")
    else:
        title = _("%(name)s goes to %(person)s") if other else _("%(name)s is coming")
    return Help(request, COMES, what, title % words, when, text)


def _promised(request: Request, promise: Promise | None) -> str:
    """Until when they hear from us, and how: what is owed to them now."""
    now = clock.now()
    due_at = promise.due_at if promise else request.promised_at
    if due_at <= now:
        return _("We are running late. You can call us and ask.")
    by = {"by": saying.before(due_at, now)}
    if promise and promise.times_broken:
        return (
            _("We are later than we said, and are sorry. You will hear from us %(by)s. You can also call us.")
            % by
        )
    if promise and promise.kind == Promise.Kind.CALL:
        return _("One of our team calls you %(by)s.") % by
    return _("You will hear from us %(by)s, even if we have not found anyone yet.") % by


def _looking(request: Request, owed: Promise | None, other: str, what: str) -> Help:
    now = clock.now()
    if request.window_until <= now and request.why_human not in Request.UNREAD:
        text = _("Was it done, or is it still needed? One tap is enough.")
        if owed and owed.kind == Promise.Kind.CALL:
            text = f"{_promised(request, owed)} {text}"
        return Help(request, LOOKING, what, _("The time for this is over"), "", text, is_past=True)
    promise = _promised(request, owed)
    if request.state == Request.State.HUMAN:
        if request.why_human in {Request.Why.MODERATION, Request.Why.WORDS}:
            return Help(request, LOOKING, what, _("One of us reads what you wrote"), "", promise)
        ended = ENDED.get(Request.Why(request.why_human)) if request.why_human else None
        promise = f"{ended} {promise}" if ended else promise
        return Help(request, LOOKING, what, _("Somebody of our team takes care of it"), "", promise)
    if cases.waits_for_morning(request, now):
        begins = saying.day_time(cases.search_begins(now, request.urgency, request.organisation), now)
        title = _("We begin to look %(begins)s") % {"begins": begins}
        return Help(request, LOOKING, what, title, "", promise, at_night=True)
    if other:
        title = _("We are looking for someone near %(person)s") % {"person": other}
    else:
        title = _("We are looking for someone near you")
    return Help(request, LOOKING, what, title, "", promise)


def _steps(request: Request, visits: list[Assignment], now: datetime) -> list[Step]:
    def at(moment: datetime) -> str:
        return saying.day_time(moment, now)

    steps = [Step(_("Asked"), at(request.created_at))]
    for visit in visits:
        words = {"name": first_name(visit.volunteer.person)}
        if visit.state == Assignment.State.CANCELLED and request.state != Request.State.CLOSED:
            continue
        steps.append(Step(_("%(name)s said yes") % words, at(visit.accepted_at)))
        if visit.failure == Assignment.Failure.NO_SHOW and visit.ended_at:
            steps.append(Step(_("We have not heard from %(name)s") % words, at(visit.ended_at)))
        elif visit.state == Assignment.State.FAILED and visit.ended_at:
            steps.append(Step(_("%(name)s could not come after all") % words, at(visit.ended_at)))
        if visit.state == Assignment.State.DONE and visit.ended_at:
            steps.append(Step(_("%(name)s tells us that it is done") % words, at(visit.ended_at)))
    if request.state == Request.State.CLOSED:
        if request.closure == Request.Closure.WITHDRAWN and request.closed_at:
            steps.append(Step(_("Cancelled"), at(request.closed_at)))
        return steps
    active = [visit for visit in visits if visit.state in Assignment.ACTIVE]
    for visit in active:
        words = {"name": first_name(visit.volunteer.person)}
        if visit.state == Assignment.State.ON_WAY and visit.on_way_at:
            steps.append(Step(_("%(name)s is on the way") % words, at(visit.on_way_at), "now"))
        when = _when(visit.comes_from, visit.comes_until, now)
        rings = _("The telephone rings") if request.remote else _("%(name)s rings the bell") % words
        steps.append(Step(rings, when, "next"))
    if not active and request.window_until > now:
        if request.state == Request.State.HUMAN and request.why_human in {
            Request.Why.MODERATION,
            Request.Why.WORDS,
        }:
            steps += [Step(_("One of us reads it"), "", "now"), Step(_("We ask neighbours"), "", "next")]
        elif request.state == Request.State.HUMAN:
            steps += [Step(_("Somebody of our team looks for a way"), "", "now")]
        else:
            steps += [Step(_("We ask neighbours who can do it"), "", "now")]
        steps.append(Step(_("A neighbour says yes"), "", "next"))
    return steps


def _when(start: datetime, end: datetime, now: datetime) -> str:
    """When somebody comes: a time that was agreed as it is, a long span by its end."""
    if end - start <= timedelta(hours=10) and end.minute % 5 == 0:
        return saying.window(start, end, now)
    # Nobody named this minute: it is so many hours after the request.
    return saying.before(end if end.minute % 5 == 0 else end.replace(minute=0), now)


def saying_names(names: list[str]) -> str:
    """`Sofia`, `Sofia and Karim`, `Sofia, Karim and Ann`."""
    if len(names) < 2:
        return names[0] if names else ""
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}
