"""How likely a volunteer says yes now: the one place that screens and plans ask. Pure."""

from datetime import date

from quartier.matching.likelihood import History, Prior, circumstances, readiness
from quartier.people.models import Volunteer


def had_today(volunteer: Volunteer, today: date) -> int:
    """Offers that this volunteer has had today."""
    return volunteer.asked_count if volunteer.asked_on == today else 0


def likely(volunteer: Volunteer, metres: int | None, today: date) -> float:
    """Between 0 and 1. `metres`: how far away, `None` for help by phone."""
    prior = Prior()
    return readiness(History(), prior) * circumstances(
        metres or 0, volunteer.open_count, had_today(volunteer, today), prior
    )
