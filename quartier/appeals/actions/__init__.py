"""What changes appeals."""

from quartier.appeals.actions.answering import answer, end_farther, take_back
from quartier.appeals.actions.asking import Wording, due, letters, send_wave, token_of
from quartier.appeals.actions.making import Asked, NotSo, make, stop
from quartier.appeals.actions.quiet import ask_as_before, ask_quiet
from quartier.appeals.actions.wishes import accept_wish, decline_wish, pass_training
from quartier.team.actions import NotTrained

__all__ = [
    "Asked",
    "NotSo",
    "NotTrained",
    "Wording",
    "accept_wish",
    "answer",
    "ask_as_before",
    "ask_quiet",
    "decline_wish",
    "due",
    "end_farther",
    "letters",
    "make",
    "pass_training",
    "send_wave",
    "stop",
    "take_back",
    "token_of",
]
