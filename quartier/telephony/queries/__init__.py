"""Reading the line: what call control asks, what the wallboard and the lists show."""

from quartier.telephony.queries.dialling import (
    cents_of,
    masked_to_dial,
    number_to_dial,
    number_to_read,
    own_phone,
    spent_today,
)
from quartier.telephony.queries.line import (
    can_read,
    can_record,
    hours_of,
    is_open,
    is_shared,
    known,
    line_of,
    midnight,
    own_prompts,
    reaches_by_line,
    records,
    settings_of,
)
from quartier.telephony.queries.showing import (
    Listed,
    Standing,
    Waiting,
    Wallboard,
    callbacks,
    messages,
    wallboard,
)
from quartier.telephony.rules import Dial, MayNotDial

__all__ = [
    "Dial",
    "Listed",
    "MayNotDial",
    "Standing",
    "Waiting",
    "Wallboard",
    "callbacks",
    "can_read",
    "can_record",
    "cents_of",
    "hours_of",
    "is_open",
    "is_shared",
    "known",
    "line_of",
    "masked_to_dial",
    "messages",
    "midnight",
    "number_to_dial",
    "number_to_read",
    "own_phone",
    "own_prompts",
    "reaches_by_line",
    "records",
    "settings_of",
    "spent_today",
    "wallboard",
]
