"""Call control without a network: what happened goes in, what is to be done comes out. Pure: no Django, no sockets.

`Switchboard.handle(fact)` returns orders; time passes by the fact `Tick`. docs/decisions/0016 says why.
"""

from quartier.callcore.call import Call, Outcome, Recording, State, Why
from quartier.callcore.line import Line
from quartier.callcore.operator import Operator, Standing
from quartier.callcore.switchboard import Switchboard

__all__ = ["Call", "Line", "Operator", "Outcome", "Recording", "Standing", "State", "Switchboard", "Why"]
