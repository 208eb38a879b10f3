"""What becomes of a recording that a machine is to write down: taken, written, or given up."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from quartier.telephony.actions import ledger
from quartier.telephony.models import Audio

TRIES = 3
AGAIN_AFTER = timedelta(minutes=10)
# Whoever has taken one and is not heard of again: it is somebody else's then. Longer than the longest recording takes.
TAKEN_FOR = timedelta(hours=12)


def is_to_write(now: datetime) -> bool:
    """Whether one is due."""
    return Audio.objects.filter(write_at__lte=now, deleted_at=None).exists()


@transaction.atomic
def take_to_write(now: datetime) -> Audio | None:
    """The one that has waited longest, with its sound, call and organisation, for whoever asks first. It counts as
    tried."""
    due = Audio.objects.filter(write_at__lte=now, deleted_at=None).order_by("write_at", "pk").defer("sound")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, of=("self",))
    row = due.first()
    if row is None:
        return None
    if row.tries >= TRIES:
        # Its last try was ended with the machine.
        Audio.objects.filter(pk=row.pk).update(write_at=None)
        return take_to_write(now)
    taken = Audio.objects.filter(pk=row.pk, write_at=row.write_at)
    if not taken.update(tries=row.tries + 1, write_at=now + TAKEN_FOR):
        return None
    return Audio.objects.select_related("organisation", "call").get(pk=row.pk)


@transaction.atomic
def written_down(audio_id: UUID, words: str) -> None:
    """Keep the words, sealed; nothing of one that has been deleted meanwhile."""
    row = Audio.objects.select_for_update(of=("self",)).filter(pk=audio_id, deleted_at=None).first()
    if row is None:
        return
    row.transcript, row.write_at = words, None
    row.save(update_fields=["transcript", "write_at"])
    ledger.touch(row.organisation_id)


def not_written(audio_id: UUID, now: datetime) -> None:
    """Try again later, three times in all."""
    row = Audio.objects.filter(pk=audio_id).values_list("tries", flat=True).first()
    again = None if row is None or row >= TRIES else now + AGAIN_AFTER * row
    Audio.objects.filter(pk=audio_id, deleted_at=None).update(write_at=again)
