"""What call control says of calls, again and again if need be: a word that comes twice or late changes nothing."""

from collections.abc import Set
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from quartier.callcore import Outcome, Recording, Standing, State
from quartier.callcore.call import MASKING, WAITING
from quartier.lib.crypto import blind
from quartier.people import queries as people
from quartier.team.models import Account, Organisation
from quartier.telephony import queries, rules
from quartier.telephony.actions import ledger, listing, operators
from quartier.telephony.actions.notes import give_note
from quartier.telephony.models import Audio, BlockedNumber, Call, Callback, Operator
from quartier.telephony.queries.floods import block_index
from quartier.telephony.rules import Ended, Known, Tape

# Where two hear each other, or have.
ANSWERED = {State.BRIDGED, State.HELD, State.CONSULTING, State.CONSENTING, State.THROUGH}


@transaction.atomic
def call_began(
    *,
    organisation: Organisation,
    call_id: UUID,
    direction: str,
    number: str,
    at: datetime,
    withheld_index: str = "",
) -> Known:
    """Somebody calls, or is called. `number` as it came: what is no number counts as withheld. `withheld_index`: the
    index of a number that its caller withholds. It is stored nowhere, and only asked whether it is blocked.

    A call that comes in and goes to a neighbour is `masked` from then on. Returns what is known of them. Raises
    `ValueError` for a direction that is none.
    """
    way = Call.Direction(direction)
    call = locked(organisation, call_id, way, at)
    call.began_at = at
    if call.direction != Call.Direction.MASKED:
        call.direction = way
    _recognise(call, number)
    if call.direction == Call.Direction.IN:
        call.block_index = block_index(call.organisation_id, call.number)
    call.save(update_fields=["began_at", "direction", "number", "number_index", "block_index", "person"])
    known = queries.known(organisation, call.number, at, withheld_index)
    if known.returns and call.direction == Call.Direction.IN:
        Call.objects.filter(pk=call.pk).update(returns_our_call=True)
    ledger.touch(organisation.id)
    return known


@transaction.atomic
def call_moved(
    *,
    organisation: Organisation,
    call_id: UUID,
    state: str,
    version: int,
    operator: UUID | None,
    language: str,
    at: datetime,
    tape: Tape | None = None,
) -> None:
    """Where a call stands now, and its recording. Only `call_closed` ends one. Raises `ValueError` for a state that is
    none."""
    to = State(state)
    call = locked(organisation, call_id, Call.Direction.IN, at)
    if call.ended_at is not None or version <= call.version or to == State.ENDED:
        return
    before = call.operator_id
    call.state, call.version = to, version
    call.language = language[:2] or call.language
    call.operator_id = _account(organisation, operator)
    if to in WAITING and call.queued_at is None:
        call.queued_at = at
    if to in ANSWERED and call.answered_at is None:
        call.answered_at = at
    _tape_is(call, tape or Tape())
    call.save(
        update_fields=[
            *("state", "version", "language", "operator", "queued_at", "answered_at"),
            *("recording", "recording_since"),
        ],
    )
    if call.operator_id is not None and call.operator_id != before:
        give_note(call, call.operator_id, at, again=True)
    ledger.touch(organisation.id, before, call.operator_id)


@transaction.atomic
def call_failed(*, organisation: Organisation, call_id: UUID, failure: str, at: datetime) -> None:
    """Why whom this call calls does not come; "": they have come after all. After its end it is not said any more."""
    call = locked(organisation, call_id, Call.Direction.IN, at)
    if call.ended_at is None and call.failure != failure[:16]:
        call.failure = failure[:16]
        call.save(update_fields=["failure"])
        ledger.touch(organisation.id, call.operator_id)


@transaction.atomic
def call_worried(*, organisation: Organisation, call_id: UUID, at: datetime) -> None:
    """The caller is worried about somebody, and has pressed the key for it. Said again, it changes nothing."""
    call = locked(organisation, call_id, Call.Direction.IN, at)
    if call.worried_at is None:
        call.worried_at = at
        call.save(update_fields=["worried_at"])
        ledger.touch(organisation.id, call.operator_id)


