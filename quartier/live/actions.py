"""Telling open pages that something changed. Called inside the transaction of the change."""

from uuid import UUID


def touch(organisation_id: UUID, *topics: str) -> None:
    """Until the table is merged: nobody hears it."""
