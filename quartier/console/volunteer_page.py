"""One volunteer: what they can, what they did; a break, a suspension, people whom they are not sent to."""

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from quartier.console import words
from quartier.console.intake import parsing
from quartier.console.post import CHANNELS
from quartier.console.queries import volunteers as read
from quartier.console.request_page import COORDINATES, too_late
from quartier.console.standing import KINDS, name_of
from quartier.lib import choices, clock
from quartier.lib.elision import elided
from quartier.lib.text import clean, one_line
from quartier.matching.models import Offer
from quartier.messaging.actions import ways_known
from quartier.people import wishes
from quartier.people.access import volunteer_for
from quartier.people.models import Person, Volunteer
from quartier.people.wish_form import said
from quartier.team.access import Actor
from quartier.team.models import Organisation, Role
from quartier.trust import actions as trusting
from quartier.trust import queries as trust
from quartier.visits import actions as visits
from quartier.visits.models import Assignment

STATE = Volunteer.State


def show(request: HttpRequest, volunteer_id: UUID) -> HttpResponse:
    """The volunteer. Who looks is written down."""
    actor = request.actor  # type: ignore[attr-defined]
    volunteer = volunteer_for(actor, volunteer_id)
    found = read.history(volunteer)
    met = {visit.request.case.person_id: visit.request.case.person for visit in found.visits}
    for exclusion in found.exclusions:
        met.pop(exclusion.person_id, None)
    standing = trust.standing(volunteer, clock.now().astimezone(actor.organisation.zone).date())
    for sighting in standing.sightings:
        sighting.what = name_of(sighting)  # type: ignore[attr-defined]
    context = {
        "volunteer": volunteer,
        "state": words.VOLUNTEERS[STATE(volunteer.state)],
        "kinds": choices.chosen(choices.KINDS, volunteer.kinds),
        "languages": choices.chosen(choices.LANGUAGES, volunteer.languages),
        "travel": next(
            (each.name for each in choices.TRAVEL if each.code == volunteer.travel), _("We do not know yet")
        ),
        "week": _week(volunteer.slots),
        "parts": [name for name, _opens, _closes in choices.PARTS],
        "visits": [(visit, words.VISITS[Assignment.State(visit.state)]) for visit in found.visits],
        "offers": [(offer, words.OFFERS[Offer.State(offer.state)]) for offer in found.offers],
        "answers": _answers(actor.organisation, volunteer),
        "exclusions": found.exclusions,
        "met": list(met.values()),
        "coordinates": actor.has(*COORDINATES),
        "may_suspend": _may_suspend(actor, volunteer),
        "standing": standing,
        "suspension": volunteer.suspensions.filter(lifted_at=None).select_related("by").first()
        if volunteer.state == STATE.SUSPENDED
        else None,
        "papers": KINDS.items(),
        **_reached(volunteer),
    }
    return render(request, "console/volunteer.html", context)


def _reached(volunteer: Volunteer) -> dict[str, Any]:
    """How and when they want to be told things. Four queries."""
    person, today = volunteer.person, clock.now().astimezone(volunteer.organisation.zone).date()
    wish = wishes.of(person)
    quiet = wishes.quiet_of(wish)
    return {
        "ways": ", ".join(str(CHANNELS.get(code, code)) for code, _to in ways_known(person)),
        "quiet": [said(each) for each in quiet] if quiet else [],
        "together": [said(each) for each in wishes.mails_at(wish)],
        "spoken": dict(settings.LANGUAGES).get(person.language, person.language),
        "away": wishes.times_away(volunteer, today),
    }


def _answers(organisation: Organisation, volunteer: Volunteer) -> str:
    """How offers of the last half year were answered, where the organisation learns from it."""
    if not organisation.learns or not volunteer.offers_lately:
        return ""
    return capfirst(words.answers(volunteer.yes_lately, volunteer.offers_lately))


def _week(slots: int) -> list[tuple[object, list[bool]]]:
    parts = len(choices.PARTS)
    return [
        (name, [bool(slots & 1 << (day * parts + part)) for part in range(parts)])
        for day, name in enumerate(choices.DAYS)
    ]


