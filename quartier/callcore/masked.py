"""Volunteer and person helped call each other through the line: who has a visit is asked whom they want."""

from typing import TYPE_CHECKING

from quartier.callcore import facts, hearing, legs, orders, queueing
from quartier.callcore.call import MASKING, Call, Outcome, State

if TYPE_CHECKING:
    from quartier.callcore.switchboard import Switchboard

THROUGH, WHO_COMES = "1", "2"
# Why the other one did not come; of anything else it is said that they do not answer.
FAILURE_PROMPTS = {
    "busy": "busy_line",
    "no_such_number": "no_such_number_other",
    "forwarded": "forwarded_other",
    "network": "network_other",
}
# Whoever is slow with the keys hears the choice again.
MAX_TIMES_ASKED = 2
# So often the other one is rung during one call; then the team has them.
MAX_TRIES = 3


def greet(board: "Switchboard", call: Call, fact: facts.Recognised) -> None:
    """Whom do you want: the other one, or us?"""
    call.masked = fact.masked
    if fact.language in board.line.languages:
        call.language, call.offered = fact.language, ()
    call.asked, call.news_at, call.nobody_since = 0, None, None
    _ask(board, call, _menu(call))


def say_why_not(board: "Switchboard", call: Call, fact: facts.Recognised) -> None:
    """They may not be put through: the day's money is spent, or that number may not be dialled. They hear so, and the
    team takes them."""
    if fact.language in board.line.languages:
        call.language, call.offered = fact.language, ()
    _say_not_put_through(board, call, fact.not_put_through)


def over(board: "Switchboard", fact: facts.MaskedOver) -> None:
    """The visit is over, or its call may not be dialled any more: whoever is connected is parted; whoever is being
    connected, or could ask for it again, hears that it cannot be, and the team takes them."""
    call = board.calls.get(fact.call)
    if call is None or call.state not in MASKING:
        return
    if call.state == State.THROUGH:
        board.order(orders.Drop(call.name))
        board.close(call, Outcome.ANSWERED)
        return
    leave(board, call)
    call.coming_s = 0.0
    _say_not_put_through(board, call, fact.reason)


def _say_not_put_through(board: "Switchboard", call: Call, reason: str) -> None:
    call.failure, call.masked = reason, ""
    call.state, call.asked = State.MASKED, MAX_TIMES_ASKED
    call.news_at = call.nobody_since = None
    hearing.ask(board, call, "not_put_through")


def pressed(board: "Switchboard", call: Call, digit: str) -> None:
    """1 puts through; again, where nobody answered. 2 says who comes, where somebody does; then they are on their way
    to us. Anything else means nothing."""
    if call.state == State.MASKED and digit == WHO_COMES and call.coming_s:
        call.until = board.now + call.coming_s + board.line.pause_s
        call.asked, call.heard_coming = MAX_TIMES_ASKED, True
        hearing.play(board, call, "who_comes")
        return
    if call.state != State.MASKED or digit != THROUGH or not call.masked:
        return
    call.state, call.far, call.tries = State.REACHING, call.next_leg(), call.tries + 1
    call.until = board.now + board.line.reach_s
    board.order(orders.RingOut(call.name, call.far, call.masked))
    hearing.play(board, call, "ringing", loop=True)


def time_is_up(board: "Switchboard", call: Call) -> None:
    """Nobody chose, answered, or hung up."""
    if call.state == State.MASKED and call.asked < MAX_TIMES_ASKED:
        _ask(board, call, _failure_prompt(call) if call.rung else _menu(call))
    elif call.state == State.MASKED:
        _to_the_team(board, call)
    elif call.state == State.REACHING:
        _not_reached(board, call, "no_answer")
    else:
        board.order(orders.Drop(call.name))
        board.close(call, Outcome.ANSWERED)


def picked_up(board: "Switchboard", fact: facts.PickedUp) -> None:
    """The other one has picked up, and is being connected."""
    call = board.calls[fact.call]
    if call.state == State.REACHING:
        legs.connects(board, call)


def answered(board: "Switchboard", fact: facts.Answered) -> None:
    """They hear each other; neither sees the other's number."""
    call = board.calls[fact.call]
    if call.state != State.REACHING:
        return
    call.state, call.until = State.THROUGH, board.now + board.line.talk_s
    call.first_answer = call.joined_at = board.now
    call.failure = ""
    board.order(orders.Join(call.name, ("", call.far)))


def gone(board: "Switchboard", fact: facts.Declined | facts.HungUp | facts.Lost) -> None:
    """The other one does not come, or has hung up."""
    call = board.calls[fact.call]
    if call.state == State.REACHING:
        _not_reached(board, call, fact.reason if isinstance(fact, facts.Declined) else "refused")
    elif call.state == State.THROUGH:
        board.order(orders.Drop(call.name))
        board.close(call, Outcome.ANSWERED)


def leave(board: "Switchboard", call: Call) -> None:
    """The way to the other one ends."""
    if call.far:
        board.order(orders.Drop(call.name, call.far))
        call.far = ""


def _not_reached(board: "Switchboard", call: Call, reason: str) -> None:
    """They hear why, and choose again; where trying again is of no use, the team has them at once."""
    leave(board, call)
    call.failure = reason or "no_answer"
    if call.tries >= MAX_TRIES:
        _say_not_put_through(board, call, call.failure)
        return
    call.asked = MAX_TIMES_ASKED - 1 if call.failure == "no_such_number" else 0
    _ask(board, call, _failure_prompt(call))


def _failure_prompt(call: Call) -> str:
    return FAILURE_PROMPTS.get(call.failure, "busy_other")


def _menu(call: Call) -> str:
    return "masked_menu_coming" if call.coming_s else "masked_menu"


def _ask(board: "Switchboard", call: Call, prompt: str) -> None:
    call.state, call.asked = State.MASKED, call.asked + 1
    hearing.ask(board, call, prompt)


def _to_the_team(board: "Switchboard", call: Call) -> None:
    if board.is_open:
        queueing.queue(board, call)
    else:
        queueing.say_closed(board, call)
