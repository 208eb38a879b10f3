"""Reading what people said."""

from quartier.followup.queries.asked import settings_of, to_call
from quartier.followup.queries.checks import (
    Progress,
    campaigns,
    checks_to_call,
    counts,
    members,
    members_for,
    progress,
)
from quartier.followup.queries.said import Said, Tally, Told, bad, by_place, said, words

__all__ = [
    "Progress",
    "Said",
    "Tally",
    "Told",
    "bad",
    "by_place",
    "campaigns",
    "checks_to_call",
    "counts",
    "members",
    "members_for",
    "progress",
    "said",
    "settings_of",
    "to_call",
    "words",
]
