"""The ten best volunteers of a million for one request: by the product's own search, and by its peers."""

import argparse
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from math import cos, radians
from typing import Any

import numpy as np

from bench import protocol

# What PostgreSQL's own handbook gives a server with this much data: a part of the memory of the machine.
BUFFERS = "1GB"

K = 10
BUDGET = 2
# How many nearest ones a peer takes before it looks who can be asked.
BEFORE = 256


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", type=int, default=100_000, help="volunteers")
    parser.add_argument("--rounds", type=int, default=1000, help="requests")
    parser.add_argument("--passes", type=int, default=5, help="how often each is searched for")


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """A line for each way of searching, over the same requests: what it took, how many of the right ten it found, and
    whether everybody found could be asked. `first_*`: the first pass alone, when nothing was looked at before;
    `fastest_*`: of each request the fastest pass, which other work on the machine has disturbed least."""
    protocol.start_django()
    from django.db import transaction

    from bench import country
    from quartier.lib import clock
    from quartier.matching import queries

    with transaction.atomic():
        organisation = country.organisation()
        where = country.Map(args.seed)
        country.volunteers(organisation, args.size, where, mail=False, busy=True)
    country.settle()
    files = country.cases(organisation, args.rounds + 20, where)
    requests = [country.real_request(case, clock.now(), where) for case in files]
    for request in requests:
        request.organisation = organisation
    truth = Truth(organisation)
    right = {request.pk: truth.best(request) for request in requests}

    def product(request: Any) -> list[Any]:
        found = queries.nearest(request, limit=K, radius_m=request.radius_m, budget=BUDGET)
        return [each.volunteer_id for each in found]

    # Help by phone has no distance, so that peers which know nothing else are asked for the others only.
    near = [request for request in requests if not request.remote]
    yield measured("quartier sql", args, requests, product, truth, right)
    yield measured("quartier in memory", args, near, in_memory(organisation, near, truth), truth, right)
    for name, solver in peers(args.database, organisation, truth):
        yield measured(name, args, near, solver, truth, right)


def measured(
    name: str,
    args: argparse.Namespace,
    requests: list[Any],
    solver: Callable[[Any], Sequence[Any]],
    truth: "Truth",
    right: dict[Any, list[Any]],
) -> dict[str, Any]:
    """One line. The first twenty requests only warm up."""
    for request in requests[:20]:
        solver(request)
    took: list[list[float]] = []
    found: dict[Any, Sequence[Any]] = {}
    began, busy = time.perf_counter(), time.process_time()
    for _ in range(args.passes):
        once = []
        for request in requests[20:]:
            ms, found[request.pk] = protocol.timed(lambda r=request: solver(r))
            once.append(ms)
        took.append(once)
    wall_s, cpu_s = time.perf_counter() - began, time.process_time() - busy
    hits = sum(len({*found[pk]} & {*right[pk]}) for pk in found)
    wanted = sum(len(right[pk]) for pk in found)
    first = sorted(took[0])
    # What each search takes when nothing else wants the processor at that moment.
    fastest = sorted(min(times) for times in zip(*took, strict=True))
    return {
        **protocol.line("topk", args.database, args.size, [ms for once in took for ms in once]),
        "seed": args.seed,
        "solver": name,
        "wall_s": round(wall_s, 3),
        "cpu_s": round(cpu_s, 3),
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "first_p50_ms": round(protocol.percentile(first, 0.5), 3),
        "first_p95_ms": round(protocol.percentile(first, 0.95), 3),
        "fastest_p50_ms": round(protocol.percentile(fastest, 0.5), 3),
        "fastest_p95_ms": round(protocol.percentile(fastest, 0.95), 3),
        "fastest_p99_ms": round(protocol.percentile(fastest, 0.99), 3),
        "recall": round(hits / wanted, 5) if wanted else 1.0,
        "same_order": all(list(found[pk]) == right[pk] for pk in found),
        "feasible": all(truth.can(pk, found[pk]) for pk in found),
    }


