"""Calling out: whose number, whether it may be dialled, and what was spent today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings as django_settings

from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.lib.hours import is_within
from quartier.people.models import Person
from quartier.team.models import Organisation
from quartier.telephony import prices, rules
from quartier.telephony.models import Call, Callback, LineSettings, Masked, OwnPhoneUse, Reading, Wish
from quartier.telephony.queries.line import dialling_of, midnight, settings_of
from quartier.telephony.rules import CENTS_PER_MINUTE, Dial, MayNotDial

# An operator's calls are counted over so long.
PACE_WINDOW = timedelta(hours=1)
# Wishes for a call that the operator's pace counts.
_CALLING_WISHES = ("dial", "prove_phone")


def number_to_dial(
    wish: Wish, now: datetime | None = None, cents_per_minute: Mapping[str, float] | None = None
) -> Dial | None:
    """The number behind a wish to `dial`: of a callback or a person. `None` when there is no such one any more.

    Raises `MayNotDial`: not on the list, too many calls out, or the day's money is spent.
    """
    if wish.to is None:
        return None
    organisation = wish.organisation
    check_pace(organisation, now or clock.now(), wish)
    callback = Callback.objects.filter(pk=wish.to, organisation=organisation).first()
    if callback is not None:
        who = Dial(callback.number, organisation.phone, callback.language, callback.person_id)
        return _allowed(organisation, who, now, cents_per_minute)
    person = Person.objects.filter(pk=wish.to, organisation=organisation).first()
    if person is None:
        return None
    who = Dial(person.phone, organisation.phone, person.language, person.pk)
    return _allowed(organisation, who, now, cents_per_minute)


def masked_to_dial(
    organisation: Organisation,
    masked_id: UUID | str,
    caller: str,
    now: datetime | None = None,
    cents_per_minute: Mapping[str, float] | None = None,
    *,
    call: str | None = None,
) -> Dial | None:
    """The other one's number, for whoever calls from `caller` (E.164). `None` when the visit is over, or they are
    none of the two. `call`: theirs, which is not one more. Raises `MayNotDial`."""
    now = now or clock.now()
    row = (
        Masked.objects.select_related("helper", "helped")
        .filter(pk=masked_id, organisation=organisation, ended_at=None, until__gt=now)
        .first()
    )
    index = blind("phone", organisation.id, caller)
    if row is None or not index or index not in {row.helper.phone_index, row.helped.phone_index}:
        return None
    check_pace(organisation, now, call=call)
    other = row.helped if row.helper.phone_index == index else row.helper
    who = Dial(other.phone, organisation.phone, other.language, other.pk)
    return _allowed(organisation, who, now, cents_per_minute)


def number_to_read(
    reading: Reading, now: datetime | None = None, cents_per_minute: Mapping[str, float] | None = None
) -> Dial:
    """The number to which a message is to be read. Raises `MayNotDial`."""
    organisation = reading.organisation
    who = Dial(reading.number, organisation.phone, reading.language, reading.person_id)
    return _allowed(organisation, who, now, cents_per_minute)


def open_masked_among(masked: set[str]) -> set[str]:
    """Those of these visits that are not over."""
    return {
        str(pk) for pk in Masked.objects.filter(pk__in=masked, ended_at=None).values_list("pk", flat=True)
    }


def check_pace(
    organisation: Organisation, now: datetime, wish: Wish | None = None, *, call: str | None = None
) -> None:
    """Raise `MayNotDial` where as many calls of ours as may be go on beside this `call`, or whoever wishes for one has
    made as many within the last hour."""
    settings = settings_of(organisation)
    out = Call.objects.filter(
        organisation=organisation,
        direction__in=[Call.Direction.OUT, Call.Direction.MASKED],
        ended_at=None,
        began_at__gt=now - rules.MAX_CALL_AGE,
    )
    if call is not None:
        out = out.exclude(pk=call)
    if out.count() >= settings.max_calls_out:
        raise MayNotDial("too_many_now")
    if wish is not None:
        # What was refused dialled nobody. Wishes are kept for a day.
        dialled = Wish.objects.filter(
            organisation=organisation,
            account=wish.account_id,
            what__in=_CALLING_WISHES,
            at__gt=now - PACE_WINDOW,
        )
        dialled = dialled.filter(taken_at__isnull=False, answer__in=("", "done")).exclude(pk=wish.pk)
        if dialled.count() >= settings.max_calls_out_hour:
            raise MayNotDial("too_many_hour")


def cents_of(call: Call | None) -> float:
    """What a call of ours that is over has cost, by the group's price file."""
    if call is None or not call.number:
        return 0.0
    kind = rules.destination(call.number, call.organisation.country)
    return rules.cents(call.talked_s, kind, _prices(call.organisation))


def own_phone(organisation: Organisation, account_id: UUID) -> Dial | None:
    """An operator's own phone, as their file has it; `None` without one. Own phones have money of their own: what is
    dialled otherwise does not count for them. Raises `MayNotDial`.

    Here and nowhere else the line learns whom to ring in place of a browser: a number that is not proven never leaves.
    """
    person = Person.objects.filter(organisation=organisation, account_id=account_id).first()
    if person is None or not person.phone:
        return None
    dialling_of(organisation).check(person.phone)
    if not person.is_phone_proven:
        raise MayNotDial("unproven")
    if not may_ring_own_phones(organisation, clock.now()):
        raise MayNotDial("own_spent")
    return Dial(person.phone, organisation.phone, person.language, person.pk)


