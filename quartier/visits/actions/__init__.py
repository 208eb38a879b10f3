"""What changes the help itself."""

from quartier.visits.actions.accept import Answer, accept_offer
from quartier.visits.actions.calendars import calendar_token, give_calendar, take_calendar
from quartier.visits.actions.ending import (
    end_request,
    end_series,
    person_died,
    volunteer_leaves,
    volunteer_suspended,
)
from quartier.visits.actions.holidays import point_out, promised_while
from quartier.visits.actions.moving import move_request
from quartier.visits.actions.pairing import call_for_decision, let_go_alone, partner_of, waits
from quartier.visits.actions.progress import (
    announce,
    could_not,
    done,
    end_unsaid,
    find_no_shows,
    on_my_way,
    remind_late,
    set_time,
    told,
    wants_call,
)
from quartier.visits.actions.rhythm import (
    come_every_time,
    last_visit,
    leave_out,
    not_this_time,
    open_due,
    pause_series,
    stop_coming,
    this_time_after_all,
)
from quartier.visits.actions.thanking import THANKED_WITHIN, thank
from quartier.visits.actions.watching import (
    agree_word,
    ask_overdue,
    needs_help,
    out_again,
    raise_overdue,
    watch,
)

__all__ = [
    "THANKED_WITHIN",
    "Answer",
    "accept_offer",
    "agree_word",
    "announce",
    "ask_overdue",
    "calendar_token",
    "call_for_decision",
    "come_every_time",
    "could_not",
    "done",
    "end_request",
    "end_series",
    "end_unsaid",
    "find_no_shows",
    "give_calendar",
    "last_visit",
    "leave_out",
    "let_go_alone",
    "move_request",
    "needs_help",
    "not_this_time",
    "on_my_way",
    "open_due",
    "out_again",
    "partner_of",
    "pause_series",
    "person_died",
    "point_out",
    "promised_while",
    "raise_overdue",
    "remind_late",
    "set_time",
    "stop_coming",
    "take_calendar",
    "thank",
    "this_time_after_all",
    "told",
    "volunteer_leaves",
    "volunteer_suspended",
    "waits",
    "wants_call",
    "watch",
]
