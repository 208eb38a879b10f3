"""Notes of calls, and the codes that a group has for what came of one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, Min, Q, Subquery

from quartier.lib import clock
from quartier.team.access import Actor
from quartier.team.models import Account, Organisation
from quartier.telephony.models import Call, Callback, CallNote, Operator, Wish, WrapUpCode
from quartier.telephony.queries.line import hours_of

# A note of a call without a number can be changed for so long after its end.
EDITABLE_FOR = timedelta(hours=24)
MAX_NOTES = 5


def wrap_up_codes(organisation: Organisation) -> list[WrapUpCode]:
    """What the group has chosen, in its order. Codes of `Call.Noted` without a row are as they are."""
    return list(WrapUpCode.objects.filter(organisation=organisation).order_by("place", "pk"))


def has_wrap_up_code(organisation: Organisation, code: str) -> bool:
    """Whether the group has made this code, also one that is switched off."""
    return WrapUpCode.objects.filter(organisation=organisation, code=code).exists()


def note_of(actor: Actor, call: Call) -> CallNote | None:
    """The actor's note of this call; `None` for somebody who never had it."""
    if actor.id is None:
        return None
    return CallNote.objects.filter(call=call, account=actor.id, organisation=actor.organisation).first()


def last_noted_call(actor: Actor) -> Call | None:
    """The call that the actor had last."""
    rows = CallNote.objects.filter(account=actor.id, organisation=actor.organisation).select_related("call")
    found = rows.order_by("-had_at", "-pk").first()
    return found.call if found else None


def notes_of_caller(call: Call, but: CallNote | None = None) -> list[CallNote]:
    """What operators wrote of this call and of earlier ones of the same number or person, the newest first."""
    same = Q(call=call.pk)
    if call.number_index:
        same |= Q(call__number_index=call.number_index)
    if call.person_id is not None:
        same |= Q(call__person=call.person_id)
    rows = CallNote.objects.filter(same, organisation=call.organisation_id, saved_at__isnull=False)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    return list(rows.select_related("account", "call").order_by("-saved_at", "-pk")[:MAX_NOTES])


@dataclass(frozen=True)
class OpenPromise:
    """A call back that somebody has promised and that nobody has made yet. `by`: the colleague, "" if nobody knows."""

    due_at: datetime
    by: str


def open_promise(actor: Actor, call: Call) -> OpenPromise | None:
    """What is still promised to whoever called, by somebody other than the actor, and that the actor does not have to
    call back themselves. One query, two where there is one."""
    index = call.number_index or (call.person.phone_index if call.person else "")
    if not index:
        return None
    rows = Callback.objects.filter(
        Callback.LISTED, organisation=actor.organisation, number_index=index, why=Callback.Why.PROMISED
    )
    row = rows.exclude(state=Callback.State.CLAIMED, claimed_by=actor.id).first()
    if row is None:
        return None
    notes = CallNote.objects.filter(call=row.call_id, code=Call.Noted.CALLBACK).select_related("account")
    promised = list(notes.order_by("-saved_at", "-pk")) if row.call_id else []
    if any(one.account_id == actor.id for one in promised):
        return None
    return OpenPromise(row.due_at, next((one.account.name for one in promised if one.account), ""))


def callback_in_hand(actor: Actor, call: Call) -> Callback | None:
    """The entry of the callback list that the actor has taken, or had last, and that this call may settle: it is with
    the same number, and somebody has answered. One query; none while nobody has."""
    if actor.id is None or call.answered_at is None or not call.number_index:
        return None
    rows = Callback.objects.filter(
        organisation=actor.organisation,
        number_index=call.number_index,
        state__in=Callback.OPEN,
        ended_at=None,
    )
    return rows.filter(claimed_by=actor.id).first()


@dataclass(frozen=True)
class ColleaguePromise:
    """To call back at this moment, within the hours in which anybody is rung: what a colleague said on one of the calls
    for which somebody is on the list."""

    account: Account
    due_at: datetime


def promise_of_colleague(actor: Actor, callback: Callback) -> ColleaguePromise | None:
    """The newest one that is not the actor's own. One query, and one for the hours where there is one."""
    notes = CallNote.objects.filter(
        call__callback=callback.pk, code=Call.Noted.CALLBACK, account__isnull=False
    )
    for note in notes.exclude(account=actor.id).select_related("account").order_by("-saved_at", "-pk"):
        if note.account is not None and (due := (note.answers or {}).get("due")):
            moment = hours_of(actor.organisation).next_time(datetime.fromisoformat(due))
            return ColleaguePromise(note.account, moment)
    return None


def newest_note_at(call: Call, but: Actor) -> datetime | None:
    """When somebody other than this actor last wrote a note of this call. One query."""
    rows = CallNote.objects.filter(call=call, organisation=call.organisation_id)
    newest: datetime | None = rows.exclude(account=but.id).aggregate(newest=Max("saved_at"))["newest"]
    return newest


def who_heard(call: Call) -> frozenset[UUID]:
    """The accounts of all who have spoken in this call, or have heard it: who had it, however short, who came to it as
    a third, and who listened in. (Call control does not say whether a third has come: whoever was asked counts.)"""
    had: set[UUID | None] = set(CallNote.objects.filter(call=call).values_list("account", flat=True))
    wishes = Wish.objects.filter(organisation=call.organisation_id, call=call.pk, answer="done")
    for what, account, to in wishes.filter(what__in=("listen", "third")).values_list("what", "account", "to"):
        had.add(account if what == "listen" else to)
    return frozenset(each for each in had | {call.operator_id} if each is not None)


def had_last(call: Call) -> UUID | None:
    """The account that has this call, or had it when it ended or went back to wait."""
    if call.operator_id is not None:
        return call.operator_id
    rows = CallNote.objects.filter(call=call).order_by("-had_at", "-pk")
    return rows.values_list("account", flat=True).first()


def has_had(actor: Actor, call: Call) -> bool:
    """Whether the actor is on this call, or was. Two queries at most."""
    if actor.id is None:
        return False
    if call.operator_id == actor.id or CallNote.objects.filter(call=call, account=actor.id).exists():
        return True
    return Operator.objects.filter(account=actor.id, organisation=actor.organisation, call=call).exists()


def lost_at(actor: Actor, call_id: UUID | None) -> datetime | None:
    """Since when a colleague has had this call that was the actor's; `None` for a call that never was, or that nobody
    has had since."""
    if actor.id is None or call_id is None:
        return None
    rows = CallNote.objects.filter(call=call_id, organisation=actor.organisation)
    mine = rows.filter(account=actor.id).values("had_at")[:1]
    later = rows.exclude(account=actor.id).filter(had_at__gte=Subquery(mine))
    found: datetime | None = later.aggregate(at=Min("had_at"))["at"]
    return found


def is_note_closed(call: Call) -> bool:
    """Whether a note stays as it is: somebody has spoken with the caller since, and may have acted on it. Where no
    number tells, after a day."""
    if not call.number_index:
        return call.ended_at is not None and call.ended_at < clock.now() - EDITABLE_FOR
    later = Call.objects.filter(
        organisation=call.organisation_id,
        number_index=call.number_index,
        answered_at__isnull=False,
        began_at__gt=call.began_at,
    )
    return later.exclude(pk=call.pk).exclude(direction=Call.Direction.MASKED).exists()
