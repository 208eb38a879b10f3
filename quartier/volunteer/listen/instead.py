"""For some days I call somebody in the place of her listener: yes or no, the call, how it went. Never the notebook."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from quartier.companions import access, actions, queries
from quartier.companions.actions.talks import may_call
from quartier.companions.forms import TALK_MINUTES
from quartier.companions.models import Pairing, StandIn, Talk
from quartier.companions.rules import NotPossible
from quartier.conversation.numbers import with_numbers
from quartier.lib import choices, clock, emergency
from quartier.people.queries import first_name
from quartier.team.access import Actor
from quartier.volunteer.listen.one import danger_in_note, minutes_of, talk_of


@never_cache
def show(request: HttpRequest, stand_in_id: UUID) -> HttpResponse:
    """The days, what was handed over, and the next call; POST: a step."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = access.own_stand_in(actor, stand_in_id)
    if request.method == "POST":
        try:
            stays = _act(request, actor, row)
        except NotPossible:
            stays = True
            messages.warning(request, _("This is no longer possible. Here is how things stand."))
        back = redirect("listen_instead", row.pk) if stays else redirect("listen")
        is_note = request.POST.get("do") == "note"
        return with_numbers(back, danger_in_note(request, actor, row.pairing)) if is_note else back
    return render(request, "volunteer/listen/instead.html", _page(request, actor, row))


def _act(request: HttpRequest, actor: Actor, row: StandIn) -> bool:
    """Do it; false when this page is theirs no more. Raises `NotPossible`, `Http404`."""
    do, pairing = request.POST.get("do"), row.pairing
    if do in ("yes", "no"):
        actions.answer_stand_in(actor=actor, stand_in=row, yes=do == "yes")
        if do == "no":
            messages.success(
                request, _("Thank you for telling us. That is no problem: we’ll look for someone else.")
            )
        return do == "yes"
    if do == "end":
        actions.end_stand_in(actor=actor, pairing=pairing)
        messages.success(
            request, _("Thank you for telling us. That is no problem: we’ll look for someone else.")
        )
        return False
    if not _has_begun(actor, row):
        raise Http404
    match do:
        case "call":
            actions.call(actor=actor, talk=_my_talk(request, row))
        case "spoken":
            actions.mark(
                actor=actor, talk=_my_talk(request, row), state="spoken", minutes=minutes_of(request)
            )
            messages.success(request, _("Saved. Thank you for being there."))
        case "not_reached":
            actions.mark(actor=actor, talk=_my_talk(request, row), state="not_reached")
            messages.success(request, _("Saved. Try once more at another time, if you can."))
        case "note":
            actions.write_note(actor=actor, pairing=pairing, words=request.POST.get("words", ""))
            messages.success(request, _("Your note is saved for their usual listener."))
        case "worry":
            actions.worry(actor=actor, pairing=pairing)
            messages.warning(
                request,
                _("We are alerting our team now, one person after another, until someone deals with it."),
            )
        case _:
            raise Http404
    return True


def _has_begun(actor: Actor, row: StandIn) -> bool:
    return row.state == StandIn.State.ACCEPTED and row.first_day <= access.today_of(actor)


def _my_talk(request: HttpRequest, row: StandIn) -> Talk:
    """One of the calls of these days, no other. Raises `Http404`."""
    talk = talk_of(request, row.pairing)
    if not row.first_day <= talk.at.astimezone(row.organisation.zone).date() <= row.last_day:
        raise Http404
    return talk


def _page(request: HttpRequest, actor: Actor, row: StandIn) -> dict[str, Any]:
    now, pairing, accepted = clock.now(), row.pairing, row.state == StandIn.State.ACCEPTED
    speak = accepted and pairing.state == Pairing.State.RUNNING
    talk = queries.next_talk_of(row) if speak else None
    calls = talk is not None and may_call(talk, now) and _has_begun(actor, row)
    return {
        "row": row,
        "pairing": pairing,
        "accepted": accepted,
        "begun": _has_begun(actor, row),
        # Before they have said yes, nobody has a name; nor is a word of the handover shown.
        "name": first_name(pairing.wish.person) if accepted else "",
        "regular": first_name(pairing.listener.account.person),
        "languages": choices.chosen(choices.LANGUAGES, pairing.wish.languages & row.listener.languages),
        "talk": talk,
        "may_call": calls,
        "contact": access.contact(actor, talk, pairing) if calls and talk else None,
        "has_line": bool(actor.organisation.phone) and access.has_line(pairing, row.listener.account),
        "asks": talk is not None and talk.at <= now and calls,
        "minutes": TALK_MINUTES,
        "numbers": emergency.numbers(actor.organisation.country, request.LANGUAGE_CODE, short=True),
    }
