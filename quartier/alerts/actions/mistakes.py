"""Danger that was pressed by mistake on a call: taken back at once by whoever pressed, before anybody has set out."""

from django.db import transaction
from django.http import Http404

from quartier.alerts import actions, queries, rules
from quartier.alerts.models import Alert
from quartier.lib import clock
from quartier.team.access import Actor
from quartier.telephony.models import Call


class TooLate(Exception):
    """Somebody looks after it, it has climbed, or it was said more than once: only those who coordinate close it."""


@transaction.atomic
def withdraw_alert(*, actor: Actor, call: Call, words: str) -> Alert:
    """Close the alert of this call with `words`: nobody else is told, and whoever was reads that on its page.

    Raises `TooLate`, `Http404` where there is none.
    """
    row = queries.visible(actor).select_for_update(of=("self",)).filter(call=call).first()
    if row is None:
        raise Http404
    if row.state == Alert.State.CLOSED:
        return row
    if not may_withdraw(actor, row):
        raise TooLate
    return actions.close_for(actor=actor, alert=row, words=words)


def may_withdraw(actor: Actor, alert: Alert) -> bool:
    """Whether this account raised it a moment ago, once, and nobody looks after it yet."""
    is_first = alert.told_before == 0 and alert.state == Alert.State.OPEN
    is_soon = clock.now() < alert.raised_at + rules.WITHDRAWABLE_FOR
    return is_first and is_soon and actor.id is not None and alert.raised_by_id == actor.id
