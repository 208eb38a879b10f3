"""The caller's way: greeting and language, the queue, a promise to ring back, a message. Never endless ringing."""

from typing import TYPE_CHECKING

from quartier.callcore import facts, legs, masked, orders, outgoing, queueing, reading, recording, worried
from quartier.callcore.call import ALOUD, MASKING, TALKING, WAITING, Call, Outcome, State, Why

if TYPE_CHECKING:
    from quartier.callcore.switchboard import Switchboard

CALL_ME_BACK, WHO_COMES = "1", "2"
LONGEST_COMING_S = 120.0
# A key pressed twice in the menu is a language, not a wish to be rung back.
TWICE_S = 3.0


def rang(board: "Switchboard", fact: facts.Rang) -> None:
    """Everybody is answered. With the app down nobody could be shown to an operator: we promise to ring back."""
    if fact.call in board.calls or board.is_over(fact.call):
        return
    call = Call(fact.call, fact.number, board.line.languages[0], board.now, queued_at=board.now)
    call.may_ring_back = fact.ring_back
    board.calls[call.name] = call
    board.order(orders.Answer(call.name))
    if not board.app_is_up:
        queueing.promise(board, call, "trouble", Why.TROUBLE)
    elif not board.is_open:
        call.state, call.until = State.CLOSED, board.now + board.line.closed_s
        queueing.play(board, call, "closed")
    else:
        call.until = board.now + board.line.menu_s
        queueing.play(board, call, "welcome")


def recognised(board: "Switchboard", fact: facts.Recognised) -> None:
    """Who spoke a language last time need not choose again."""
    call = board.calls.get(fact.call)
    if call is None:
        return
    call.area, call.may_ring_back, call.flooding = fact.area, fact.ring_back, fact.flooding
    if fact.blocked:
        blocked(board, call, fact.language)
        return
    call.coming_s = min(max(fact.coming_s, 0.0), LONGEST_COMING_S)
    if call.state in {State.MENU, State.CLOSED} and not call.chose:
        if fact.masked:
            masked.greet(board, call, fact)
            return
        if fact.not_put_through:
            masked.say_why_not(board, call, fact)
            return
    if not call.chose and fact.language in board.line.languages:
        call.language = fact.language
        if call.state == State.MENU:
            queueing.queue(board, call)


def blocked(board: "Switchboard", call: Call, language: str) -> None:
    """They hear the emergency number and that nobody speaks with them, and are hung up on. Whoever already speaks with
    somebody, or leaves a message, goes on."""
    if call.state not in {State.MENU, State.CLOSED, *WAITING}:
        return
    if language in board.line.languages:
        call.language = language
    queueing.play(board, call, "blocked")
    board.order(orders.Drop(call.name, said=True))
    board.close(call, Outcome.BLOCKED)


def pressed(board: "Switchboard", fact: facts.Pressed) -> None:
    """A language, to be rung back, a worry, or whether the talk may be recorded. Other keys mean nothing."""
    call = board.calls.get(fact.call)
    if call is None:
        return
    if call.state in MASKING:
        masked.pressed(board, call, fact.digit)
    elif call.state in ALOUD:
        reading.pressed(board, call, fact.digit)
    elif call.state == State.CONSENTING:
        recording.pressed(board, call, fact.digit)
    elif fact.digit == worried.WORRIED and call.state in worried.FROM:
        # Pressed twice in one breath it is once.
        if not call.worried or board.now - call.waits_since >= TWICE_S:
            worried.pressed(board, call)
    elif call.state == State.MENU and fact.digit.isdecimal():
        number = int(fact.digit) - 1
        if 0 <= number < len(board.line.languages):
            call.language, call.chose = board.line.languages[number], True
            queueing.queue(board, call)
    elif call.state in WAITING and fact.digit == WHO_COMES:
        if call.coming_s:
            # They keep their place; then music and place again.
            queueing.play(board, call, "who_comes")
            call.news_at = board.now + call.coming_s
    elif call.state in WAITING and board.now - call.waits_since < TWICE_S:
        return
    elif call.state in {*WAITING, State.CLOSED} and fact.digit == CALL_ME_BACK:
        if call.can_be_rung_back:
            queueing.promise(board, call, "we_call_back", Why.ASKED)
        elif call.state == State.CLOSED:
            queueing.voicemail(board, call)


def time_is_up(board: "Switchboard", call: Call) -> None:
    """Nobody chose, came or stopped talking in time."""
    if call.state == State.MENU:
        queueing.queue(board, call)
    elif call.state == State.VOICEMAIL:
        board.order(orders.Drop(call.name))
        board.close(call, Outcome.VOICEMAIL, why=Why.MESSAGE)
    elif call.state in {State.TRANSFERRING, State.MENDING}:
        legs.stop(board, call)
        queueing.queue(board, call, front=True)
    elif call.state in MASKING:
        masked.time_is_up(board, call)
    elif call.state in ALOUD:
        reading.time_is_up(board, call)
    elif call.state == State.DIALLING:
        board.close(call, Outcome.UNREACHED)
    else:
        queueing.voicemail(board, call)


def hung_up(board: "Switchboard", fact: facts.HungUp) -> None:
    """The caller is gone, and goes to the list where that belongs."""
    call = board.calls.get(fact.call)
    if call is None:
        return
    if call.state == State.CALLING:
        outgoing.not_reached(board, call, "refused")
    elif call.state in ALOUD:
        reading.gone(board, call)
    elif call.state == State.VOICEMAIL:
        board.close(call, Outcome.VOICEMAIL, why=Why.MESSAGE)
    elif call.state in {State.MENU, *MASKING}:
        board.close(call, Outcome.LEFT if call.first_answer is None else Outcome.ANSWERED)
    elif call.state == State.DIALLING:
        board.close(call, Outcome.UNREACHED)
    elif call.first_answer is not None:
        # Who was spoken to and hung up while waiting for the next one is rung back.
        board.close(call, Outcome.ANSWERED, why=None if call.state in TALKING else Why.MISSED)
    else:
        board.close(call, Outcome.ABANDONED, why=Why.MISSED)


def lost(board: "Switchboard", fact: facts.Lost) -> None:
    """Cut off, which nobody does on purpose: rung back, whatever it was, unless there is a message."""
    call = board.calls.get(fact.call)
    if call is None:
        return
    if call.state in ALOUD:
        reading.gone(board, call)
        return
    board.order(orders.Drop(call.name))
    if call.state == State.VOICEMAIL:
        board.close(call, Outcome.VOICEMAIL, why=Why.MESSAGE)
    elif call.first_answer is not None:
        board.close(call, Outcome.ANSWERED, why=Why.CUT_OFF)
    elif call.goes_out:
        board.close(call, Outcome.UNREACHED)
    else:
        board.close(call, Outcome.ABANDONED, why=Why.CUT_OFF)


def answered(board: "Switchboard", fact: facts.Answered) -> None:
    """Whom an operator, or a message, calls has answered."""
    call = board.calls.get(fact.call)
    if call is not None and call.state == State.CALLING:
        outgoing.reached(board, call)
    elif call is not None and call.state == State.RINGING:
        reading.answered(board, call)


def declined(board: "Switchboard", fact: facts.Declined) -> None:
    """Whom we call does not come; of anybody else, that the line is gone."""
    call = board.calls.get(fact.call)
    if call is not None and call.state == State.CALLING:
        outgoing.not_reached(board, call, fact.reason)
    elif call is not None and call.state == State.RINGING:
        call.failure = fact.reason
        reading.gone(board, call)
