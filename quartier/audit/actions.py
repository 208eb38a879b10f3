"""Writing down what was done and who looked. Called inside the transaction of what is written down."""

from typing import Any
from uuid import UUID


def record(
    *,
    organisation_id: UUID,
    actor_kind: str,
    actor_id: UUID | None,
    verb: str,
    subject_kind: str,
    subject_id: UUID,
    details: dict[str, Any] | None = None,
) -> None:
    """Until the table is merged: nothing is kept."""
