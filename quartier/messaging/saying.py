"""Values of a message made ready to read, in the language that is active."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from quartier.lib.rhythm import parse
from quartier.look import rules as look
from quartier.messaging import aloud, several
from quartier.messaging.closed_days import closed_words
from quartier.messaging.own_number import number_to_call
from quartier.messaging.who_waits import (
    MAX_LINES,
    NOT_ANSWERING,
    NOT_PROMISED,
    PROMISED,
    SECTION_HEADINGS,
    WaitingPerson,
    askable_words,
    more_words,
    unreached_words,
)
from quartier.messaging.window_words import missed_words, pause_words, window_words
from quartier.messaging.words import ours_for
from quartier.messaging.words.circumstances import COMPLAINT, COMPLAINT_FOR_TEAM, KNOCK, SAME
from quartier.people.models import Person
from quartier.places.queries import place_called
from quartier.team.models import Organisation
from quartier.team.queries import origin_of

# Kinds of help as they stand inside a sentence. With a capital letter they begin one: {What}.
INSIDE = {
    "groceries": pgettext_lazy("help, inside a sentence", "shopping"),
    "pharmacy": pgettext_lazy("help, inside a sentence", "medicines from the pharmacy"),
    "meal": pgettext_lazy("help, inside a sentence", "a hot meal"),
    "transport": pgettext_lazy("help, inside a sentence", "a lift by car"),
    "dog": pgettext_lazy("help, inside a sentence", "dog walking"),
    "papers": pgettext_lazy("help, inside a sentence", "help with paperwork"),
    "talk": pgettext_lazy("help, inside a sentence", "a friendly call"),
    "other": pgettext_lazy("help, inside a sentence", "a helping hand"),
    "cleanup": pgettext_lazy("help, inside a sentence", "help with cleaning up"),
    "shelter": pgettext_lazy("help, inside a sentence", "a place to sleep"),
    "interpret": pgettext_lazy("help, inside a sentence", "interpreting"),
    "things": pgettext_lazy("help, inside a sentence", "clothes and things"),
    "lookin": pgettext_lazy("help, inside a sentence", "a visit to check on you"),
}

# What is no kind of help, and is spoken of in the same words: a door at which somebody rings, since nobody answers us;
# what somebody has told us after a visit.
ERRANDS = {
    KNOCK: pgettext_lazy("help, inside a sentence", "to check that all is well"),
    COMPLAINT: pgettext_lazy("help, inside a sentence", "what you told us after the visit"),
    COMPLAINT_FOR_TEAM: pgettext_lazy("help, inside a sentence", "someone was not happy after a visit"),
}

# So many neighbours at least are worth a number.
MIN_ASKED_TO_SAY = 2
# A text names so many dangers; a mail, and the pages, all.
MAX_DANGERS = 4
# Between two of a list that hold commas themselves.
LIST_SEPARATOR = pgettext_lazy("between two of a list", "; ")
# Where else help is found, for whoever has waited for ours too long. By kind of help.
ADVICE = {
    "pharmacy": gettext_lazy("Your pharmacy or your doctor can help too."),
    **dict.fromkeys(["groceries", "meal"], gettext_lazy("A neighbour or a shop that delivers can help too.")),
}
_number = lazy(number_to_call, str)
# A sentence behind any message, where it is so.
ALSO = {
    "no_call": gettext_lazy("You no longer need to wait for our call."),
    "holiday": gettext_lazy("We are closed on public holidays."),
    "holiday_line": gettext_lazy("On public holidays no one answers our phone."),
    "other_volunteer": gettext_lazy("If you would rather have someone else, call {phone}."),
    "same_name": gettext_lazy("This is someone else with the same first name."),
    "missed_last_time": gettext_lazy(
        "It was missed last time, and we are sorry. If you would rather have someone else, call {phone}."
    ),
}


def ready(organisation: Organisation, values: dict[str, Any], now: datetime) -> dict[str, str]:
    """The values as words. The rest stays as it is, but these are known:

    `kind` (code) gives {what}, and {What} for the beginning of a sentence, `all_kinds` (codes) behind it all of them,
    and a sentence behind a text; `window` (from, until) {when};
    `missed` (from, until) {when}, the hours at which somebody does not come after all;
    `moment` (time) {when} too; `clock` (time) its hour alone; `by` (time) {by}, as in "before 6 pm today"; `begins`
    (time) {begins}, as in "tomorrow at 8 am"; `until` (time) {until}, an hour of theirs and no promise of ours;
    `since` (time) {since}, its day, and {waited}, how many days ago that is, or hours of today;
    `advice` (code of a kind of help) {advice}, a sentence with a space behind it, or nothing;
    `once` is not said: of messages with the same one, in the same words, one goes out in these minutes;
    `also` (codes, spaces between) sentences that `rewording` puts behind the message, and `kinds` (codes) another one,
    all that it is about, with `kinds_day` (time) where that tells which, and `kinds_for` (a first name) where several
    people have this phone; `metres` {distance}; `place` (postcode, name) {where};
    `asked` (a number) {asked}, a sentence with a space behind it, and {looking}, where it is more than one; `day`
    (time) stands behind {what}, for one day of several; `again` before {What}, where the same was asked before; `twin`
    behind {when}, where the same is asked for so many others too, or again for one (`same`), and `chosen_for_you`,
    where they named no hour;
    `sections` (code and `WaitingPerson`s of each) {sections}, each with its heading;
    `former_hour` (`10:30`) {former_hour}, of a ride that is looked for at another hour than the one they had asked for;
    `rests` (first day and last, or `None`) {rests}, when nobody needs to come; `next_day` (a day or `None`) {next}, a
    sentence with a space before it, or nothing; `rule` (of a rhythm) {rhythm};
    `spans` (from and until of each, on one day) {spans}, their hours; `unreached` (names) {unreached}, a paragraph;
    `sector` (postcodes) {sector}, or that it is what others have not;
    `waiting` (a list of `WaitingPerson`) {waiting}, the first of them, and {lines}, each on a line with its link;
    `dangers` (template and values of each) {dangers}, a sentence each, and {danger_lines}, each with its link;
    `cents` {amount}; `page` (name of an address and its words) {link}; {board} is known always: all who wait;
    `offers` (number, kind, place, window of each) {offers}.
    """
    said = {
        "organisation": organisation.name,
        # Asked of the line only where it is read.
        "phone": _number(organisation, now),
        "asked": "",
        "looking": _("we are still looking"),
        "board": _address(organisation, ("board",)),
    }
    with timezone.override(organisation.zone):
        for name, value in values.items():
            match name:
                case "kind":
                    said["what"] = str(ERRANDS.get(value) or INSIDE[value])
                    said["What"] = capfirst(said["what"])
                case "all_kinds":
                    # Behind `kind`, which is the first of them.
                    said["what"] = several.named([str(INSIDE[each]) for each in value])
                    said["What"] = capfirst(said["what"])
                    said["kinds"] = _for_what(said["what"], values.get("kinds_for"))
                case "window":
                    start, end = value
                    said["when"] = window_words(start, end, now)
                case "missed":
                    start, end = value
                    said["when"] = missed_words(start, end, now)
                case "moment":
                    said["when"] = look.day_time(value, now)
                case "clock":
                    said["clock"] = look.clock_time(timezone.localtime(value))
                case "by":
                    # Read so late that the hour is past, no hour is named.
                    said["by"] = look.before(value, now) if value > now else _("as soon as possible")
                case "begins":
                    said["begins"] = look.day_time(value, now)
                case "since":
                    said["since"] = look.day(value, now)
                    said["waited"] = look.waited(value, now)
                case "until":
                    said["until"] = look.no_later(value, now) if value > now else _("as soon as possible")
                case "advice":
                    said["advice"] = f"{ADVICE[value]} " if value in ADVICE else ""
                case "also":
                    said["also"] = " ".join(_also(organisation, each, now) for each in value.split())
                case "asked":
                    # Of one alone nobody need read.
                    if value >= MIN_ASKED_TO_SAY:
                        said["asked"] = _("%(number)s neighbours were asked.") % {"number": value} + " "
                        said["looking"] = _("still looking, %(number)s neighbours asked so far") % {
                            "number": value
                        }
                case "metres":
                    said["distance"] = look.distance(value)
                case "place":
                    said["where"] = place_called(organisation.country, *value)
                case "offers":
                    said["offers"] = str(LIST_SEPARATOR).join(
                        _offer(organisation, each, now) for each in value
                    )
                case "dangers":
                    said |= _dangers(organisation, value, now)
                case "waiting":
                    said["waiting"] = _waiting_in_short(organisation, value, now)
                    said["lines"] = _lines(organisation, value, now)
                case "sector":
                    said["sector"] = ", ".join(value.split()) or _("the rest of the area we serve")
                case "unreached":
                    said["unreached"] = unreached_words(value)
                case "sections":
                    said["sections"] = "\n\n".join(
                        _section(organisation, code, waiting, now) for code, waiting in value
                    )
                case "rests":
                    said["rests"] = pause_words(*value)
                case "next_day":
                    is_today = value == timezone.localtime(now).date()
                    day = look.day(value, now) if is_today else look.full_day(value) if value else ""
                    said["next"] = _("The next time: %(day)s.") % {"day": day} if day else ""
                case "rule":
                    said["rhythm"] = str(parse(value))
                case "spans":
                    said["spans"] = ", ".join(look.between(start, end) for start, end in value)
                case "cents":
                    said["amount"] = look.money(value)
                case "former_hour":
                    said["former_hour"] = look.clock_time(time.fromisoformat(value))
                case "page":
                    said["link"] = _address(organisation, value)
                case "kinds" if "all_kinds" not in values:
                    said["kinds"] = _for_which(value, values, now)
                case (
                    "day"
                    | "kinds"
                    | "kinds_for"
                    | "kinds_day"
                    | "again"
                    | "twin"
                    | "chosen_for_you"
                    | "still"
                    | "usual"
                    | "by_phone"
                ):
                    pass
                case _:
                    said[name] = str(value)
        _tell_apart(said, values, now)
    return said


def _also(organisation: Organisation, code: str, now: datetime) -> str:
    if code in {"holiday", "holiday_line"} and (
        words := closed_words(organisation, now, line_only=code == "holiday_line")
    ):
        return words
    return str(ALSO[code]).format(phone=number_to_call(organisation, now))


def _for_which(kinds: Sequence[str], values: dict[str, Any], now: datetime) -> str:
    of_day = values.get("kinds_day")
    what = ", ".join(str(ERRANDS.get(each) or INSIDE[each]) for each in kinds)
    if of_day is not None:
        what = _("%(what)s (%(day)s)") % {"what": what, "day": look.day(of_day, now)}
    return _for_what(what, values.get("kinds_for"))


def _for_what(what: str, name: str | None) -> str:
    if name:
        return _("For %(name)s: %(kinds)s.") % {"name": name, "kinds": what}
    return _("For: %(kinds)s.") % {"kinds": what}


def _tell_apart(said: dict[str, str], values: dict[str, Any], now: datetime) -> None:
    """What tells this message from another one in the same words, put where they have room for it."""
    if "day" in values:
        day = look.day(values["day"], now)
        # Where {when} names the day as well, it is not said twice; it names another where a missed day is looked for.
        if _is_day_of_window(values["day"], values.get("window")):
            said |= {"what_alone": said["what"], "What_alone": said["What"]}
        said["what"] = _("%(what)s (%(day)s)") % {"what": said["what"], "day": day}
        said["What"] = capfirst(said["what"])
    if values.get("again"):
        said["What"] = _("Still needed: %(what)s") % {"what": said["what"]}
    if twin := values.get("twin"):
        said["when"] = _twin(str(twin), said["when"])
    if values.get("chosen_for_you"):
        said["when"] = _("%(when)s (we chose this hour; you can change it on your page)") % {
            "when": said["when"]
        }


def _is_day_of_window(day: datetime, window: tuple[datetime, datetime] | None) -> bool:
    days = {timezone.localtime(each).date() for each in window or (day,)}
    return timezone.localtime(day).date() in days


def _twin(twin: str, when: str) -> str:
    """For whom it is, where the same is asked more than once: `same` for one person (`same2` where they were asked
    twice before), or for so many others."""
    is_same, number = twin.startswith(SAME), int(twin.removeprefix(SAME) or 1) + 1
    if is_same and number == 2:
        words = _("%(when)s, asked a second time by the same person")
    elif is_same:
        words = _("%(when)s, asked by the same person, no. %(number)s")
    elif number > 2:
        words = _("%(when)s, for another person, no. %(number)s")
    else:
        words = _("%(when)s, for another person")
    return words % {"when": when, "number": number}


def spoken_to(person: Person, organisation: Organisation) -> str:
    """The language in which a person is written to: their own, or the organisation's first if we do not speak it."""
    ours = [str(code) for code, _name in settings.LANGUAGES]
    wanted: list[str] = [person.language, *organisation.languages, *ours]
    return next(code for code in wanted if code in ours)


