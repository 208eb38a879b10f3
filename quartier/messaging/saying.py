"""Values of a message made ready to read, in the language that is active."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from quartier.lib import phone
from quartier.look import rules as look
from quartier.people.models import Person
from quartier.places.models import Place
from quartier.places.rules import postcode_key
from quartier.team.models import Organisation

# A window that begins within this is told by its end alone: "before 6 pm".
ABOUT_NOW = timedelta(minutes=45)
# A window of this length or less is a moment.
A_MOMENT = timedelta(minutes=1)

# Kinds of help as they stand inside a sentence. With a capital letter they begin one: {What}.
INSIDE = {
    "groceries": pgettext_lazy("help, inside a sentence", "shopping"),
    "pharmacy": pgettext_lazy("help, inside a sentence", "medicines from the pharmacy"),
    "meal": pgettext_lazy("help, inside a sentence", "a hot meal"),
    "transport": pgettext_lazy("help, inside a sentence", "a lift by car"),
    "dog": pgettext_lazy("help, inside a sentence", "a walk for the dog"),
    "papers": pgettext_lazy("help, inside a sentence", "help with paperwork"),
    "talk": pgettext_lazy("help, inside a sentence", "a friendly call"),
    "other": pgettext_lazy("help, inside a sentence", "a helping hand"),
    "cleanup": pgettext_lazy("help, inside a sentence", "help with cleaning up"),
    "shelter": pgettext_lazy("help, inside a sentence", "a place to sleep"),
    "interpret": pgettext_lazy("help, inside a sentence", "interpreting"),
    "things": pgettext_lazy("help, inside a sentence", "clothes and things"),
    "lookin": pgettext_lazy("help, inside a sentence", "a look-in at home"),
}


# Between two of a list that hold commas themselves.
LIST_SEPARATOR = pgettext_lazy("between two of a list", "; ")
# Where else help is found, for whoever has waited for ours too long. By kind of help.
ADVICE = {"pharmacy": gettext_lazy("Your pharmacy or your doctor can help too.")}

# What was promised, after a colon.
PROMISED = {
    "call": pgettext_lazy("promised to somebody", "a call %(by)s"),
    "news": pgettext_lazy("promised to somebody", "news %(by)s"),
    "care": pgettext_lazy("promised to somebody", "one of us, %(by)s"),
}
# A mail to the team names so many who wait; the page has all.
MAX_LINES = 12


@dataclass(frozen=True)
class WaitingPerson:
    """Somebody who waits for one of us, as the team reads it. `name`: the first name alone; `promise`: its kind."""

    name: str
    since: datetime
    promise: str
    due_at: datetime
    page: tuple[str, ...]
    kind: str = ""
    place: tuple[str, str] = ("", "")
    # How many neighbours could be asked for it today; `None`: nobody has looked.
    askable: int | None = None


def ready(organisation: Organisation, values: dict[str, Any], now: datetime) -> dict[str, str]:
    """The values as words. The rest stays as it is, but these are known:

    `kind` (code) gives {what}, and {What} for the beginning of a sentence; `window` (from, until) {when};
    `moment` (time) {when} too; `clock` (time) its hour alone; `by` (time) {by}, as in "before 6 pm today"; `begins`
    (time) {begins}, as in "tomorrow at 8 am"; `until` (time) {until}, an hour of theirs and no promise of ours;
    `advice` (code of a kind of help) {advice}, a sentence with a space behind it, or nothing;
    `metres` {distance}; `place` (postcode, name) {where};
    `spans` (from and until of each, on one day) {spans}, their hours;
    `waiting` (a list of `WaitingPerson`) {waiting}, the first of them, and {lines}, each on a line with its link;
    `cents` {amount}; `page` (name of an address and its words) {link}; `offers` (number, kind, place, window of
    each) {offers}.
    """
    said = {
        "organisation": organisation.name,
        "phone": phone.display(organisation.phone, organisation.country) or organisation.name,
    }
    with timezone.override(organisation.zone):
        for name, value in values.items():
            match name:
                case "kind":
                    said["what"] = str(INSIDE[value])
                    said["What"] = capfirst(said["what"])
                case "window":
                    start, end = value
                    said["when"] = window(start, end, now)
                case "moment":
                    said["when"] = look.day_time(value, now)
                case "clock":
                    said["clock"] = look.clock_time(timezone.localtime(value))
                case "by":
                    # Read so late that the hour is past, no hour is named.
                    said["by"] = look.before(value, now) if value > now else _("as soon as possible")
                case "begins":
                    said["begins"] = look.day_time(value, now)
                case "until":
                    said["until"] = look.before(value, now)
                case "advice":
                    said["advice"] = f"{ADVICE[value]} " if value in ADVICE else ""
                case "metres":
                    said["distance"] = look.distance(value)
                case "place":
                    said["where"] = place(organisation.country, *value)
                case "offers":
                    said["offers"] = str(LIST_SEPARATOR).join(
                        _offer(organisation, each, now) for each in value
                    )
                case "waiting":
                    said["waiting"] = _waiting_in_short(organisation, value, now)
                    said["lines"] = "\n\n".join(
                        f"{_waiting(organisation, each, now)}\n{_address(each.page)}"
                        for each in value[:MAX_LINES]
                    )
                case "spans":
                    said["spans"] = ", ".join(look.between(start, end) for start, end in value)
                case "cents":
                    said["amount"] = look.money(value)
                case "page":
                    said["link"] = _address(value)
                case _:
                    said[name] = str(value)
    return said


def spoken_to(person: Person, organisation: Organisation) -> str:
    """The language in which a person is written to: their own, or the organisation's first if we do not speak it."""
    ours = [str(code) for code, _name in settings.LANGUAGES]
    wanted: list[str] = [person.language, *organisation.languages, *ours]
    return next(code for code in wanted if code in ours)


