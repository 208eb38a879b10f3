"""A small rota for a demonstration: two on duty each weekday, one for a sector, somebody away, and a gap."""

from datetime import timedelta

from quartier.lib import clock
from quartier.rota import actions as rota
from quartier.rota.actions import ShiftSpec
from quartier.team.access import of_account
from quartier.team.models import Account, Organisation, Role

WORKDAY_NUMBERS, SATURDAY_NUMBER = range(5), 5
MORNING_H, NOON_H, EVENING_H = 8, 13, 20
# Around Eupen, where German is spoken.
EAST_POSTCODES = "4700 4710 4720 4730 4780"
# So many days from now the coordinator is away for two days.
AWAY_IN = timedelta(days=2)


def plan_week(organisation: Organisation) -> None:
    """Plan the duty of the team that a demonstration begins with. On Sundays nobody is on, as the week shows."""
    team = {
        role: list(
            Account.objects.filter(organisation=organisation, roles__name=role).order_by("created_at", "id")
        )
        for role in (Role.Name.ADMIN, Role.Name.COORDINATOR, Role.Name.OPERATOR)
    }
    (head,), (coordinator,), (operator, other) = (team[role] for role in team)
    actor = of_account(head)
    for weekday in WORKDAY_NUMBERS:
        rota.save_shift(
            actor=actor, spec=ShiftSpec(operator, MORNING_H, NOON_H, weekday=weekday, stand_in=other)
        )
        rota.save_shift(
            actor=actor, spec=ShiftSpec(coordinator, NOON_H, EVENING_H, weekday=weekday, stand_in=head)
        )
        rota.save_shift(actor=actor, spec=ShiftSpec(other, 9, 17, weekday=weekday, postcodes=EAST_POSTCODES))
    rota.save_shift(actor=actor, spec=ShiftSpec(head, 10, 18, weekday=SATURDAY_NUMBER, stand_in=coordinator))
    away = clock.now().astimezone(organisation.zone).date() + AWAY_IN
    rota.add_absence(
        actor=of_account(coordinator), account=coordinator, starts_on=away, ends_on=away + timedelta(days=1)
    )
