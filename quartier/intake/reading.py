"""Between messages and the phone line, which know nothing of each other: what is to be read goes to the line, what came
of it comes back (decision 0024).

Neither side is asked twice for the same: the line takes a message once, by its id; reports and answers count once, by
the id of their reading. So each step may be done again, whoever is killed between two of them.
"""

from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef

from quartier.lib import clock
from quartier.live import actions as live
from quartier.messaging import aloud, incoming, reports
from quartier.messaging.models import Message
from quartier.messaging.providers import heard
from quartier.telephony import actions as telephony
from quartier.telephony import queries
from quartier.telephony.actions import ToRead
from quartier.telephony.models import Reading

VOICE = Message.Channel.VOICE
AT_ONCE = 50
# A key, as somebody would have written it.
WORDS = {"fr": ("OUI", "NON"), "nl": ("JA", "NEE"), "de": ("JA", "NEIN"), "en": ("YES", "NO")}
NO_LINE = "this installation has no line that reads"
UNHEARD, TOO_LATE = "nobody heard it: on the callback list", "nobody heard it in time"


def hand_over() -> bool:
    """Give the line what waits to be read. True when there was something new."""
    known = Reading.objects.filter(message=OuterRef("pk"))
    new = list(aloud.waiting().exclude(Exists(known))[:AT_ONCE])
    for message in new:
        if not queries.can_read():
            event = f"{message.pk}:{message.sent_at}"
            reports.reported(VOICE, heard.Report(event, str(message.pk), False, NO_LINE))
            continue
        to_read = ToRead(
            message=message.pk,
            person=message.person,
            number=message.to,
            language=message.language,
            text=message.body,
            asks=message.answer_code is not None,
            urgent=message.template in aloud.URGENT,
            not_after=message.not_after,
        )
        telephony.read_aloud(organisation=message.organisation, message=to_read, at=clock.now())
    return bool(new)


def bring_back() -> bool:
    """Tell messages what became of them, and pass on what was answered. True when there was something. Idle, it only
    looks."""
    return telephony.has_to_tell() and _bring_all_back()


@transaction.atomic
def _bring_all_back() -> bool:
    rows = telephony.to_tell()
    for row in rows:
        _bring_back(row)
    return bool(rows)


def _bring_back(row: Reading) -> None:
    message = Message.objects.filter(pk=row.message).first()
    if message is not None:
        was_heard = row.state == Reading.State.HEARD
        why = "" if was_heard else TOO_LATE if row.state == Reading.State.TOO_LATE else UNHEARD
        reports.reported(VOICE, heard.Report(str(row.pk), str(row.message), was_heard, why))
        Message.objects.filter(pk=row.message).update(cost=Decimal(str(round(row.cents / 100, 4))))
        if row.answer and message.answer_code is not None:
            _answer(row, message.answer_code)
        if not was_heard:
            _seen_to(row)
    telephony.told(row, clock.now())


def _answer(row: Reading, code: int) -> None:
    yes, no = WORDS.get(row.language, WORDS["en"])
    said = yes if row.answer == "yes" else no
    at = row.ended_at or clock.now()
    incoming.received(
        row.organisation, VOICE, heard.Incoming(str(row.pk), VOICE, row.number, f"{said} {code}", at)
    )


def _seen_to(row: Reading) -> None:
    """Somebody is on the callback list for it, or nobody needs it any more: it is not on another list too."""
    failed = Message.objects.filter(pk=row.message, state=Message.State.FAILED, settled_at=None)
    if failed.update(settled_at=clock.now()):
        live.touch(row.organisation_id, "messages", "board")