class Truth:
    """Everybody as columns, looked at in full for each request: slow, plain, and right."""

    def __init__(self, organisation: Any) -> None:
        from quartier.lib import choices, clock
        from quartier.people.models import Volunteer

        self.choices = choices
        self.today = clock.now().astimezone(organisation.zone).date()
        names = (
            "id", "lat", "lon", "kinds", "languages", "slots", "radius_m", "level", "budget", "asked_on", "asked_count",
            "habit_m", "asked_total", "state", "open_count", "capacity",
        )  # fmt: skip
        rows = Volunteer.objects.filter(organisation=organisation).order_by("id").values_list(*names)
        columns: dict[str, list[Any]] = {name: [] for name in names}
        for row in rows.iterator(20_000):
            for name, value in zip(names, row, strict=True):
                columns[name].append(value)
        self.ids = columns.pop("id")
        self.row = {pk: number for number, pk in enumerate(self.ids)}
        self.asked = np.where(
            np.array([each == self.today for each in columns.pop("asked_on")]), columns.pop("asked_count"), 0
        ).astype(np.int32)
        self.active = np.array([state == "active" for state in columns.pop("state")])
        self.free = self.active & (np.array(columns.pop("open_count")) < np.array(columns.pop("capacity")))
        for name, values in columns.items():
            kind = np.float64 if name in {"lat", "lon"} else np.int32
            setattr(self, name, np.array(values, dtype=kind))
        self.eligible: dict[Any, np.ndarray] = {}

    def allowed(self, request: Any, rows: Any = slice(None)) -> np.ndarray:
        """bool[n]: who keeps every constraint but distance."""
        choices = self.choices
        slots = choices.slots_between(request.window_from, request.window_until, request.organisation.zone)
        return (
            self.free[rows] & ((self.kinds[rows] & choices.kind(request.kind).mask) > 0)
            & ((self.languages[rows] & request.languages) > 0) & ((self.slots[rows] & slots) > 0)
            & (self.level[rows] >= request.level) & (self.asked[rows] < np.minimum(self.budget[rows], BUDGET))
        )  # fmt: skip

    def metres(self, request: Any, rows: Any = slice(None)) -> np.ndarray:
        """Distance of each, as the search has it."""
        north = (self.lat[rows] - request.lat) * 111_194.9
        east = (self.lon[rows] - request.lon) * (111_194.9 * cos(radians(request.lat)))
        return np.sqrt(north * north + east * east)

    def best(self, request: Any) -> list[Any]:
        """Keys of the ten cheapest, in order."""
        can, cost = self.allowed(request), self.asked_total.astype(np.float64)
        if not request.remote:
            metres = self.metres(request)
            can &= metres <= np.minimum(request.radius_m, self.radius_m)
            cost = metres + 300.0 * self.asked + self.habit_m
        rows = np.flatnonzero(can)
        self.eligible[request.pk] = rows
        return [self.ids[row] for row in rows[np.lexsort((rows, cost[rows]))][:K]]

    def can(self, pk: Any, found: Sequence[Any]) -> bool:
        """Whether everybody found is among those who may be asked."""
        rows = np.array([self.row[each] for each in found], dtype=np.int64)
        here = self.eligible[pk]
        return bool(np.isin(rows, here).all())


def in_memory(organisation: Any, requests: list[Any], truth: Truth) -> Callable[[Any], Sequence[Any]]:
    """The engine's search in a tree of volunteers, read from the same tables and kept in memory.

    For help by phone it ranks otherwise (requests of one place are not all to want the same volunteers).
    """
    from uuid import UUID

    from quartier.engine import Requests
    from quartier.engine.crowd import Crowd
    from quartier.lib import choices
    from quartier.matching.planning.plan import WEIGHTS
    from quartier.matching.planning.reading import free_volunteers

    free = free_volunteers(organisation, truth.today, BUDGET)
    crowd = Crowd(free.volunteers, WEIGHTS)
    ids = [UUID(bytes=bytes(key)) for key in free.keys]
    zone = organisation.zone
    column = {
        "lat": [each.lat for each in requests], "lon": [each.lon for each in requests],
        "kinds": [choices.kind(each.kind).mask for each in requests],
        "languages": [each.languages for each in requests],
        "slots": [choices.slots_between(each.window_from, each.window_until, zone) for each in requests],
        "level": [each.level for each in requests], "radius_m": [each.radius_m for each in requests],
        "needed": [1] * len(requests), "weight_m": [1e6] * len(requests),
    }  # fmt: skip
    asked = Requests(
        ids=np.arange(len(requests)), **{name: np.array(values) for name, values in column.items()}
    )
    place = {request.pk: row for row, request in enumerate(requests)}

    def search(request: Any) -> list[Any]:
        return [ids[row] for row in crowd.rank(asked, K, row=place[request.pk]).rows]

    return search


