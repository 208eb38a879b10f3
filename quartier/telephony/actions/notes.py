"""What came of a call, as whoever had it says."""

from django.db import transaction

from quartier.lib.text import clean
from quartier.team.access import Actor
from quartier.telephony.actions import ledger
from quartier.telephony.models import Call

LONGEST = 2200
# What somebody did for the caller says more than that nothing else came of it.
_LESS = {Call.Noted.NOTHING, Call.Noted.LISTENED}


@transaction.atomic
def note_call(*, actor: Actor, call: Call, noted: str, note: str = "") -> bool:
    """Keep what came of a call, in the operator's words too; a request that was taken stays what came of it. Gives
    whether the words are new. Raises `ValueError` for what is none of `Call.Noted`."""
    came = Call.Noted(noted)
    row = Call.objects.select_for_update(of=("self",)).get(pk=call.pk, organisation=actor.organisation)
    words = clean(note, LONGEST)
    is_new = bool(words) and words != row.note
    if row.noted != Call.Noted.REQUEST or came not in _LESS:
        row.noted = came
    row.note = words or row.note
    row.save(update_fields=["noted", "note"])
    call.noted, call.note = row.noted, row.note
    ledger.changed(actor, "call.note", "call", call.pk, came=str(came))
    return is_new
