"""What goes with every change of the line: the audit entry, and the word to open pages. Never a number."""

from typing import Any
from uuid import UUID

from quartier.audit import actions as audit
from quartier.live import actions as live
from quartier.team.access import Actor

LINE = "line"


def touch(organisation_id: UUID, *accounts: UUID | None) -> None:
    """Tell the pages of the line, and those of these operators, to look again."""
    live.touch(organisation_id, LINE, *(f"account:{each}" for each in accounts if each is not None))


def touch_accounts(organisation_id: UUID, *accounts: UUID | None) -> None:
    """Tell the pages of these operators alone."""
    topics = [f"account:{each}" for each in accounts if each is not None]
    if topics:
        live.touch(organisation_id, *topics)


def changed(actor: Actor, verb: str, kind: str, subject_id: UUID, **details: Any) -> None:
    """Write down who did it, and tell the pages that show it."""
    audit.record(
        organisation_id=actor.organisation.id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=verb,
        subject_kind=kind,
        subject_id=subject_id,
        details=details,
    )
    touch(actor.organisation.id, actor.account.id if actor.account else None)
