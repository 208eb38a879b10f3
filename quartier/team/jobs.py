"""What happens to sessions with time."""

from quartier.jobs.schedule import every
from quartier.team import sessions


@every(3600, "team.prune_sessions")
def prune_sessions() -> None:
    """Sessions that are over are deleted."""
    sessions.prune()
