"""Choosing a wave, and from "sent" to the first offers written, with many volunteers."""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from bench import protocol


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", type=int, default=100_000, help="volunteers")
    parser.add_argument("--rounds", type=int, default=300, help="requests")


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Two lines: `choose_wave` (one search for twelve), `submit_to_offers` (a case opened here, the worker there)."""
    protocol.start_django()
    from bench import country
    from quartier.lib import clock
    from quartier.matching import queries

    organisation = country.organisation()
    where = country.Map(args.seed)
    country.volunteers(organisation, args.size, where)
    files = country.cases(organisation, args.rounds, where)
    country.settle()
    requests = [country.request_for(case, clock.now(), where, organisation=organisation) for case in files]
    queries.nearest(requests[0], limit=12, radius_m=5000, budget=2)
    took, found = [], 0
    for request in requests:
        ms, candidates = protocol.timed(
            lambda r=request: queries.nearest(r, limit=12, radius_m=5000, budget=2)
        )
        took.append(ms)
        found += len(candidates)
    yield protocol.line("choose_wave", args.database, args.size, took, found_each=round(found / len(took), 2))
    yield _from_sent_to_offers(args, organisation, where)


def _from_sent_to_offers(args: argparse.Namespace, organisation: Any, where: Any) -> dict[str, Any]:
    worker = subprocess.Popen([sys.executable, "-m", "quartier", "worker"], env=os.environ)
    try:
        time.sleep(3)
        took, errors = [], 0
        for number in range(args.rounds):
            ms = _one(organisation, where, number)
            if ms is None:
                errors += 1
            else:
                took.append(ms)
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(20)
    return protocol.line("submit_to_offers", args.database, args.size, took, errors=errors)


def _one(organisation: Any, where: Any, number: int) -> float | None:
    """Milliseconds from the call that opens a case until its first offers can be read; `None` after 10 s."""
    from quartier.cases import actions as cases
    from quartier.cases.rules import Household, Wanted, Where
    from quartier.intake import actions as intake
    from quartier.matching.models import Offer
    from quartier.people import actions as people
    from quartier.people.actions import Who
    from quartier.team.access import system

    ((cell, *_rest, postcode, name),) = where.draw(1)
    start = time.perf_counter()
    person = people.record_person(
        organisation=organisation, who=Who(f"P{number}", email=f"p{number}@example.org", channel="email")
    )
    actor = system(organisation)
    contact = intake.record_contact(actor=actor, person=person, channel="web")
    opened = cases.open_case(
        actor=actor,
        contact=contact,
        person=person,
        household=Household(Where(cell, postcode, name)),
        wanted=[Wanted("groceries", 3)],
    )
    request = opened.requests[0]
    while (waited := time.perf_counter() - start) < 10:
        if Offer.objects.filter(request=request).exists():
            return waited * 1000
        request.refresh_from_db(fields=["state"])
        if request.state != "open":
            return waited * 1000
        time.sleep(0.005)
    return None