def is_concern(call: Call) -> bool:
    """Whether what this caller wanted is a concern, and nobody has spoken with them, or they have left a message: then
    it is on no list of calls to be rung back, where whoever it is about could see it. Whoever makes a concern of it
    finds it by `worried_at`."""
    return call.worried_at is not None and (call.answered_at is None or call.outcome == Outcome.VOICEMAIL)


@transaction.atomic
def call_closed(*, organisation: Organisation, call_id: UUID, ended: Ended, at: datetime) -> Call:
    """A call is over: it has one outcome from now on, and whoever is to be rung back is on the list.

    Raises `ValueError` for an outcome that is none.
    """
    outcome = Outcome(ended.outcome)
    waited, talked = rules.seconds(ended.waited_s), rules.seconds(ended.talked_s)
    began = at - timedelta(seconds=min(waited + talked, 86_400))
    call = locked(organisation, call_id, Call.Direction.IN, began)
    if call.ended_at is not None:
        return call
    _recognise(call, ended.number)
    outcome, was = _settled(call, outcome, ended), call.state
    call.language = ended.language[:2] or call.language
    call.waited_s, call.talked_s = waited, talked
    call.failure = ended.failure[:16] or call.failure
    if ended.worried and call.worried_at is None:
        call.worried_at = at
    if outcome == Outcome.ANSWERED and call.answered_at is None:
        call.answered_at = max(call.began_at, at - timedelta(seconds=min(talked, 86_400)))
    _end(call, outcome, at)
    if outcome == Outcome.BLOCKED:
        # Counted there, and on no list.
        blocked = BlockedNumber.objects.filter(organisation=organisation, number_index=call.number_index)
        blocked.filter(ended_at=None).update(calls=F("calls") + 1, last_call_at=at)
        return call
    why = rules.why_of(ended)
    if is_concern(call):
        return call
    if outcome == Outcome.VOICEMAIL and (not ended.ring_back or why == Callback.Why.MESSAGE):
        # They waited as far as the tone. What they say makes more of it, see `message_left`; nothing leaves them here.
        said = Audio.objects.filter(call=call, kind=Audio.Kind.MESSAGE).exists()
        _ring_back(call, Callback.Why.MESSAGE if said else Callback.Why.MISSED, at)
    elif (ended.ring_back or _may_not_be_dialled(call, ended)) and not _is_nobody_s(call, outcome, was, why):
        _ring_back(call, why, at)
    return call


@transaction.atomic
def ring_back_promised(
    *, organisation: Organisation, call_id: UUID | None, number: str, at: datetime
) -> None:
    """Whoever was on a call in which our side fell has heard that we ring back: that is owed now. `call_id`: the call,
    where it is known; else the last one with this number. Said again, it is the same promise. A concern is kept by
    whoever is told of concerns: the list is read by everybody."""
    calls = Call.objects.select_related("organisation", "callback").filter(organisation=organisation)
    if call_id is None:
        number = rules.clean_number(number, organisation.country)
        index = blind("phone", organisation.pk, number)
        calls = calls.filter(number_index=index).exclude(number_index="").order_by("-began_at")
    else:
        calls = calls.filter(pk=call_id)
    call = calls.first()
    if call is None or not call.number or (call.callback is not None and call.callback.ended_at is not None):
        return
    if not is_concern(call):
        _ring_back(call, Callback.Why.TROUBLE, at)


@transaction.atomic
def sweep(*, organisation: Organisation, alive: Set[UUID] | None, at: datetime) -> int:
    """Calls that call control does not know any more were cut off by its fall. `at`: when it knew the `alive` ones;
    `None`: it has just begun, and knows none, also of those that began when the clock stood ahead. Returns how many."""
    lost = Call.objects.select_for_update(of=("self",)).filter(organisation=organisation, ended_at=None)
    if alive is not None:
        lost = lost.filter(began_at__lt=at)
    count = 0
    for call in lost.select_related("organisation").order_by("began_at", "id"):
        if alive is not None and call.id in alive:
            continue
        was, why = call.state, Callback.Why.CUT_OFF
        outcome = _settled(call, Outcome.ABANDONED, Ended(Outcome.ABANDONED, why=why))
        if call.answered_at is not None:
            # Nobody has said how long it lasted, and the carrier counts it: rather too long than for nothing.
            call.talked_s = rules.seconds((at - call.answered_at).total_seconds())
        _end(call, outcome, at)
        if not _is_nobody_s(call, outcome, was, why) and not is_concern(call):
            _ring_back(call, why, at)
        stood = Operator.objects.filter(organisation=organisation, call=call)
        ledger.touch(organisation.id, *stood.values_list("account_id", flat=True))
        operators.end_own_phone_uses(organisation, at, calls=[call.pk])
        # Where they stand now call control says with its next word.
        stood.update(call=None, standing=Standing.OFFLINE, since=at)
        count += 1
    return count


