"""Fifty volunteers say yes at the same moment for one place: one of them has it, each time."""

import argparse
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench import protocol


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", type=int, default=50, help="volunteers who race")
    parser.add_argument("--rounds", type=int, default=1000)


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """One line, with `one_winner`: in how many rounds exactly one volunteer was told yes, and the table agrees."""
    protocol.start_django()
    from django.db import connection

    from bench import country
    from quartier.lib import clock
    from quartier.matching.actions.offering import write_offers
    from quartier.people.models import Volunteer
    from quartier.team.access import system
    from quartier.visits import actions
    from quartier.visits.models import Assignment

    organisation = country.organisation()
    where = country.Map(args.seed)
    country.volunteers(organisation, args.size, where)
    volunteers = list(Volunteer.objects.select_related("person"))
    files = country.cases(organisation, args.rounds, where)
    took: list[float] = []
    one_winner, errors = 0, 0
    with ThreadPoolExecutor(args.size) as pool:
        for case in files:
            Volunteer.objects.update(open_count=0, capacity=20)
            request = country.request_for(case, clock.now(), where, organisation=organisation)
            request.save(force_insert=True)
            offers = write_offers(request, volunteers, wave=1, expires_at=request.window_until)
            ready = threading.Barrier(len(offers))

            def accept(offer: Any, ready: threading.Barrier = ready) -> tuple[float, str]:
                ready.wait()
                try:
                    ms, answer = protocol.timed(
                        lambda: actions.accept_offer(actor=system(organisation), offer=offer)
                    )
                    return ms, answer.result
                except Exception as error:  # a benchmark counts what goes wrong, whatever it is
                    return 0.0, f"error: {type(error).__name__}"
                finally:
                    connection.close()

            answers = list(pool.map(accept, offers))
            results = Counter(result for _ms, result in answers)
            took += [ms for ms, _result in answers]
            errors += sum(count for result, count in results.items() if result.startswith("error"))
            stored = Assignment.objects.filter(request=request).count()
            request.refresh_from_db()
            one_winner += (results["yours"], stored, request.accepted) == (1, 1, 1)
    yield protocol.line(
        "accept_race",
        args.database,
        args.size,
        took,
        errors=errors,
        rounds=args.rounds,
        one_winner=one_winner,
    )
