"""What changes the line: words of call control, wishes of operators, the callback list."""

from quartier.telephony.actions.audio import call_recorded, drop_audio, drop_old_audio, message_left
from quartier.telephony.actions.blocking import NoReason, block_number, unblock_number
from quartier.telephony.actions.call_quality import find_measured_call, record_call_quality
from quartier.telephony.actions.callbacks import (
    call_back,
    claim,
    done,
    end_callbacks_of,
    give_up,
    promise,
    release,
    release_expired,
    rewrite_promise,
    tried,
    try_again,
)
from quartier.telephony.actions.calls import (
    call_began,
    call_closed,
    call_failed,
    call_moved,
    call_worried,
    sweep,
)
from quartier.telephony.actions.codes import CodeChoice, change_wrap_up_codes
from quartier.telephony.actions.dialling_stop import resume_dialling, stop_dialling
from quartier.telephony.actions.edge_trouble import tell_edge_trouble
from quartier.telephony.actions.floods import clear_fold, restore_cleared
from quartier.telephony.actions.line import allow_country, change_line
from quartier.telephony.actions.masked import close_masked, open_masked
from quartier.telephony.actions.notes import bind_contact, name_caller, note_call, save_note, withdraw_promise
from quartier.telephony.actions.operators import begin_words, operator_moved
from quartier.telephony.actions.prompts import drop_prompt, keep_prompt
from quartier.telephony.actions.reading import (
    ToRead,
    calls_were_cut_off,
    forget_readings,
    give_up_unread,
    read_aloud,
    reading_ended,
    take_readings,
    to_tell,
    told,
)
from quartier.telephony.actions.texting import (
    asks_too_often,
    is_too_late_to_text,
    take_calls_to_text,
    text_not_sent,
)
from quartier.telephony.actions.wishes import answer_wish, forget_wishes, notes_are_typed, take_wishes, wish
from quartier.telephony.actions.written import is_to_write, not_written, take_to_write, written_down
from quartier.telephony.rules import Coming, Ended, Known, OperatorStanding, Tape

__all__ = [
    "CodeChoice",
    "Coming",
    "Ended",
    "Known",
    "NoReason",
    "OperatorStanding",
    "Tape",
    "ToRead",
    "allow_country",
    "answer_wish",
    "asks_too_often",
    "begin_words",
    "bind_contact",
    "block_number",
    "call_back",
    "call_began",
    "call_closed",
    "call_failed",
    "call_moved",
    "call_recorded",
    "call_worried",
    "calls_were_cut_off",
    "change_line",
    "change_wrap_up_codes",
    "claim",
    "clear_fold",
    "close_masked",
    "done",
    "drop_audio",
    "drop_old_audio",
    "drop_prompt",
    "end_callbacks_of",
    "find_measured_call",
    "forget_readings",
    "forget_wishes",
    "give_up",
    "give_up_unread",
    "is_to_write",
    "is_too_late_to_text",
    "keep_prompt",
    "message_left",
    "name_caller",
    "not_written",
    "note_call",
    "notes_are_typed",
    "open_masked",
    "operator_moved",
    "promise",
    "read_aloud",
    "reading_ended",
    "record_call_quality",
    "release",
    "release_expired",
    "restore_cleared",
    "resume_dialling",
    "rewrite_promise",
    "save_note",
    "stop_dialling",
    "sweep",
    "take_calls_to_text",
    "take_readings",
    "take_to_write",
    "take_wishes",
    "tell_edge_trouble",
    "text_not_sent",
    "to_tell",
    "told",
    "tried",
    "try_again",
    "unblock_number",
    "wish",
    "withdraw_promise",
    "written_down",
]
