"""The end of a shift by signing out: nobody stays on the line who is not at it."""

from quartier.callcore import Standing
from quartier.team.access import TEAM, Actor
from quartier.telephony.actions.wishes import wish
from quartier.telephony.models import Operator, Wish


def is_on_line(actor: Actor) -> bool:
    """Whether calls ring with the actor, or could once they are back, or once call control has taken what they wish. At
    most two queries; none for somebody who is not of the team."""
    if actor.account is None or not actor.has(*TEAM):
        return False
    rows = Operator.objects.filter(account=actor.id, organisation=actor.organisation)
    coming = Wish.objects.filter(account=actor.id, organisation=actor.organisation, what="on", taken_at=None)
    return rows.exclude(standing=Standing.OFFLINE).exists() or coming.exists()


def own_talk(actor: Actor) -> Operator | None:
    """Where the actor stands while they are on a call, with the call; `None` while it only rings. One query."""
    rows = Operator.objects.select_related("call").filter(account=actor.id, organisation=actor.organisation)
    return rows.filter(standing=Standing.IN_CALL, call__isnull=False).first() if actor.account else None


def end_shift(actor: Actor) -> None:
    """Off the line, as by the button that says so; a call that goes on ends first. Whoever signs in again is rung only
    once they say that they are there."""
    if is_on_line(actor):
        wish(actor=actor, what="off")
