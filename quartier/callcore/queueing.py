"""Waiting: the queue, a promise to ring back, a message. Every wait has an end."""

from typing import TYPE_CHECKING

from quartier.callcore import legs, orders
from quartier.callcore.call import WAITING, Call, Outcome, State, Why

if TYPE_CHECKING:
    from quartier.callcore.switchboard import Switchboard


def queue(board: "Switchboard", call: Call, *, front: bool = False) -> None:
    """Wait for an operator: music, and the place now and then. `front`: again, because the operator was lost."""
    if not call.front and not front:
        call.queued_at = board.now
    call.state, call.front, call.until, call.mends = State.QUEUED, call.front or front, None, ""
    if front:
        # The patience of the queue begins again, but not the place.
        call.waits_since = board.now
    else:
        call.waits_since = call.queued_at
    call.news_at = board.now + board.line.news_s
    if call.worried:
        play(board, call, "concern_wait", loop=True)
    else:
        play(board, call, "sorry_wait" if front else "wait", loop=True, place=place(board, call))


def place(board: "Switchboard", call: Call) -> int:
    """1 for whoever is next."""
    return 1 + board.waiting().index(call)


def say_place(board: "Switchboard", call: Call) -> None:
    """Nobody waits without hearing of it."""
    call.news_at = board.now + board.line.news_s
    if call.worried:
        play(board, call, "concern_wait", loop=True)
    else:
        play(board, call, "place", loop=True, place=place(board, call))


def deadline(board: "Switchboard", call: Call) -> float | None:
    """When this call's state ends by itself: every state does."""
    if call.state not in WAITING:
        return call.until
    ends = call.waits_since + board.line.longest_s
    if board.alone_since is not None:
        ends = min(ends, max(board.alone_since, call.waits_since) + board.line.alone_s)
    return ends


def voicemail(board: "Switchboard", call: Call) -> None:
    """A message instead of an operator."""
    legs.stop(board, call)
    call.state, call.news_at = State.VOICEMAIL, None
    call.until = board.now + board.line.message_s
    play(board, call, "concern_message" if call.worried else "leave_message")
    board.order(orders.Record(call.name, board.line.message_s))


def promise(board: "Switchboard", call: Call, prompt: str, why: Why) -> None:
    """We ring back, and they keep their place. Without a number there is only a message."""
    if not call.can_be_rung_back:
        voicemail(board, call)
        return
    play(board, call, prompt)
    board.order(orders.Drop(call.name, said=True))
    board.close(call, Outcome.CALLBACK, why=why)


def play(
    board: "Switchboard", call: Call, prompt: str, *, loop: bool = False, place: int = 0, leg: str = ""
) -> None:
    """Let the caller, or who is on this leg, hear something in the caller's language."""
    board.order(orders.Play(call.name, prompt, call.language, loop, place, leg))
