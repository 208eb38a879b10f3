"""Why this one, and why not that one, in plain words for the team."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from quartier.cases.models import Request
from quartier.console import words
from quartier.console.queries.request import Ranked
from quartier.lib import choices, clock
from quartier.look import rules as look
from quartier.matching.models import Offer
from quartier.matching.planning.way import cap_of, way_of
from quartier.matching.planning.why import NotAsked, WhyNot, metres_to
from quartier.matching.queries import METRES_AN_OFFER

# Less likely than this is not worth a figure.
HARDLY = 0.02
# A coordinator may ask these all the same; the others cannot or must not.
CAN_BE_ASKED = {WhyNot.BUDGET, WhyNot.ASLEEP}
SPEAKS_NOT = {
    "fr": pgettext_lazy("a volunteer", "does not speak French"),
    "nl": pgettext_lazy("a volunteer", "does not speak Dutch"),
    "de": pgettext_lazy("a volunteer", "does not speak German"),
    "en": pgettext_lazy("a volunteer", "does not speak English"),
}


@dataclass(frozen=True)
class Standing:
    """One line of the ranked list. `why`: what fits; `count`: what is counted; `later`: why not nearer the top."""

    ranked: Ranked
    why: str
    count: str
    later: str


@dataclass(frozen=True)
class Hindered:
    """One who lives near and is not asked. `away`: how far; `why`: the first thing that stands in the way."""

    found: NotAsked
    away: str
    why: str
    can_be_asked: bool


def away(metres: float) -> str:
    """`850 m`, `1.2 km`: as exactly as the order depends on it, from neighbourhood cell to neighbourhood cell."""
    if metres < 975:
        words_ = _("%(metres)s m") % {"metres": max(50, round(metres / 50) * 50)}
    else:
        words_ = _("%(kilometres)s km") % {"kilometres": number_format(metres / 1000, 1)}
    return words_.replace(" ", look.NBSP)


def standing(each: Ranked) -> Standing:
    """Why a volunteer stands at this place of the list."""
    volunteer = each.volunteer
    fits = [words.why_him(each.why)]
    if each.metres is not None:
        fits.insert(0, away(each.metres))
    counted = [
        ngettext(
            "asked %(asked)s of %(budget)s time today",
            "asked %(asked)s of %(budget)s times today",
            each.budget,
        )
        % {"asked": each.asked_today, "budget": each.budget},
        ngettext(
            "%(now)s of %(most)s visit at this moment",
            "%(now)s of %(most)s visits at this moment",
            volunteer.capacity,
        )
        % {"now": volunteer.open_count, "most": volunteer.capacity},
        chance(each.likely),
    ]
    if each.metres is None:
        counted.append(
            ngettext("asked %(count)s time so far", "asked %(count)s times so far", volunteer.asked_total)
            % {"count": volunteer.asked_total}
        )
    later = ""
    if each.later_m and each.asked_today * METRES_AN_OFFER == each.later_m:
        later = _("Already asked today: counts as living %(away)s further away.") % {
            "away": away(each.later_m)
        }
    elif each.later_m:
        later = _("Asked today or seldom says yes: counts as living %(away)s further away.") % {
            "away": away(each.later_m)
        }
    return Standing(each, ", ".join(filter(None, fits)), ", ".join(counted), later)


def why_asked(offer: Offer, request: Request) -> str:
    """Why a volunteer was asked, with how far away they live as it is said of whoever could be asked: what stands in
    the offer is the distance that a stranger may know."""
    fits = [words.why_him([one for one in offer.reasons if one[0] != "near"])]
    if not request.remote:
        fits.insert(0, away(metres_to(request, offer.volunteer)))
    return ", ".join(filter(None, fits))


def chance(likely: float) -> str:
    """How likely a yes is, as one says it: "about one yes in 8"."""
    if likely < HARDLY:
        return _("unlikely to say yes")
    if likely >= 0.6:
        return _("more likely yes than no")
    return _("about one yes in %(count)s") % {"count": max(2, round(1 / likely))}


def hindered(found: NotAsked, request: Request) -> Hindered:
    """Why somebody near is not asked."""
    return Hindered(found, away(found.metres), why_not(found, request), found.why in CAN_BE_ASKED)


def why_not(found: NotAsked, request: Request) -> str:
    """The reason in words: "does not speak Dutch"."""
    volunteer = found.volunteer
    match found.why:
        case WhyNot.CONCERNED:
            return _("asked for it, or is helped by it")
        case WhyNot.APART:
            return _("is not to be matched with them")
        case WhyNot.SUSPENDED:
            return _("is suspended")
        case WhyNot.PAUSED if volunteer.paused_until:
            return _("is on a break until %(day)s") % {"day": look.day(volunteer.paused_until, clock.now())}
        case WhyNot.PAUSED:
            return _("is on a break")
        case WhyNot.LEFT:
            return _("has left")
        case WhyNot.AWAY:
            return _("is away")
        case WhyNot.ASLEEP:
            return _("does not want to be disturbed at this hour")
        case WhyNot.KIND:
            return _("does not offer this kind of help")
        case WhyNot.LANGUAGE:
            return _speaks_not(choices.chosen(choices.LANGUAGES, request.languages))
        case WhyNot.LEVEL:
            return _("has not been vetted for this yet")
        case WhyNot.TIME:
            return _("is not free then")
        case WhyNot.FULL:
            return ngettext(
                "has %(count)s visit, as many as agreed",
                "has %(count)s visits, as many as agreed",
                volunteer.open_count,
            ) % {"count": volunteer.open_count}
        case WhyNot.REACH:
            return _("goes %(away)s at most") % {"away": away(volunteer.radius_m)}
        case WhyNot.FAR:
            return _("lives further away than we look")
        case WhyNot.BUDGET:
            most = min(volunteer.budget, cap_of(*way_of(request.organisation)))
            return ngettext(
                "has already been asked %(count)s time today, as often as agreed",
                "has already been asked %(count)s times today, as often as agreed",
                most,
            ) % {"count": most}


def _speaks_not(languages: Sequence[choices.Choice]) -> str:
    if len(languages) == 1 and languages[0].code in SPEAKS_NOT:
        return str(SPEAKS_NOT[languages[0].code])
    return _("has no language in common: %(languages)s") % {
        "languages": ", ".join(str(each.name) for each in languages)
    }
