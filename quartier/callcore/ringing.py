"""Operators come and go, are rung, answer or do not."""

from typing import TYPE_CHECKING

from quartier.callcore import facts, legs, listening, orders, outgoing, queueing, talking
from quartier.callcore.call import Call, Outcome, State
from quartier.callcore.operator import MAX_WRAP_UP_S, OWN_SPENT, Operator, Standing, best

if TYPE_CHECKING:
    from quartier.callcore.switchboard import Switchboard

ACCEPT = "1"
AWAY = {Standing.OFFLINE, Standing.PAUSED, Standing.WRAP_UP}


def offer(board: "Switchboard") -> None:
    """Ring operators for everybody who waits and for whom nobody rings, in the order of their turn."""
    free = _spoken_by_free(board)
    if not free or not board.edge_is_up:
        return
    for call in board.waiting():
        if call.legs or call.language not in free:
            continue
        chosen = best(
            list(board.operators.values()),
            call.language,
            call.area,
            board.line.at_once,
            but_own_phones=board.rings_browsers_alone(call),
        )
        for operator in chosen:
            legs.ring(board, call, operator)
        if chosen:
            call.state = State.OFFERING
            free = _spoken_by_free(board)


def _spoken_by_free(board: "Switchboard") -> set[str]:
    there = [
        each
        for each in board.operators.values()
        if each.standing == Standing.AVAILABLE and each.until is None
    ]
    return {language for each in there for language in each.languages}


def picked_up(board: "Switchboard", fact: facts.PickedUp) -> None:
    """Whoever has said yes in time has not missed the call, however long it takes to connect them."""
    call = board.calls.get(fact.call)
    if call is None or fact.leg not in call.legs:
        return
    operator = board.operators[call.legs[fact.leg]]
    if operator.standing == Standing.RINGING:
        operator.connects = True
        legs.connects(board, operator)
        if call.state == State.MENDING:
            legs.connects(board, call)


def alerted(board: "Switchboard", fact: facts.Alerted) -> None:
    """Somebody may hear it ring: from here on a call can be missed there."""
    call = board.calls.get(fact.call)
    if call is not None and fact.leg in call.legs:
        board.operators[call.legs[fact.leg]].alerted = True


def page_loaded(board: "Switchboard", fact: facts.PageLoaded) -> None:
    """The page that is there now rings instead. Whoever has answered in the one before is missed by their sound."""
    call = board.calls.get(fact.call)
    if call is None or fact.leg not in call.legs:
        return
    operator = board.operators[call.legs[fact.leg]]
    if operator.standing == Standing.RINGING and not operator.connects and not operator.own_phone:
        legs.ring_again(board, call, fact.leg)


def answered(board: "Switchboard", fact: facts.Answered) -> None:
    """The first one has the call; who answers in the same moment is let go."""
    call = board.calls.get(fact.call)
    if call is None or fact.leg not in call.legs:
        if call is None or fact.leg not in {call.leg, call.second, call.ear}:
            board.order(orders.Drop(fact.call, fact.leg))
        return
    operator = board.operators[call.legs[fact.leg]]
    if operator.standing == Standing.ACCEPTING:
        return
    if operator.own_phone:
        # Perhaps it is the mailbox of that phone: only a key accepts.
        operator.standing, operator.until = Standing.ACCEPTING, board.now + board.line.accept_s
        operator.connects = False
        board.order(orders.Play(call.name, "accept", call.language, loop=True, leg=fact.leg))
        return
    _take(board, call, fact.leg)


def pressed(board: "Switchboard", fact: facts.Pressed) -> None:
    """A key on an operator's own phone."""
    call = board.calls.get(fact.call)
    if call is None or fact.leg not in call.legs:
        return
    if board.operators[call.legs[fact.leg]].standing != Standing.ACCEPTING:
        return
    if fact.digit == ACCEPT:
        _take(board, call, fact.leg)
    else:
        board.order(orders.Drop(call.name, fact.leg))
        _does_not_come(board, call, fact.leg)


