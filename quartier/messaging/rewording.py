"""Words that name a day are true on the day for which they were made: where a message goes out later, after a night
without a worker, it is made again of what it was made of. (A file of its own beside `actions`, which writes messages,
and `delivery`, which sends them.)"""

import logging
import re
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from quartier.lib import sms
from quartier.lib.elision import elided_before_values
from quartier.messaging import aloud, queries, saying, wording
from quartier.messaging.models import Message
from quartier.messaging.who_waits import WaitingPerson
from quartier.messaging.words import TEMPLATES, Words, ours_for
from quartier.team.models import Organisation

log = logging.getLogger(__name__)
# Values that are said as "today", "tomorrow", "before 6 pm".
TIMED_VALUES = frozenset(
    {"window", "missed", "moment", "by", "begins", "until", "waiting", "offers", "day", "kinds_day", "since"}
    | {"next_day"}
)
# Answers to what somebody did a moment ago: they hold what is found nowhere else, and are sent however late.
RECEIPT_TEMPLATES = frozenset({"received", "received_read", "received_night"})
# Said of a night, and gone out when it is over: the words of the day are true then. Of others only the hour goes.
DAY_TEMPLATES = {"received_night": "received", "night_search": "still_looking"}
NIGHT_TEMPLATES = frozenset({*DAY_TEMPLATES, "looking_again", "caller_cannot"})
# What JSON has no form for stands in an object with this name alone; letters hold no objects of their own.
_MOMENT, _DAY, _PERSON = "moment:", "day:", "person:"
_SPACES_AT_END = re.compile(r" +$", re.MULTILINE)


def worded(channel: str, words: Words, values: dict[str, str], number: int | None = None) -> tuple[str, str]:
    """Subject and body for this channel, in the language that is active. `number`: to answer by. {kinds} and {also}
    are sentences that stand behind any message, where it is so."""
    subject, body = _worded(channel, words, values, number)
    is_mail = channel == Message.Channel.EMAIL
    kinds, what = values.get("kinds", ""), values.get("what", "")
    if is_mail and what and what in body and kinds == _("For: %(kinds)s.") % {"kinds": what}:
        # A mail has said already what it is about.
        kinds = ""
    if also := " ".join(filter(None, (kinds, values.get("also")))):
        # A number at the end is followed by another sentence; a link stays whole.
        end = "." if (body[-1:].isdigit() or body[-1:] == ")") and not is_mail else ""
        body = f"{body}\n\n{also}" if is_mail else f"{body}{end} {sms.plain(also)}"
    return subject, body


def _worded(channel: str, words: Words, values: dict[str, str], number: int | None) -> tuple[str, str]:
    text = str(words.text if number is None or not words.answer else words.answer)
    numbered = values | ({} if number is None else {"number": str(number)})
    subject = _filled(str(words.subject), values)
    if channel == Message.Channel.TEXT:
        return "", sms.plain(_filled(text, numbered))
    if channel in Message.CHATS:
        # The subject is for the mail that it becomes where the chat does not take it.
        return subject, _filled(text, numbered)
    if channel == Message.Channel.VOICE:
        return "", _filled(aloud.words(str(words.text)), values)
    if channel == Message.Channel.PUSH:
        return subject, _filled(str(words.text), values)
    return subject, _filled(str(words.mail or words.text), values)


def _filled(text: str, values: dict[str, str]) -> str:
    """The words with their values; of two that name the day, one does, and where one is empty no space stays at the
    end."""
    if "{when}" in text and "what_alone" in values:
        values = values | {"what": values["what_alone"], "What": values["What_alone"]}
    return _SPACES_AT_END.sub("", elided_before_values(text, values).format_map(values))


def to_keep(values: dict[str, Any], made_for: datetime, number: int | None) -> dict[str, Any] | None:
    """What a message is made again of, in the language that is active; `None` where its words name no day."""
    if TIMED_VALUES.isdisjoint(values):
        return None
    return {"values": _pack(values), "made_for": made_for.isoformat(), "number": number}


