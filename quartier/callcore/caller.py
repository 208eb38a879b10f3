"""The caller's way: greeting and language, the queue, a promise to ring back, a message. Never endless ringing."""

from typing import TYPE_CHECKING

from quartier.callcore import (
    facts,
    hearing,
    languages,
    legs,
    masked,
    orders,
    outgoing,
    queueing,
    reading,
    recording,
    talking,
    worried,
)
from quartier.callcore.call import ALOUD, MASKING, TALKING, WAITING, Call, Outcome, State, Why
from quartier.callcore.operator import Standing

if TYPE_CHECKING:
    from quartier.callcore.switchboard import Switchboard

CALL_ME_BACK, WHO_COMES, MESSAGE_KEY, TEXT_KEY = "1", "2", "3", "7"
LONGEST_COMING_S = 120.0
# A key pressed twice in the menu is a language, not a wish to be rung back.
TWICE_S = 3.0
# Who is known by then has heard hardly a word of what is said in every language.
JUST_NOW_S = 1.0
ASKS_FOR_KEY = {State.CLOSED, *WAITING}


def rang(board: "Switchboard", fact: facts.Rang) -> None:
    """Everybody is answered. With the app down nobody could be shown to an operator: we promise to ring back."""
    if fact.call in board.calls or board.is_over(fact.call):
        return
    offered = languages.offer_languages(fact.number, board.line.languages, _spoken(board))
    call = Call(fact.call, fact.number, offered[0][1], board.now, offered=offered)
    call.may_ring_back = fact.ring_back
    board.calls[call.name] = call
    board.order(orders.Answer(call.name))
    if not board.app_is_up:
        queueing.promise(board, call, "trouble", Why.TROUBLE)
    elif not board.is_open:
        queueing.say_closed(board, call)
    else:
        _welcome(board, call)


def opened(board: "Switchboard") -> None:
    """The line opens: whoever still hears that it is closed goes on like everybody who calls now. Who speaks after the
    tone is not interrupted."""
    for call in [each for each in board.calls.values() if each.state == State.CLOSED]:
        if call.offered:
            _welcome(board, call)
        else:
            # Their language is known.
            queueing.queue(board, call)


def _welcome(board: "Switchboard", call: Call) -> None:
    if board.alone_since is not None:
        # There is nobody to choose a language for.
        queueing.queue(board, call)
    else:
        call.state = State.MENU
        hearing.ask(board, call, "welcome")


def recognised(board: "Switchboard", fact: facts.Recognised) -> None:
    """Who spoke a language last time need not choose again. What was said without knowing them is said anew."""
    call = board.calls.get(fact.call)
    if call is None:
        return
    before = (call.language, call.can_be_rung_back, call.can_be_texted)
    is_new = bool(call.offered) and board.now - call.began < JUST_NOW_S
    call.area, call.may_ring_back, call.may_text = fact.area, fact.ring_back, fact.can_text
    call.flooding, call.returns = fact.flooding, fact.returns
    if fact.blocked:
        blocked(board, call, fact.language)
        return
    call.coming_s = min(max(fact.coming_s, 0.0), LONGEST_COMING_S)
    # Whoever is worried is never asked whom they want: perhaps they are worried about the very person who comes.
    may_be_asked = not (call.chose or call.rung or call.worried)
    if call.state in {State.MENU, *ASKS_FOR_KEY} and may_be_asked:
        if fact.masked:
            masked.greet(board, call, fact)
            return
        if fact.not_put_through:
            masked.say_why_not(board, call, fact)
            return
    if not call.chose and call.state not in TALKING and fact.language in board.line.languages:
        rings_in = call.language if call.legs else fact.language
        keys = call.offered or call.late_keys
        call.language, call.offered, call.late_keys = fact.language, (), ()
        if call.state == State.MENU or rings_in != fact.language:
            # Those who are rung speak another language.
            legs.stop(board, call)
            call.late_keys, call.late_until = keys, board.now + languages.KNOWN_KEY_S
            queueing.queue(board, call)
            return
    in_one_language = is_new and not call.offered
    is_other = (call.language, call.can_be_rung_back, call.can_be_texted) != before
    if (is_other or in_one_language) and call.state in ASKS_FOR_KEY:
        call.warned_in = ""
        _say_again(board, call)
    elif call.language != before[0] and queueing.is_told_of_tone(board, call):
        queueing.voicemail(board, call)


def blocked(board: "Switchboard", call: Call, language: str) -> None:
    """They hear the emergency number and that nobody speaks with them, and are hung up on. Whoever already speaks with
    somebody, or leaves a message, goes on."""
    if call.state not in {State.MENU, State.CLOSED, *WAITING}:
        return
    if language in board.line.languages:
        call.language = language
    queueing.say_last_word(board, call, "blocked")
    board.close(call, Outcome.BLOCKED)


