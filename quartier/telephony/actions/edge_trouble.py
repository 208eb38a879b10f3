"""The edge of the line is away, or does not let itself be asked, or call control is away: written down for everybody
who has a line."""

from django.db import transaction

from quartier.audit import actions as audit
from quartier.lib import clock
from quartier.team.models import Organisation
from quartier.telephony.actions import ledger
from quartier.telephony.models import LineSettings


@transaction.atomic
def tell_edge_trouble(trouble: str) -> None:
    """What is the matter with the edge from now on, "": nothing any more. One edge serves every line of an
    installation. Alerts are raised, and ended, by the room of alerts. Raises `ValueError` for what is no trouble."""
    code = LineSettings.EdgeTrouble(trouble) if trouble else ""
    now = clock.now()
    for organisation in Organisation.objects.exclude(phone=""):
        row, _made = LineSettings.objects.select_for_update().get_or_create(organisation=organisation)
        if row.edge_trouble == code:
            continue
        row.edge_trouble, row.edge_trouble_since = code, now if code else None
        row.save(update_fields=["edge_trouble", "edge_trouble_since"])
        audit.record(
            organisation_id=organisation.id,
            actor_kind="system",
            actor_id=None,
            verb="line.edge",
            subject_kind="line",
            subject_id=row.pk,
            details={"trouble": str(code)},
        )
        ledger.touch(organisation.id)


def tell_call_control(*, is_away: bool) -> None:
    """Whether call control, which says what is the matter with the edge, shows itself. Idle, this only looks."""
    core = LineSettings.EdgeTrouble.CORE
    stands = LineSettings.objects.filter(edge_trouble=core).exists()
    if is_away != stands:
        tell_edge_trouble(core if is_away else "")