def _may_suspend(actor: Actor, volunteer: Volunteer) -> bool:
    """Whoever coordinates may, but nobody themselves, and whoever heads the group only by another one who does. With a
    suspension every role ends: somebody is left who can lift it."""
    account_id = volunteer.person.account_id
    if not actor.has(*COORDINATES) or account_id == actor.id:
        return False
    if account_id is None or actor.has(Role.Name.ADMIN):
        return True
    return not Role.objects.filter(account=account_id, name=Role.Name.ADMIN).exists()


def act(request: HttpRequest, volunteer_id: UUID) -> HttpResponse:
    """A break, a suspension, or somebody whom this volunteer is not sent to: a coordinator's decisions."""
    actor = request.actor  # type: ignore[attr-defined]
    volunteer = volunteer_for(actor, volunteer_id)
    name = {"name": volunteer.person.name}
    match request.POST.get("do"):
        case "pause":
            until = _until(request.POST.get("until", ""))
            if request.POST.get("until", "").strip() and until is None:
                messages.warning(request, _("Choose a date to come, or none."))
            elif volunteer.state not in {STATE.ACTIVE, STATE.PAUSED}:
                messages.warning(request, too_late())
            else:
                visits.rest_by_team(actor=actor, volunteer=volunteer, until=until)
                messages.success(request, _("%(name)s is not asked for the time being.") % name)
        case "resume":
            if volunteer.state != STATE.PAUSED:
                messages.warning(request, too_late())
            else:
                visits.resume_by_team(actor=actor, volunteer=volunteer)
                messages.success(request, _("%(name)s can be asked again.") % name)
        case "suspend":
            if not _may_suspend(actor, volunteer):
                raise Http404
            reason = clean(request.POST.get("words", ""))
            if not reason:
                messages.warning(request, _("If nothing was done, say why, in a few words."))
                return redirect("volunteer_page", volunteer.pk)
            visits.volunteer_suspended(actor=actor, volunteer=volunteer, words=reason)
            said = _("%(name)s is suspended: no addresses, no visits, from this moment.") % name
            messages.success(request, elided(said))
        case "lift":
            reason = clean(request.POST.get("words", ""))
            if not reason:
                messages.warning(request, _("If nothing was done, say why, in a few words."))
                return redirect("volunteer_page", volunteer.pk)
            visits.resume_by_team(actor=actor, volunteer=volunteer)
            trusting.lifted(actor=actor, volunteer=volunteer, words=reason)
            messages.success(request, _("%(name)s can be asked again.") % name)
        case "block":
            _block(request, volunteer)
        case "exclude":
            _exclude(request, volunteer)
        case _:
            raise Http404
    return redirect("volunteer_page", volunteer.pk)


def _block(request: HttpRequest, volunteer: Volunteer) -> None:
    """Keep the number and the address of somebody who is suspended from coming back as somebody new."""
    actor = request.actor  # type: ignore[attr-defined]
    if volunteer.state != STATE.SUSPENDED:
        messages.warning(request, too_late())
        return
    try:
        trusting.block(
            actor=actor,
            phone=volunteer.person.phone,
            email=volunteer.person.email,
            words=request.POST.get("words", ""),
            until=_until(request.POST.get("until", "")),
        )
    except trusting.NothingSaid:
        messages.warning(request, _("If nothing was done, say why, in a few words."))
    else:
        messages.success(request, _("This number and this address are on the list."))


def _until(text: str) -> date | None:
    today = clock.now().date()
    day = parsing.day(one_line(text, 20), today) if text.strip() else None
    return day if day and day > today else None


@transaction.atomic
def _exclude(request: HttpRequest, volunteer: Volunteer) -> None:
    actor = request.actor  # type: ignore[attr-defined]
    try:
        person = Person.objects.get(pk=UUID(request.POST.get("person", "")), organisation=actor.organisation)
    except (ValueError, Person.DoesNotExist) as error:
        raise Http404 from error
    visits.keep_apart(
        actor=actor, volunteer=volunteer, person=person, reason=one_line(request.POST.get("reason", ""), 200)
    )
    messages.success(request, _("These two will not be matched again."))
