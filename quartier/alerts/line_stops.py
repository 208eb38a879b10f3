"""Outgoing calls that were stopped, because the line saw one at the carrier that it had not made, are an alert.

(A file of its own beside `actions`: pulled, it reads what call control has said of the line.)
"""

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from quartier.alerts import actions
from quartier.alerts.models import Alert
from quartier.team.access import system
from quartier.telephony.models import LineSettings


def alert_next_stop() -> bool:
    """Alert those who coordinate of one stop. True when there was one; idle, it only looks."""
    if not _unalerted().exists():
        return False
    with transaction.atomic():
        rows = _unalerted().select_related("organisation")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True, of=("self",))
        row = rows.first()
        if row is None:
            return False
        alert = actions.open_alert(actor=system(row.organisation), kind=Alert.Kind.LINE)
        actions.tell_first(alert=alert)
    return True


def _unalerted() -> "QuerySet[LineSettings]":
    since = Alert.objects.filter(
        organisation=OuterRef("organisation"),
        kind=Alert.Kind.LINE,
        raised_at__gte=OuterRef("dialling_stopped_at"),
    )
    return LineSettings.objects.filter(~Exists(since), dialling_stopped_at__isnull=False).order_by(
        F("dialling_stopped_at"), "pk"
    )
