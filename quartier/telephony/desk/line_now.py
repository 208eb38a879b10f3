"""A line as its settings are at one moment."""

from dataclasses import dataclass
from uuid import UUID

from quartier.callcore import Line
from quartier.telephony import prompts, rules


@dataclass(frozen=True)
class LineNow:
    """One organisation's line, as its settings are at this moment. `phone`: its number, E.164; `group`: whose voice it
    speaks with; `is_dialling_stopped`: no call may go out until a person lifts it; `dialling`: what it may dial;
    `own_phones`: there is money left for operators' own phones today; `voice`: another number when its recordings have
    changed."""

    organisation: UUID
    phone: str
    country: str
    line: Line
    is_open: bool
    group: prompts.Group
    is_dialling_stopped: bool = False
    dialling: rules.Dialling | None = None
    own_phones: bool = True
    voice: int = 0

    def may_promise(self, number: str) -> bool:
        """Whether a callback may be promised, as far as that is known without the database, which may be away."""
        return self.dialling is None or not self.dialling.refusal(number)
