"""When somebody of the team is told of promises. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from quartier.lib import hours
from quartier.people.models import Person
from quartier.promises.models import Promise
from quartier.promises.rules import WARNING_LEAD
from quartier.team.models import Organisation

# What is not urgent comes to one person in one message, and not sooner again than this.
GATHERING_INTERVAL = timedelta(minutes=30)


def is_quiet(organisation: Organisation, moment: datetime) -> bool:
    """Whether this lies in the quiet hours of the organisation."""
    return hours.is_within(moment, organisation.quiet_from, organisation.quiet_until, organisation.zone)


def wakes(organisation: Organisation, moment: datetime) -> datetime:
    """The end of the quiet hours in which this lies, else the moment itself."""
    return hours.after_quiet(moment, organisation.quiet_from, organisation.quiet_until, organisation.zone)


def in_turn[T](team: Sequence[T], times_broken: int) -> list[T]:
    """The team, beginning with who is told of a word that was broken so often."""
    if not team:
        return []
    start = times_broken % len(team)
    return [*team[start:], *team[:start]]


def in_order(team: Sequence[Person], first: Sequence[UUID]) -> list[Person]:
    """The team, beginning with the people of these accounts in their order; the others as they came."""
    place: dict[UUID | None, int] = {account: number for number, account in enumerate(first)}
    return sorted(team, key=lambda each: place.get(each.account_id, len(place)))


def is_soon(promise: Promise, now: datetime) -> bool:
    """Whether it breaks within half an hour."""
    return promise.due_at - WARNING_LEAD <= now < promise.due_at
