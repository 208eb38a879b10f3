"""The caller's way: greeting and language, the queue, a promise to ring back, a message. Never endless ringing."""

from typing import TYPE_CHECKING

from quartier.callcore import facts, orders, queueing
from quartier.callcore.call import TALKING, WAITING, Call, Outcome, State

if TYPE_CHECKING:
    from quartier.callcore.switchboard import Switchboard

CALL_ME_BACK = "1"
# A key pressed twice in the menu is a language, not a wish to be rung back.
TWICE_S = 3.0


def rang(board: "Switchboard", fact: facts.Rang) -> None:
    """Everybody is answered. With the app down nobody could be shown to an operator: we promise to ring back."""
    if fact.call in board.calls or board.is_over(fact.call):
        return
    call = Call(fact.call, fact.number, board.line.languages[0], board.now, queued_at=board.now)
    board.calls[call.name] = call
    board.order(orders.Answer(call.name))
    if not board.app_is_up:
        queueing.promise(board, call, "trouble")
    elif not board.is_open:
        call.state, call.until = State.CLOSED, board.now + board.line.menu_s
        queueing.play(board, call, "closed")
    else:
        call.until = board.now + board.line.menu_s
        queueing.play(board, call, "welcome")


def recognised(board: "Switchboard", fact: facts.Recognised) -> None:
    """Who spoke a language last time need not choose again."""
    call = board.calls.get(fact.call)
    if call is None:
        return
    call.area, call.may_ring_back = fact.area, fact.ring_back
    if not call.chose and fact.language in board.line.languages:
        call.language = fact.language
        if call.state == State.MENU:
            queueing.queue(board, call)


def pressed(board: "Switchboard", fact: facts.Pressed) -> None:
    """A language, or to be rung back. Other keys mean nothing."""
    call = board.calls.get(fact.call)
    if call is None:
        return
    if call.state == State.MENU and fact.digit.isdecimal():
        number = int(fact.digit) - 1
        if 0 <= number < len(board.line.languages):
            call.language, call.chose = board.line.languages[number], True
            queueing.queue(board, call)
    elif call.state in WAITING and board.now - call.waits_since < TWICE_S:
        return
    elif call.state in {*WAITING, State.CLOSED} and fact.digit == CALL_ME_BACK:
        if call.can_be_rung_back:
            queueing.promise(board, call, "we_call_back")
        elif call.state == State.CLOSED:
            queueing.voicemail(board, call)


def time_is_up(board: "Switchboard", call: Call) -> None:
    """Nobody chose, came or stopped talking in time."""
    if call.state == State.MENU:
        queueing.queue(board, call)
    elif call.state == State.VOICEMAIL:
        board.order(orders.Drop(call.name))
        board.close(call, Outcome.VOICEMAIL)
    elif call.state == State.TRANSFERRING:
        queueing.queue(board, call, front=True)
    else:
        queueing.voicemail(board, call)


def hung_up(board: "Switchboard", fact: facts.HungUp) -> None:
    """The caller is gone, and goes to the list where that belongs."""
    call = board.calls.get(fact.call)
    if call is None:
        return
    if call.state == State.VOICEMAIL:
        board.close(call, Outcome.VOICEMAIL)
    elif call.state == State.MENU:
        board.close(call, Outcome.LEFT)
    elif call.first_answer is not None:
        # Who was spoken to and hung up while waiting for the next one is rung back.
        board.close(call, Outcome.ANSWERED, ring_back=call.state not in TALKING)
    else:
        board.close(call, Outcome.ABANDONED, ring_back=True)


def lost(board: "Switchboard", fact: facts.Lost) -> None:
    """Cut off, which nobody does on purpose: rung back, whatever it was, unless there is a message."""
    call = board.calls.get(fact.call)
    if call is None:
        return
    board.order(orders.Drop(call.name))
    if call.state == State.VOICEMAIL:
        board.close(call, Outcome.VOICEMAIL, ring_back=True)
    elif call.first_answer is not None:
        board.close(call, Outcome.ANSWERED, ring_back=True)
    else:
        board.close(call, Outcome.ABANDONED, ring_back=True)
