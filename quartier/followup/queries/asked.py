"""Whom the group asks, and who is to be called."""

from datetime import datetime

from django.db.models import QuerySet

from quartier.followup.models import AfterSettings, FollowUp
from quartier.team.models import Organisation


def settings_of(organisation: Organisation) -> AfterSettings:
    """Whom the group asks; the defaults where it has not chosen."""
    return AfterSettings.objects.filter(organisation=organisation).first() or AfterSettings()


def to_call(organisation: Organisation, now: datetime) -> QuerySet[FollowUp]:
    """Who can only be called, and is to be called now; who has waited longest first."""
    rows = FollowUp.objects.filter(
        organisation=organisation, state=FollowUp.State.TO_CALL, due_at__lte=now, expires_at__gt=now
    )
    return rows.select_related(
        "person", "claimed_by", "assignment__volunteer__person", "assignment__request"
    ).order_by("due_at", "pk")
