"""Somebody is in danger: the strip on every page until one of the team has it, and the page of one alert."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from quartier.alerts import actions, queries
from quartier.alerts.access import alert_for
from quartier.alerts.models import Alert
from quartier.callcore import Standing
from quartier.companions.queries import about_alert
from quartier.concerns.access import concern_of_alert
from quartier.console.queries import line
from quartier.console.queries.danger import AlertSubject, subjects_of
from quartier.conversation.queries import in_danger
from quartier.lib import clock, emergency
from quartier.people.access import looked
from quartier.people.lately import known_lately
from quartier.team.access import Actor
from quartier.visits.models import OwnWord, Watch

IN_A_CALL = {Standing.RINGING, Standing.ACCEPTING, Standing.IN_CALL}


def strip(request: HttpRequest) -> HttpResponse:
    """The strip alone, for a page that hears that something changed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    shown = context(actor, names=True)
    # One more query, where there is something to fold.
    shown["folded"] = bool(shown["alerts"]) and line.standing(actor) in IN_A_CALL
    return render(request, "console/alerts_strip.html", shown)


def context(actor: Actor, *, folded: bool = False, names: bool = False) -> dict[str, Any]:
    """What the strip shows: every alert that is not closed and exists for this account. One query. `folded`: only how
    many there are, for somebody on a call. `names`: of those heard on a call whom they are about, which is written
    down; a page itself names nobody, its strip fetches that (`names_follow`)."""
    alerts = list(queries.listed(actor)[:10])
    untaken = sum(1 for each in alerts if each.state == Alert.State.OPEN)
    about = subjects_of(alerts) if names else {}
    for person in {each.person for each in about.values() if each.person is not None}:
        looked(actor, "person", person.pk)
    names_follow = not names and any(each.kind == Alert.Kind.CALL for each in alerts)
    shown = [(each, about.get(each.pk)) for each in alerts]
    return {
        "alerts": shown,
        "untaken": untaken,
        "folded": folded,
        "me": actor.id,
        "names_follow": names_follow,
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
    }


def act(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """Take it, give it back, or say what was done."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    alert = alert_for(actor, alert_id)
    words = request.POST.get("words", "")
    try:
        match request.POST.get("do"):
            case "take":
                actions.take(actor=actor, alert_id=alert.pk)
                messages.success(request, _("You look after it. Nobody else is rung for it any more."))
            case "give_back":
                actions.give_back(actor=actor, alert_id=alert.pk)
                messages.success(request, _("The next one of the team has been told."))
            case "close":
                actions.close(actor=actor, alert_id=alert.pk, words=words)
                messages.success(request, _("It is closed. What you wrote is kept."))
            case _:
                raise Http404
    except actions.NothingSaid:
        return _page(request, alert, words, _("Write what was done, in a few words."))
    except actions.NotYours:
        messages.warning(request, _("Somebody else looks after it already."))
    return redirect("alert", alert.pk)


def wake(request: HttpRequest) -> HttpResponse:
    """Whether one is woken when somebody waits and nobody is there."""
    actions.wake_me(actor=request.actor, wish=request.POST.get("wish") == "yes")  # type: ignore[attr-defined]
    back = request.headers.get("Referer", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "board")
