"""A caller is worried about somebody, and presses 9: an operator first in the queue, else a message.

What is said then goes around whoever it is about (decision 0030), and so a message goes to no list that everybody sees:
`orders.Close` says that they were worried, and the app makes a concern of it, whatever came of the call.
"""

from typing import TYPE_CHECKING

from quartier.callcore import languages, listening, queueing
from quartier.callcore.call import WAITING, Call, State

if TYPE_CHECKING:
    from quartier.callcore.switchboard import Switchboard

WORRIED = "9"
FROM = {State.MENU, State.CLOSED, State.MASKED, *WAITING}


def pressed(board: "Switchboard", call: Call) -> None:
    """Before everybody else who waits, as long as somebody could answer. With the line closed, or with nobody there, a
    message at once. Pressed again, it means the same. Whoever has not chosen a language yet still may."""
    if call.worried:
        return
    call.worried = True
    # They may be worried about the very person who listens, who is not the first to be rung for it either.
    listening.stop(board, call)
    if call.state == State.MENU:
        call.late_keys, call.late_until = call.offered, board.now + languages.LATE_KEY_S
    is_closed = call.state == State.CLOSED or (call.state == State.MASKED and not board.is_open)
    if is_closed or not board.app_is_up or not queueing.is_anybody_there(board, call):
        queueing.voicemail(board, call)
        return
    legs = bool(call.legs)
    queueing.queue(board, call, front=True)
    if legs:
        # Those who are rung for them go on being rung.
        call.state = State.OFFERING
