"""Called regularly, as the person sees it on her private page: who calls and when, a rest, and a kind end."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from quartier.cases.models import StatusLink
from quartier.companions import actions, queries
from quartier.companions.actions.pairing import Ending, Wanted
from quartier.companions.forms import WishForm
from quartier.companions.models import CallWish, Pairing, StandIn
from quartier.companions.rules import NotPossible
from quartier.conversation.danger import Sign
from quartier.conversation.numbers import with_numbers
from quartier.lib.waiting_form import answer_by_redirect, sent_or_waiting
from quartier.people.queries import first_name
from quartier.public.status.frame import actor_of, of_person, private
from quartier.public.status.pages import heard_words


@private
@of_person
@answer_by_redirect
def show(request: HttpRequest, token: str, found: StatusLink) -> HttpResponse:
    """The page; POST: a wish, yes or no to a listener, a rest, going on, or the end."""
    person = found.case.person
    if found.person_id != person.pk:
        raise Http404  # Who asked for her does not decide this.
    pairing = queries.of_person(person)
    wish = person.call_wishes.exclude(state=CallWish.State.CLOSED).first()
    sent = sent_or_waiting(request)
    is_wish = sent is not None and sent.get("do") == "wish"
    form = WishForm(
        sent if is_wish else None,
        initial={"languages": [person.language], "slots": [str(bit) for bit in range(21)]},
    )
    done = request.GET.get("done", "")[:10]
    if request.method == "POST":
        do = request.POST.get("do", "")
        if do == "wish" and pairing is None and wish is None:
            if form.is_valid():
                wanted, signs = _heard(found, form.wanted())
                actions.wish_for(actor=actor_of(found), case=found.case, person=person, wanted=wanted)
                return with_numbers(redirect("status_companion", token), signs)
        else:
            try:
                _act(found, pairing, wish, do)
            except NotPossible:
                do = "over"
            return redirect(f"{reverse('status_companion', args=[token])}?done={do}")
    context: dict[str, Any] = {
        "form": form,
        "wish": wish,
        "pairing": pairing,
        "listener": first_name(pairing.listener.account.person) if pairing else "",
        "instead": _instead(pairing),
        "talk": queries.next_talks([pairing.pk]).get(pairing.pk) if pairing else None,
        "done": done,
        "back": reverse("status", args=[token]),
        "link": found,
    }
    return render(request, "public/status/called.html", context)


def _heard(found: StatusLink, wanted: Wanted) -> tuple[Wanted, Collection[Sign]]:
    """What is kept of a wish, and the signs of danger in its words; those of which an alert has the only copy are not
    for whoever looks for a listener."""
    heard = heard_words(found, "\n".join(filter(None, [wanted.words, wanted.to_know])))
    return replace(wanted, words="", to_know="") if heard.is_aside else wanted, heard.signs


def _instead(pairing: Pairing | None) -> tuple[str, date] | None:
    """Who calls her for some days instead of her listener, and until when."""
    row = queries.standing_in(pairing) if pairing else None
    if row is None or row.state != StandIn.State.ACCEPTED:
        return None
    return first_name(row.listener.account.person), row.last_day


def _act(found: StatusLink, pairing: Pairing | None, wish: CallWish | None, do: str) -> None:
    actor = actor_of(found)
    if do == "close" and wish is not None and pairing is None:
        actions.close_wish(actor=actor, wish=wish)
        return
    if pairing is None:
        raise NotPossible
    match do:
        case "yes":
            actions.agree_person(actor=actor, pairing=pairing)
        case "no":
            actions.decline(actor=actor, pairing=pairing, by_listener=False)
        case "pause":
            actions.pause(actor=actor, pairing=pairing)
        case "resume":
            actions.resume(actor=actor, pairing=pairing)
        case "another":
            why = Pairing.Why.NO_FIT
            actions.end(actor=actor, pairing=pairing, ending=Ending(why, Pairing.Next.ANOTHER))
        case "end":
            actions.end(actor=actor, pairing=pairing, ending=Ending(Pairing.Why.PERSON))
        case _:
            raise Http404
