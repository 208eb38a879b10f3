"""The visit, on the same link, after a yes: who, where, the word, when; and its steps."""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quartier.cases.models import Series
from quartier.cases.rules import NotPossible
from quartier.conversation import actions as writing
from quartier.conversation import danger
from quartier.conversation import queries as conversation
from quartier.conversation.numbers import with_numbers
from quartier.followup import actions as followup
from quartier.followup.models import HelperSays
from quartier.lib import choices, clock
from quartier.live import access as live
from quartier.matching import actions as matching
from quartier.team.access import Actor
from quartier.visits import access, actions
from quartier.visits import rules as visits
from quartier.visits.actions.ledger import first_name
from quartier.visits.models import Assignment
from quartier.volunteer import alone, money, rules, shopping
from quartier.volunteer.app.frame import keep
from quartier.volunteer.route import route_to

# A time longer than this was not chosen by whoever goes: they are asked for the hour.
VAGUE = timedelta(hours=2)
# With it a page that is open says which words it shows (`_mark_of`).
SHOWN_HEADER = "X-Shown"
# What arrives so long after it was pressed was kept by a phone without a network.
KEPT_AFTER = timedelta(minutes=1)
# What is asked of whoever presses this long before the time.
EARLY_QUESTIONS = {"on_way": _("Are you leaving now already?"), "done": _("Is it done already?")}
# What a volunteer can say; that nobody came is found out by `visits` alone.
FAILURES = (
    (Assignment.Failure.NOBODY_HOME, _("No one opens the door")),
    (Assignment.Failure.WRONG_ADDRESS, _("The address is wrong")),
    (Assignment.Failure.CANNOT_GO, _("I cannot go after all")),
    (Assignment.Failure.OTHER, _("Something else")),
)
FAILURES_REMOTE = (
    (Assignment.Failure.NOBODY_HOME, _("No one answers")),
    (Assignment.Failure.WRONG_ADDRESS, _("The number is wrong")),
    (Assignment.Failure.CANNOT_GO, _("I cannot call after all")),
    (Assignment.Failure.OTHER, _("Something else")),
)


def page(
    request: HttpRequest,
    actor: Actor,
    assignment: Assignment,
    *,
    time_is_wrong: bool = False,
    typed: money.Typed | None = None,
    **more: Any,
) -> HttpResponse:
    """The visit while it is active. The look at name, address and phone is written down."""
    details = access.details_for(actor, assignment)
    words = (
        _in_words(details, assignment) | {"route": _route(request, details, assignment)} if details else {}
    )
    if details:
        words |= _words_to_other(assignment) | {"words_topic": _words_topic(request, assignment)}
    own = words["shopping"].budget_cents if "shopping" in words else None
    shown = render(
        request,
        "volunteer/visit.html",
        {**frame(assignment), **alone.frame(assignment), "details": details, "time_is_wrong": time_is_wrong}
        | more
        | words
        | money.shown(assignment, typed, own),
        status=422 if typed else 200,
    )
    return keep(shown, assignment.comes_until + visits.ACCESS_LASTS if details else None, "visit")


def over(
    request: HttpRequest, actor: Actor, assignment: Assignment, typed: money.Typed | None = None
) -> HttpResponse:
    """The visit once it is done: no name and no address any more, only how the money stands."""
    shown = render(
        request,
        "volunteer/thanks.html",
        frame(assignment)
        | how_it_was(assignment)
        | money.shown(assignment, typed, shopping.own_limit(assignment)),
        status=422 if typed else 200,
    )
    return keep(shown, None, "done")


def _route(request: HttpRequest, details: access.Details, assignment: Assignment) -> str:
    case = assignment.request.case
    town = f"{case.postcode} {case.place_name}"
    return route_to(details.address or "", town, request.headers.get("User-Agent", ""))


def _in_words(details: access.Details, assignment: Assignment) -> dict[str, Any]:
    listed = shopping.shown(assignment, details)
    return {
        "name": details.name or _("Your neighbour"),
        "list": [] if listed else [line.strip() for line in details.wish.splitlines() if line.strip()],
    } | listed


