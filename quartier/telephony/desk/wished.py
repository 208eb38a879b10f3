"""What is wished, as the machine understands it."""

from quartier.callcore import facts
from quartier.telephony.desk.desk import Wished

# What the operator of a call may ask for, or a supervisor; by another word in the machine where it needs one.
OF_A_CALL = {
    **{
        name: name for name in ("hold", "transfer", "consult", "third", "complete", "cancel", "end", "listen")
    },
    **{name: name for name in ("record", "pause_record", "resume_record", "stop_record")},
    "unhold": "resume",
}


def fact(wish: Wished, at: float) -> facts.Fact | None:
    """`None` for a wish that is none of call control's."""
    match wish.what:
        case "off":
            return facts.WentOff(at=at, operator=wish.account, by_hand=True)
        case "pause":
            return facts.Paused(at=at, operator=wish.account, reason=str(wish.details.get("reason", ""))[:40])
        case "resume":
            return facts.Resumed(at=at, operator=wish.account)
        case "type_notes":
            return facts.NotesTyped(at=at, operator=wish.account)
    if wish.what in OF_A_CALL:
        return facts.Asked(
            at=at, operator=wish.account, call=wish.call, wish=OF_A_CALL[wish.what], to=wish.to
        )
    return None
