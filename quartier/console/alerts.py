"""Somebody is in danger: the strip on every page until one of the team has it, and the page of one alert."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from quartier.alerts import actions, queries
from quartier.alerts.access import alert_for
from quartier.alerts.models import Alert
from quartier.audit.queries import of_subject
from quartier.callcore import Standing
from quartier.cases.queries.waits import search_due_since
from quartier.companions.queries import about_alert
from quartier.concerns.access import concern_of_alert
from quartier.console.queries import line
from quartier.console.queries.danger import AlertSubject, subjects_of
from quartier.conversation.queries import in_danger
from quartier.jobs.queries import last_done_at
from quartier.lib import clock, emergency
from quartier.people.access import looked
from quartier.people.lately import known_lately
from quartier.team.access import Actor
from quartier.visits.models import OwnWord, Watch
from quartier.visits.rules import is_ahead

# The shortest schedule is done every few seconds; a slow job may hold a single worker for a while.
PULSE_TIMEOUT = timedelta(minutes=5)
# Also while the notes of a call are written.
IN_A_CALL = {Standing.RINGING, Standing.ACCEPTING, Standing.IN_CALL, Standing.WRAP_UP}


def strip(request: HttpRequest) -> HttpResponse:
    """The strip alone, for a page that hears that something changed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    shown = context(actor, names=True)
    # One more query, where there is something to fold.
    shown["folded"] = bool(shown["alerts"]) and line.standing(actor) in IN_A_CALL
    return render(request, "console/alerts_strip.html", shown)


def pulse(_request: HttpRequest) -> HttpResponse:
    """Whether work is still being done, for a page that is open all day: no change reaches it when none is."""
    return HttpResponse(render_to_string("console/pulse.html", pulse_context()))


def pulse_context() -> dict[str, Any]:
    """`stood_since`: when the last work was done, if that is too long ago; where none was ever done, since when
    neighbours should have been asked. One query, two as long as no work was ever done."""
    at = last_done_at() or search_due_since()
    return {"stood_since": at if at is not None and clock.now() - at > PULSE_TIMEOUT else None}


def context(actor: Actor, *, folded: bool = False, names: bool = False) -> dict[str, Any]:
    """What the strip shows: every alert that is not closed and exists for this account. One query that finds none, as
    nearly always, and another one where there are some. `folded`: only how many there are, for somebody on a call.
    `names`: of those heard on a call whom they are about, which is written down; a page itself names nobody, its strip
    fetches that (`names_follow`)."""
    alerts = list(queries.listed(actor)[:10]) if queries.has_listed(actor) else []
    untaken = sum(1 for each in alerts if each.state == Alert.State.OPEN)
    about = subjects_of(alerts) if names else {}
    for person in {each.person for each in about.values() if each.person is not None}:
        looked(actor, "person", person.pk)
    names_follow = not names and any(each.kind == Alert.Kind.CALL for each in alerts)
    shown = [(each, about.get(each.pk)) for each in alerts]
    own = [each for each in alerts if each.call_id is not None and each.raised_by_id == actor.id]
    return {
        "alerts": shown,
        "untaken": untaken,
        "folded": folded,
        "me": actor.id,
        "names_follow": names_follow,
        # The page of a call has a panel for it.
        "of_own_call": len(alerts) == 1 == len(own),
    }


def show(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """One alert: who heard it, who was told and when, and what to do. That of a concern is the concern's own page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    alert = alert_for(actor, alert_id)
    if alert.kind == Alert.Kind.CONCERN:
        return redirect("concern_page", concern_of_alert(actor, alert.pk))
    return _page(request, alert)


def _page(request: HttpRequest, alert: Alert, words: str = "", wrong: str = "") -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    mine = alert.taken_by_id == actor.id
    return render(
        request,
        "console/alert.html",
        {
            "alert": alert,
            "tellings": alert.tellings.select_related("person").order_by("step"),
            "is_gathered": queries.is_gathered(alert),
            "numbers": emergency.numbers(
                actor.organisation.country, alert.call.language if alert.call else request.LANGUAGE_CODE
            ),
            "visit": _visit(actor, alert) if alert.kind == Alert.Kind.VISIT else None,
            "written": in_danger(alert) if alert.kind == Alert.Kind.WRITTEN else [],
            "mine": mine,
            "about": _subject(actor, alert),
            "lately": known_lately(alert.person) if alert.person else [],
            "sign": None if alert.call_id else about_alert(alert),
            "may_close": mine or actor.has("coordinator", "admin"),
            "typed": words,
            "wrong": wrong,
            "now": clock.now(),
        },
        status=422 if wrong else 200,
    )


def _subject(actor: Actor, alert: Alert) -> AlertSubject | None:
    """Whom danger heard on a call is about. That somebody looked is written down."""
    about = subjects_of([alert]).get(alert.pk)
    for person in (about.person, about.caller) if about else ():
        if person is not None:
            looked(actor, "person", person.pk)
    return about


def _visit(actor: Actor, alert: Alert) -> dict[str, Any] | None:
    """Who went alone, where, since when and until when, and the word by which they say that all is well."""
    watch = (
        Watch.objects.select_related("assignment__volunteer__person", "assignment__request__case__person")
        .filter(alert=alert, organisation=actor.organisation)
        .first()
    )
    if watch is None:
        return None
    looked(actor, "assignment", watch.assignment_id)
    volunteer = watch.assignment.volunteer
    word = OwnWord.objects.filter(volunteer=volunteer).first()
    return {
        "watch": watch,
        "assignment": watch.assignment,
        "case": watch.assignment.request.case,
        "volunteer": volunteer,
        "word": word.word if word else "",
        "is_ahead": _was_pressed_ahead(watch),
    }


def _was_pressed_ahead(watch: Watch) -> bool:
    """Whether help was called before anybody could be there: by the time that was agreed then, since whoever is there
    can move the visit afterwards."""
    if watch.quiet_at is None or watch.until is not None or not is_ahead(watch.assignment, watch.quiet_at):
        return False
    moves = of_subject(watch.organisation_id, watch.assignment_id).filter(at__gte=watch.quiet_at)
    return not moves.filter(verb__in=["assignment.move", "assignment.set_time"]).exists()


def act(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """Take it, give it back, or say what was done."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    alert = alert_for(actor, alert_id)
    words = request.POST.get("words", "")
    try:
        match request.POST.get("do"):
            case "take":
                actions.take(actor=actor, alert_id=alert.pk)
                messages.success(request, _("You are dealing with it. No one else will be alerted."))
            case "give_back":
                actions.give_back(actor=actor, alert_id=alert.pk)
                messages.success(request, _("The next person in the team has been told."))
            case "close":
                actions.close(actor=actor, alert_id=alert.pk, words=words)
                messages.success(request, _("It is closed. What you wrote is kept."))
            case _:
                raise Http404
    except actions.NothingSaid:
        return _page(request, alert, words, _("Say what was done, in a few words."))
    except actions.NotYours:
        messages.warning(request, _("Someone else is already dealing with it."))
    return redirect("alert", alert.pk)


def wake(request: HttpRequest) -> HttpResponse:
    """Whether one is woken when somebody waits and nobody is there."""
    actions.wake_me(actor=request.actor, wish=request.POST.get("wish") == "yes")  # type: ignore[attr-defined]
    back = request.headers.get("Referer", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "board")
