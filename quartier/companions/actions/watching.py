"""What makes an alert climb, and what follows by itself from what others have done."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.functional import lazy

from quartier.alerts import actions as alerts
from quartier.alerts.models import Alert
from quartier.alerts.queries import pace_of
from quartier.companions.actions import pairing as pairings
from quartier.companions.actions.ledger import (
    caller_name,
    changed,
    line_answers_from,
    locked,
    looks_after,
    tell_person,
    tell_supervisor,
)
from quartier.companions.models import Pairing, Sign
from quartier.lib import clock
from quartier.people.lately import known_lately, last_met_words
from quartier.people.models import Volunteer
from quartier.team.access import Actor, of_account, system
from quartier.team.models import Account

TEMPLATES = {
    Sign.What.WORRY: "companion_worry",
    Sign.What.CHECK: "companion_check",
    Sign.What.GLASS: "companion_glass",
}
# So long they may hear that they were not reached; the team is told until somebody has met them.
NOT_REACHED_LASTS = timedelta(days=1)
# Somebody not reached twice is looked after by day; whoever is worried about somebody may have heard a danger.
DEGREES = {
    Sign.What.WORRY: Alert.Degree.DANGER,
    Sign.What.CHECK: Alert.Degree.SOON,
    Sign.What.GLASS: Alert.Degree.SOON,
}


@transaction.atomic
def worry(*, actor: Actor, pairing: Pairing) -> Sign:
    """The listener is worried about her: an alert that climbs until somebody has it. Said again while it climbs, it is
    the same one; once somebody has it, nobody would hear of it, and it is another one."""
    row = locked(pairing.pk)
    return raise_sign(row, Sign.What.WORRY, actor.account)


def raise_sign(row: Pairing, what: Sign.What, account: Account | None) -> Sign:
    """Raise an alert about a pairing, in the caller's transaction; a check only once at a time, a worry until
    somebody has it."""
    if what != Sign.What.GLASS:
        stands = Q(alert__state="open") if what == Sign.What.WORRY else ~Q(alert__state="closed")
        standing = row.signs.filter(stands, what=what).first()
        if standing is not None:
            return standing
    actor = of_account(account) if account else system(row.organisation)
    alert = alerts.open_alert(actor=actor, kind=what, degree=DEGREES[what])
    if what != Sign.What.GLASS:
        alerts.set_person(alert=alert, person=row.wish.person)
    sign = Sign.objects.create(
        organisation=row.organisation, pairing=row, what=what, alert=alert, at=clock.now()
    )
    alerts.tell_first(alert=alert)
    name = account.name if account else row.organisation.name
    if what == Sign.What.CHECK:
        answers = line_answers_from(row, sign.at)
        today = sign.at.astimezone(row.organisation.zone).date()
        tell_person(
            row,
            "companion_not_reached",
            str(sign.pk),
            not_before=answers,
            not_after=answers + NOT_REACHED_LASTS,
            name=caller_name(row, today),
        )
    # The supervisor may be among those who coordinate, and has then been told.
    if what == Sign.What.GLASS or not _was_told(alert, row):
        seen = lazy(last_met_words, str)(known_lately(row.wish.person)) if what == Sign.What.CHECK else ""
        by_day = pace_of(alert).by_day(clock.now())
        tell_supervisor(row, TEMPLATES[what], again=str(sign.pk), name=name, seen=seen, not_before=by_day)
    return sign


def _was_told(alert: Alert, row: Pairing) -> bool:
    return alert.tellings.filter(person__account=looks_after(row)).exists()


def follow(now: datetime) -> int:
    """What others have done and pairings follow: a death ends one gently; a break that is over ends; the supervisor
    hears of a listener who cannot go on. Returns how many. Idle, it only looks."""
    done = 0
    live = Pairing.objects.filter(state__in=Pairing.LIVE)
    for row in live.filter(wish__person__died_at__isnull=False).select_related("organisation")[:50]:
        actor = system(row.organisation)
        pairings.end(actor=actor, pairing=row, ending=pairings.Ending(Pairing.Why.DIED))
        done += 1
    resting = Pairing.objects.filter(state=Pairing.State.PAUSED, paused_until__isnull=False)
    for row in resting.select_related("organisation")[:50]:
        if row.paused_until and row.paused_until <= now.astimezone(row.organisation.zone).date():
            pairings.resume(actor=system(row.organisation), pairing=row)
            done += 1
    cannot = (
        Q(listener__away=True)
        | Q(listener__account__is_active=False)
        | Q(listener__account__person__volunteer__state=Volunteer.State.SUSPENDED)
    )
    for gone in live.filter(cannot, listener_gone_at=None).values_list("pk", flat=True)[:50]:
        done += _needs_another(gone)
    return done


@transaction.atomic
def _needs_another(pairing_id: UUID) -> bool:
    row = locked(pairing_id)
    if row.listener_gone_at is not None:
        return False
    row.listener_gone_at = clock.now()
    row.save(update_fields=["listener_gone_at"])
    tell_supervisor(row, "companion_gone", again=row.listener_gone_at.isoformat())
    changed(system(row.organisation), "pairing.listener_gone", "pairing", row.pk)
    return True
