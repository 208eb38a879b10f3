"""Traces made by hand for the tests of the report: small enough to count on one's fingers, or as large as wanted."""

import random
from dataclasses import asdict

from quartier.lib import cells
from quartier.sim.lasting.facts import (
    After,
    Again,
    AgainWeek,
    Lasting,
    Listening,
    ListeningWeek,
    Money,
    MoneyWeek,
)
from quartier.sim.trace import HUMAN, SERVED, WAITING, WITHDRAWN, Day, PolicyTrace, Trace

WAYS = ("waves", "adaptive", "nearest", "broadcast")
BRUSSELS, ANTWERP = cells.area_at(50.8466, 4.3528), cells.area_at(51.2194, 4.4025)
HOURS_48 = 2880.0


def policy(name="waves", **changed):
    """Six who asked: five in Brussels (in 30 min, in 3 h, in 26 h, waiting, taken back) and one left in Antwerp."""
    told = {
        "policy": name,
        "seed": 1,
        "figures": {},
        "asked_min": [600.0, 660.0, 700.0, 2700.0, 800.0, 620.0],
        "accepted_min": [630.0, 840.0, 2260.0, None, None, None],
        "waited_min": [30.0, 180.0, 1560.0, None, None, None],
        "area": [BRUSSELS, BRUSSELS, BRUSSELS, BRUSSELS, BRUSSELS, ANTWERP],
        "state": [SERVED, SERVED, SERVED, WAITING, WITHDRAWN, HUMAN],
        "kind": ["groceries", "groceries", "pharmacy", "groceries", "talk", "pharmacy"],
        "language": ["fr", "fr", "nl", "fr", "fr", "nl"],
        "left_min": [None, None, None, None, 860.0, 980.0],
        "why": ["", "", "", "", "", "nobody"],
        "neighbours": [3, 12, 24, 1, 0, 14],
        "notifications": [4, 3, 2, 1],
        "asked_by_area": [(BRUSSELS, 10)],
        "volunteers_by_area": [(BRUSSELS, 9), (ANTWERP, 1)],
        "days": [
            Day("2020-04-14", requests=5, calls=9, answered=6, missed=3, called_back=2, operators=4, volunteers=10,
                joined=10, offers=8, served=2, helped=1),
            Day("2020-04-15", requests=1, volunteers=9, quit=1, offers=2, served=1, helped=2),
        ],
    }  # fmt: skip
    return PolicyTrace(**{**told, **changed})


def nothing():
    """A policy that nobody asked anything of."""
    return policy(**{name: [] for name, value in asdict(policy()).items() if isinstance(value, list)})


def trace(*policies, scenario="x1", minutes=HOURS_48):
    """A trace of two days in April 2020, with these policies (or the one above)."""
    return Trace(
        scenario,
        "A title",
        "2020-04-14T00:00:00+02:00",
        "Europe/Brussels",
        minutes,
        list(policies) or [policy()],
    )


def many(requests, name="waves", seed=1, minutes=7200.0):
    """A policy with so many requests all over Belgium: half of them in a few minutes, some never."""
    draw = random.Random(seed)
    areas = [cells.area_at(draw.uniform(49.6, 51.4), draw.uniform(3.0, 6.0)) for _ in range(2500)]
    asked = sorted(draw.uniform(0, minutes - 600) for _ in range(requests))
    waited = [None if draw.random() < 0.1 else draw.expovariate(1 / 40) for _ in asked]
    return policy(
        name,
        asked_min=asked,
        accepted_min=[None if wait is None else at + wait for at, wait in zip(asked, waited, strict=True)],
        waited_min=waited,
        area=[draw.choice(areas) for _ in asked],
        state=[HUMAN if wait is None else SERVED for wait in waited],
        kind=[draw.choice(["groceries", "pharmacy", "meal", "talk"]) for _ in asked],
        language=[draw.choice(["fr", "nl", "nl", "de"]) for _ in asked],
        left_min=[at + 300 if wait is None else None for at, wait in zip(asked, waited, strict=True)],
        why=["nobody" if wait is None else "" for wait in waited],
        neighbours=[24] * requests,
        notifications=[requests, requests, requests // 2],
        volunteers_by_area=[(area, 3) for area in set(areas)],
    )


def lasting():
    """What lasted beyond the first visits, in two weeks."""
    return Lasting(
        Again(3, 2, 1, 1, 2, 1, [AgainWeek("2020-04-13", 3, 1, 1, 1), AgainWeek("2020-04-20", 4)]),
        Money(
            57, 103140, 98140, 2000, 3000, 47, 7, 2, 1, 3, 285, 13, 11, {"call": 31, "page": 6, "word": 20},
            {"cash": 17, "transfer": 38},
            [MoneyWeek("2020-04-13", 50000, 40000), MoneyWeek("2020-04-20", 53140, 60140)],
        ),
        After(91, 72, 44, 25, 1, 2, 1, 3, 2, 1, 25, {"call": 45, "text": 18, "web": 9}, {"fair": 3, "good": 24}),
        Listening(
            6, 10, 1, 8, 9, 9, 2, 1, 1, 5, 37, {"listener": 1}, [[32, 36], [48, 64, 60], [60]],
            [ListeningWeek("2020-04-13", 3, 4, 1), ListeningWeek("2020-04-20", 8, 9, 2, 1, 1)],
        ),
    )  # fmt: skip
