"""Reading what people said."""

from quartier.followup.queries.asked import settings_of, to_call
from quartier.followup.queries.checks import (
    Place,
    Progress,
    campaigns,
    checks_to_call,
    counts,
    few_together,
    members,
    members_for,
    progress,
)
from quartier.followup.queries.said import Said, Tally, Told, bad, by_place, said, words

__all__ = [
    "Place",
    "Progress",
    "Said",
    "Tally",
    "Told",
    "bad",
    "by_place",
    "campaigns",
    "checks_to_call",
    "counts",
    "few_together",
    "members",
    "members_for",
    "progress",
    "said",
    "settings_of",
    "to_call",
    "words",
]
