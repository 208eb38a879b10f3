"""Who may call whom through the line, without a number."""

from datetime import datetime
from uuid import UUID

from quartier.people.models import Person
from quartier.team.models import Organisation
from quartier.telephony.models import Call, Masked
from quartier.telephony.rules import Coming, destination


def open_masked(
    *,
    organisation: Organisation,
    helper: Person,
    helped: Person,
    about: UUID,
    at: datetime,
    until: datetime,
    coming: Coming | None = None,
) -> None:
    """These two may call each other until then. Said again, the visit has another time: `until` moves.

    `coming`: what the person helped may hear of it on the phone. In the transaction of the visit. Once closed, it stays
    closed, but for `reopen_masked`.
    """
    row = Masked(
        organisation=organisation, helper=helper, helped=helped, about=about, opened_at=at, until=until
    )
    Masked.objects.bulk_create([row], update_conflicts=True, unique_fields=["about"], update_fields=["until"])
    if coming is not None:
        # Sealed for its own row, which may have been there before.
        row = Masked.objects.get(about=about)
        row.coming = {
            "name": coming.name,
            "from": coming.start.isoformat(),
            "until": coming.end.isoformat(),
            "remote": coming.remote,
        }
        row.save(update_fields=["coming"])


def reopen_masked(*, about: UUID) -> None:
    """The visit is not over after all: the two reach each other again, as long as they would have."""
    Masked.objects.filter(about=about).update(ended_at=None)


def masked_rings(*, call_id: UUID, number: str) -> None:
    """This call between two rings that number (E.164): by which kind of number its minutes are paid."""
    call = Call.objects.filter(pk=call_id).select_related("organisation").first()
    if call is not None:
        call.masked_destination = destination(number, call.organisation.country)
        call.save(update_fields=["masked_destination"])


def close_masked(*, about: UUID, at: datetime) -> None:
    """The visit is over, however it ended: nobody reaches the other through the line any more."""
    Masked.objects.filter(about=about, ended_at=None).update(ended_at=at)
