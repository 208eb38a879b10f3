"""Playing a month from its first day to its last, and what an examiner finds in it."""

from collections.abc import Callable
from datetime import UTC

from quartier.lib import clock
from quartier.sim.behaviour import Chance
from quartier.sim.month.cast import assemble
from quartier.sim.month.examiner import MonthFindings, examine
from quartier.sim.month.plan import MonthSpec, plan_month
from quartier.sim.month.play import MonthPlay

TEAM_CHOICES = ("silent", "awake")
ANSWER_CHOICES = ("few", "all")


def play_month(
    spec: MonthSpec,
    *,
    team: str = "silent",
    answers: str = "few",
    progress: Callable[[str], None] = lambda words: None,
) -> MonthFindings:
    """Live a month on the database of this process, which must have its tables and may hold nothing else.

    Sets the clock, and sets it free again. Raises `ValueError` for a team or answers that there are not.
    """
    if team not in TEAM_CHOICES or answers not in ANSWER_CHOICES:
        raise ValueError(
            f"the team is one of {', '.join(TEAM_CHOICES)}, answers one of {', '.join(ANSWER_CHOICES)}"
        )
    plan, chance = plan_month(spec), Chance(spec.seed)
    clock.set_time(plan.begins.astimezone(UTC))
    try:
        cast = assemble(chance, spec.size)
        play = MonthPlay(cast, plan, chance, awake=team == "awake", everybody=answers == "all")
        play.live(progress)
        return examine(cast.organisation, plan)
    finally:
        clock.set_time(None)
