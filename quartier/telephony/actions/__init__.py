"""What changes the line: words of call control, wishes of operators, the callback list."""

from quartier.telephony.actions.audio import call_recorded, drop_old_audio, message_left
from quartier.telephony.actions.callbacks import (
    claim,
    done,
    give_up,
    promise,
    release,
    release_expired,
    tried,
    try_again,
)
from quartier.telephony.actions.calls import call_began, call_closed, call_moved, sweep
from quartier.telephony.actions.line import change_line
from quartier.telephony.actions.masked import close_masked, open_masked
from quartier.telephony.actions.operators import operator_moved
from quartier.telephony.actions.prompts import drop_prompt, keep_prompt
from quartier.telephony.actions.wishes import answer_wish, forget_wishes, take_wishes, wish
from quartier.telephony.rules import Ended, Known

__all__ = [
    "Ended",
    "Known",
    "answer_wish",
    "call_began",
    "call_closed",
    "call_moved",
    "call_recorded",
    "change_line",
    "claim",
    "close_masked",
    "done",
    "drop_old_audio",
    "drop_prompt",
    "forget_wishes",
    "give_up",
    "keep_prompt",
    "message_left",
    "open_masked",
    "operator_moved",
    "promise",
    "release",
    "release_expired",
    "sweep",
    "take_wishes",
    "tried",
    "try_again",
    "wish",
]
