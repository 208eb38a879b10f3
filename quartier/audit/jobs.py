"""The room's schedule: entries are sealed within a minute."""

from quartier.audit import actions
from quartier.lib.background import every


@every(60, "audit.seal")
def seal() -> None:
    """Seal what waits; what is left over comes with the next minute."""
    for _ in range(10):
        if not actions.seal():
            break
