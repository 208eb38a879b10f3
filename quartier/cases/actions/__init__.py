"""What changes cases and requests."""

from quartier.cases.actions.ledger import topics_of
from quartier.cases.actions.links import issue_link, revoke_links, token_of
from quartier.cases.actions.merge import merge_cases
from quartier.cases.actions.opening import Opened, add_requests, hear, open_case, write_note
from quartier.cases.actions.requests import (
    ask_for_call,
    ask_human,
    change_request,
    close_request,
    look_again,
    reopen_request,
    take,
)
from quartier.cases.actions.series import (
    begin_series,
    change_series,
    check_day,
    days_ahead,
    end_series,
    leave_out,
    lock_series,
    open_next,
    pause_series,
    resume_series,
    take_in,
)

__all__ = [
    "Opened",
    "add_requests",
    "ask_for_call",
    "ask_human",
    "begin_series",
    "change_request",
    "change_series",
    "check_day",
    "close_request",
    "days_ahead",
    "end_series",
    "hear",
    "issue_link",
    "leave_out",
    "lock_series",
    "look_again",
    "merge_cases",
    "open_case",
    "open_next",
    "pause_series",
    "reopen_request",
    "resume_series",
    "revoke_links",
    "take",
    "take_in",
    "token_of",
    "topics_of",
    "write_note",
]
