"""The two things that go with every change of a case: the audit entry, and the word to open pages."""

from typing import Any
from uuid import UUID

from quartier.audit import actions as audit
from quartier.cases.models import Case, Request, StatusLink
from quartier.live import actions as live
from quartier.team.access import Actor


def changed(actor: Actor, verb: str, row: Case | Request, **details: Any) -> None:
    """Write down what was done, and tell the pages that show it."""
    case_id = row.case_id if isinstance(row, Request) else row.id
    audit.record(
        organisation_id=row.organisation_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=verb,
        subject_kind="request" if isinstance(row, Request) else "case",
        subject_id=row.id,
        details=details,
    )
    live.touch(row.organisation_id, "board", *topics_of(case_id))


def topics_of(case_id: UUID) -> list[str]:
    """The topics of the pages that show this case: the file of the team, and each private page."""
    links = StatusLink.objects.filter(case_id=case_id, revoked_at=None).values_list("token_hash", flat=True)
    return [f"case:{case_id}", *(f"link:{token_hash}" for token_hash in links)]
