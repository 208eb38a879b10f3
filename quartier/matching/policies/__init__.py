"""The ways of asking that an organisation can choose from, by name."""

from quartier.matching.policies.adaptive import Adaptive
from quartier.matching.policies.broadcast import Broadcast
from quartier.matching.policies.nearest import Nearest
from quartier.matching.policies.protocol import (
    FARTHEST_M,
    Policy,
    Settings,
    Standing,
    Step,
    fewest,
    share_of_group,
)
from quartier.matching.policies.waves import WIDENING, Waves

POLICIES: dict[str, Policy] = {each.name: each for each in (Waves(), Adaptive(), Nearest(), Broadcast())}

__all__ = [
    "FARTHEST_M",
    "POLICIES",
    "WIDENING",
    "Policy",
    "Settings",
    "Standing",
    "Step",
    "fewest",
    "share_of_group",
]