def make_again(message: Message, now: datetime) -> bool:
    """Give a message that is about to go out the words of today, unless it has them. Returns whether they changed; it
    is not saved."""
    kept = message.made_of
    if not kept:
        return False
    organisation, values = message.organisation, _unpack(kept["values"])
    begins = values.get("begins")
    is_day = message.template in NIGHT_TEMPLATES and isinstance(begins, datetime) and begins <= now
    if not is_day and not _is_stale(organisation, values, datetime.fromisoformat(kept["made_for"]), now):
        return False
    with translation.override(message.language):
        own, template = wording.of(organisation), message.template
        if is_day:
            del values["begins"]
            template = DAY_TEMPLATES.get(template, template)
        words = own.get((template, message.language)) or ours_for(template, values)
        try:
            said = saying.ready(organisation, values, now)
            subject, body = worded(message.channel, words, said, kept["number"])
        except (KeyError, ValueError, TypeError):
            # The words have changed since, and need what was not kept: old words are better than none.
            log.exception("message %s (%s) keeps its old words", message.pk, message.template)
            return False
    changed = (subject, body) != (message.subject, message.body)
    message.template, message.subject, message.body = template, subject, body
    message.made_of = kept | {"values": _pack(values), "made_for": now.isoformat()}
    return changed


def is_overtaken(message: Message, now: datetime) -> bool:
    """Whether the hour that a message names is past, and a later one to the same person says what is true now."""
    if not message.made_of or message.template in RECEIPT_TEMPLATES:
        return False
    words, by = TEMPLATES[message.template], _unpack(message.made_of["values"]).get("by")
    if not words.promises or not isinstance(by, datetime) or by > now:
        return False
    promising = [name for name, each in TEMPLATES.items() if each.promises]
    later = Message.objects.filter(person=message.person_id, template__in=promising)
    later = later.filter(created_at__gt=message.created_at).exclude(pk=message.pk)
    return later.exclude(state__in=[Message.State.CANCELLED, Message.State.FAILED]).exists()


def looks_at_others(message: Message) -> bool:
    """Whether what has gone out before decides if this one does: `is_said_already`."""
    return bool((message.made_of or {}).get("values", {}).get("once"))


def is_said_already(message: Message, now: datetime) -> bool:
    """Whether they have just read the same about another thing that they asked for. While that one was still to go out
    it could be taken back, so this one was written too."""
    once = (message.made_of or {}).get("values", {}).get("once")
    return bool(once) and queries.was_just_said(message.person_id, message.template, once, now)


def _is_stale(organisation: Organisation, values: dict[str, Any], made_for: datetime, now: datetime) -> bool:
    """Whether another day has begun since, or an hour that it names has passed."""
    zone = organisation.zone
    if now.astimezone(zone).date() != made_for.astimezone(zone).date():
        return True
    hours = [values[name] for name in ("by", "until") if isinstance(values.get(name), datetime)]
    return any(made_for < each <= now for each in hours)


def _pack(value: Any) -> Any:
    match value:
        case datetime():
            return {_MOMENT: value.isoformat()}
        case date():
            return {_DAY: value.isoformat()}
        case WaitingPerson():
            return {_PERSON: _pack(asdict(value))}
        case dict():
            return {name: _pack(each) for name, each in value.items()}
        case list() | tuple():
            return [_pack(each) for each in value]
        case Promise():
            return str(value)
        case None | bool() | int() | float():
            return value
    return str(value)


def _unpack(value: Any) -> Any:
    match value:
        case {"moment:": str() as moment}:
            return datetime.fromisoformat(moment)
        case {"day:": str() as day}:
            return date.fromisoformat(day)
        case {"person:": dict() as columns}:
            return WaitingPerson(**_unpack(columns))
        case dict():
            return {name: _unpack(each) for name, each in value.items()}
        case list():
            return [_unpack(each) for each in value]
    return value