def declined(board: "Switchboard", fact: facts.Declined) -> None:
    """This one does not come."""
    call = board.calls.get(fact.call)
    if call is not None and fact.leg in call.legs:
        _does_not_come(board, call, fact.leg, fact.reason)


def hung_up(board: "Switchboard", fact: facts.HungUp) -> None:
    """Somebody on a leg of ours has hung up."""
    call = board.calls.get(fact.call)
    if call is None:
        return
    if fact.leg in call.legs:
        _does_not_come(board, call, fact.leg)
    else:
        talking.hung_up(board, call, fact.leg)


def lost(board: "Switchboard", fact: facts.Lost) -> None:
    """A phone or a browser of ours died."""
    call = board.calls.get(fact.call)
    if call is None:
        return
    if fact.leg in call.legs:
        # Its phone may not know of it.
        board.order(orders.Drop(call.name, fact.leg))
        _does_not_come(board, call, fact.leg, facts.NETWORK_REASON)
    else:
        talking.lost(board, call, fact.leg)
    board.see_who_is_there()


def time_is_up(board: "Switchboard", operator: Operator) -> None:
    """Rang too long, had time enough for the notes, or may be rung again."""
    if operator.standing == Standing.AVAILABLE:
        operator.until = None
        return
    if operator.standing == Standing.WRAP_UP:
        operator.standing, operator.until, operator.reason = Standing.AVAILABLE, None, ""
        operator.back_to_pause()
        return
    call, leg = board.calls[operator.call], operator.leg
    board.order(orders.Drop(call.name, leg))
    _does_not_come(board, call, leg)


def came_on(board: "Switchboard", fact: facts.CameOn) -> None:
    """There, or there again: who is on a call stays on it."""
    known = board.operators.get(fact.operator)
    operator = known or Operator(fact.operator, idle_since=board.now)
    board.operators[fact.operator] = operator
    operator.languages, operator.area, operator.by_hand = fact.languages, fact.area, False
    if not operator.busy:
        operator.own_phone = fact.own_phone
    is_spent = operator.own_phone and not board.own_phones_may_ring
    operator.leaves = operator.own_spent = is_spent and operator.busy
    if is_spent and not operator.busy:
        # They would be on the line, and never be rung.
        operator.goes_off()
        operator.reason = OWN_SPENT
    elif operator.standing == Standing.OFFLINE:
        operator.comes_on(board.now)
    board.see_who_is_there()
    _mend(board, operator)


def went_off(board: "Switchboard", fact: facts.WentOff) -> None:
    """Off the line. A call goes on: that a browser's registration is gone says nothing of its sound."""
    operator = board.operators.get(fact.operator)
    if operator is None:
        return
    if fact.by_hand:
        operator.by_hand, operator.notes_until = True, None
    if operator.standing == Standing.IN_CALL:
        operator.leaves = True
        return
    _withdraw(board, operator)
    operator.goes_off()
    board.see_who_is_there()


def withdraw_own_phones(board: "Switchboard") -> None:
    """There is no money left for own phones: whoever is on one is off the line, a talk goes on to its end."""
    for operator in list(board.operators.values()):
        if not operator.own_phone or operator.standing == Standing.OFFLINE:
            continue
        if operator.standing == Standing.IN_CALL:
            operator.leaves = operator.own_spent = True
            continue
        _withdraw(board, operator)
        operator.goes_off()
        operator.reason = OWN_SPENT
    board.see_who_is_there()


def withdraw_rung(board: "Switchboard") -> None:
    """No phone can be reached now: nobody is rung, and nobody has missed anything. Whoever has answered presses a key,
    which is sound and arrives."""
    for operator in list(board.operators.values()):
        if operator.standing == Standing.RINGING:
            _withdraw(board, operator)


def keep_own_phones(board: "Switchboard") -> None:
    """There is money again: whoever still talks on an own phone stays on the line afterwards."""
    for operator in board.operators.values():
        if operator.own_spent:
            operator.leaves = operator.own_spent = False