def pressed(board: "Switchboard", fact: facts.Pressed) -> None:
    """A language, to be rung back, to write, a message, a worry, or whether the talk may be recorded. Other keys mean
    nothing."""
    call = board.calls.get(fact.call)
    if call is None:
        return
    if fact.digit == worried.WORRIED and call.state in worried.FROM:
        worried.pressed(board, call)
    elif call.state in MASKING:
        masked.pressed(board, call, fact.digit)
    elif call.state in ALOUD:
        reading.pressed(board, call, fact.digit)
    elif call.state == State.CONSENTING:
        recording.pressed(board, call, fact.digit)
    elif call.state == State.MENU:
        if chosen := dict(call.offered).get(fact.digit):
            _choose(call, chosen)
            queueing.queue(board, call)
    elif call.state in WAITING and board.now < call.late_until and fact.digit in dict(call.late_keys):
        _choose_late(board, call, dict(call.late_keys)[fact.digit])
    elif call.state in WAITING and fact.digit == WHO_COMES:
        if call.coming_s:
            # They keep their place; then music and place again.
            hearing.play(board, call, "who_comes")
            after = board.now + call.coming_s
            if queueing.is_told(call):
                call.until = after
            else:
                call.news_at = after
    elif call.state in WAITING and board.now - call.waits_since < TWICE_S:
        return
    elif call.state in ASKS_FOR_KEY:
        _ask_for(board, call, fact.digit)


def _choose(call: Call, language: str) -> None:
    call.language, call.chose, call.offered, call.late_keys = language, True, (), ()


def _choose_late(board: "Switchboard", call: Call, language: str) -> None:
    """The queue has just begun by itself, in the likeliest language or that of last time."""
    if language == call.language:
        # The keys stay languages: pressed again, it means the same.
        call.chose = True
        return
    _choose(call, language)
    legs.stop(board, call)
    queueing.queue(board, call)


def _ask_for(board: "Switchboard", call: Call, digit: str) -> None:
    """What somebody who waits, or whom nobody can answer, may ask for."""
    if digit == MESSAGE_KEY:
        queueing.voicemail(board, call)
    elif digit == TEXT_KEY and call.can_be_texted:
        queueing.write_to(board, call)
    elif digit == CALL_ME_BACK:
        if call.can_be_rung_back:
            queueing.promise(board, call, "we_call_back", Why.ASKED)
        elif call.state == State.CLOSED or queueing.is_told(call):
            queueing.voicemail(board, call)


def _say_again(board: "Switchboard", call: Call) -> None:
    """In the right language, and promising nothing that is not possible."""
    if call.state == State.CLOSED:
        queueing.say_closed(board, call)
    elif queueing.is_told(call):
        queueing.say_nobody_is_there(board, call)
    else:
        queueing.say_place(board, call)


def _spoken(board: "Switchboard") -> set[str]:
    """What those on shift speak."""
    there = (each for each in board.operators.values() if each.standing != Standing.OFFLINE)
    return {language for each in there for language in each.languages}


def time_is_up(board: "Switchboard", call: Call) -> None:
    """Nobody chose, came or stopped talking in time."""
    if call.state == State.MENU:
        call.late_keys, call.late_until, call.offered = call.offered, board.now + languages.LATE_KEY_S, ()
        queueing.queue(board, call)
    elif call.state == State.VOICEMAIL:
        board.order(orders.Drop(call.name))
        board.close(call, Outcome.VOICEMAIL, why=Why.MESSAGE)
    elif call.state == State.TRANSFERRING:
        legs.stop(board, call)
        talking.not_taken(board, call)
    elif call.state == State.MENDING:
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


def _waited_in_a_menu(call: Call) -> bool:
    """Whether they have chosen nothing yet, and nothing was told or done for them."""
    is_choosing_whom = call.state == State.MASKED and not call.rung and not call.heard_coming
    return call.state == State.MENU or is_choosing_whom


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
    elif _waited_in_a_menu(call) and board.now - call.began > board.line.missed_s:
        board.close(call, Outcome.ABANDONED, why=Why.MISSED)
    elif call.state in {State.MENU, *MASKING}:
        board.close(call, Outcome.LEFT if call.first_answer is None else Outcome.ANSWERED)
    elif call.state == State.DIALLING:
        board.close(call, Outcome.UNREACHED)
    elif call.first_answer is not None:
        # Who was spoken to and hung up while waiting for the next one is rung back.
        board.close(call, Outcome.ANSWERED, why=None if call.state in TALKING else Why.MISSED)
    else:
        board.close(call, Outcome.ABANDONED, why=Why.MISSED)


def media_server_failed(board: "Switchboard", fact: facts.MediaServerFailed) -> None:
    """Nobody was cut off: they called, and nobody answered."""
    call = board.calls.get(fact.call)
    if call is not None:
        board.order(orders.Drop(call.name))
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
        board.close(call, Outcome.ANSWERED, why=Why.TROUBLE if fact.promised else Why.CUT_OFF)
    elif call.goes_out:
        board.close(call, Outcome.UNREACHED)
    else:
        board.close(call, Outcome.ABANDONED, why=Why.TROUBLE if fact.promised else Why.CUT_OFF)


def picked_up(board: "Switchboard", fact: facts.PickedUp) -> None:
    """Whom an operator, or a message, calls has picked up, and is being connected."""
    call = board.calls.get(fact.call)
    if call is not None and call.state in {State.CALLING, State.RINGING} and not call.failure:
        legs.connects(board, call)


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