def _address(page: tuple[str, ...]) -> str:
    name, *words = page
    return f"{settings.ORIGIN}{reverse(name, args=words)}"


def _waiting_in_short(organisation: Organisation, waiting: Sequence[WaitingPerson], now: datetime) -> str:
    """The first one, and how many more: `Marie (shopping, Ixelles): a call before 1 pm today, and 2 more`."""
    first = _waiting(organisation, waiting[0], now, since=False)
    more = len(waiting) - 1
    if not more:
        return first
    words = ngettext("%(first)s, and %(more)s more", "%(first)s, and %(more)s more", more)
    return words % {"first": first, "more": more}


def _waiting(organisation: Organisation, one: WaitingPerson, now: datetime, *, since: bool = True) -> str:
    """`Marie (shopping, Ixelles), since today at 9 am. Promised: a call before 1 pm today`."""
    about = [str(INSIDE[one.kind])] if one.kind else []
    if where := place(organisation.country, *one.place):
        about.append(where)
    who = one.name or _("Somebody")
    parts = [f"{who} ({', '.join(about)})" if about else who]
    if since:
        parts.append(_("since %(when)s") % {"when": look.day_time(one.since, now)})
    promised = PROMISED[one.promise] % {"by": look.before(one.due_at, now)}
    said = _("%(who)s: %(promised)s") % {"who": ", ".join(parts), "promised": promised}
    if not since or one.askable is None:
        return said
    return f"{said} ({_askable(one.askable)})"


def _askable(number: int) -> str:
    if number == 0:
        return _("today no neighbour near is left to ask")
    return ngettext(
        "%(number)s neighbour could be asked today", "%(number)s neighbours could be asked today", number
    ) % {"number": number}


def _offer(organisation: Organisation, offer: Any, now: datetime) -> str:
    """`42: shopping, Ixelles, before 6 pm`, in the language that is active."""
    number, kind, where, (start, end) = offer
    values = {
        "number": number,
        "what": INSIDE[kind],
        "where": place(organisation.country, *where),
        "when": window(start, end, now),
    }
    return _("{number}: {what}, {where}, {when}").format_map(values)


def window(start: datetime, end: datetime, now: datetime) -> str:
    """`tomorrow between 10 and 11 am`; `before 6 pm tomorrow` when it begins about now, or ends another day; `today at
    10 am` for a moment."""
    if end - start <= A_MOMENT:
        return look.day_time(start, now)
    days = {timezone.localtime(moment).date() for moment in (start, end)}
    if start <= now + ABOUT_NOW or len(days) > 1:
        return look.before(end, now)
    return look.window(start, end, now)


def place(country: str, postcode: str, name: str) -> str:
    """What the place is called in the reader's language; as it was written where the gazetteer does not know it."""
    if not name:
        return postcode
    return _named(country, postcode, name, (get_language() or "en")[:2]) or name


@lru_cache(maxsize=4096)
def _named_by_gazetteer(country: str, postcode: str, name: str, language: str) -> str:
    named = Q(name=name)
    for code in ("fr", "nl", "de", "en"):
        named |= Q(**{f"name_{code}": name})
    found = Place.objects.filter(named, country=country, postcode_key=postcode_key(country, postcode)).first()
    if found is None:
        raise LookupError(name)
    return found.name_in(language)


def _named(country: str, postcode: str, name: str, language: str) -> str:
    try:
        return _named_by_gazetteer(country, postcode, name, language)
    except LookupError:
        # Not remembered: the gazetteer may learn it later.
        return ""
