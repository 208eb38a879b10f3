"""What is wished, as the machine understands it."""

from quartier.callcore import facts
from quartier.lib import clock
from quartier.telephony.actions.wishes import PROVE as PROVE
from quartier.telephony.desk.desk import Wished

# What the operator of a call may ask for, or a supervisor; by another word in the machine where it needs one.
OF_A_CALL = {
    **{
        name: name for name in ("hold", "transfer", "consult", "third", "complete", "cancel", "end", "listen")
    },
    **{name: name for name in ("record", "pause_record", "resume_record", "stop_record")},
    "unhold": "resume",
}


# Where the telephone cannot be reached no such call begins, and none is counted.
CALLS_OUT = {"dial", PROVE}


def refusal(wish: Wished, *, calls_leave: bool, can_record: bool) -> str:
    """What speaks against a wish before the machine is asked, or "". `calls_leave`: phones can be rung now."""
    if wish.refused:
        return wish.refused
    if wish.what in CALLS_OUT and not calls_leave:
        return "edge"
    return "cannot_record" if wish.what == "record" and not can_record else ""


def fact(wish: Wished, at: float) -> facts.Fact | None:
    """`None` for a wish that is none of call control's."""
    match wish.what:
        case "off":
            return facts.WentOff(at=at, operator=wish.account, by_hand=True)
        case "pause":
            return facts.Paused(at=at, operator=wish.account, reason=str(wish.details.get("reason", ""))[:40])
        case "resume":
            return facts.Resumed(at=at, operator=wish.account)
        case "begin_notes":
            # Only call control itself says this, of what it finds at its start.
            now, since, until = clock.now(), wish.details["since"], wish.details["until"]
            return facts.NotesBegun(
                at=at,
                operator=wish.account,
                since=at + (since - now).total_seconds(),
                until=at + (until - now).total_seconds(),
            )
        case "type_notes":
            return facts.NotesTyped(at=at, operator=wish.account)
    if wish.what in OF_A_CALL:
        return facts.Asked(
            at=at, operator=wish.account, call=wish.call, wish=OF_A_CALL[wish.what], to=wish.to
        )
    return None
