"""What becomes of the call that says a code on an operator's own phone."""

from dataclasses import dataclass
from datetime import datetime

from quartier.console.queries.line import OUTCOMES_OF_A_WISH, PATIENCE
from quartier.people.models import Person
from quartier.team.access import Actor
from quartier.telephony.actions.own_phone import CODE_LIVES
from quartier.telephony.actions.wishes import PROVE
from quartier.telephony.models import Call, OwnPhoneCode, Wish


@dataclass(frozen=True)
class CodeCall:
    """The last one that they asked for. `waits`: call control has not taken it; `late`: nor does it come to that;
    `refused`: what spoke against it; `outcome`: of `callcore.Outcome`, "" while it goes on."""

    refused: str = ""
    waits: bool = False
    late: bool = False
    outcome: str = ""


def last_code_call(actor: Actor, person: Person, now: datetime) -> CodeCall | None:
    """`None` where they asked for none within the life of a code, or for one on another number than they have now.
    Three queries at most."""
    wishes = Wish.objects.filter(account=actor.id, what=PROVE, at__gt=now - CODE_LIVES)
    wish = wishes.order_by("-at", "-pk").first()
    if wish is None:
        return None
    if wish.taken_at is None:
        return CodeCall(waits=True, late=now - wish.at >= PATIENCE)
    if wish.answer not in OUTCOMES_OF_A_WISH:
        return CodeCall(refused=wish.answer)
    said = OwnPhoneCode.objects.filter(account=actor.id, created_at__gte=wish.at).order_by("-pk").first()
    if said is not None and said.number_index != person.phone_index:
        return None
    calls = Call.objects.filter(organisation=actor.organisation, number_index=person.phone_index)
    calls = calls.filter(direction=Call.Direction.OUT, began_at__gte=wish.at)
    call = calls.order_by("-began_at").first()
    return CodeCall(outcome=call.outcome if call else "")