def _words_to_other(assignment: Assignment) -> dict[str, Any]:
    """What they and the household have written to each other, and to whom they can write."""
    me = assignment.volunteer.person
    lines = conversation.said_on_visits(me, [assignment.pk])[assignment.pk]
    other = conversation.other_on_page(assignment, me, lines)
    return {
        "lines": lines,
        "lines_mark": _mark_of(lines),
        "writes_to": other,
        "writes_to_name": first_name(other) if other else "",
    }


def _mark_of(lines: Sequence[conversation.VisitLine]) -> str:
    """By which an open page says which words it shows."""
    shown = [(each.at, each.name, each.words, each.waits_until, each.is_lost) for each in lines]
    return sha256(repr(shown).encode()).hexdigest()[:16]


def has_nothing_new(request: HttpRequest, assignment: Assignment) -> bool:
    """Whether a page that is open asks for words that it shows already: then nothing is read, and no look written
    down."""
    mark = request.headers.get(SHOWN_HEADER, "")
    return bool(mark) and mark == _words_to_other(assignment)["lines_mark"]


def _words_topic(request: HttpRequest, assignment: Assignment) -> str:
    """By which this page hears of new words: whoever reads them may open it."""
    reader = getattr(request, "actor", None)
    return live.ticket(
        organisation_id=assignment.organisation_id,
        topic=f"{conversation.WORDS_TOPIC}:{assignment.pk}",
        actor_id=reader.id if reader else None,
    )


def frame(assignment: Assignment) -> dict[str, Any]:
    """What can be shown of a visit without looking at anybody's data."""
    asked, now = assignment.request, clock.now()
    return {
        "assignment": assignment,
        "token": matching.token_of(assignment.offer),
        "asked": asked,
        "where": rules.where(asked),
        "kind": choices.kind(asked.kind),
        "volunteer": assignment.volunteer,
        "start": assignment.comes_from if assignment.comes_from > now else None,
        "is_late": visits.is_late(assignment, now),
        "is_vague": assignment.comes_until - assignment.comes_from > VAGUE and not assignment.on_way_at,
        "is_on_way": assignment.state == Assignment.State.ON_WAY,
        "times": rules.times(asked, now),
        "former_hour": rules.former_hour(asked),
        "undo_until": visits.DONE_UNDO_WINDOW + assignment.ended_at
        if assignment.ended_at
        and actions.is_done_undoable(assignment)
        and actions.was_done_by_volunteer(assignment)
        else None,
        "failures": FAILURES_REMOTE if asked.remote else FAILURES,
        "with_money": asked.kind in rules.WITH_MONEY,
        "advance": asked.organisation.visit_cap_cents,
        "doorstep": rules.doorstep(asked),
        "at_door": rules.at_door(asked),
        "first_name": first_name(assignment.volunteer.person),
        "carried": [
            (
                reverse("offer_link", args=[matching.token_of(each.offer)]),
                choices.kind(each.request.kind).name,
            )
            for each in actions.carried_beside(assignment)
        ],
        **_in_two(assignment),
        **_again(assignment),
    }


def _in_two(assignment: Assignment) -> dict[str, Any]:
    """With whom they go, where the first visit is made in two: the first name alone."""
    partner = actions.partner_of(assignment)
    return {
        "waits": actions.waits(assignment),
        "partner": first_name(partner.volunteer.person) if partner else "",
    }


def _again(assignment: Assignment) -> dict[str, Any]:
    """What comes again is offered to be taken on each time, as long as somebody is wanted for that."""
    series = assignment.request.series
    if series is None or series.state == Series.State.ENDED:
        return {}
    regulars = set(series.regulars.filter(ended_at=None).values_list("volunteer", flat=True))
    mine = assignment.volunteer_id in regulars
    return {"again": series.rhythm, "is_regular": mine} if mine or len(regulars) < series.needed else {}


def early(request: HttpRequest, assignment: Assignment, step: str) -> HttpResponse:
    """Whether they are sure: the time is far away. Nothing of the household stands on this page."""
    question = EARLY_QUESTIONS[step]
    context = {**frame(assignment), "step": step, "question": question, "now": clock.now()}
    return keep(render(request, "volunteer/early.html", context), None, "visit")


