"""How many messages reach one person in one night, whichever room writes them. (A file of its own beside `actions`,
which writes each message and asks here when it may go.)

Whatever is neither a danger nor an answer to what its reader did a moment ago is under the ceiling: also a template
that is added tomorrow. What is held back is told in the morning, in one message (`digest`)."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count

from quartier.lib import hours
from quartier.messaging import rules
from quartier.messaging.models import Message
from quartier.messaging.waiting import WAITS, Hold, Waits
from quartier.team.models import Organisation

if TYPE_CHECKING:
    from quartier.messaging.actions import Letter

MAX_NIGHT_MESSAGES = 2
# Somebody may be in danger: told at any hour, however often, and by what rings.
DANGER_TEMPLATES = frozenset(
    {
        *("risk_heard", "risk_written", "visit_alarm", "concern_danger", "companion_worry", "check_help"),
        *("check_unreached", "line_stopped", "watch_over", "dangers"),
    }
)
# Answers to what the reader has just done or written, and what they asked to be woken for.
ANSWER_TEMPLATES = frozenset(
    {
        *(
            "sign_in_code",
            "many_codes",
            "passkey_added",
            "passkey_removed",
            "page_again",
            "push_test",
            "write_to_us",
            "accepted",
            "call_accepted",
            "accepted_first",
        ),
        *("received", "received_read", "received_night", "received_for"),
        *("reply_yours", "reply_no", "reply_covered", "reply_over", "reply_full", "reply_said_yes"),
        *("step_on_way", "step_done", "step_early_on_way", "step_early_done"),
        *("step_not_yet", "step_which", "step_noted", "step_page"),
        *("reply_which", "reply_hour", "reply_unknown", "heard", "who_are_you", "stopped", "started"),
        *("still_stopped", "stop_alone", "reply_sure", "reply_cancel", "reply_expected"),
        *("appeal_yes", "appeal_no", "appeal_break", "appeal_over", "after_thanks", "after_we_call"),
        *(
            "after_we_write",
            "danger_numbers",
            "companion_number",
            "relay_call",
            "relay",
            "on_way",
            "expense_asked",
            "wake",
        ),
    }
)
# What is about this night, and of no use in the morning: nobody comes in it.
NIGHT_TEMPLATES = frozenset({"night_search"})
# A message that was written by day and waits for an hour of the night stands among those of this time.
WRITTEN_BEFORE = timedelta(days=2)


@dataclass(frozen=True)
class CountedNight:
    """The quiet hours of an organisation in which a moment lies."""

    begins: datetime
    ends: datetime


def night_of(organisation: Organisation, moment: datetime) -> CountedNight | None:
    """The night in which `moment` lies, by the organisation's quiet hours; `None` by day."""
    start, end, zone = organisation.quiet_from, organisation.quiet_until, organisation.zone
    if not hours.is_within(moment, start, end, zone):
        return None
    # By local days: the day on which clocks change has 23 or 25 hours.
    day = moment.astimezone(zone).date()
    evenings = [
        datetime.combine(each, start, tzinfo=zone).astimezone(UTC) for each in (day, day - timedelta(days=1))
    ]
    begins = next((each for each in evenings if each <= moment), evenings[-1])
    return CountedNight(begins, hours.next_time(moment, end, zone))


def is_under_ceiling(template: str) -> bool:
    """Whether this template counts, and is held back. What is about something that happens before the morning goes."""
    exempt = DANGER_TEMPLATES | ANSWER_TEMPLATES | NIGHT_TEMPLATES
    return template not in exempt and WAITS[template] not in {Waits.VISIT, Waits.CALM}


def limit_nights(
    organisation: Organisation, letters: Sequence["Letter"], holds: Sequence[Hold | None], now: datetime
) -> list[Hold | None]:
    """The holds as they were, but of each person's messages of one night only `MAX_NIGHT_MESSAGES` go; the others wait
    for the morning. Asks the database only at night."""
    nights = [_night(organisation, letter, hold, now) for letter, hold in zip(letters, holds, strict=True)]
    sent = _sent(letters, nights)
    limited: list[Hold | None] = []
    for letter, hold, night in zip(letters, holds, nights, strict=True):
        if night is None or hold is None:
            limited.append(hold)
            continue
        sent[letter.person.pk] += 1
        if sent[letter.person.pk] <= MAX_NIGHT_MESSAGES:
            limited.append(hold)
        elif rules.is_too_late(letter.not_after, night.ends):
            limited.append(Hold(night.ends, Message.State.CANCELLED, error=rules.CEILING))
        else:
            limited.append(Hold(night.ends, Message.State.HELD, Message.Quiet.ALL, rules.CEILING))
    return limited


def sent_this_night(organisation: Organisation, people: Collection[UUID], now: datetime) -> Counter[UUID]:
    """How many messages that count each of these people has had in this night: whoever may choose whom to tell chooses
    somebody who has fewer than `MAX_NIGHT_MESSAGES`. By day, nobody has."""
    night = night_of(organisation, now)
    return _count(people, night.begins, night.ends) if night else Counter()


def _night(
    organisation: Organisation, letter: "Letter", hold: Hold | None, now: datetime
) -> CountedNight | None:
    if hold is None or hold.state != Message.State.DUE or not is_under_ceiling(letter.template):
        return None
    return night_of(organisation, max(hold.at, now))


def _sent(letters: Sequence["Letter"], nights: Sequence[CountedNight | None]) -> Counter[UUID]:
    people = {letter.person.pk for letter, night in zip(letters, nights, strict=True) if night}
    if not people:
        return Counter()
    return _count(
        people, min(night.begins for night in nights if night), max(night.ends for night in nights if night)
    )


def _count(people: Collection[UUID], begins: datetime, ends: datetime) -> Counter[UUID]:
    rows = (
        Message.objects.filter(
            person__in=people,
            created_at__gte=begins - WRITTEN_BEFORE,
            not_before__gte=begins,
            not_before__lt=ends,
        )
        .exclude(state__in=[Message.State.CANCELLED, Message.State.HELD, Message.State.GATHERED])
        .exclude(template__in=[each for each in WAITS if not is_under_ceiling(each)])
        .order_by()
    )
    counted = rows.values_list("person").annotate(count=Count("pk"))
    return Counter(dict(counted))
