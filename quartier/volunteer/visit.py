"""The visit, on the same link, after a yes: who, where, the word, when; and its steps."""

import contextlib
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from quartier.cases.models import Series
from quartier.cases.rules import NotPossible
from quartier.followup.models import HelperSays
from quartier.lib import choices, clock
from quartier.matching import actions as matching
from quartier.team.access import Actor
from quartier.visits import access, actions
from quartier.visits import rules as visits
from quartier.visits.actions.ledger import first_name
from quartier.visits.models import Assignment
from quartier.volunteer import alone, money, rules, shopping
from quartier.volunteer.app.frame import keep

# A time longer than this is not yet one to wait for.
VAGUE = timedelta(hours=4)
# What a volunteer can say; that nobody came is found out by `visits` alone.
FAILURES = (
    (Assignment.Failure.NOBODY_HOME, _("Nobody opens")),
    (Assignment.Failure.WRONG_ADDRESS, _("The address is wrong")),
    (Assignment.Failure.CANNOT_GO, _("I cannot go after all")),
    (Assignment.Failure.OTHER, _("Something else")),
)
FAILURES_REMOTE = (
    (Assignment.Failure.NOBODY_HOME, _("Nobody answers")),
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
    shown = render(
        request,
        "volunteer/visit.html",
        {**frame(assignment), **alone.frame(assignment), "details": details, "time_is_wrong": time_is_wrong}
        | more
        | (_in_words(details, assignment) if details else {})
        | money.shown(assignment, typed),
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
        frame(assignment) | how_it_was(assignment) | money.shown(assignment, typed),
        status=422 if typed else 200,
    )
    return keep(shown, None, "done")


def _in_words(details: access.Details, assignment: Assignment) -> dict[str, Any]:
    listed = shopping.shown(assignment)
    return {
        "name": details.name or _("Your neighbour"),
        "list": [] if listed else [line.strip() for line in details.wish.splitlines() if line.strip()],
    } | listed


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
        "failures": FAILURES_REMOTE if asked.remote else FAILURES,
        "with_money": asked.kind in rules.WITH_MONEY,
        "advance": asked.organisation.visit_cap_cents,
        "doorstep": rules.doorstep(asked),
        "at_door": rules.at_door(asked),
        "first_name": first_name(assignment.volunteer.person),
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


HOW = (
    (HelperSays.How.GOOD, _("Good"), "tick"),
    (HelperSays.How.FAIR, _("All right"), "dots"),
    (HelperSays.How.HARD, _("Hard"), "talk"),
)


def how_it_was(assignment: Assignment) -> dict[str, Any]:
    """The question to the volunteer, once the visit is done, and what they have said."""
    return {"hows": HOW, "said": HelperSays.objects.filter(assignment=assignment).first()}


def take_step(request: HttpRequest, actor: Actor, assignment: Assignment, step: str) -> HttpResponse:
    """`on_way`, `done`, `failed` with a `failure`, `time` with a `when`, `each_time`. A step taken already changes
    nothing."""
    if step == "list":
        return shopping.tick(request, actor, assignment)
    if step in money.STEPS:
        typed = money.take_step(request, actor, assignment, step)
        if typed is None:
            return redirect(f"{request.path}#money")
        is_active = assignment.state in Assignment.ACTIVE
        return (page if is_active else over)(request, actor, assignment, typed=typed)
    said = {code.value for code, _words in FAILURES}
    if alone.take_step(request, actor, assignment, step):
        return redirect(request.path)
    match step:
        case "worried":
            if not alone.worried(request, actor, assignment) and assignment.state in Assignment.ACTIVE:
                return page(request, actor, assignment, nothing_said=True)
        case "on_way":
            actions.on_my_way(actor=actor, assignment=assignment)
        case "done":
            actions.done(actor=actor, assignment=assignment)
        case "failed" if (failure := request.POST.get("failure")) in said:
            actions.could_not(actor=actor, assignment=assignment, failure=str(failure))
        case "each_time":
            with contextlib.suppress(NotPossible):
                actions.come_every_time(actor=actor, assignment=assignment)
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