def _address(organisation: Organisation, page: tuple[str, ...]) -> str:
    name, *words = page
    return f"{origin_of(organisation)}{reverse(name, args=words)}"


def _lines(organisation: Organisation, waiting: Sequence[WaitingPerson], now: datetime) -> str:
    """The first ones, each on a line with its link, and how many more."""
    lines = [
        f"{_waiting(organisation, each, now)}\n{_address(organisation, each.page)}"
        for each in waiting[:MAX_LINES]
    ]
    more = len(waiting) - MAX_LINES
    return "\n\n".join([*lines, more_words(more)] if more > 0 else lines)


def _section(organisation: Organisation, code: str, waiting: Sequence[WaitingPerson], now: datetime) -> str:
    return f"{SECTION_HEADINGS[code]}\n\n{_lines(organisation, waiting, now)}"


def _dangers(
    organisation: Organisation, dangers: Sequence[tuple[str, dict[str, Any]]], now: datetime
) -> dict[str, str]:
    """What is said of each where it is told alone, without the link; and each on a line with its link."""
    named, lines = [], []
    for template, values in dangers:
        text, known = str(ours_for(template, values).text), ready(organisation, values, now)
        # "Please read it now:" says nothing where no link follows.
        named.append((aloud.words(text) or text.replace("{link}", "")).format_map(known).strip())
        said = text.replace("{link}", "").format_map(known).strip()
        lines.append(f"{said}\n{_address(organisation, values['page'])}")
    said, more = " ".join(named[:MAX_DANGERS]), len(named) - MAX_DANGERS
    if more > 0:
        words = ngettext("And %(number)s more.", "And %(number)s more.", more)
        said = f"{said} {words % {'number': more}}"
    return {"dangers": said, "danger_lines": "\n\n".join(lines)}


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
    about = (
        [str(NOT_ANSWERING.get(one.kind) or ERRANDS.get(one.kind) or INSIDE[one.kind])] if one.kind else []
    )
    if where := place_called(organisation.country, *one.place):
        about.append(where)
    who = one.name or _("Someone")
    parts = [f"{who} ({', '.join(about)})" if about else who]
    if since:
        parts.append(_("since %(when)s") % {"when": look.day_time(one.since, now)})
    if one.promise in NOT_PROMISED:
        return str(NOT_PROMISED[one.promise]) % {"who": ", ".join(parts), "done": one.done}
    promised = PROMISED[one.promise] % {"by": look.before(one.due_at, now)}
    said = _("%(who)s: %(promised)s") % {"who": ", ".join(parts), "promised": promised}
    if since and one.askable is not None:
        said = f"{said} ({askable_words(one.askable)})"
    if one.broken:
        said = _("%(promised)s (promise broken before)") % {"promised": said}
    if since and one.unwritten:
        said = _("%(promised)s. Has had no message from us: please call") % {"promised": said}
    return said


def _offer(organisation: Organisation, offer: Any, now: datetime) -> str:
    """`42: shopping, Ixelles, before 6 pm`, in the language that is active."""
    number, kind, where, (start, end) = offer
    values = {
        "number": number,
        "what": INSIDE[kind],
        "where": place_called(organisation.country, *where),
        "when": window_words(start, end, now),
    }
    return _("{number}: {what}, {where}, {when}").format_map(values)
