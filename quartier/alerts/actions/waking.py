"""Waking operators at home while somebody waits on the line and nobody is there."""

from datetime import datetime

from django.db import transaction
from django.http import Http404

from quartier.alerts import queries, rules
from quartier.alerts.models import Wake
from quartier.audit import actions as audit
from quartier.callcore.call import WAITING
from quartier.lib import clock
from quartier.lib.text import one_line
from quartier.live import actions as live
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.people.models import Person
from quartier.team.access import TEAM, Actor, system
from quartier.team.models import Organisation
from quartier.telephony.models import Call


@transaction.atomic
def wake_me(*, actor: Actor, wish: bool) -> None:
    """Whether this operator is to be woken when somebody waits and nobody is there. Raises `Http404`."""
    if actor.account is None or not actor.has(*TEAM):
        raise Http404
    if wish:
        row = Wake(organisation=actor.organisation, account=actor.account, since=clock.now())
        Wake.objects.bulk_create([row], ignore_conflicts=True)
    else:
        Wake.objects.filter(account=actor.account).delete()
    live.touch(actor.organisation.id, f"account:{actor.account.pk}")


def wake(now: datetime) -> int:
    """Wake operators wherever somebody has waited too long with nobody free; returns how many were."""
    waiting = Call.objects.filter(ended_at=None, state__in=WAITING).order_by()
    woken = 0
    for pk in waiting.values_list("organisation", flat=True).distinct():
        with transaction.atomic():
            woken += _wake(Organisation.objects.get(pk=pk), now)
    return woken


def _wake(organisation: Organisation, now: datetime) -> int:
    call = queries.alone(organisation, now)
    if call is None:
        return 0
    woken = 0
    for sleeper in queries.sleepers(organisation, call.language, now):
        person = Person.objects.filter(account=sleeper.account).first()
        if person is None:
            continue
        letter = Letter(
            person,
            "wake",
            f"wake:{call.pk}:{sleeper.pk}:{one_line(now.isoformat(), 16)}",
            {"page": ("board",)},
            not_after=now + rules.WAKE_LASTS,
        )
        if messaging.write(organisation=organisation, letter=letter) is None:
            continue
        sleeper.woken_at = now
        sleeper.save(update_fields=["woken_at"])
        woken += 1
    if woken:
        audit.record(
            organisation_id=organisation.pk,
            actor_kind=system(organisation).kind,
            actor_id=None,
            verb="line.wake",
            subject_kind="call",
            subject_id=call.pk,
            details={"woken": woken},
        )
    return woken
