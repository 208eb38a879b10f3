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
from quartier.followup.queries.ladder import LadderHistory, ladder_histories, tally_words
from quartier.followup.queries.reach import who_could_call, who_could_knock
from quartier.followup.queries.said import Said, Tally, Told, bad, by_place, said, words

__all__ = [
    "LadderHistory",
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
    "ladder_histories",
    "members",
    "members_for",
    "progress",
    "said",
    "settings_of",
    "tally_words",
    "to_call",
    "who_could_call",
    "who_could_knock",
    "words",
]
