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

__all__ = [
    "Opened",
    "add_requests",
    "ask_for_call",
    "ask_human",
    "change_request",
    "close_request",
    "hear",
    "issue_link",
    "look_again",
    "merge_cases",
    "open_case",
    "reopen_request",
    "revoke_links",
    "take",
    "token_of",
    "topics_of",
    "write_note",
]
