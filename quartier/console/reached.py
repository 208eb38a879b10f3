"""How and when a volunteer wants to be told things, written down by whoever has them on the phone."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quartier.console.intake import parsing
from quartier.console.post import CHANNELS
from quartier.lib import clock
from quartier.lib.text import one_line
from quartier.messaging import actions as messaging
from quartier.people import rules, wishes
from quartier.people.access import volunteer_for
from quartier.people.models import Volunteer
from quartier.people.wish_form import WishForm
from quartier.team.access import Actor
from quartier.visits.actions import promised_while


def show(request: HttpRequest, volunteer_id: UUID) -> HttpResponse:
    """The page; POST `do`: a way up or down, days away, or all that the form says."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    volunteer = volunteer_for(actor, volunteer_id)
    person = volunteer.person
    do, _colon, code = request.POST.get("do", "").partition(":")
    form = WishForm(
        request.POST if request.method == "POST" and do == "save" else None,
        organisation=actor.organisation, person=person, volunteer=volunteer,
    )  # fmt: skip
    wrong = ""
    match do:
        case "up" | "down":
            shown = [each for each, _to in messaging.ways_known(person)]
            wishes.put_in_order(actor=actor, person=person, order=rules.moved(shown, code, up=do == "up"))
            return redirect("volunteer_wishes", volunteer.pk)
        case "away":
            wrong = _away(request, actor, volunteer)
            if not wrong:
                return redirect("volunteer_wishes", volunteer.pk)
        case "stay":
            _stay(request, actor, volunteer, code)
            return redirect("volunteer_wishes", volunteer.pk)
        case "save" if form.is_valid():
            wishes.write_down(actor=actor, person=person, page=form.page(), volunteer=volunteer)
            messages.success(request, _("Saved."))
            return redirect("volunteer_page", volunteer.pk)
        case "save" | "":
            pass
        case _unknown:
            raise Http404
    context = {
        "volunteer": volunteer,
        "form": form,
        "ways": [(code, CHANNELS[code]) for code, _to in messaging.ways_known(person) if code in CHANNELS],
        "away": wishes.times_away(volunteer, _today(actor)),
        "wrong": wrong,
        "first": request.POST.get("first", "")[:20],
        "last": request.POST.get("last", "")[:20],
    }
    status = 422 if wrong or form.errors else 200
    return render(request, "console/wishes.html", context, status=status)


def _today(actor: Actor) -> date:
    return clock.now().astimezone(actor.organisation.zone).date()


def _away(request: HttpRequest, actor: Actor, volunteer: Volunteer) -> str:
    """Note the days; what is wrong with them, or ""."""
    today = _today(actor)
    typed = [one_line(request.POST.get(name, ""), 20) for name in ("first", "last")]
    days = [parsing.day(each, today) if each.strip() else None for each in typed]
    if days[0] is None or days[1] is None:
        return _("Choose the first day and the last one.")
    try:
        away = wishes.go_away(actor=actor, volunteer=volunteer, starts_on=days[0], ends_on=days[1])
    except wishes.TooMany:
        return _("You have too many of these already. Remove some first.")
    except ValueError:
        return _("Choose dates to come, within a year, the first one before the last one.")
    messages.success(request, _("Saved."))
    if promised := promised_while(away):
        said = ngettext(
            "%(name)s has promised a visit for that time: ask whether someone else should go.",
            "%(name)s has promised %(count)s visits for that time: ask whether someone else should go.",
            len(promised),
        )
        messages.warning(request, said % {"name": volunteer.person.name, "count": len(promised)})
    return ""


def _stay(request: HttpRequest, actor: Actor, volunteer: Volunteer, code: str) -> None:
    try:
        away_id = UUID(code)
    except ValueError as error:
        raise Http404 from error
    if wishes.stay(actor=actor, volunteer=volunteer, away_id=away_id):
        messages.success(request, _("Saved."))
