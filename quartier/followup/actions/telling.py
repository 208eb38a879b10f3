"""Telling those who were helped that an incident has begun: a few in a minute, by day, within what the group may spend.

They hear it by their own channel. Whoever can only be called is not: nobody is rung up for news.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.http import Http404

from quartier.followup import access
from quartier.followup.actions.ledger import changed
from quartier.followup.models import News
from quartier.followup.queries.told import to_tell
from quartier.followup.rules import TOLD_A_MINUTE
from quartier.incidents.models import Incident
from quartier.lib import clock, hours
from quartier.messaging import actions as messaging
from quartier.messaging import spending
from quartier.messaging.actions import Letter
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.team.access import Actor, system
from quartier.team.models import Organisation

A_MINUTE, FOR_MONEY, LASTS = timedelta(minutes=1), timedelta(minutes=10), timedelta(days=2)
# Of more than so many, the first ones are looked at and the rest is worked out from them.
LOOKED_AT = 400


@dataclass(frozen=True)
class Reached:
    """How many people are meant; about how many of them by a message; about how many euros."""

    people: int
    written_to: int
    euros: Decimal


def would_reach(organisation: Organisation, incident: Incident) -> Reached:
    """What it would take, before anything is sent."""
    everybody = to_tell(organisation, clock.now())
    count, some = everybody.count(), list(everybody.select_related("organisation")[:LOOKED_AT])
    drafted = [
        each
        for each in messaging.drafts(
            organisation=organisation, letters=[_letter(incident, person) for person in some]
        )
        if each
    ]
    euros = spending.price(drafted)
    if count > len(some) > 0:
        return Reached(count, round(len(drafted) * count / len(some)), euros * count / len(some))
    return Reached(count, len(drafted), euros)


@transaction.atomic
def tell(*, actor: Actor, incident: Incident) -> News:
    """Begin; said twice, it is the same. Raises `Http404` for who may not, and when the incident has ended."""
    if not actor.has(*access.READERS):
        raise Http404
    locked = (
        Incident.objects.select_for_update(of=("self",))
        .filter(pk=incident.pk, organisation=actor.organisation, ended_at=None)
        .first()
    )
    if locked is None:
        raise Http404
    now = clock.now()
    row, made = News.objects.get_or_create(
        incident=locked,
        defaults={
            "organisation": actor.organisation,
            "next_at": now,
            "by": actor.account,
            "started_at": now,
        },
    )
    if made:
        changed(actor, "news.start", "news", row.pk, incident=str(locked.pk))
    return row


@transaction.atomic
def stop_telling(*, actor: Actor, incident: Incident) -> bool:
    """Nobody more is written to, and what has not left yet does not leave. False when it was over."""
    if not actor.has(*access.READERS):
        raise Http404
    rows = News.objects.select_for_update().filter(incident=incident, organisation=actor.organisation)
    row = rows.filter(state=News.State.RUNNING).first()
    if row is None:
        return False
    _end(row, News.State.STOPPED, actor)
    return True


def tell_some(now: datetime) -> bool:
    """The next few of everything that is being told. True when there was something."""
    found = False
    due = News.objects.filter(state=News.State.RUNNING, next_at__lte=now)
    for key in due.values_list("pk", flat=True)[:50]:
        with transaction.atomic():
            skip = connection.features.has_select_for_update_skip_locked
            rows = due.select_for_update(of=("self",), skip_locked=skip)
            row = rows.select_related("organisation", "incident").filter(pk=key).first()
            if row is not None:
                _tell(row, now)
                found = True
    return found


def _tell(row: News, now: datetime) -> None:
    here, actor = row.organisation, system(row.organisation)
    if row.incident.ended_at is not None:
        _end(row, News.State.STOPPED, actor)
        return
    wakes = hours.after_quiet(now, here.quiet_from, here.quiet_until, here.zone)
    if wakes > now:
        _again(row, wakes)
        return
    if spending.spent(here, now) >= spending.cap(here) > 0:
        _again(row, now + FOR_MONEY)
        return
    rest = to_tell(here, now).select_related("organisation")
    some = list((rest.filter(pk__gt=row.told_to) if row.told_to else rest)[:TOLD_A_MINUTE])
    if not some:
        _end(row, News.State.DONE, actor)
        return
    letters = [_letter(row.incident, each, not_after=now + LASTS) for each in some]
    row.written += sum(each is not None for each in messaging.write_all(organisation=here, letters=letters))
    row.told_to = some[-1].pk
    _again(row, now + A_MINUTE)
    changed(actor, "news.write", "news", row.pk, people=len(some))


def _letter(incident: Incident, person: Person, not_after: datetime | None = None) -> Letter:
    values = {"event": incident.shipped.announce, "page": ("ask",)}
    return Letter(person, "news", f"news:{incident.pk}:{person.pk}", values, not_after=not_after)


def _again(row: News, at: datetime) -> None:
    row.next_at = at
    row.save(update_fields=["told_to", "written", "next_at"])


def _end(row: News, state: str, actor: Actor) -> None:
    row.state, row.ended_at, row.next_at = News.State(state), clock.now(), None
    row.save(update_fields=["state", "ended_at", "next_at"])
    if state == News.State.STOPPED:
        due = Message.objects.filter(
            organisation=row.organisation,
            key__startswith=f"news:{row.incident_id}:",
            state__in=[*Message.WAITING],
        )
        messaging.cancel(list(due))
    changed(actor, f"news.{state}", "news", row.pk, written=row.written)