def peers(database: str, organisation: Any, truth: Truth) -> list[tuple[str, Callable[[Any], Sequence[Any]]]]:
    """Other ways to search the same rows."""
    from scipy.spatial import cKDTree

    middle = cos(radians(50.5))
    tree = cKDTree(np.column_stack([truth.lat, truth.lon * middle]))

    def ranked(request: Any, rows: np.ndarray) -> list[Any]:
        metres = truth.metres(request, rows)
        can = truth.allowed(request, rows) & (metres <= np.minimum(request.radius_m, truth.radius_m[rows]))
        cost = (metres + 300.0 * truth.asked[rows] + truth.habit_m[rows])[can]
        rows = rows[can]
        return [truth.ids[row] for row in rows[np.lexsort((rows, cost))][:K]]

    def kd_tree(request: Any) -> list[Any]:
        _far, rows = tree.query([request.lat, request.lon * middle], k=min(BEFORE, len(truth.ids)))
        return ranked(request, np.atleast_1d(rows))

    found: list[tuple[str, Callable[[Any], Sequence[Any]]]] = [
        (f"cKDTree {BEFORE}, then filter", kd_tree),
        ("numpy, everybody", truth.best),
    ]
    return found + (_knn(organisation, truth, ranked, middle) if database == "postgresql" else [])


def _knn(
    organisation: Any, truth: Truth, ranked: Callable[[Any, np.ndarray], list[Any]], middle: float
) -> list[tuple[str, Callable[[Any], Sequence[Any]]]]:
    """PostgreSQL's nearest neighbours by GiST on points: the nearest, then who can be asked; or the other way round."""
    from django.db import connection

    from quartier.lib import choices

    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE UNLOGGED TABLE bench_point AS SELECT v.*, point(lat, lon * %s) AS place FROM people_volunteer v",
            [middle],
        )
        cursor.execute("CREATE INDEX ON bench_point USING gist (place)")
        cursor.execute("VACUUM ANALYZE bench_point")

    def rows_of(statement: str, values: dict[str, Any]) -> np.ndarray:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return np.array([truth.row[pk] for (pk,) in cursor.fetchall()], dtype=np.int64)

    def nearest_first(count: int) -> Callable[[Any], Sequence[Any]]:
        def search(request: Any) -> list[Any]:
            values = {"lat": request.lat, "lon": request.lon * middle, "count": count}
            rows = rows_of(
                "SELECT id FROM bench_point ORDER BY place <-> point(%(lat)s, %(lon)s) LIMIT %(count)s",
                values,
            )
            return ranked(request, rows)

        return search

    def filtered_first(request: Any) -> list[Any]:
        slots = choices.slots_between(request.window_from, request.window_until, request.organisation.zone)
        degrees = request.radius_m / 111_194.9 * 1.02
        values = {
            "lat": request.lat, "lon": request.lon * middle, "organisation": organisation.pk, "slots": slots,
            "kind": choices.kind(request.kind).mask, "languages": request.languages, "level": request.level,
            "today": truth.today, "budget": BUDGET, "degrees": degrees, "count": 4 * K,
        }  # fmt: skip
        statement = """
            SELECT id FROM bench_point
            WHERE organisation_id = %(organisation)s AND state = 'active' AND open_count < capacity
              AND (kinds & %(kind)s) > 0 AND (languages & %(languages)s) > 0 AND (slots & %(slots)s) > 0
              AND level >= %(level)s
              AND (asked_on IS NULL OR asked_on < %(today)s OR asked_count < LEAST(budget, %(budget)s))
              AND place <@ circle(point(%(lat)s, %(lon)s), %(degrees)s)
              AND place <@ circle(point(%(lat)s, %(lon)s), radius_m / 111194.9 * 1.02)
            ORDER BY place <-> point(%(lat)s, %(lon)s) LIMIT %(count)s
        """
        return ranked(request, rows_of(statement, values))

    return [
        (f"postgresql knn {K}, then filter", nearest_first(K)),
        (f"postgresql knn {BEFORE}, then filter", nearest_first(BEFORE)),
        (f"postgresql filter, then knn {4 * K}", filtered_first),
    ]
