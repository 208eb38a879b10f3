"""What is looked at after a month: each figure is counted anew from the rows, whatever the rooms believe of
themselves."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from quartier.cases.models import Request
from quartier.lib import clock, hours
from quartier.messaging import actions as messaging
from quartier.messaging.ceiling import DANGER_TEMPLATES
from quartier.messaging.models import Message
from quartier.promises.models import Promise
from quartier.sim.month.daily_words import without_daily_word
from quartier.sim.month.events import is_true
from quartier.sim.month.plan import NIGHT_BEGINS_H, NIGHT_ENDS_H, MonthPlan
from quartier.sim.month.record import STEP_TOLERANCE, MonthRecord
from quartier.team.models import Organisation

# A promise is told to the team before its hour, or within this time of it.
GRACE_PERIOD = timedelta(minutes=15)
# A word is said by the morning after, at the latest.
WORD_PERIOD = timedelta(minutes=15)
# After its time is over a request is asked about, within a day of what one of us has said about it, and closed: by an
# hour of the day after, or after three days where only a call can ask.
OPEN_GRACE_PERIOD = timedelta(days=4)
OPEN_GRACE_PERIOD_CALLED = timedelta(days=6)
# Where one of us owes them a word, or nobody has read it, it is given up after three days, when the next word would
# break: over Easter that is some days later.
OPEN_GRACE_PERIOD_OWED = timedelta(days=9)
# How the machine ends what was asked, and the last words that go with it.
SILENT_CLOSURES = (Request.Closure.EXPIRED, Request.Closure.NEGLECTED)
LAST_WORDS = ("closed_unanswered", "missed_day", "given_up", "given_up_unread")
# The findings that are lines.
FINDING_LISTS = (
    *("unowned", "broken_without_word", "untrue", "open_past_time", "asked_of_nobody"),
    "without_daily_word",
)
ASKED_VERBS = frozenset({"request.wave"})
SERVED_WITHIN = timedelta(hours=24)
# Answers to what somebody did at that moment, at night too.
RECEIPT_TEMPLATES = frozenset(
    {
        *(
            "received",
            "received_read",
            "received_night",
            "received_for",
            "accepted",
            "call_accepted",
            "accepted_first",
            "sign_in_code",
            "page_again",
        ),
        *("reply_yours", "reply_no", "reply_covered", "reply_over", "reply_full", "heard", "danger_numbers"),
    }
)


@dataclass(frozen=True)
class MonthFindings:
    """What was found. The lists hold one line each for what is not as it should be; the shares are of requests that
    were asked at least a day before the month ended (`None`: there were none)."""

    promises: int
    unowned: list[str]
    broken_without_word: list[str]
    untrue: list[str]
    night_messages_max: int
    open_past_time: list[str]
    asked_of_nobody: list[str]
    without_daily_word: list[str]
    served_24h: float | None
    served_24h_night: float | None
    # For whoever reads the summary.
    requests: int = 0
    messages: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)

    def figures(self) -> dict[str, int | float | None]:
        """The figures alone: how many of each."""
        return {
            "promises": self.promises,
            "unowned": len(self.unowned),
            "broken_without_word": len(self.broken_without_word),
            "untrue": len(self.untrue),
            "night_messages_max": self.night_messages_max,
            "open_past_time": len(self.open_past_time),
            "asked_of_nobody": len(self.asked_of_nobody),
            "without_daily_word": len(self.without_daily_word),
            "served_24h": self.served_24h,
            "served_24h_night": self.served_24h_night,
        }

    def summary(self) -> list[str]:
        """What there was, and what is not as it should be."""
        written = sum(self.messages.values())
        states = ", ".join(f"{count} {state}" for state, count in self.ends.most_common())
        return [f"{self.requests} requests ({states})", f"{written} messages", *self.lines()]

    def lines(self) -> list[str]:
        """What is not as it should be, a line each."""
        return [f"{name}: {line}" for name in FINDING_LISTS for line in getattr(self, name)]


def examine(organisation: Organisation, plan: MonthPlan | None = None) -> MonthFindings:
    """Look through what a month has left behind, at the moment that the clock shows."""
    record = MonthRecord(organisation, plan.doubled if plan else None)
    away = plan.nights_off if plan else []
    day, night = served(record)
    return MonthFindings(
        len(record.promises),
        unowned(record, away),
        broken_without_word(record),
        untrue(record),
        night_messages_max(record),
        open_past_time(record),
        asked_of_nobody(record),
        without_daily_word(record),
        day,
        night,
        requests=len(record.requests),
        messages=Counter(each.template for each in record.messages),
        ends=Counter(
            f"{each.state} {each.closure or each.why_human}".strip() for each in record.requests.values()
        ),
    )


def unowned(record: MonthRecord, away: Sequence[tuple[datetime, datetime]] = ()) -> list[str]:
    """Promises that only the team can keep and of which nobody of the team was told by their hour."""
    found, now = [], clock.now()
    for promise in record.promises:
        latest = _later(promise.due_at + GRACE_PERIOD, away)
        if not promise.needs_team or promise.owner_id is not None:
            continue
        ended = promise.ended_at or now
        if ended < latest and promise.outcome != Promise.Outcome.BROKEN:
            continue
        told = record.notices.get((promise.subject_kind, promise.subject_id), [])
        if not any(promise.waiting_since <= each.at <= latest for each in told):
            found.append(_promise_words(promise))
    return found


def _promise_words(promise: Promise) -> str:
    until = f"{promise.due_at:%d %b %H:%M}"
    told_by = f"told by {promise.told_by}"
    return f"{promise.subject_kind} {promise.subject_id}: {promise.kind} until {until}, {told_by}"


def _later(moment: datetime, away: Sequence[tuple[datetime, datetime]]) -> datetime:
    """The moment, or when the worker is there again."""
    return max(
        [moment, *(end + GRACE_PERIOD for start, end in away if start <= moment <= end + GRACE_PERIOD)]
    )


def broken_without_word(record: MonthRecord) -> list[str]:
    """Words to a person that were broken, and of which the person heard nothing. Whoever was told no hour has no word
    that can break; whoever can only be called cannot be written to."""
    written = {each.key for each in record.messages}
    waiting = Message.objects.filter(organisation=record.organisation, state__in=Message.WAITING)
    written |= set(waiting.filter(not_before__gte=clock.now()).values_list("key", flat=True))
    held = Message.objects.filter(organisation=record.organisation, state=Message.State.GATHERED)
    written |= set(held.values_list("key", flat=True))
    found = []
    for promise in record.promises:
        if promise.outcome != Promise.Outcome.BROKEN or promise.person is None:
            continue
        if promise.told_by == Promise.ToldBy.NOBODY:
            # No hour was said to them, so none was broken: they hear their word a day.
            continue
        renewal = next((each for each in record.promises if each.renewed_from_id == promise.pk), None)
        # Whoever asked for the same twice reads the same hour once.
        said = (
            []
            if renewal is None
            else [
                each
                for each in record.promises
                if (each.person_id, each.due_at, each.kind)
                == (renewal.person_id, renewal.due_at, renewal.kind)
            ]
        )
        if {f"{word}:{each.pk}" for word in ("late", "vain") for each in said} & written:
            continue
        # Its time was over by then: they were asked whether it is still needed, or it was ended with a word.
        asked = tuple(
            f"{template}:{promise.subject_id}:"
            for template in (
                *("still_needed", "still_needed_uncalled", "still_needed_named"),
                *("given_up", "given_up_unread", "missed_day"),
            )
        )
        if renewal is None and any(key.startswith(asked) for key in written):
            continue
        died = record.dead.get(promise.person.pk)
        by_call = not messaging.ways_of(promise.person, "late_news")
        if not by_call and (died is None or died > promise.due_at + WORD_PERIOD):
            found.append(_promise_words(promise))
    return found + _closed_in_silence(record, written)


def _closed_in_silence(record: MonthRecord, written: set[str]) -> list[str]:
    """Calls that were promised and never made, since it was closed over them; and whoever was not told that it was."""
    found = []
    for request in record.requests.values():
        told = request.case.asked_by if request.case.tell_asker else request.case.person
        ends = [
            entry.at
            for entry in record.entries.get(request.pk, ())
            if entry.verb == "request.close" and entry.details.get("closure") in SILENT_CLOSURES
        ]
        if not ends or request.unasked or record.dead.get(told.pk):
            continue
        found += [
            _promise_words(promise)
            for promise in record.promises
            if promise.subject_id == request.pk
            and (promise.kind, promise.outcome) == (Promise.Kind.CALL, Promise.Outcome.WITHDRAWN)
            and any(abs((promise.ended_at or promise.due_at) - at) <= STEP_TOLERANCE for at in ends)
        ]
        last_words = tuple(f"{template}:{request.pk}:" for template in LAST_WORDS)
        is_told = any(key.startswith(last_words) for key in written)
        if not is_told and messaging.ways_of(told, "closed_unanswered"):
            found.append(f"request {request.pk}: closed at {ends[-1]:%d %b %H:%M}, and nobody heard so")
    return found


def untrue(record: MonthRecord) -> list[str]:
    """Messages that speak of an event that was not."""
    return [
        f"{each.template} at {each.created_at:%d %b %H:%M}: {each.body.splitlines()[0][:160]}"
        for each in record.messages
        if not is_true(record, each)
    ]


def night_messages_max(record: MonthRecord) -> int:
    """The most messages that one person got in one night, without dangers and answers to what they had just done."""
    counted: Counter[tuple[UUID, date]] = Counter()
    for each in record.messages:
        at = (each.sent_at or each.not_before).astimezone(record.organisation.zone)
        exempt = each.template in DANGER_TEMPLATES or each.template in RECEIPT_TEMPLATES
        if not exempt and not NIGHT_ENDS_H <= at.hour < NIGHT_BEGINS_H:
            counted[each.person_id, (at - timedelta(hours=NIGHT_ENDS_H)).date()] += 1
    return max(counted.values(), default=0)


def open_past_time(record: MonthRecord) -> list[str]:
    """Requests that are not over, though their time has long been; those about which one of us owes whoever waits a
    call or an answer, or which none of us has read, have longer; those that one of us has in hand stay."""
    found, now = [], clock.now()
    owed = {
        each.subject_id
        for each in record.promises
        if each.is_open and each.needs_team and each.kind != Promise.Kind.CARE
    }
    in_hand = {
        each.subject_id
        for each in record.promises
        if each.is_open and each.owner_id is not None and not each.times_broken and each.due_at > now
    }
    for request in record.requests.values():
        told = request.case.asked_by if request.case.tell_asker else request.case.person
        grace = OPEN_GRACE_PERIOD_CALLED if told.channel == "call" else OPEN_GRACE_PERIOD
        if request.pk in owed or request.why_human in Request.UNREAD:
            grace = OPEN_GRACE_PERIOD_OWED
        is_left = request.state != Request.State.CLOSED and request.pk not in in_hand
        if is_left and request.window_until + grace < now:
            until = f"{request.window_until:%d %b %H:%M}"
            found.append(f"{request.pk}: {request.kind}, {request.state} {request.why_human}, until {until}")
    return found


def asked_of_nobody(record: MonthRecord) -> list[str]:
    """Searches that ended because nobody said yes, or nobody is near, though nobody was asked, or somebody is near."""
    found = []
    for request in record.requests.values():
        for entry in record.entries.get(request.pk, ()):
            if entry.verb != "request.ask_human":
                continue
            why = entry.details.get("why")
            # An offer that was made again has the moment of the last time.
            asked = record.last(request.pk, ASKED_VERBS, entry.at) is not None or any(
                each.created_at <= entry.at for each in record.offers.get(request.pk, ())
            )
            if (why == Request.Why.NOBODY and not asked) or (why == Request.Why.NONE_NEAR and asked):
                found.append(f"{request.pk}: {request.kind}, {why} at {entry.at:%d %b %H:%M}")
    return found


def served(record: MonthRecord) -> tuple[float | None, float | None]:
    """The shares of those who asked by day, and by night, to whom a neighbour said yes within a day."""
    now, zone = clock.now(), record.organisation.zone
    first: dict[UUID, datetime] = {}
    for visit in record.visits.values():
        known = first.get(visit.request_id)
        first[visit.request_id] = min(known, visit.accepted_at) if known else visit.accepted_at
    shares: dict[bool, list[bool]] = {True: [], False: []}
    for request in record.requests.values():
        later = request.series_id is not None and request.day != _first_day(request)
        if request.unasked or later or request.created_at + SERVED_WITHIN > now:
            continue
        at = request.created_at.astimezone(zone)
        by_night = hours.is_within(at, record.organisation.quiet_from, record.organisation.quiet_until, zone)
        yes = first.get(request.pk)
        shares[by_night].append(yes is not None and yes - request.created_at <= SERVED_WITHIN)
    return _share(shares[False]), _share(shares[True])


def _first_day(request: Request) -> date | None:
    return request.series.first_day if request.series else None


def _share(found: list[bool]) -> float | None:
    return round(sum(found) / len(found), 3) if found else None
