"""The list of volunteers."""

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from quartier.console import words
from quartier.console.place_choice import CHOICE, PlaceAround, choice_links, place_around
from quartier.console.queries import volunteers as read
from quartier.lib import choices
from quartier.lib.text import one_line
from quartier.look import rules as look
from quartier.people.access import looked
from quartier.people.models import Volunteer


def show(request: HttpRequest) -> HttpResponse:
    """One page of the list. A place is searched as people write it; the nearest two rings of neighbourhoods count,
    the nearest first."""
    actor, given = request.actor, request.GET  # type: ignore[attr-defined]
    text = one_line(given.get("place", ""), 80)
    choice = given.get(CHOICE, "")
    around = place_around(text, choice, actor.organisation) if text else PlaceAround()
    chosen = read.Chosen(
        state=given.get("state", "") if given.get("state", "") in Volunteer.State.values else "",
        kind=_known(given.get("kind", ""), choices.KINDS),
        language=_known(given.get("language", ""), choices.LANGUAGES),
        place=around.found.cell if around.found else 0,
        after=_uuid(given.get("after", "")),
    )
    page = read.listed(actor.organisation, chosen)
    if page.volunteers:
        looked(actor, "volunteers", page.volunteers[0].pk, count=len(page.volunteers))
    kept = {"state": chosen.state, "kind": chosen.kind, "language": chosen.language, "place": text}
    if around.found and choice == str(around.found.place.pk):
        kept[CHOICE] = choice
    context = {
        "rows": [
            (
                each,
                words.VOLUNTEERS[Volunteer.State(each.state)],
                choices.chosen(choices.LANGUAGES, each.languages),
                look.distance(page.metres[each.pk]) if each.pk in page.metres else "",
            )
            for each in page.volunteers
        ],
        "more": _address({**kept, "after": page.after}) if page.after else "",
        "first": _address(kept) if chosen.after else "",
        "chosen": chosen,
        "text": text,
        "place": around.found.label if around.found else "",
        "choice": kept.get(CHOICE, ""),
        "question": around.question,
        "choices": choice_links(request, around.choices),
        "states": words.VOLUNTEERS.items(),
        "kinds": choices.KINDS,
        "languages": choices.LANGUAGES,
    }
    return render(request, "console/volunteers.html", context)


def _known(code: str, group: tuple[choices.Choice, ...]) -> str:
    return code if code in {each.code for each in group} else ""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _address(given: Mapping[str, object]) -> str:
    return f"{reverse('volunteers')}?{urlencode({name: value for name, value in given.items() if value})}"
