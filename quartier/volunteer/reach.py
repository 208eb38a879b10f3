"""How we reach you: the ways in your order, hours of your own, one mail instead of many, in your language."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext_lazy
from django.views.decorators.cache import never_cache

from quartier.lib import phone
from quartier.lib.waiting_form import answer_by_redirect, sent_or_waiting
from quartier.limits.actions import allow
from quartier.messaging import actions as messaging
from quartier.people import rules, wishes
from quartier.people.models import Person
from quartier.people.wish_form import WishForm, said
from quartier.team.models import Organisation
from quartier.volunteer.access import me

WAYS = {
    "push": pgettext_lazy("a way to tell somebody", "A notification on your phone or computer"),
    "telegram": "Telegram",
    "matrix": "Matrix",
    "text": pgettext_lazy("a way to tell somebody", "A text"),
    "email": pgettext_lazy("a way to tell somebody", "An email"),
    "voice": pgettext_lazy("a way to tell somebody", "A call that reads it to you"),
}
# What can be tried from here: a call would be rung for nothing.
CAN_BE_TRIED = frozenset(WAYS) - {"voice"}
TRIES, TRIES_S = 4, 3600


@never_cache
@answer_by_redirect
def show(request: HttpRequest) -> HttpResponse:
    """The page; POST `do`: a way one place up or down, a trial, or all that the form says."""
    actor, volunteer = me(request)
    person, organisation = volunteer.person, volunteer.organisation
    do, _colon, code = request.POST.get("do", "").partition(":")
    sent = sent_or_waiting(request)
    form = WishForm(
        sent if sent is not None and sent.get("do") == "save" else None,
        organisation=organisation, person=person, volunteer=volunteer,
    )  # fmt: skip
    match do:
        case "up" | "down":
            shown = [each for each, _to in messaging.ways_known(person)]
            wishes.put_in_order(actor=actor, person=person, order=rules.moved(shown, code, up=do == "up"))
            return redirect(f"{reverse('volunteer_reach')}#ways")
        case "try":
            _try(request, person, code)
            return redirect(f"{reverse('volunteer_reach')}#ways")
        case "save" if form.is_valid():
            wishes.write_down(actor=actor, person=person, page=form.page(), volunteer=volunteer)
            with override(person.language):
                messages.success(request, _("Saved."))
                return redirect("volunteer_home")
        case "save" | "":
            pass
        case _unknown:
            raise Http404
    return render(request, "volunteer/reach.html", _context(organisation, person, form))


def _context(organisation: Organisation, person: Person, form: WishForm) -> dict[str, Any]:
    return {
        "form": form,
        "person": person,
        "ways": [
            {
                "code": code,
                "name": WAYS[code],
                "to": _shown(code, to, organisation),
                "try": code in CAN_BE_TRIED,
            }
            for code, to in messaging.ways_known(person)
            if code in WAYS
        ],
        "night_from": said(organisation.quiet_from),
        "night_until": said(organisation.quiet_until),
        "has_night": organisation.quiet_from != organisation.quiet_until,
    }


def _shown(code: str, to: str, organisation: Organisation) -> str:
    if code in rules.AT_ONCE:
        return ""
    return to if code == "email" else phone.display(to, organisation.country)


def _try(request: HttpRequest, person: Person, code: str) -> None:
    if code not in CAN_BE_TRIED:
        raise Http404
    if not allow(purpose="try", who=str(person.pk), limit=TRIES, per_seconds=TRIES_S):
        messages.warning(request, _("You have already tried a few times. Try again in an hour."))
    elif messaging.try_way(person=person, channel=code) is None:
        messages.warning(request, _("We cannot reach you this way."))
    else:
        messages.success(request, _("A test is on its way. It will arrive in a moment."))
