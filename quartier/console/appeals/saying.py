"""How appeals are said in the console."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from quartier.appeals.models import Appeal
from quartier.appeals.queries import Gap
from quartier.appeals.rules import ROLE_NAMES
from quartier.lib import choices
from quartier.places.queries import name_of_area

PURPOSES = {
    Appeal.Purpose.PLACE: (gettext_lazy("Help in another neighbourhood"), "pin"),
    Appeal.Purpose.KIND: (gettext_lazy("Another kind of help"), "heart"),
    Appeal.Purpose.ROLE: (gettext_lazy("Another role"), "crowd"),
    Appeal.Purpose.EVENT: (gettext_lazy("Help in an incident"), "alert"),
    Appeal.Purpose.STILL: (gettext_lazy("Tell us that you are still there"), "wave"),
    Appeal.Purpose.QUIET: (gettext_lazy("Whether they want a break"), "clock"),
}
WHAT_FOR = {
    Appeal.Purpose.PLACE: gettext_lazy(
        "The people who live nearest and would have to go a little further are asked first. A yes counts "
        "for a month."
    ),
    Appeal.Purpose.KIND: gettext_lazy(
        "People who do not do it yet are asked. Friendly calls can be made from anywhere."
    ),
    Appeal.Purpose.ROLE: gettext_lazy("Anyone who says yes is on a list, and one of you decides."),
    Appeal.Purpose.EVENT: gettext_lazy(
        "Everyone may be asked, including volunteers who made a visit yesterday. A yes adds what the "
        "incident brings and anyone can do."
    ),
    Appeal.Purpose.STILL: gettext_lazy("The people we have not heard from for longest. A no is a break."),
}
STATES = {
    Appeal.State.OPEN: (gettext_lazy("under way"), "way", "clock"),
    Appeal.State.ENOUGH: (gettext_lazy("enough have said yes"), "done", "tick"),
    Appeal.State.OVER: (gettext_lazy("ended"), "closed", ""),
    Appeal.State.STOPPED: (gettext_lazy("stopped"), "closed", "x"),
}


def language_name(code: str) -> str:
    """`Turkish`, or nothing for a code that is none."""
    return next((str(each.name) for each in choices.LANGUAGES if each.code == code), "")


def title(appeal: Appeal) -> str:
    """What it asks, in a few words: `Anderlecht, A lift, Turkish`."""
    parts: list[str] = []
    if appeal.area:
        parts.append(name_of_area(appeal.area, get_language() or "en"))
    if appeal.kind:
        parts.append(str(choices.kind(appeal.kind).name))
    if appeal.role:
        parts.append(str(ROLE_NAMES[Appeal.Role(appeal.role)]))
    if appeal.incident is not None:
        parts.append(appeal.incident.name)
    if appeal.purpose == Appeal.Purpose.STILL:
        parts.append(_("Still there?"))
    if appeal.language:
        parts.append(language_name(appeal.language))
    if appeal.purpose == Appeal.Purpose.QUIET:
        parts.append(_("A break?"))
    return ", ".join(part for part in parts if part)


def purpose_for(gap: Gap) -> str:
    """What helps where this is missing: help by phone can come from anywhere."""
    return Appeal.Purpose.KIND if gap.kind.remote else Appeal.Purpose.PLACE


def address_for(gap: Gap) -> str:
    """The page on which an appeal for this is written."""
    given = {
        "purpose": purpose_for(gap),
        "area": "" if gap.kind.remote else gap.area,
        "kind": gap.kind.code,
        "language": gap.language.code if gap.language else "",
    }
    filled = urlencode({name: value for name, value in given.items() if value})
    return f"{reverse('appeal_new')}?{filled}"
