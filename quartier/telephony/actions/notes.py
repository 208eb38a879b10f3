"""What came of a call, as those who had it say: saved while they type, and theirs until somebody speaks with the caller
again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404

from quartier.lib import clock
from quartier.lib.text import clean
from quartier.people.models import Person
from quartier.promises import actions as promises
from quartier.team.access import Actor
from quartier.telephony import queries
from quartier.telephony.actions import ledger
from quartier.telephony.models import Call, Callback, CallNote
from quartier.telephony.rules import LateWords, NotPossible

MAX_NOTE_CHARS = 2200
MAX_ANSWER_CHARS = 2000
# `due`: the moment that was promised, counted when its time was first saved.
ANSWER_NAMES = ("service", "note", "at", "day", "due")
# What somebody did for the caller says more than that nothing else came of it.
_LESS = {Call.Noted.NOTHING, Call.Noted.LISTENED, Call.Noted.HANDED}
# What somebody who has the call no more may say of it, as long as nobody has said anything.
_OF_BEFORE = {Call.Noted.REQUEST, Call.Noted.HANDED}


def give_note(call: Call, account_id: UUID, at: datetime, *, again: bool = False) -> None:
    """Somebody has this call now. Who has it already keeps the row as it is; `again`: perhaps it has come back to them,
    so it is now that they got it."""
    row = CallNote(organisation_id=call.organisation_id, call=call, account_id=account_id, had_at=at)
    if again:
        CallNote.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["call", "account"], update_fields=["had_at"]
        )
    else:
        CallNote.objects.bulk_create([row], ignore_conflicts=True)


@transaction.atomic
def save_note(*, actor: Actor, call: Call, code: str, answers: dict[str, Any]) -> CallNote:
    """Keep the form of a note as it was typed. `code` '': none was chosen yet. No trace is written for each pause in
    typing: `note_call` writes one. `answers` may say which save (`revision`) of which `page` it is.

    Raises `Http404` for somebody who never had the call, `NotPossible` once somebody else has spoken
    with the caller, `LateWords` where a newer save of that page has arrived before, `ValueError` for a code that is
    none.
    """
    if call.operator_id is not None and call.operator_id == actor.id:
        give_note(call, actor.id, clock.now())
    rows = CallNote.objects.select_for_update().filter(call=call, organisation=actor.organisation)
    row = rows.filter(account=actor.id).first() if actor.id is not None else None
    if row is None:
        raise Http404
    if queries.is_note_closed(call):
        raise NotPossible
    page, revision = str(answers.get("page") or "")[:40], int(answers.get("revision") or 0)
    kept = row.answers or {}
    if page and page == kept.get("page") and revision <= kept.get("revision", 0):
        raise LateWords
    before, had_code = row.words, row.code
    if code:
        row.code = _checked(actor, code)
    row.answers = {name: clean(str(answers.get(name) or ""), MAX_ANSWER_CHARS) for name in ANSWER_NAMES}
    row.answers |= {"page": page, "revision": revision} if page else {}
    row.saved_at = clock.now()
    row.save(update_fields=["code", "answers", "saved_at"])
    if (row.words, row.code) != (before, had_code):
        _tell_colleagues(row)
    if row.code != had_code and queries.had_last(call) != actor.id:
        # It stays in their note alone, see `note_call`.
        ledger.changed(actor, "call.note", "call", call.pk, came=row.code)
    return row


def _tell_colleagues(note: CallNote) -> None:
    """Whoever else had the call, or has it now, reads the note on its page."""
    others = CallNote.objects.filter(call=note.call_id).exclude(account=note.account_id)
    ledger.touch_accounts(note.organisation_id, *others.values_list("account_id", flat=True))


@transaction.atomic
def note_call(*, actor: Actor, call: Call, noted: str, note: str = "") -> bool:
    """Keep what came of a call, in the operator's words too; a request that was taken stays what came of it, and that
    it was handed on says less than anything else. Gives whether the words are new. Raises `ValueError` for a code that
    the group does not have.

    The call says what whoever had it last says; what the others say stands in their own notes. Only where nothing is
    said yet it may say that they took a request, or handed it on.
    """
    came = _checked(actor, noted)
    row = Call.objects.select_for_update(of=("self",)).get(pk=call.pk, organisation=actor.organisation)
    if queries.had_last(row) != actor.id:
        if row.noted or came not in _OF_BEFORE:
            return False
        note = ""
    before, had_words = row.noted, bool(row.note)
    words = clean(note, MAX_NOTE_CHARS)
    is_new = bool(words) and words != row.note
    says_less = came in _LESS if row.noted == Call.Noted.REQUEST else came == Call.Noted.HANDED
    if not row.noted or not says_less:
        row.noted = came
    row.note = words or row.note
    row.save(update_fields=["noted", "note"])
    call.noted, call.note = row.noted, row.note
    # Words that grow while they are typed leave one trace.
    if row.noted != before or (is_new and not had_words):
        ledger.changed(actor, "call.note", "call", call.pk, came=came)
    return is_new


@transaction.atomic
def name_caller(*, call: Call, person: Person) -> None:
    """Who is on this call, as its form says: the bar and the pages of the call name them from now on."""
    if call.person_id == person.pk:
        return
    call.person = person
    Call.objects.filter(pk=call.pk).update(person=person)
    ledger.touch(call.organisation_id, call.operator_id)


@transaction.atomic
def bind_contact(*, note: CallNote, contact_id: UUID) -> None:
    """Remember which contact has the words of this note, so that they are rewritten there and not added again."""
    note.contact = contact_id
    note.save(update_fields=["contact"])


@transaction.atomic
def withdraw_promise(*, actor: Actor, call: Call) -> bool:
    """Something else came of the call than the promise to ring back that was just noted: it leaves the list, if this
    call put it there and nobody has it. What a colleague on the same call has promised as well stays, unless the actor
    has the call now, or had it last. Gives whether it left."""
    row = (
        Callback.objects.select_for_update()
        .filter(
            Callback.LISTED,
            organisation=actor.organisation,
            call=call,
            why=Callback.Why.PROMISED,
            state=Callback.State.WAITING,
            claimed_by=None,
            tries=0,
            wanted_at__gte=call.answered_at or call.began_at,
        )
        .first()
    )
    if row is None or not _may_withdraw(actor, call):
        return False
    row.state, row.ended_at = Callback.State.DONE, clock.now()
    row.save(update_fields=["state", "ended_at"])
    promises.withdraw_promises(subject_kind="callback", subject_id=row.pk)
    ledger.changed(actor, "callback.withdraw", "callback", row.pk)
    return True


def _may_withdraw(actor: Actor, call: Call) -> bool:
    """One row stands for the promises of all who had the call."""
    if queries.had_last(call) == actor.id:
        return True
    promised = CallNote.objects.filter(call=call, code=Call.Noted.CALLBACK)
    return not promised.exclude(account=actor.id).exists()


def _checked(actor: Actor, code: str) -> str:
    if code not in Call.Noted.values and not queries.has_wrap_up_code(actor.organisation, code):
        raise ValueError(f"{code}: no code of this group")
    return str(code)
