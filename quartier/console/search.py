"""One box for everything by which somebody can be found: a number, a mail address, a reference, a place."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language

from quartier.cases import queries as cases
from quartier.cases.models import Case
from quartier.lib import cells, phone
from quartier.lib.text import one_line
from quartier.people import queries as people
from quartier.people.access import looked
from quartier.people.models import Person, Volunteer
from quartier.places.queries import search as places
from quartier.team.access import Actor


@dataclass
class Results:
    """What was found."""

    cases: list[Case] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    volunteers: list[Volunteer] = field(default_factory=list)
    places: list[tuple[str, str, str]] = field(default_factory=list)


def show(request: HttpRequest) -> HttpResponse:
    """The box and what it found. Numbers and addresses are sent, not written into the address of the page."""
    actor = request.actor  # type: ignore[attr-defined]
    text = one_line(request.POST.get("q", ""), 200)
    if request.method != "POST" or not text:
        return render(request, "console/search.html", {"text": text, "found": None})
    case = cases.by_reference(actor.organisation, text)
    if case is not None:
        return redirect("case_page", case.pk)
    found = _found(actor, text)
    nothing = not (found.cases or found.people or found.volunteers or found.places)
    context = {"text": text, "found": found, "nothing": nothing, "may_be_name": _may_be_name(text, found)}
    return render(request, "console/search.html", context)


def _may_be_name(text: str, found: Results) -> bool:
    """Whether places alone were found for letters: it may have been somebody's name, also where a village is called
    just so (Boom, Dinant, Saint-Martin)."""
    return bool(found.places) and any(sign.isalpha() for sign in text) and not any(map(str.isdigit, text))


def _found(actor: Actor, text: str) -> Results:
    organisation, found = actor.organisation, Results()
    if "@" in text:
        found.people = people.by_email(organisation, text)
    else:
        try:
            found.people = people.by_phone(organisation, phone.parse(text, organisation.country))
        except phone.NotANumber:
            found.places = [
                (
                    one.choice,
                    f"{reverse('board')}?{urlencode({'area': cells.area_of(one.cell)})}",
                    f"{reverse('volunteers')}?{urlencode({'place': one.place.postcode or one.label})}",
                )
                for one in places(text, organisation.country, get_language() or "en", limit=6)
            ]
    ids = [person.pk for person in found.people]
    if ids:
        for person in found.people:
            looked(actor, "person", person.pk)
        found.cases = cases.last_files(ids, limit=20)
        found.volunteers = list(Volunteer.objects.filter(person__in=ids).select_related("person"))
    return found
