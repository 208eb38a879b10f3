"""Waiting: the queue, a promise to ring back, a message. Every wait has an end."""

from typing import TYPE_CHECKING

from quartier.callcore import hearing, languages, legs, listening, orders
from quartier.callcore.call import WAITING, Call, Outcome, State, Why
from quartier.callcore.operator import Operator, Standing

if TYPE_CHECKING:
    from quartier.callcore.switchboard import Switchboard

# Who is there for a caller, or will be in a moment.
SOON_FREE = {Standing.AVAILABLE, Standing.RINGING, Standing.ACCEPTING, Standing.WRAP_UP}


def queue(board: "Switchboard", call: Call, *, front: bool = False) -> None:
    """Wait for an operator: music, and the place now and then; with nobody on shift that is said instead. `front`:
    again, because the operator was lost, or nobody took over from them."""
    # A transfer that nobody takes was cut off by nobody.
    prompt = "sorry_wait" if front and call.state != State.TRANSFERRING else "wait"
    if call.queued_at is None:
        call.queued_at = board.now
    call.state, call.front, call.until = State.QUEUED, call.front or front, None
    call.mends, call.on_hold = "", False
    free_needed_listener(board, call)
    # The patience of the queue begins again, but not the place.
    call.waits_since, call.nobody_since = board.now, None
    if is_anybody_there(board, call):
        _wait(board, call, prompt)
    else:
        say_nobody_is_there(board, call)


def place(board: "Switchboard", call: Call) -> int:
    """1 for whoever is next. Of two who came at the same moment, who rang first."""
    ahead, mine, rang_before = 0, call.turn, True
    for each in board.calls.values():
        if each is call:
            rang_before = False
        elif each.state in WAITING:
            ahead += each.turn < mine or (rang_before and each.turn == mine)
    return 1 + ahead


def say_place(board: "Switchboard", call: Call) -> None:
    """Nobody waits without hearing of it."""
    _wait(board, call, "place")


def is_told(call: Call) -> bool:
    """Whether this caller has been told that nobody is there, and waits for the tone."""
    return call.state in WAITING and call.until is not None


def is_anybody_there(board: "Switchboard", call: Call) -> bool:
    """Whether somebody on shift speaks this caller's language, also if they are busy or have a pause, and could be rung
    for them: not on an own phone, while many of their block call or the money for own phones is spent."""
    return any(
        each.standing != Standing.OFFLINE and _may_be_rung(board, call, each)
        for each in board.operators.values()
    )


def _may_be_rung(board: "Switchboard", call: Call, operator: Operator) -> bool:
    return call.language in operator.languages and not (
        operator.own_phone and board.rings_browsers_alone(call)
    )


def could_another_take(board: "Switchboard", call: Call) -> bool:
    """Whether somebody else is free for this caller, or will be in a moment: rung, or writing notes. A talk may last
    for hours, and a pause too."""
    return any(
        each.standing in SOON_FREE
        and each.pause is None
        and not each.leaves
        and _may_be_rung(board, call, each)
        for each in board.operators.values()
    )


def free_needed_listener(board: "Switchboard", call: Call) -> None:
    """There is nobody else who could come soon: whoever listens is needed, and may be rung at once."""
    if call.ear and not could_another_take(board, call):
        listening.free(board, call)


def free_needed_listeners(board: "Switchboard") -> None:
    """The same for everybody who waits: operators have gone, paused, missed a call or taken another one."""
    for operator in board.operators.values():
        call = board.calls.get(operator.call)
        if call is not None and call.state in WAITING and operator.leg == call.ear:
            free_needed_listener(board, call)


def say_closed(board: "Switchboard", call: Call) -> None:
    """The way to be rung back; then the tone."""
    call.state = State.CLOSED
    hearing.ask(board, call, "closed")


def say_nobody_is_there(board: "Switchboard", call: Call) -> None:
    """At once, with the way to be rung back; then the tone. Whoever comes on shift meanwhile has the caller."""
    if call.worried:
        voicemail(board, call)
        return
    call.news_at = None
    # "Press one" is said in the first seconds here.
    call.late_until = min(call.late_until, board.now + languages.LATE_KEY_S)
    hearing.ask(board, call, "nobody_here")


def see_who_is_there(board: "Switchboard", call: Call, spoken: set[str]) -> None:
    """Somebody has come on shift, or the last one who speaks their language has gone. `spoken`: by those on shift. A
    page that is loaded again is back before it is said."""
    if call.language in spoken:
        call.nobody_since = None
        if is_told(call):
            call.until, call.waits_since = None, board.now
            _wait(board, call, "wait")
    elif not is_told(call):
        if call.nobody_since is None:
            call.nobody_since = board.now
        if call.nobody_since + board.line.mend_s <= board.now:
            say_nobody_is_there(board, call)


def nobody_at(board: "Switchboard", call: Call) -> float | None:
    """When it is to be said that nobody is there any more; `None`: not now."""
    if call.state not in WAITING or is_told(call) or call.nobody_since is None:
        return None
    return call.nobody_since + board.line.mend_s


def deadline(board: "Switchboard", call: Call) -> float | None:
    """When this call's state ends by itself: every state does."""
    if call.state not in WAITING or is_told(call):
        return call.until
    return call.waits_since + board.line.longest_s


def voicemail(board: "Switchboard", call: Call) -> None:
    """A message instead of an operator."""
    listening.stop(board, call)
    legs.stop(board, call)
    call.state, call.news_at, call.nobody_since = State.VOICEMAIL, None, None
    said_s = hearing.play(board, call, "concern_message" if call.worried else "leave_message")
    call.until = board.now + said_s + board.line.message_s
    board.order(orders.Record(call.name, board.line.message_s))


def is_told_of_tone(board: "Switchboard", call: Call) -> bool:
    """Whether the words before the tone are still being said: nothing has been left as a message yet."""
    if call.state != State.VOICEMAIL or call.until is None:
        return False
    return board.now < call.until - board.line.message_s


def promise(board: "Switchboard", call: Call, prompt: str, why: Why) -> None:
    """We ring back, and they keep their place. Without a number there is only a message."""
    if not call.can_be_rung_back:
        voicemail(board, call)
        return
    say_last_word(board, call, prompt)
    board.close(call, Outcome.CALLBACK, why=why)


def write_to(board: "Switchboard", call: Call) -> None:
    """A text comes at once, and is answered in writing: on no other list, so that nothing is promised twice."""
    say_last_word(board, call, "we_write")
    board.close(call, Outcome.WRITTEN)


def say_last_word(board: "Switchboard", call: Call, prompt: str) -> None:
    """Hang up once this is said."""
    hearing.play(board, call, prompt)
    board.order(orders.Drop(call.name, said=True))


def _wait(board: "Switchboard", call: Call, prompt: str) -> None:
    call.news_at = board.now + board.line.news_s
    if call.worried:
        hearing.play(board, call, "concern_queue", loop=True)
    else:
        hearing.play(board, call, prompt, loop=True, place=place(board, call))
