"""What is heard, and for how long: each state that ends by itself ends when its words are over, and a short pause."""

from typing import TYPE_CHECKING

from quartier.callcore import orders
from quartier.callcore.call import Call

if TYPE_CHECKING:
    from quartier.callcore.switchboard import Switchboard

# Until the shell has measured what it says: about as long as a machine speaks.
USUAL_PROMPT_S = 7.0
USUAL_PROMPTS_S = {"welcome": 11.0, "closed": 16.0, "nobody_here": 16.0, "reading_ask": 8.0}
# Said in every language that is offered.
IN_ALL_LANGUAGES = {"welcome", "closed", "nobody_here", "trouble", "concern_message"}


def usual_prompt_s(play: orders.Play) -> float:
    """Seconds that a prompt takes, where nobody has measured it."""
    return USUAL_PROMPTS_S.get(play.prompt, USUAL_PROMPT_S)


def play(
    board: "Switchboard", call: Call, prompt: str, *, loop: bool = False, place: int = 0, leg: str = ""
) -> float:
    """Let the caller, or who is on this leg, hear something in the caller's language; gives the seconds it takes."""
    to_caller = not leg
    order = orders.Play(
        *(call.name, prompt, call.language, loop, place, leg),
        ring_back=call.can_be_rung_back,
        # Whoever has pressed a key hears well enough, and is to be at the tone soon.
        can_text=call.can_be_texted and not (call.chose and prompt == "nobody_here"),
        first=to_caller and not call.goes_out and call.warned_in != call.language,
        offered=call.offered if to_caller and prompt in IN_ALL_LANGUAGES else (),
    )
    if to_caller:
        call.warned_in = call.language
    board.order(order)
    return board.prompt_s(order)


def ask(board: "Switchboard", call: Call, prompt: str) -> None:
    """Say something that a key answers, and wait for the key."""
    pause_s = board.line.menu_pause_s if prompt == "welcome" else board.line.pause_s
    call.until = board.now + play(board, call, prompt) + pause_s