def locked(organisation: Organisation, call_id: UUID, direction: str, at: datetime) -> Call:
    """The call's row, locked, inside a transaction; a new one if nothing was heard of it so far.

    Raises `ValueError` when another organisation has a call of this name.
    """
    # What it points to is read afterwards: a join would be of the moment before the lock was waited for.
    rows = Call.objects.select_for_update(of=("self",)).select_related("organisation")
    call = rows.filter(pk=call_id, organisation=organisation).first()
    if call is None:
        new = Call(id=call_id, organisation=organisation, direction=direction, began_at=at)
        Call.objects.bulk_create([new], ignore_conflicts=True)
        call = rows.filter(pk=call_id, organisation=organisation).first()
    if call is None:
        raise ValueError("a call of another organisation")
    return call


def _recognise(call: Call, number: str) -> None:
    """Whose number it is, unless that is known."""
    if call.number:
        return
    call.number = rules.clean_number(number, call.organisation.country)
    call.number_index = blind("phone", call.organisation_id, call.number)
    # Two under one number are not told apart by it.
    found = people.by_phone(call.organisation, call.number, limit=2)
    call.person = found[0] if len(found) == 1 else None


def _settled(call: Call, outcome: Outcome, ended: Ended) -> Outcome:
    """The outcome of a call whose end nobody saw, by what is known of it; else as it was said."""
    if outcome != Outcome.ABANDONED:
        return outcome
    if ended.why == Callback.Why.CUT_OFF and call.answered_at is not None:
        return Outcome.ANSWERED
    return Outcome.UNREACHED if call.direction == Call.Direction.OUT else outcome


def _is_nobody_s(call: Call, outcome: Outcome, was: str, why: str) -> bool:
    """Whether nobody of us was wanted: whom we called and did not reach, and neighbours who were cut off."""
    return outcome == Outcome.UNREACHED or (was in MASKING and why == Callback.Why.CUT_OFF)


def _tape_is(call: Call, tape: Tape) -> None:
    call.recording = Recording(tape.state)
    call.recording_since = None if tape.began is None else datetime.fromtimestamp(tape.began, UTC)


def _end(call: Call, outcome: str, at: datetime) -> None:
    call.state, call.outcome, call.ended_at = State.ENDED, outcome, max(at, call.began_at)
    call.recording_since = None
    if call.recording in {Recording.ON, Recording.PAUSED}:
        # With the end of the call it was over too.
        call.recording = Recording.KEPT
    call.save()
    ledger.touch(call.organisation_id, call.operator_id)


def _may_not_be_dialled(call: Call, ended: Ended) -> bool:
    """Whether they wanted somebody and were promised nothing because the line may not dial their number: they are
    listed all the same, and a person decides."""
    wanted = ended.why in Callback.Why.values
    return wanted and bool(queries.dialling_of(call.organisation).refusal(call.number))


def _ring_back(call: Call, why: str, at: datetime) -> None:
    if is_listed(call, why, at):
        listing.put(organisation=call.organisation, need=listing.of_call(call, why), at=at)


def is_listed(call: Call, why: str, at: datetime) -> bool:
    """Whether this caller goes on the callback list: never from a number that is blocked."""
    organisation = call.organisation
    shared = queries.is_never_rung_unasked(organisation, call.number_index)
    return (
        rules.is_rung_back(why, number=call.number, is_shared=shared)
        and queries.blocked_number(organisation, call.number_index, at) is None
    )


def _account(organisation: Organisation, account_id: UUID | None) -> UUID | None:
    """The account, if there is such a one: a wrong word must not stop the others."""
    if account_id is None:
        return None
    found = Account.objects.filter(pk=account_id, organisation=organisation).values_list("pk", flat=True)
    return found.first()
