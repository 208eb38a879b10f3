"""The way onto the callback list: once for each number, and always there when this returns."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError

from quartier.lib import clock
from quartier.people.models import Person
from quartier.promises import actions as promises
from quartier.promises.models import Promise
from quartier.promises.queries import open_about
from quartier.promises.rules import PromiseSpec
from quartier.team.access import system
from quartier.team.models import Organisation
from quartier.telephony import queries, rules
from quartier.telephony.actions import ledger
from quartier.telephony.models import Call, Callback

State = Callback.State
TRIES = 20
# So long after the hour that comes first where none was named, a promise to ring back is broken.
ASKED_GRACE = timedelta(hours=2)


@dataclass(frozen=True)
class Need:
    """Somebody who is to be rung back, and why. `due_at`: a moment they were promised, else as soon as may be;
    `told_by`: how they know of it, where it is owed."""

    number: str
    number_index: str
    person: Person | None
    language: str
    why: str
    call: Call | None = None
    due_at: datetime | None = None
    told_by: str = Promise.ToldBy.VOICE


def of_call(call: Call, why: str) -> Need:
    """Whoever called (or was called) is to be rung back."""
    return Need(call.number, call.number_index, call.person, call.language, why, call)


def put(*, organisation: Organisation, need: Need, at: datetime) -> Callback:
    """Put somebody on the list, in the caller's transaction. Who is on it already keeps the place.

    A call counts once, however often this is said. Who was given up comes back: they called again.
    """
    when = queries.hours_of(organisation)
    due = when.next_time(need.due_at or at)
    for _ in range(TRIES):
        row = _locked(organisation, need)
        if row is not None:
            row = _again(row, need, due)
            owe_call(row, at, why=need.why, told_by=need.told_by, is_hour_new=need.due_at is not None)
            return row
        row = Callback(
            organisation=organisation,
            call=need.call,
            person=need.person,
            number=need.number,
            number_index=need.number_index,
            language=need.language,
            why=Callback.Why(need.why),
            calls=0 if need.call is None else 1,
            wanted_at=at,
            due_at=due,
        )
        Callback.objects.bulk_create([row], ignore_conflicts=True)
        if Callback.objects.filter(pk=row.pk).exists():
            _count(need.call, row)
            ledger.changed(system(organisation), "callback.list", "callback", row.pk, why=str(row.why))
            owe_call(row, at, why=need.why, told_by=need.told_by)
            return row
        # Somebody else put the number on the list in this moment, or the row ended in this moment: once more.
    raise IntegrityError("cannot put a call on the callback list")


def _locked(organisation: Organisation, need: Need) -> Callback | None:
    return (
        Callback.objects.select_for_update()
        .filter(Callback.LISTED, organisation=organisation, number_index=need.number_index)
        .first()
    )


def _again(row: Callback, need: Need, due: datetime) -> Callback:
    """They are on the list: what is new about it."""
    is_new = need.call is not None and need.call.callback_id is None
    # What we must tell them is said to them, whatever was tried before: there is no call that came twice.
    is_wanted_anew = is_new or need.call is None or need.due_at is not None
    why = rules.heavier(row.why, need.why)
    if is_wanted_anew and need.why in rules.ON_REQUEST and not _is_word_open(row):
        # What they were told before was kept: it is about this word now, and names an hour only if this one does.
        why = Callback.Why(need.why)
    if not is_wanted_anew and why == row.why:
        return row
    row.why = why
    row.person = row.person or need.person
    row.language = need.language or row.language
    if is_new:
        row.calls = min(row.calls + 1, 30_000)
        row.call = need.call
        row.again = row.claimed_by_id is not None
        _count(need.call, row)
    if is_wanted_anew:
        # They want it anew, whatever was tried before. A time that was promised holds, an earlier one else.
        row.tries = 0
        row.due_at = due if need.due_at is not None or row.state == State.GIVEN_UP else min(row.due_at, due)
        if row.state == State.GIVEN_UP:
            row.state = State.WAITING
    row.save()
    ledger.changed(system(row.organisation), "callback.again", "callback", row.pk, why=str(row.why))
    return row


def _is_word_open(row: Callback) -> bool:
    """Whether they still wait for what they were told. What a coordinator owes them once more they know nothing of."""
    given = open_about("callback", row.pk)
    return row.state != State.GIVEN_UP and (given is None or given.told_by != Promise.ToldBy.NOBODY)


def owe_call(
    row: Callback,
    at: datetime,
    *,
    why: str,
    told_by: str = Promise.ToldBy.VOICE,
    is_hour_new: bool = False,
) -> None:
    """Whoever asked to be rung back, or was promised it, is owed a call. `why`: of this time; what the row says may
    weigh more, and promise nothing. A word that was given keeps its hour, however often they call meanwhile, unless
    another hour is agreed."""
    if not {why, row.why} & rules.ON_REQUEST:
        return
    if why not in rules.ON_REQUEST:
        # They called once more, and nothing was said to them.
        told_by = Promise.ToldBy.NOBODY
    given = open_about("callback", row.pk)
    nobody = Promise.ToldBy.NOBODY
    if given is not None and not is_hour_new and (told_by == nobody or given.told_by != nobody):
        return
    is_hour_named = why == Callback.Why.PROMISED
    grace = rules.PROMISED_GRACE if is_hour_named else ASKED_GRACE
    due_at = queries.hours_of(row.organisation).next_time(max(row.due_at, at, clock.now()) + grace)
    if not is_hour_named:
        due_at = queries.hour_on_duty(row.organisation, due_at)
    spec = PromiseSpec(
        kind=Promise.Kind.CALL,
        subject_kind="callback",
        subject_id=row.pk,
        person=row.person,
        due_at=due_at,
        told_by=told_by,
    )
    promises.make_promise(organisation=row.organisation, spec=spec)


def _count(call: Call | None, row: Callback) -> None:
    if call is not None:
        call.callback = row
        Call.objects.filter(pk=call.pk).update(callback=row)
