"""What messages cost, and how much a group spends on them in a day. (A file of its own: the worker asks it before it
sends, pages show it.)"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from quartier.messaging.models import Message, PostSettings
from quartier.messaging.providers import Post
from quartier.team.models import Organisation

CENT = Decimal("0.01")
# What somebody waits for at the door, or is in danger for, may cost as much again.
URGENT = 2


def midnight(organisation: Organisation, now: datetime) -> datetime:
    """When today began, by the organisation's clocks."""
    return datetime.combine(now.astimezone(organisation.zone), time.min, tzinfo=organisation.zone)


def tomorrow(organisation: Organisation, now: datetime) -> datetime:
    """When money is there again."""
    day = (now.astimezone(organisation.zone) + timedelta(days=1)).date()
    return datetime.combine(day, time.min, tzinfo=organisation.zone)


def spent(organisation: Organisation, now: datetime) -> Decimal:
    """Euros spent today. One query."""
    today = Message.objects.filter(
        organisation=organisation, sent_at__gte=midnight(organisation, now), cost__gt=0
    )
    return today.aggregate(sum=Sum("cost"))["sum"] or Decimal(0)


def cap(organisation: Organisation) -> Decimal:
    """Euros that may be spent in a day."""
    row = PostSettings.objects.filter(organisation=organisation).first() or PostSettings()
    return row.daily_cents * CENT


def price(messages: Iterable[Message]) -> Decimal:
    """Euros that these take, by the providers that would be asked first. Nothing is sent."""
    post, euros = Post(), Decimal(0)
    try:
        for message in messages:
            try:
                euros += post.for_message(message).cost(message)
            except LookupError:
                continue  # nobody carries it: it costs nothing, and is shown where it fails
    finally:
        post.close()
    return euros


class Purse:
    """What each group may still spend, as one run of the worker counts it: read once, then by what it sends."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._spent: dict[UUID, Decimal] = {}
        self._caps: dict[UUID, Decimal] = {}

    def allows(self, organisation: Organisation, cost: Decimal, *, urgent: bool) -> bool:
        """Whether so much may still be spent today."""
        if not cost:
            return True
        if organisation.pk not in self._spent:
            self._spent[organisation.pk] = spent(organisation, self._now)
            self._caps[organisation.pk] = cap(organisation)
        limit = self._caps[organisation.pk] * (URGENT if urgent else 1)
        return self._spent[organisation.pk] + cost <= limit

    def pay(self, organisation: Organisation, cost: Decimal) -> None:
        """So much has gone."""
        if organisation.pk in self._spent:
            self._spent[organisation.pk] += cost
