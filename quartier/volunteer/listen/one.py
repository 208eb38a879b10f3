"""One of my people: yes or no, the next call, how it went, my notes, and what I do when I am worried."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from quartier.companions import access, actions, queries
from quartier.companions.actions.talks import may_call
from quartier.companions.forms import TALK_MINUTES, LaterForm, MoodForm, RhythmForm, StandInForm
from quartier.companions.models import Pairing, Talk
from quartier.companions.rules import INTERESTS, NotPossible
from quartier.companions.scales import SCALES
from quartier.conversation import danger
from quartier.conversation.danger import Sign
from quartier.conversation.numbers import with_numbers
from quartier.lib import choices, clock, emergency
from quartier.people.queries import first_name
from quartier.team.access import Actor


@never_cache
def show(request: HttpRequest, pairing_id: UUID) -> HttpResponse:
    """One of the listener's own; POST: a step."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    pairing = access.own_pairing(actor, pairing_id)
    if request.method != "POST":
        return _page(request, actor, pairing)
    wrong: dict[str, forms.Form] = {}
    try:
        wrong = _act(request, actor, pairing)
    except NotPossible:
        messages.warning(request, _("This is no longer possible. Here is how things stand."))
    if wrong:
        return _page(request, actor, pairing, **wrong)
    if request.POST.get("do") == "note":
        return with_numbers(redirect("listen_pairing", pairing.pk), danger_in_note(request, actor, pairing))
    if request.POST.get("do") == "no":
        messages.success(
            request, _("Thank you for telling us. That is no problem: we’ll look for someone else.")
        )
        return redirect("listen")
    return redirect("listen_pairing", pairing.pk)


def _act(request: HttpRequest, actor: Actor, pairing: Pairing) -> dict[str, forms.Form]:
    """Do it; gives the form back in which something is left to put right."""
    match request.POST.get("do"):
        case "yes":
            actions.agree_listener(actor=actor, pairing=pairing)
        case "no":
            actions.decline(actor=actor, pairing=pairing, by_listener=True)
        case "begin":
            form = RhythmForm(request.POST)
            if not form.is_valid():
                return {"rhythm_form": form}
            today = clock.now().astimezone(actor.organisation.zone).date()
            actions.begin(actor=actor, pairing=pairing, rhythm=form.rhythm(), first_day=today, at=form.time())
        case "call":
            actions.call(actor=actor, talk=talk_of(request, pairing))
        case "spoken":
            actions.mark(
                actor=actor, talk=talk_of(request, pairing), state="spoken", minutes=minutes_of(request)
            )
            messages.success(request, _("Saved. Thank you for being there."))
        case "not_reached":
            actions.mark(actor=actor, talk=talk_of(request, pairing), state="not_reached")
            messages.success(request, _("Saved. Try once more at another time, if you can."))
        case "later":
            later = LaterForm(request.POST)
            if not later.is_valid():
                return {"later_form": later}
            to = later.moment(actor.organisation.zone)
            actions.postpone(actor=actor, talk=talk_of(request, pairing), to=to)
        case "note":
            actions.write_note(actor=actor, pairing=pairing, words=request.POST.get("words", ""))
            messages.success(request, _("Your note is saved. Only you and your supervisor can read it."))
        case "mood":
            mood = MoodForm(request.POST, scale=pairing.scale)
            if not mood.is_valid():
                return {"mood_form": mood}
            actions.note_mood(actor=actor, pairing=pairing, answers=mood.answers())
            messages.success(request, _("Saved. Only you and your supervisor can see it."))
        case "scale":
            actions.choose_scale(actor=actor, pairing=pairing, scale=request.POST.get("scale", ""))
        case "instead":
            stand_in = StandInForm(request.POST, today=access.today_of(actor))
            if not stand_in.is_valid():
                return {"instead_form": stand_in}
            actions.ask_stand_in(
                actor=actor,
                pairing=pairing,
                listener_id=stand_in.cleaned_data["listener"],
                days=stand_in.days(),
            )
            messages.success(request, _("Asked. We’ll tell you here as soon as there is an answer."))
        case "instead_end":
            actions.end_stand_in(actor=actor, pairing=pairing)
            messages.success(request, _("Thank you. You are calling them yourself again."))
        case "worry":
            actions.worry(actor=actor, pairing=pairing)
            messages.warning(
                request,
                _("We are alerting our team now, one person after another, until someone deals with it."),
            )
        case _:
            raise Http404
    return {}


def danger_in_note(request: HttpRequest, actor: Actor, pairing: Pairing) -> frozenset[Sign]:
    """Signs of danger in a note that was just written: the team is alerted as if the listener had said that they are
    worried. The words stay in the notebook."""
    signs = danger.signs(request.POST.get("words", ""))
    if signs:
        actions.worry(actor=actor, pairing=pairing)
        messages.warning(
            request,
            _(
                "There are words of danger in your note, so we are alerting our team, one person after another. "
                "They do not read the note: tell the person who calls you what is going on."
            ),
        )
    return signs


def talk_of(request: HttpRequest, pairing: Pairing) -> Talk:
    """The call that is spoken of; raises `Http404` for what is none of this pairing."""
    try:
        found = pairing.talks.filter(pk=UUID(request.POST.get("talk", ""))).first()
    except ValueError as error:
        raise Http404 from error
    if found is None:
        raise Http404
    return found


def minutes_of(request: HttpRequest) -> int | None:
    """How long they spoke, where it was said."""
    chosen = request.POST.get("minutes", "")
    return int(chosen) if chosen in {str(each) for each in TALK_MINUTES} else None


def _page(request: HttpRequest, actor: Actor, pairing: Pairing, **given: forms.Form) -> HttpResponse:
    now, state = clock.now(), pairing.state
    wish = pairing.wish
    talk = queries.next_talks([pairing.pk]).get(pairing.pk) if state == Pairing.State.RUNNING else None
    calls = talk is not None and may_call(talk, now)
    context: dict[str, Any] = {
        "pairing": pairing,
        "name": "" if state == Pairing.State.PROPOSED else first_name(wish.person),
        "languages": choices.chosen(choices.LANGUAGES, wish.languages & pairing.listener.languages),
        "interests": choices.chosen(INTERESTS, wish.interests),
        "talk": talk,
        "may_call": calls,
        "contact": access.contact(actor, talk, pairing) if calls and talk else None,
        "has_line": bool(actor.organisation.phone) and access.has_line(pairing),
        "asks": talk is not None and talk.at <= now,
        "minutes": TALK_MINUTES,
        "book": access.notebook(actor, pairing) if state != Pairing.State.PROPOSED else None,
        "glasses": pairing.glasses.select_related("account").order_by("-at", "-pk"),
        "numbers": emergency.numbers(actor.organisation.country, request.LANGUAGE_CODE, short=True),
        "rhythm_form": RhythmForm(initial=RhythmForm.begin_with(pairing)),
        "later_form": LaterForm(),
        "mood_form": MoodForm(scale=pairing.scale),
        "scales": SCALES.values(),
        "stand_in": queries.standing_in(pairing),
        "could_call": queries.stand_ins(pairing) if state == Pairing.State.RUNNING else [],
        "instead_form": StandInForm(today=access.today_of(actor)),
        "referrals": pairing.referrals.select_related("service").order_by("-at", "-pk"),
        **given,
    }
    return render(request, "volunteer/listen/one.html", context, status=422 if given else 200)
