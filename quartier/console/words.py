"""What codes of rows are called on the screens of the team."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from quartier.cases.models import Request
from quartier.expenses.models import Expense
from quartier.expenses.rules import Odd
from quartier.lib import choices
from quartier.lib.elision import elided
from quartier.look import rules as look
from quartier.matching.models import Offer
from quartier.people.models import Person, Volunteer
from quartier.visits.models import Assignment

URGENCIES = {
    Request.Urgency.NOW: gettext_lazy("Within hours"),
    Request.Urgency.DAY: gettext_lazy("Today or tomorrow"),
    Request.Urgency.WEEK: gettext_lazy("This week"),
    Request.Urgency.ANY: gettext_lazy("No hurry"),
}
CLOSURES = {
    Request.Closure.FULFILLED: gettext_lazy("Help was given"),
    Request.Closure.WITHDRAWN: gettext_lazy("No longer needed"),
    Request.Closure.REFERRED: gettext_lazy("Handed to another service"),
    Request.Closure.IMPOSSIBLE: gettext_lazy("We could not help"),
    Request.Closure.DUPLICATE: gettext_lazy("Asked twice"),
    Request.Closure.EXPIRED: gettext_lazy("Its time had passed"),
    Request.Closure.NEGLECTED: gettext_lazy("We did not answer in time"),
}
FAILURES = {
    Assignment.Failure.NOBODY_HOME: gettext_lazy("No answer at the door"),
    Assignment.Failure.WRONG_ADDRESS: gettext_lazy("The address is wrong"),
    Assignment.Failure.CANNOT_GO: gettext_lazy("Cannot go after all"),
    Assignment.Failure.NO_SHOW: gettext_lazy("Was not heard from"),
    Assignment.Failure.OTHER: gettext_lazy("Another reason"),
    Assignment.Failure.UNSAID: gettext_lazy("Did not say how it went"),
    Assignment.Failure.UNTOLD: gettext_lazy("Our message came too late"),
}
MONEY = {
    Expense.State.ADVANCED: pgettext_lazy("money", "the volunteer has not confirmed it yet"),
    Expense.State.ASKED: pgettext_lazy("money", "waits for a yes"),
    Expense.State.AGREED: pgettext_lazy("money", "agreed, to be paid back"),
    Expense.State.SETTLED: pgettext_lazy("money", "settled"),
    Expense.State.DISPUTED: pgettext_lazy("money", "disputed"),
    Expense.State.CANCELLED: pgettext_lazy("money", "nothing to pay"),
}
ODD = {
    Odd.MANY_PEOPLE: gettext_lazy("Money with many different people"),
    Odd.SAME_PAIR: gettext_lazy("Money at each visit to the same person"),
    Odd.NEAR_CAP: gettext_lazy("Several times just below the limit"),
    Odd.ROUND: gettext_lazy("Round amounts without a receipt"),
    Odd.SAME_PICTURE: gettext_lazy("The same photo of a receipt more than once"),
}
DECLINES = {
    Offer.Decline.NO_TIME: gettext_lazy("no time"),
    Offer.Decline.TOO_FAR: gettext_lazy("too far"),
    Offer.Decline.NOT_THIS: gettext_lazy("not this kind of help"),
    Offer.Decline.NOT_WELL: gettext_lazy("not well"),
    Offer.Decline.OTHER: gettext_lazy("another reason"),
}
OFFERS = {
    Offer.State.QUEUED: pgettext_lazy("state of an offer", "being asked"),
    Offer.State.SENT: pgettext_lazy("state of an offer", "asked"),
    Offer.State.ACCEPTED: pgettext_lazy("state of an offer", "yes"),
    Offer.State.DECLINED: pgettext_lazy("state of an offer", "no"),
    Offer.State.EXPIRED: pgettext_lazy("state of an offer", "no answer"),
    Offer.State.WITHDRAWN: pgettext_lazy("state of an offer", "taken back"),
}


def offer_state(offer: Offer, fallen: Assignment | None) -> str:
    """How somebody has answered; of a yes of which nothing came, that too."""
    words = str(OFFERS[Offer.State(offer.state)])
    if fallen is None or offer.state != Offer.State.ACCEPTED:
        return words
    return f"{words}, {VISITS[Assignment.State(fallen.state)]}"


VOLUNTEERS = {
    Volunteer.State.ACTIVE: pgettext_lazy("state of a volunteer", "Active"),
    Volunteer.State.PAUSED: pgettext_lazy("state of a volunteer", "On a break"),
    Volunteer.State.LEFT: pgettext_lazy("state of a volunteer", "Has left"),
    Volunteer.State.SUSPENDED: pgettext_lazy("state of a volunteer", "Suspended"),
}
VISITS = {
    Assignment.State.ACCEPTED: pgettext_lazy("state of a visit", "has said yes"),
    Assignment.State.ON_WAY: pgettext_lazy("state of a visit", "on the way"),
    Assignment.State.DONE: pgettext_lazy("state of a visit", "done"),
    Assignment.State.FAILED: pgettext_lazy("state of a visit", "did not go ahead"),
    Assignment.State.CANCELLED: pgettext_lazy("state of a visit", "cancelled"),
}
SPEAKS = {
    "fr": gettext_lazy("speaks French"),
    "nl": gettext_lazy("speaks Dutch"),
    "de": gettext_lazy("speaks German"),
    "en": gettext_lazy("speaks English"),
}


DOES = {
    "groceries": gettext_lazy("does shopping"),
    "pharmacy": gettext_lazy("goes to the pharmacy"),
    "meal": gettext_lazy("brings meals"),
    "transport": gettext_lazy("gives lifts"),
    "dog": gettext_lazy("walks dogs"),
    "papers": gettext_lazy("helps with paperwork"),
    "talk": gettext_lazy("calls people"),
    "other": gettext_lazy("does other things too"),
    "cleanup": gettext_lazy("cleans up"),
    "shelter": gettext_lazy("has a bed"),
    "interpret": gettext_lazy("interprets"),
    "things": gettext_lazy("gives clothes and things"),
    "lookin": gettext_lazy("checks on people"),
}


def spoken_language(person: Person) -> str:
    """In which language one reads something out to them: their own, else that of the page."""
    if person.language in dict(settings.LANGUAGES):
        return person.language
    return get_language() or settings.LANGUAGE_CODE


def why_him(why: Iterable[Sequence[object]]) -> str:
    """Reasons in words: "about 800 m, does groceries, speaks French, by bicycle, helped 4 times"."""
    return ", ".join(text for one in why if (text := _reason(str(one[0]), one[1])))


def _reason(code: str, value: object) -> str:
    match code:
        case "kind":
            return str(DOES.get(str(value), ""))
        case "known":
            return _("knows them already")
        case "regular":
            return _("comes every time")
        case "near":
            return look.distance(float(str(value)))
        case "language" if value:
            name = next((each.name for each in choices.LANGUAGES if each.code == value), value)
            return str(SPEAKS.get(str(value), _("speaks %(language)s") % {"language": name}))
        case "travel":
            way = str(next((each.name for each in choices.TRAVEL if each.code == value), ""))
            return way[:1].lower() + way[1:]
        case "slot":
            day, part = divmod(int(str(value)), len(choices.PARTS))
            name = str(choices.PARTS[part][0])
            # German keeps the capital of its nouns.
            shown = name if get_language() == "de" else name.lower()
            return _("free %(day)s, %(part)s") % {"day": choices.DAYS[day], "part": shown}
        case "experience":
            count = int(str(value))
            return ngettext("helped %(count)s time", "helped %(count)s times", count) % {"count": count}
        case "answers":
            return answers(*value) if isinstance(value, list | tuple) else ""
    return ""


def answers(yes: int, offers: int) -> str:
    """What a volunteer has answered lately: "said yes to 3 of 8 offers"."""
    return ngettext(
        "said yes %(yes)s time out of %(offers)s", "said yes %(yes)s times out of %(offers)s", offers
    ) % {"yes": yes, "offers": offers}


def happened(code: str, values: dict[str, object]) -> str:
    """One line of the history of a request."""
    name = values.get("name", "")
    match code:
        case "asked":
            return _("Asked")
        case "wave":
            count = int(str(values["count"]))
            return ngettext("%(count)s neighbour asked", "%(count)s neighbours asked", count) % {
                "count": count
            }
        case "by_hand":
            return _("%(who)s asked %(name)s by hand") % values
        case "no":
            reason = DECLINES.get(Offer.Decline(str(values["reason"]))) if values.get("reason") else None
            return (
                _("%(name)s said no: %(reason)s") % {"name": name, "reason": reason}
                if reason
                else _("%(name)s said no") % values
            )
        case "each_time":
            return _("%(name)s comes every time, and has this visit too") % values
        case "not_this_time":
            return _("%(name)s comes every time, but cannot this time") % values
        case "yes" if values.get("who"):
            return _("%(name)s said yes on the phone, recorded by %(who)s") % values
        case "yes":
            return _("%(name)s said yes") % values
        case "undone":
            return elided(_("The yes of %(name)s was undone by %(who)s") % values)
        case "told" if values.get("who"):
            return elided(_("%(who)s called and said that %(name)s is coming") % values)
        case "told":
            return elided(_("We called and said that %(name)s is coming") % values)
        case "on_way":
            return _("%(name)s set out") % values
        case "done" if values.get("who"):
            return _("%(name)s: done, recorded by %(who)s") % values
        case "done":
            return _("%(name)s: done") % values
        case "failed":
            failure = (
                FAILURES.get(Assignment.Failure(str(values["failure"]))) if values.get("failure") else ""
            )
            text = _("%(name)s: it did not go ahead. %(reason)s") % {"name": name, "reason": failure}
            return f"{text} {_recorded(str(values['who']))}" if values.get("who") else text
        case "cancelled" if values.get("failure"):
            return _("%(name)s did not say how it went") % values
        case "cancelled":
            return _("%(name)s no longer needs to go") % values
    return _decided(code, str(values.get("who", "")), str(values.get("closure", "")))


def _recorded(who: str) -> str:
    return _("(recorded by %(who)s)") % {"who": who}


def _decided(code: str, who: str, closure: str) -> str:
    """Who decided what; without a name where the machine or a private link did."""
    match code:
        case "taken":
            text = _("Assigned")
        case "given_back":
            text = _("Given back")
        case "changed":
            text = _("Time, urgency or words changed")
        case "human":
            text = _("Handed to a person")
        case "again":
            text = _("Search started again")
        case "reopened":
            text = _("Opened again")
        case "not_done":
            text = _("Not done yet after all: undone")
        case "not_told":
            text = _("Not told yet after all: undone")
        case "danger_alert":
            text = _("Words of danger: the team was alerted")
        case "danger_none":
            text = _("Words of danger, but no one is in danger")
        case "contact":
            text = _("They were called, or written to")
        case "not_called":
            text = _("Not called yet after all: undone")
        case "called_off":
            text = _("They were told on the phone that the visit is not taking place")
        case "closed":
            ended = CLOSURES.get(Request.Closure(closure)) if closure in Request.Closure.values else ""
            text = _("Closed: %(closure)s") % {"closure": ended}
        case _:
            text = code
    return _("%(what)s, by %(who)s") % {"what": text, "who": who} if who else text
