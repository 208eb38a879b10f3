"""A message is read to somebody: the line calls, and says nothing of it before a key is pressed.

So neither a mailbox nor whoever else picks up hears what is meant for one person.
"""

from typing import TYPE_CHECKING

from quartier.callcore import facts, hearing, orders
from quartier.callcore.call import Call, Outcome, State, Text

if TYPE_CHECKING:
    from quartier.callcore.switchboard import Switchboard

CALLER = ""
HEAR, YES, NO, AGAIN = "1", "1", "2", "3"
# An answering machine presses nothing; a person who was slow has had another chance.
ANNOUNCED = 3
# So often is said again which keys there are.
REMINDED = 1
# Said again at most so often: a key that sticks does not keep the line for ever.
TIMES = 6
LONGEST_S = 600.0


def read(board: "Switchboard", fact: facts.Read) -> None:
    """Ring them. Nothing happens for a call that is known."""
    if fact.call in board.calls or board.is_over(fact.call) or not fact.to:
        return
    language = fact.language if fact.language in board.line.languages else board.line.languages[0]
    call = Call(fact.call, "", language, board.now, to=fact.to)
    call.text = Text(min(max(fact.text_s, 0.0), LONGEST_S), fact.asks, fact.is_code)
    call.state, call.chose, call.may_ring_back = State.RINGING, True, False
    call.until = board.now + board.line.reach_s
    board.calls[call.name] = call
    board.order(orders.RingOut(call.name, CALLER, call.to))


def answered(board: "Switchboard", call: Call) -> None:
    """Somebody, or a mailbox. From here on it costs."""
    call.first_answer = call.joined_at = board.now
    call.state = State.ANNOUNCING
    _announce(board, call)


def pressed(board: "Switchboard", call: Call, digit: str) -> None:
    """1: I want to hear it. Then, once it was said: yes, no, or again."""
    text = _text(call)
    if call.state == State.ANNOUNCING and digit == HEAR:
        call.state = State.READING
        _say(board, call)
    elif call.state != State.READING or board.now < text.said_at:
        # Before all of it was said, a key is impatience, and not an answer.
        return
    elif digit == AGAIN and text.times < TIMES:
        _say(board, call)
    elif text.asks and digit in {YES, NO}:
        text.answer = "yes" if digit == YES else "no"
        _end(board, call, f"reading_{text.answer}")


def time_is_up(board: "Switchboard", call: Call) -> None:
    """Nobody answered, nobody pressed, or they have heard it."""
    if call.state == State.ANNOUNCING and _text(call).announced < ANNOUNCED:
        _announce(board, call)
    elif call.state == State.READING and _text(call).reminded < REMINDED:
        _text(call).reminded += 1
        hearing.ask(board, call, _keys(call))
    elif call.state == State.READING:
        _end(board, call, "reading_bye")
    else:
        gone(board, call)


def gone(board: "Switchboard", call: Call) -> None:
    """They have hung up, do not answer, or are cut off. Heard is what was said to its end."""
    text = _text(call)
    if call.state == State.READING and board.now >= text.said_at:
        text.heard = True
    board.order(orders.Drop(call.name))
    board.close(call, Outcome.ANSWERED if text.heard else Outcome.UNREACHED)


def _announce(board: "Switchboard", call: Call) -> None:
    _text(call).announced += 1
    hearing.ask(board, call, "own_phone_for_you" if _text(call).is_code else "reading_for_you")


def _say(board: "Switchboard", call: Call) -> None:
    text = _text(call)
    text.times += 1
    if text.times == 1:
        text.said_at = board.now + text.seconds
    text.reminded = 0
    keys = orders.Play(call.name, _keys(call), call.language)
    call.until = board.now + text.seconds + board.prompt_s(keys) + board.line.pause_s
    hearing.play(board, call, "reading")


def _keys(call: Call) -> str:
    """What may be pressed once it was said; the shell says it after the message too."""
    return "reading_ask" if _text(call).asks else "reading_again"


def _end(board: "Switchboard", call: Call, prompt: str) -> None:
    _text(call).heard = True
    hearing.play(board, call, prompt)
    board.order(orders.Drop(call.name, said=True))
    board.close(call, Outcome.ANSWERED)


def _text(call: Call) -> Text:
    assert call.text is not None
    return call.text
