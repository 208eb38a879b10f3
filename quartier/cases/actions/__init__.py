"""What changes cases and requests."""

from quartier.cases.actions.ledger import topics_of
from quartier.cases.actions.links import issue_link, revoke_links, token_of
from quartier.cases.actions.merge import merge_cases
from quartier.cases.actions.opening import Opened, add_requests, hear, open_case, write_note
from quartier.cases.actions.promising import (
    call_or_write,
    nobody_was_told,
    person_has_heard,
    promise_about,
    promised_or_news,
    team_must_tell,
    whom_to_tell,
)
from quartier.cases.actions.requests import (
    ask_for_call,
    ask_human,
    change_request,
    close_request,
    look_again,
    record_contact_made,
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
    "call_or_write",
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
    "nobody_was_told",
    "open_case",
    "open_next",
    "pause_series",
    "person_has_heard",
    "promise_about",
    "promised_or_news",
    "record_contact_made",
    "reopen_request",
    "resume_series",
    "revoke_links",
    "take",
    "take_in",
    "team_must_tell",
    "token_of",
    "topics_of",
    "whom_to_tell",
    "write_note",
]
