"""Fits the figures of `behaviour.toml` to an installation's own history: `quartier calibrate`.

Nothing but counts, shares and averages over many people leaves this folder.
"""

from quartier.sim.calibration.fitted import Fitted, written
from quartier.sim.calibration.history import calibrate

__all__ = ["Fitted", "calibrate", "written"]
