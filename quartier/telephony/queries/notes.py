"""Notes of calls, and the codes that a group has for what came of one."""

from datetime import datetime, timedelta

from django.db.models import Max, Q

from quartier.lib import clock
from quartier.team.access import Actor
from quartier.team.models import Organisation
from quartier.telephony.models import Call, CallNote, WrapUpCode

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


def newest_note_at(call: Call, but: Actor) -> datetime | None:
    """When somebody other than this actor last wrote a note of this call. One query."""
    rows = CallNote.objects.filter(call=call, organisation=call.organisation_id)
    newest: datetime | None = rows.exclude(account=but.id).aggregate(newest=Max("saved_at"))["newest"]
    return newest


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
