"""What changes the help itself."""

from quartier.visits.actions.accept import Answer, accept_offer
from quartier.visits.actions.calendars import calendar_token, give_calendar, take_calendar
from quartier.visits.actions.ending import end_request, volunteer_leaves, volunteer_suspended
from quartier.visits.actions.moving import move_request
from quartier.visits.actions.progress import (
    could_not,
    done,
    find_no_shows,
    on_my_way,
    remind_late,
    set_time,
    told,
    wants_call,
)

__all__ = [
    "Answer",
    "accept_offer",
    "calendar_token",
    "could_not",
    "done",
    "end_request",
    "find_no_shows",
    "give_calendar",
    "move_request",
    "on_my_way",
    "remind_late",
    "set_time",
    "take_calendar",
    "told",
    "volunteer_leaves",
    "volunteer_suspended",
    "wants_call",
]
