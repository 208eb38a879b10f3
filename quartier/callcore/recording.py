"""A talk is recorded once the caller has agreed with a key. It rests on hold, and ends as soon as anybody goes or
comes: what was recorded until then is kept."""

from typing import TYPE_CHECKING

from quartier.callcore import hearing, listening, orders
from quartier.callcore.call import Call, Recording, State

if TYPE_CHECKING:
    from quartier.callcore.switchboard import Switchboard

CALLER = ""
AGREED = "1"
WISHES = {"record", "stop_record", "pause_record", "resume_record"}
GOES_ON = {Recording.ON, Recording.PAUSED}


def asked(board: "Switchboard", call: Call, wish: str) -> None:
    """What the operator of this call wants of its recording, if it makes sense now."""
    tape = call.tape
    if wish == "record":
        _ask(board, call)
    elif call.state == State.CONSENTING:
        if wish == "stop_record":
            _back(board, call)
    elif wish == "stop_record" and tape.state in GOES_ON:
        end(board, call)
        _heard_again(board, call)
    elif wish == "pause_record" and tape.state == Recording.ON:
        tape.state = Recording.PAUSED
        rest(board, call)
        _heard_again(board, call)
    elif wish == "resume_record" and tape.state == Recording.PAUSED:
        tape.state = Recording.ON
        _heard_again(board, call)


def pressed(board: "Switchboard", call: Call, digit: str) -> None:
    """The caller's answer."""
    if digit == AGREED:
        call.tape.state, call.tape.part, call.tape.seconds = Recording.ON, call.tape.part + 1, 0.0
        _back(board, call)
    else:
        refused(board, call)


def refused(board: "Switchboard", call: Call) -> None:
    """Another key, or silence: that is a no."""
    call.tape.state = Recording.REFUSED
    _back(board, call)


def withdraw_question(board: "Switchboard", call: Call) -> None:
    """The operator has something else in mind than to wait for the answer: nothing is recorded, and a key that the
    caller presses now means nothing."""
    if call.state == State.CONSENTING:
        call.state, call.until, call.tape.talk_until = State.BRIDGED, call.tape.talk_until, None


def join(board: "Switchboard", call: Call) -> None:
    """Caller and operator hear each other, and what they say is recorded where that goes on."""
    rest(board, call)
    is_on = call.tape.state == Recording.ON
    call.tape.since = board.now if is_on else None
    if is_on:
        board.order(orders.Join(call.name, (CALLER, call.leg), call.tape.part))
    else:
        listening.join(board, call)


def rest(board: "Switchboard", call: Call) -> None:
    """Nothing is recorded until they are joined again."""
    if call.tape.since is not None:
        call.tape.seconds += board.now - call.tape.since
        call.tape.since = None


def end(board: "Switchboard", call: Call) -> None:
    """What was recorded is kept."""
    if call.tape.state in GOES_ON:
        rest(board, call)
        call.tape.state = Recording.KEPT
        board.order(orders.Keep(call.name, call.tape.part))


def full_at(board: "Switchboard", call: Call) -> float | None:
    """When it has become as long as one may be; `None` while nothing is recorded."""
    if call.tape.since is None:
        return None
    return call.tape.since + board.line.record_s - call.tape.seconds


def is_full(board: "Switchboard", call: Call) -> None:
    """It ends by itself, and they go on talking."""
    end(board, call)
    _heard_again(board, call)


def _ask(board: "Switchboard", call: Call) -> None:
    """The caller is asked, while the operator waits, and no supervisor listens."""
    if not board.line.records:
        board.tell(call.operator, call, "no_recording")
        return
    if call.state != State.BRIDGED or call.tape.state in GOES_ON:
        return
    listening.stop(board, call)
    call.state, call.tape.talk_until = State.CONSENTING, call.until
    hearing.ask(board, call, "consent_record")


def _back(board: "Switchboard", call: Call) -> None:
    withdraw_question(board, call)
    join(board, call)


def _heard_again(board: "Switchboard", call: Call) -> None:
    if call.state == State.BRIDGED:
        join(board, call)