def paused(board: "Switchboard", fact: facts.Paused) -> None:
    """A pause with a reason; on a call it begins afterwards, in the console."""
    operator = board.operators.get(fact.operator)
    if operator is None or operator.standing in {Standing.OFFLINE, Standing.IN_CALL}:
        return
    operator.pause = fact.reason
    if operator.busy and board.calls[operator.call].state in {State.MENDING, State.DIALLING}:
        # Rung for a call of their own: the pause goes on afterwards.
        return
    _withdraw(board, operator)
    operator.standing, operator.until, operator.reason = Standing.PAUSED, None, fact.reason


def resumed(board: "Switchboard", fact: facts.Resumed) -> None:
    """Available again."""
    operator = board.operators.get(fact.operator)
    if operator is None:
        return
    operator.pause, operator.failed_rings = None, 0
    if operator.standing in {Standing.PAUSED, Standing.WRAP_UP}:
        operator.standing, operator.until, operator.reason = Standing.AVAILABLE, None, ""


def notes_begun(board: "Switchboard", fact: facts.NotesBegun) -> None:
    """Nobody knows them here yet: what is left of their time is theirs as soon as they are on."""
    if fact.operator not in board.operators and board.now < fact.until:
        until = min(fact.until, board.now + MAX_WRAP_UP_S)
        board.operators[fact.operator] = Operator(fact.operator, idle_since=fact.since, notes_until=until)


def notes_typed(board: "Switchboard", fact: facts.NotesTyped) -> None:
    """A little more time for them."""
    operator = board.operators.get(fact.operator)
    if operator is not None:
        operator.types_notes(board.now)


def _mend(board: "Switchboard", operator: Operator) -> None:
    """Back before the caller was somebody else's: the call is rung in the browser that is there now."""
    if not board.edge_is_up:
        return
    for call in board.calls.values():
        if call.state == State.MENDING and call.mends == operator.name and not call.legs:
            if operator.standing in {Standing.AVAILABLE, Standing.PAUSED, Standing.WRAP_UP}:
                legs.ring(board, call, operator)
            return


def _withdraw(board: "Switchboard", operator: Operator) -> None:
    """If they are rung, they are not any more."""
    if operator.standing in {Standing.RINGING, Standing.ACCEPTING}:
        call, leg = board.calls[operator.call], operator.leg
        board.order(orders.Drop(call.name, leg))
        operator.free()
        _one_less(board, call, leg)


def _does_not_come(board: "Switchboard", call: Call, leg: str, reason: str = "") -> None:
    """Whoever was not reached, or answered and was not connected, has missed nothing."""
    operator = board.operators[call.legs[leg]]
    # A telephone that is off, out of reach or engaged is refused or left to time out by its carrier, and never rings.
    is_silent = operator.own_phone and operator.standing == Standing.RINGING and not operator.alerted
    if operator.connects or is_silent or reason in {facts.NETWORK_REASON, facts.NO_SUCH_NUMBER_REASON}:
        operator.not_reached(board.now, is_final=reason == facts.NO_SUCH_NUMBER_REASON)
        board.tell(operator.name, call, "stopped")
    else:
        operator.missed()
        board.tell(operator.name, call, "missed")
    board.see_who_is_there()
    _one_less(board, call, leg)


def _one_less(board: "Switchboard", call: Call, leg: str) -> None:
    """One leg less rings. With none left, the call waits again, or comes back to whoever consulted."""
    del call.legs[leg]
    if call.state == State.CONSULTING:
        talking.cancel(board, call)
    elif call.state == State.TRANSFERRING:
        talking.not_taken(board, call)
    elif call.state == State.MENDING:
        queueing.queue(board, call, front=True)
    elif call.state == State.DIALLING:
        board.close(call, Outcome.UNREACHED)
    elif not call.legs and call.state == State.OFFERING:
        call.state = State.QUEUED


def _take(board: "Switchboard", call: Call, leg: str) -> None:
    name = call.legs[leg]
    legs.stop(board, call, but=leg)
    if call.state == State.CONSULTING:
        talking.consulted(board, call, leg, name)
    elif call.state == State.DIALLING:
        outgoing.there(board, call, leg, name)
    elif call.state == State.BRIDGED:
        listening.there(board, call, leg, name)
    else:
        talking.join(board, call, leg, name)
