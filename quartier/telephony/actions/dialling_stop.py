"""Outgoing calls are stopped when the line sees one at the carrier that it did not make, until a person lifts it."""

from django.db import transaction

from quartier.audit import actions as audit
from quartier.lib import clock
from quartier.team.access import Actor
from quartier.team.models import Organisation
from quartier.telephony.actions import ledger
from quartier.telephony.actions.line import check_may_change
from quartier.telephony.models import LineSettings


@transaction.atomic
def stop_dialling(count: int) -> bool:
    """The line saw so many calls that it did not make (0: it is not known how many). One edge serves every line of an
    installation, so all are stopped. Gives whether one was not yet. Alerts are raised by the room of alerts."""
    is_new, now = False, clock.now()
    for organisation in Organisation.objects.exclude(phone=""):
        row, _made = LineSettings.objects.select_for_update().get_or_create(organisation=organisation)
        if row.dialling_stopped_at is None:
            row.dialling_stopped_at, is_new = now, True
            row.save(update_fields=["dialling_stopped_at"])
        audit.record(
            organisation_id=organisation.id,
            actor_kind="system",
            actor_id=None,
            verb="line.stop_dialling",
            subject_kind="line",
            subject_id=row.pk,
            details={"calls": count},
        )
        ledger.touch(organisation.id)
    return is_new


@transaction.atomic
def resume_dialling(*, actor: Actor) -> bool:
    """Calls may go out again; gives whether they were stopped. Raises `Http404` for who does not look after the
    line."""
    check_may_change(actor)
    row = (
        LineSettings.objects.select_for_update()
        .filter(organisation=actor.organisation, dialling_stopped_at__isnull=False)
        .first()
    )
    if row is None:
        return False
    row.dialling_stopped_at = None
    row.save(update_fields=["dialling_stopped_at"])
    ledger.changed(actor, "line.resume_dialling", "line", row.pk)
    return True
