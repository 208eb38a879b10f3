"""What is written down of an appeal, and which pages hear of it."""

from typing import Any

from quartier.appeals.models import Appeal
from quartier.audit import actions as audit
from quartier.live import actions as live
from quartier.team.access import Actor


def changed(actor: Actor, verb: str, appeal: Appeal, **details: Any) -> None:
    """The audit entry, and the word to open pages."""
    audit.record(
        organisation_id=appeal.organisation_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=f"appeal.{verb}",
        subject_kind="appeal",
        subject_id=appeal.pk,
        details=details,
    )
    live.touch(appeal.organisation_id, "appeals")