def number_to_prove(wish: Wish) -> Dial | None:
    """The own phone of whoever wishes for a code on it; `None` where there is nothing to prove any more. It is a call
    like any other that we make: raises `MayNotDial`."""
    person = Person.objects.filter(organisation=wish.organisation, account_id=wish.account_id).first()
    if person is None or not person.phone or person.is_phone_proven:
        return None
    now = clock.now()
    check_pace(wish.organisation, now, wish)
    return check_own_phone_code(person, now)


def check_own_phone_code(person: Person, now: datetime) -> Dial:
    """Their own number, if the line may call it to say a code. Raises `MayNotDial`, also in the quiet hours of the
    group: whose number it is, nobody knows yet."""
    organisation = person.organisation
    if is_within(now, organisation.quiet_from, organisation.quiet_until, organisation.zone):
        raise MayNotDial("quiet")
    who = Dial(person.phone, organisation.phone, person.language, person.pk)
    return _allowed(organisation, who, now, None)


def is_dialling_stopped(organisation: Organisation) -> bool:
    """Whether no call may go out, because the line saw one that it had not made."""
    return LineSettings.objects.filter(organisation=organisation, dialling_stopped_at__isnull=False).exists()


def may_ring_own_phones(organisation: Organisation, now: datetime) -> bool:
    """Whether there is money left for own phones today."""
    return own_phone_spent_today(organisation, now) < settings_of(organisation).own_phone_cents


def own_phone_spent_today(
    organisation: Organisation, now: datetime, cents_per_minute: Mapping[str, float] | None = None
) -> float:
    """Cents for the legs to operators' own phones that were answered today, those under way counted up to now. What
    rang and was not answered costs nothing. One query."""
    paid = _prices(organisation) if cents_per_minute is None else cents_per_minute
    uses = OwnPhoneUse.objects.filter(
        organisation=organisation, began_at__gte=midnight(organisation, now)
    ).values_list("destination", "began_at", "ended_at")
    return sum(
        rules.cents(max(1.0, ((ended_at or now) - began_at).total_seconds()), destination, paid)
        for destination, began_at, ended_at in uses
    )


@dataclass(frozen=True)
class LineMoney:
    """Cents spent today and the most that may be: for calls that we make, and for operators' own phones."""

    spent: float
    cap: int
    own_spent: float
    own_cap: int


def money_today(organisation: Organisation, now: datetime) -> LineMoney:
    """What the line has spent today. Three queries."""
    settings = settings_of(organisation)
    return LineMoney(
        spent_today(organisation, now),
        settings.daily_cents,
        own_phone_spent_today(organisation, now),
        settings.own_phone_cents,
    )


def check_may_promise(organisation: Organisation, number: str, due_at: datetime, now: datetime) -> None:
    """Raise `MayNotDial` where a call back at `due_at` cannot be promised: the number may not be dialled, or today's
    money is spent and it is for today."""
    dialling_of(organisation).check(number)
    today = due_at.astimezone(organisation.zone).date() <= now.astimezone(organisation.zone).date()
    if today and spent_today(organisation, now) >= settings_of(organisation).daily_cents:
        raise MayNotDial("spent")


def spent_today(
    organisation: Organisation, now: datetime, cents_per_minute: Mapping[str, float] | None = None
) -> float:
    """Cents for the outgoing calls that began today, those under way counted up to now. A masked call counts by what it
    rings, and as a mobile phone while that is not known. `cents_per_minute` by `rules.destination`; the group's price
    file without it."""
    paid = _prices(organisation) if cents_per_minute is None else cents_per_minute
    total = 0.0
    calls = Call.objects.filter(
        organisation=organisation,
        direction__in=[Call.Direction.OUT, Call.Direction.MASKED],
        began_at__gte=midnight(organisation, now),
    )
    for call in calls.only(
        *("organisation_id", "direction", "number", "masked_destination"),
        *("talked_s", "began_at", "answered_at", "ended_at"),
    ):
        if call.direction == Call.Direction.MASKED:
            kind = call.masked_destination or "mobile"
        else:
            kind = rules.destination(call.number, organisation.country)
        if call.ended_at is None:
            # One that still rings may be answered.
            seconds = max(1.0, (now - (call.answered_at or call.began_at)).total_seconds())
        else:
            seconds = call.talked_s
        total += rules.cents(seconds, kind, paid)
    return total


def _prices(organisation: Organisation) -> Mapping[str, float]:
    """Cents a minute as the group's price file says; a broken one makes nobody unreachable, and nothing cheaper."""
    try:
        known = prices.load(django_settings.INSTALLATION.home / "line")
    except (prices.BadPrices, OSError):
        return CENTS_PER_MINUTE
    return prices.by_kind(organisation.country, known)


def _allowed(
    organisation: Organisation, who: Dial, now: datetime | None, cents_per_minute: Mapping[str, float] | None
) -> Dial:
    settings = settings_of(organisation)
    dialling_of(organisation, settings).check(who.number)
    if spent_today(organisation, now or clock.now(), cents_per_minute) >= settings.daily_cents:
        raise MayNotDial("spent")
    return who