def _undo_done(request: HttpRequest, actor: Actor, assignment: Assignment) -> None:
    try:
        followup.undo_done(actor=actor, assignment=assignment)
    except NotPossible:
        messages.warning(request, _("It can no longer be undone. If it is not done, call us."))
    else:
        messages.success(request, _("Undone: you are still going. Your neighbour was not told anything."))


HOW = (
    (HelperSays.How.GOOD, _("Good"), "tick"),
    (HelperSays.How.FAIR, _("All right"), "dots"),
    (HelperSays.How.HARD, _("Hard"), "talk"),
)


def how_it_was(assignment: Assignment) -> dict[str, Any]:
    """The question to the volunteer, once the visit is done, and what they have said."""
    return {"hows": HOW, "said": HelperSays.objects.filter(assignment=assignment).first()}


def says_how(request: HttpRequest, actor: Actor, assignment: Assignment) -> HttpResponse:
    """How it was, of a visit that is done. The team reads the words, and hears of danger in them at once."""
    words, known = request.POST.get("words", ""), how_it_was(assignment)["said"]
    heard = writing.PageWords(to_keep=words)
    if assignment.state == Assignment.State.DONE and words.strip() != (known.words if known else ""):
        heard = writing.hear_on_page(
            person=assignment.volunteer.person, words=words, about=assignment.pk, case=assignment.request.case
        )
    followup.helper_says(actor=actor, assignment=assignment, how=request.POST["how"], words=heard.to_keep)
    return with_numbers(redirect(request.path), heard.signs)


def _then(request: HttpRequest, part: str = "") -> HttpResponse:
    """The page again, with the emergency numbers on top where words of danger were sent."""
    words = request.POST.get("words", "")
    return with_numbers(redirect(f"{request.path}{part}"), danger.signs(words) if words else ())


def _was_kept(request: HttpRequest) -> bool:
    """Whether a phone without a network has kept this press: nobody is there any more to answer a question."""
    now = clock.now()
    return now - visits.pressed_at(request.POST.get("at", ""), now) > KEPT_AFTER


def take_step(request: HttpRequest, actor: Actor, assignment: Assignment, step: str) -> HttpResponse:
    """`on_way`, `done`, `undo_done`, `failed` with a `failure`, `time` with a `when`, `each_time`. A step taken already
    changes nothing. Long before the time the first two are asked once more: one touch of the screen is soon made."""
    if step == "list":
        return shopping.tick(request, actor, assignment)
    if step in money.STEPS:
        typed = money.take_step(request, actor, assignment, step)
        if typed is None:
            return _then(request, "#money")
        is_active = assignment.state in Assignment.ACTIVE
        return (page if is_active else over)(request, actor, assignment, typed=typed)
    said = {code.value for code, _words in FAILURES}
    if alone.take_step(request, actor, assignment, step):
        return redirect(request.path)
    asks = step in EARLY_QUESTIONS and visits.is_early(assignment, clock.now())
    if asks and not request.POST.get("sure") and not _was_kept(request):
        return redirect(f"{request.path}?early={step}")
    match step:
        case "worried":
            if not alone.worried(request, actor, assignment) and assignment.state in Assignment.ACTIVE:
                return page(request, actor, assignment, nothing_said=True)
            return _then(request)
        case "on_way":
            actions.on_my_way(actor=actor, assignment=assignment)
        case "done":
            actions.done(actor=actor, assignment=assignment)
        case "undo_done":
            _undo_done(request, actor, assignment)
        case "failed" if (failure := request.POST.get("failure")) in said:
            actions.could_not(actor=actor, assignment=assignment, failure=str(failure))
        case "each_time":
            try:
                actions.come_every_time(actor=actor, assignment=assignment)
            except actions.Elsewhere:
                messages.warning(request, _("You already go to someone else every time at that hour."))
            except NotPossible:
                pass
        case "time":
            window = rules.chosen_time(request.POST.get("when", ""))
            try:
                if window is None:
                    raise NotPossible
                actions.set_time(actor=actor, assignment=assignment, start=window[0], end=window[1])
            except NotPossible:
                if assignment.state in Assignment.ACTIVE:
                    return page(request, actor, assignment, time_is_wrong=True)
    return redirect(request.path)
