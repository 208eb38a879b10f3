"""Messages that the line reads to people: put down, taken by call control, read, or given to a human. Decision 0024."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from quartier.lib.crypto import blind
from quartier.lib.ids import uuid7
from quartier.people.models import Person
from quartier.promises.models import Promise
from quartier.team.access import system
from quartier.team.models import Organisation
from quartier.telephony import queries, rules
from quartier.telephony.actions import ledger, listing
from quartier.telephony.actions.callbacks import NOTE_AT_MOST
from quartier.telephony.models import Call, Callback, Reading

State = Reading.State
# How long it is kept that something was read, without its words.
KEPT = timedelta(days=30)


@dataclass(frozen=True)
class ToRead:
    """A message (its id) and whom it is for. `number`: E.164; `asks`: 1 is yes, 2 is no; `urgent`: also in quiet hours;
    `not_after`: nobody needs it then."""

    message: UUID
    person: Person
    number: str
    language: str
    text: str
    asks: bool = False
    urgent: bool = False
    not_after: datetime | None = None


def read_aloud(*, organisation: Organisation, message: ToRead, at: datetime) -> None:
    """Have the line read this. Said again, nothing happens: a message is read once."""
    when = queries.hours_of(organisation)
    row = Reading(
        organisation=organisation,
        message=message.message,
        person=message.person,
        number=message.number,
        number_index=blind("phone", organisation.pk, message.number),
        language=message.language[:2],
        text=message.text,
        asks=message.asks,
        urgent=message.urgent,
        not_after=message.not_after,
        due_at=rules.read_from(at, when, urgent=message.urgent),
    )
    Reading.objects.bulk_create([row], ignore_conflicts=True)


def take_readings(now: datetime) -> list[Reading]:
    """Those whose turn it is, each with its organisation and the id of the call that reads it; given out once, whoever
    asks. Idle, this only looks.

    Not in quiet hours or when the line is closed unless urgent, not while that number is on the line, and never more
    than a few at once. What may not be dialled goes to a human.
    """
    if not Reading.objects.filter(state=State.WAITING, due_at__lte=now).exists():
        return []
    with transaction.atomic():
        rows = Reading.objects.filter(state=State.WAITING, due_at__lte=now).select_related("organisation")
        found = list(_locked(rows).order_by("due_at", "id")[:50])
        return [row for row in found if _is_taken(row, now)]


@transaction.atomic
def reading_ended(
    *, organisation: Organisation, call_id: UUID, heard: bool, answer: str, at: datetime
) -> None:
    """The call that read (or did not) is over. Said again, nothing happens; of other calls neither."""
    row = _locked(Reading.objects.filter(organisation=organisation, call=call_id), wait=True).first()
    if row is None or row.state != State.CALLING:
        return
    row.cents += queries.cents_of(Call.objects.filter(pk=call_id, organisation=organisation).first())
    if heard:
        row.state, row.answer, row.ended_at = State.HEARD, answer[:3], at
        row.save()
        ledger.changed(system(organisation), "reading.heard", "reading", row.pk, answer=row.answer)
        return
    _not_heard(row, at)


def give_up_unread(now: datetime) -> int:
    """Nobody has taken them, or nothing was heard of who did: call control is down. A human calls. Returns how many."""
    late = Reading.objects.filter(state=State.WAITING, due_at__lt=now - rules.UNREAD_AFTER)
    lost = Reading.objects.filter(state=State.CALLING, taken_at__lt=now - rules.UNREAD_AFTER)
    count = 0
    for key in [*late.values_list("pk", flat=True)[:100], *lost.values_list("pk", flat=True)[:100]]:
        with transaction.atomic():
            row = _locked(Reading.objects.filter(pk=key, ended_at=None)).first()
            before = now - rules.UNREAD_AFTER
            if (
                row is not None
                and (row.due_at if row.state == State.WAITING else row.taken_at or now) < before
            ):
                _to_a_human(row, now)
                count += 1
    return count


def calls_were_cut_off(at: datetime) -> None:
    """Call control has begun anew, at `at`, and reads nothing yet: whoever was being called has not heard it all, also
    where the clock stood ahead then."""
    for key in list(Reading.objects.filter(state=State.CALLING).values_list("pk", flat=True)):
        with transaction.atomic():
            row = _locked(Reading.objects.filter(pk=key, state=State.CALLING), wait=True).first()
            if row is not None:
                _not_heard(row, at)


def has_to_tell() -> bool:
    """Whether `to_tell` would find any, locking none."""
    return Reading.objects.filter(ended_at__isnull=False, told_at=None).exists()


def to_tell(limit: int = 50) -> list[Reading]:
    """Those that are over, and whose message does not know it yet; locked, inside a transaction."""
    rows = Reading.objects.filter(ended_at__isnull=False, told_at=None).select_related("organisation")
    return list(_locked(rows).order_by("ended_at", "id")[:limit])


def told(row: Reading, at: datetime) -> None:
    """Its message knows what came of it. What was said is of no use any more."""
    row.told_at, row.text = at, ""
    row.save(update_fields=["told_at", "text"])


def _is_taken(row: Reading, now: datetime) -> bool:
    when = queries.hours_of(row.organisation)
    begins = rules.read_from(now, when, urgent=row.urgent)
    if row.not_after is not None and row.not_after <= max(now, begins):
        _nobody_needs_it(row, now)
        return False
    if begins > now:
        return _later(row, begins)
    calling = Reading.objects.filter(organisation=row.organisation, state=State.CALLING)
    if calling.filter(number_index=row.number_index).exists() or calling.count() >= rules.READ_AT_ONCE:
        return _later(row, now + rules.READ_PAUSE)
    live = Call.objects.filter(organisation=row.organisation, number_index=row.number_index, ended_at=None)
    if live.filter(began_at__gt=now - rules.MAX_CALL_AGE).exists():
        return _later(row, now + rules.READ_PAUSE)
    try:
        queries.number_to_read(row, now)
    except rules.MayNotDial:
        _to_a_human(row, now)
        return False
    row.state, row.call, row.taken_at, row.tries = State.CALLING, uuid7(), now, row.tries + 1
    row.save(update_fields=["state", "call", "taken_at", "tries"])
    return True


def _later(row: Reading, at: datetime) -> bool:
    row.due_at = at
    row.save(update_fields=["due_at"])
    return False


def _not_heard(row: Reading, at: datetime) -> None:
    again = rules.read_again(row.tries, at, queries.hours_of(row.organisation), urgent=row.urgent)
    if again is not None and (row.not_after is None or again < row.not_after):
        row.state, row.due_at = State.WAITING, again
        row.save(update_fields=["state", "due_at", "cents"])
    elif row.not_after is not None and row.not_after <= at:
        _nobody_needs_it(row, at)
    else:
        _to_a_human(row, at)


def _nobody_needs_it(row: Reading, at: datetime) -> None:
    row.state, row.ended_at = State.TOO_LATE, at
    row.save()


def _to_a_human(row: Reading, at: datetime) -> None:
    """On the callback list, with what was to be said."""
    # They know nothing of it: where nobody calls in time, they hear no apology for it.
    need = listing.Need(
        *(row.number, row.number_index, row.person, row.language, Callback.Why.PROMISED),
        told_by=Promise.ToldBy.NOBODY,
    )
    entry = listing.put(organisation=row.organisation, need=need, at=at)
    if row.text not in entry.note:
        entry.note = f"{entry.note}\n{row.text}".strip()[-NOTE_AT_MOST:]
        entry.save(update_fields=["note"])
    row.state, row.ended_at = State.GIVEN_UP, at
    row.save()
    ledger.changed(system(row.organisation), "reading.given_up", "reading", row.pk, tries=row.tries)


def _locked(rows: "QuerySet[Reading]", *, wait: bool = False) -> "QuerySet[Reading]":
    """These rows, for us alone; those that somebody else has are left out, or waited for."""
    skip = connection.features.has_select_for_update_skip_locked and not wait
    return rows.select_related("organisation", "person").select_for_update(skip_locked=skip, of=("self",))


def forget_readings(now: datetime, limit: int = 2000) -> int:
    """Delete those that were over a month ago, and told. Returns how many."""
    old = Reading.objects.filter(ended_at__lt=now - KEPT, told_at__isnull=False).order_by("pk")
    return Reading.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).delete()[0]
