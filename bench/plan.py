"""All waves of a morning at once, from the product's own tables and back: read, match, write the offers."""

import argparse
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from math import cos, radians
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench import protocol

# What PostgreSQL's own handbook gives a server with this much data: a part of the memory of the machine.
BUFFERS = "1GB"

# Volunteers and requests. L is a whole country.
SIZES = {"S": (8_000, 800), "M": (100_000, 10_000), "L": (1_000_000, 100_000)}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", choices=sorted(SIZES), default="M")
    parser.add_argument("--rounds", type=int, default=5, help="plans")


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """A line for each plan, after one that warms up: seconds to read, to match and to write, and whether every offer
    that was written keeps every constraint.

    Filling and checking are done by other processes, so that `rss_mb` is what planning takes.
    """
    in_another_process(_fill, args)
    protocol.start_django()
    from bench import country
    from quartier.engine.compiled import warm
    from quartier.lib import clock
    from quartier.matching.planning.plan import plan_waves
    from quartier.team.models import Organisation

    organisation = Organisation.objects.get()
    warm()
    for number in range(args.rounds + 1):
        began, busy = time.perf_counter(), time.process_time() + _of_server(args.server)
        planned = plan_waves(organisation, clock.now())
        wall_s = time.perf_counter() - began
        cpu_s = time.process_time() + _of_server(args.server) - busy
        written, wrong = in_another_process(_check, args)
        line = {
            "name": "plan", "database": args.database, "size": args.size, "seed": args.seed, "solver": "quartier",
            "round": number, "wall_s": round(wall_s, 3), "cpu_s": round(cpu_s, 3), "rss_mb": _rss_mb(),
            **{step: round(seconds, 3) for step, seconds in planned.seconds.items()},
            "offers": planned.offers, "unserved": planned.unserved,
            "feasible": not wrong and planned.offers == written, "ok": not wrong,
        }  # fmt: skip
        country.settle()
        if number:
            yield line


def in_another_process(what: Callable[[argparse.Namespace], Any], args: argparse.Namespace) -> Any:
    """Call this in a fresh process, on the same database, and give what it gives."""
    args = argparse.Namespace(**{**vars(args), "server": None, "handler": None})
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(what, args).result()


def _fill(args: argparse.Namespace) -> None:
    protocol.start_django()
    from django.db import transaction

    from bench import country

    volunteers, requests = SIZES[args.size]
    with transaction.atomic():
        organisation = country.organisation()
        organisation.policy, organisation.wave_size = "waves", 1
        organisation.quiet_from = organisation.quiet_until
        organisation.save()
        where = country.Map(args.seed)
        country.volunteers(organisation, volunteers, where, mail=False, busy=True)
        country.open_requests(organisation, requests, where)
    country.settle()


def _check(args: argparse.Namespace) -> tuple[int, int]:
    """How many offers are there, and how many of them break a constraint. They are gone afterwards: the next plan finds
    no older one."""
    protocol.start_django()
    from quartier.matching.models import Offer
    from quartier.team.models import Organisation

    wrong = _wrong(Organisation.objects.get())
    written, _of_each_table = Offer.objects.filter(state="queued").delete()
    return written, wrong


def _rss_mb() -> int:
    """The most memory that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _of_server(server: Any) -> float:
    """Seconds of processor that the database server's living processes have used."""
    if server is None:
        return 0.0
    from tests.servers import children_of

    ticks = 0
    for pid in (server.pid, *children_of(server.pid)):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / 100


def _wrong(organisation: Any) -> int:
    """How many of the offers that were written break a constraint, looked at one by one in plain Python."""
    from quartier.lib import choices, clock
    from quartier.matching.models import Offer

    today = clock.now().astimezone(organisation.zone).date()
    windows: dict[Any, int] = {}
    had: Counter[Any] = Counter()
    wrong = 0
    offers = Offer.objects.filter(state="queued").select_related("volunteer", "request__case")
    for offer in offers.iterator(5000):
        volunteer, request = offer.volunteer, offer.request
        window = (request.window_from, request.window_until)
        if window not in windows:
            windows[window] = choices.slots_between(*window, organisation.zone)
        north = (volunteer.lat - request.lat) * 111_194.9
        east = (volunteer.lon - request.lon) * 111_194.9 * cos(radians(request.lat))
        had[volunteer.pk] += 1
        asked = had[volunteer.pk] + (volunteer.asked_count if volunteer.asked_on == today else 0)
        wrong += not (
            request.state == "open"
            and volunteer.state == "active"
            and volunteer.open_count < volunteer.capacity
            and volunteer.kinds & choices.kind(request.kind).mask
            and volunteer.languages & request.languages
            and volunteer.slots & windows[window]
            and volunteer.level >= request.level
            and asked <= min(volunteer.budget, organisation.daily_budget)
            and volunteer.person_id not in {request.case.person_id, request.case.asked_by_id}
            and (request.remote or (north**2 + east**2) ** 0.5 <= min(request.radius_m, volunteer.radius_m))
        )
    return wrong
