"""A day of the model case, played through the same actions as a real one."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import quantiles
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Min

from quartier.cases.models import Request
from quartier.lib import clock
from quartier.matching.models import Offer
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.places import actions as places
from quartier.sim.crisis import Crisis, arrivals
from quartier.team import actions as team
from quartier.team.access import of_account
from quartier.team.models import Organisation, Role

# A Tuesday of the model case, in Brussels.
DAY = datetime(2020, 4, 14, tzinfo=ZoneInfo("Europe/Brussels"))
# After the last request of the day, everybody has had this long.
AFTER = timedelta(hours=24)


def play_day(
    seed: int,
    *,
    requests: int = 80,
    volunteers: int = 8000,
    progress: Callable[[str], None] = lambda words: None,
) -> dict[str, Any]:
    """Play a day and the 24 hours after it; returns the figures.

    Shares are of all requests created. Somebody is served when a volunteer has said yes and the database has
    given them the place: `served_1h` and `served_24h` count from the moment at which they asked. `median_min`
    and `p95_min` are the minutes until then of those who were served at all (`None` when nobody was).
    `messages_per_served`: every message that was sent, to volunteers and to those who ask, for each served within
    24 hours. The database must have its tables and may hold nothing else. Sets the clock, and sets it free again.
    """
    clock.set_time(DAY.astimezone(UTC))
    try:
        crisis = _set_up(seed, volunteers)
        for moment, number in arrivals(crisis.chance, DAY.astimezone(UTC), range(requests)):
            crisis.asks_at(moment, number)
        last = {"hour": -1}

        def tell() -> None:
            hour = int((clock.now() - DAY).total_seconds() // 3600)
            if hour != last["hour"]:
                last["hour"] = hour
                progress(f"hour {hour} of 48")

        crisis.run(DAY.astimezone(UTC) + timedelta(hours=24) + AFTER, progress=tell)
        return {"seed": seed, "volunteers": volunteers, **figures(crisis.organisation)}
    finally:
        clock.set_time(None)


def _set_up(seed: int, volunteers: int) -> Crisis:
    for country in places.shipped_countries():
        places.load_shipped(country=country)
    organisation = team.found_organisation(
        name="Quartier", languages=["fr", "nl", "de", "en"], country="BE", phone="+3280000020"
    )
    operator, coordinator = (
        of_account(
            people.create_account(
                organisation=organisation,
                who=Who(name, email=f"{name.lower()}@example.org", channel="email"),
                roles=[role],
            )
        )
        for name, role in (("Lotte", Role.Name.OPERATOR), ("Thomas", Role.Name.COORDINATOR))
    )
    crisis = Crisis(organisation, seed, operator=operator, coordinator=coordinator)
    crisis.join(range(volunteers))
    return crisis


def figures(organisation: Organisation) -> dict[str, Any]:
    """What came of it, counted in the database."""
    asked = Request.objects.filter(organisation=organisation)
    states = {state.value: 0 for state in Request.State}
    states.update(Counter(asked.values_list("state", flat=True)))
    closures = Counter(asked.filter(state=Request.State.CLOSED).values_list("closure", flat=True))
    first = asked.annotate(first=Min("assignments__accepted_at")).values_list("created_at", "first")
    minutes = sorted((yes - created).total_seconds() / 60 for created, yes in first if yes is not None)
    created = len(first)
    within_1h = sum(each <= 60 for each in minutes)
    within_24h = sum(each <= 24 * 60 for each in minutes)
    sent = Message.objects.filter(organisation=organisation, state=Message.State.SENT).count()
    offers = Offer.objects.filter(organisation=organisation).count()
    return {
        "created": created,
        "states": states,
        "closures": dict(sorted(closures.items())),
        "served_1h": round(within_1h / created, 4) if created else 0.0,
        "served_24h": round(within_24h / created, 4) if created else 0.0,
        "median_min": _quantile(minutes, 50),
        "p95_min": _quantile(minutes, 95),
        "messages": sent,
        "offers": offers,
        "messages_per_served": round(sent / within_24h, 2) if within_24h else None,
        "offers_per_served": round(offers / within_24h, 2) if within_24h else None,
    }


def _quantile(values: list[float], percent: int) -> float | None:
    if not values:
        return None
    if len(values) == 1:
        return round(values[0], 1)
    return round(quantiles(values, n=100, method="inclusive")[percent - 1], 1)
