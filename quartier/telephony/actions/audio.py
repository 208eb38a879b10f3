"""Messages left and calls recorded: sealed, and deleted on their day."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from quartier.team.models import Organisation
from quartier.telephony import queries, rules
from quartier.telephony.actions import calls, ledger, listing
from quartier.telephony.models import Audio, Call, Callback
from quartier.telephony.rules.silence import is_silent


@transaction.atomic
def message_left(
    *, organisation: Organisation, call_id: UUID, sound: bytes, seconds: float, at: datetime
) -> Audio | None:
    """A caller has left a message (WAV, 8 kHz, one channel, 16 bits), and is rung back, also on a phone that is
    shared: they asked for it. Where nothing was said, nothing is kept, and it is a missed call: `None`.
    """
    call = calls.locked(organisation, call_id, Call.Direction.IN, at)
    said = bool(sound) and rules.seconds(seconds) >= rules.SHORTEST_MESSAGE_S
    if said:
        audio, is_new = _keep(call, Audio.Kind.MESSAGE, Heard(sound, rules.seconds(seconds), at))
        if not is_new:
            return audio
    if call.worried_at is not None:
        return audio if said else None
    why = Callback.Why.MESSAGE if said else Callback.Why.MISSED
    # What was said once is not said again by an empty repetition.
    if (said or call.callback_id is None) and calls.is_listed(call, why, at):
        listing.put(organisation=organisation, need=listing.of_call(call, why), at=at)
    ledger.touch(organisation.id)
    return audio if said else None


@transaction.atomic
def call_recorded(
    *, organisation: Organisation, call_id: UUID, sound: bytes, seconds: float, at: datetime, part: int = 1
) -> Audio:
    """A part of a call was recorded, as the caller had agreed."""
    call = calls.locked(organisation, call_id, Call.Direction.IN, at)
    heard = Heard(sound, rules.seconds(seconds), at)
    audio, is_new = _keep(call, Audio.Kind.CALL, heard, part)
    if is_new:
        ledger.touch(organisation.id, call.operator_id)
    return audio


@transaction.atomic
def drop_old_audio(now: datetime, limit: int = 200) -> int:
    """Delete the sound (and its words) whose day has come; that there was one is kept. Returns how many.

    What a worried caller has said goes when its concern is closed (`concerns.by_phone`)."""
    return drop_audio(Audio.objects.filter(call__worried_at=None), now, limit)


@transaction.atomic
def drop_audio(among: QuerySet[Audio], now: datetime, limit: int = 200) -> int:
    """The same, of those only."""
    due = among.filter(deleted_at=None, delete_on__lte=now.date())
    keys = list(due.order_by("delete_on").values_list("pk", flat=True)[:limit])
    return Audio.objects.filter(pk__in=keys, deleted_at=None).update(
        sound="", transcript="", write_at=None, deleted_at=now
    )


@dataclass(frozen=True)
class Heard:
    """A WAV file (8 kHz, one channel), how long it is, and when it was over."""

    sound: bytes
    seconds: float
    at: datetime


def _keep(call: Call, kind: str, heard: Heard, part: int = 1) -> tuple[Audio, bool]:
    """The call's audio of this kind, and whether it is new: there is one, whose row is locked with the call's."""
    before = Audio.objects.filter(call=call, kind=kind, part=part).defer("sound").first()
    if before is not None:
        return before, False
    days = queries.settings_of(call.organisation).keep_audio_days
    audio = Audio.objects.create(
        organisation=call.organisation,
        call=call,
        kind=kind,
        part=part,
        sound=base64.b64encode(heard.sound).decode(),
        seconds=heard.seconds,
        is_silent=kind == Audio.Kind.MESSAGE and is_silent(heard.sound),
        at=heard.at,
        delete_on=(heard.at + timedelta(days=days)).astimezone(call.organisation.zone).date(),
        # A machine writes it down, where there is one.
        write_at=heard.at,
    )
    return audio, True
