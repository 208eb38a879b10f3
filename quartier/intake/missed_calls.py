"""Between the phone line and messages: whoever was missed, or asked for it with a key, is written to by text, and may
simply answer in writing (decision 0044).

Each call is looked at once. Whoever asked for a text that cannot be written, or that did not arrive, is on the callback
list instead.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from quartier.callcore import Outcome
from quartier.lib import clock
from quartier.live import actions as live
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.people import queries as people_queries
from quartier.people.actions import Who
from quartier.people.models import Person
from quartier.telephony import actions as telephony
from quartier.telephony import queries
from quartier.telephony.models import Call

log = logging.getLogger(__name__)
MISSED, ASKED = "missed_call", "write_to_us"
# Of what somebody may be told that they called: longer ago they have forgotten it.
TEXT_TTL = timedelta(hours=14)
# A flood of invented numbers does not become a flood of texts: of each kind, in an hour.
MAX_TEXTS_AN_HOUR = 30
BATCH_SIZE = 20


def text_callers() -> bool:
    """Write to those whose turn it is. True when there was somebody. Idle, it only looks."""
    now = clock.now()
    return telephony.has_calls_to_text(now) and _text_callers(now)


@transaction.atomic
def _text_callers(now: datetime) -> bool:
    calls = telephony.take_calls_to_text(now)
    for call in calls:
        is_written = False
        try:
            # One letter that cannot be written does not take the others with it.
            with transaction.atomic():
                is_written = _write(call, now)
        except Exception:
            log.exception("the caller of %s cannot be written to", call.pk)
        if not is_written and call.outcome == Outcome.WRITTEN:
            telephony.text_not_sent(call, now)
    return bool(calls)


def ring_back_unreached() -> bool:
    """Whoever asked for a text that was given up, perhaps long after it was sent, is rung back: the message stands no
    more among those that nobody has seen to. True when there was somebody. Idle, it only looks."""
    given_up = Message.objects.filter(template=ASKED, state=Message.State.FAILED, settled_at=None)
    return given_up.exists() and _ring_back(given_up)


@transaction.atomic
def _ring_back(given_up: QuerySet[Message]) -> bool:
    given_up = given_up.select_for_update(of=("self",), skip_locked=True)
    now, found = clock.now(), list(given_up.order_by("created_at")[:BATCH_SIZE])
    for message in found:
        call = _asked_on(message)
        if call is not None and call.number:
            telephony.text_not_sent(call, now)
            message.settled_at = now
            message.save(update_fields=["settled_at"])
            live.touch(message.organisation_id, "messages", "board")
    return bool(found)


def _asked_on(message: Message) -> Call | None:
    """The call on which this text was asked for."""
    calls = Call.objects.select_related("organisation", "person").filter(organisation=message.organisation_id)
    return calls.filter(pk=UUID(message.key.removeprefix(f"{ASKED}:"))).first()


def _write(call: Call, now: datetime) -> bool:
    """Whether there is a message now. Who was missed is on the callback list anyway."""
    if call.outcome == Outcome.WRITTEN:
        return _write_as_asked(call, now)
    if not _too_many(call, MISSED, now):
        _write_missed(call, now)
    return True


def _write_as_asked(call: Call, now: datetime) -> bool:
    """At once, whatever the hour and whatever else they want nothing of: they asked a moment ago. It waits for as long
    as it takes, since nothing else is promised to them."""
    if telephony.is_too_late_to_text(call, now):
        return False
    if not queries.can_text(call.organisation, call.number) or telephony.asks_too_often(call, now):
        return False
    if _too_many(call, ASKED, now):
        return False
    letter = Letter(_person(call), ASKED, f"{ASKED}:{call.pk}", by="text")
    return messaging.write(organisation=call.organisation, letter=letter) is not None


def _write_missed(call: Call, now: datetime) -> None:
    """Once a day to a number, and not in quiet hours. Who wants to be called is called, and not written to."""
    person = _person(call)
    if person.channel == Person.Channel.CALL:
        return
    day = now.astimezone(call.organisation.zone).date()
    key = f"{MISSED}:{call.number_index}:{day}"
    letter = Letter(person, MISSED, key, not_after=now + TEXT_TTL, by="text")
    messaging.write(organisation=call.organisation, letter=letter)


def _too_many(call: Call, template: str, now: datetime) -> bool:
    lately = Message.objects.filter(
        organisation=call.organisation, template=template, created_at__gt=now - timedelta(hours=1)
    )
    return lately.count() >= MAX_TEXTS_AN_HOUR


def _person(call: Call) -> Person:
    """Whose number it is; somebody of whom we know that alone, as when they write to us first."""
    known = people_queries.by_phone(call.organisation, call.number, limit=1)
    if known:
        return known[0]
    language = call.language or str(next(iter(call.organisation.languages), "fr"))
    who = Who("", phone=call.number, language=language, channel=Person.Channel.TEXT)
    return people.record_person(organisation=call.organisation, who=who)
