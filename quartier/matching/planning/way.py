"""How an organisation has its neighbours asked today, as policies see it."""

from quartier.matching import rules
from quartier.matching.policies import Policy, Settings, Standing
from quartier.matching.queries import assumed
from quartier.team.models import Organisation


def way_of(organisation: Organisation) -> tuple[Policy, Settings]:
    """The way of asking, and its numbers."""
    settings = Settings(
        wave_size=organisation.wave_size,
        wave_minutes=organisation.wave_minutes,
        daily_budget=organisation.daily_budget,
        waves_before_human=organisation.waves_before_human,
        prior=assumed(),
    )
    return rules.policy_of(organisation), settings


def cap_of(policy: Policy, settings: Settings) -> int:
    """Offers a day that this way allows each volunteer, besides what each one agreed to."""
    step = policy.next_step(Standing(False, 0, 1, 0, 0.0, evening=True), settings)
    return rules.NO_CAP if step is None or step.budget is None else step.budget
