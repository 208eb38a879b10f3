"""Server time of the team's pages with many past requests: board, request, case, volunteers, search, map."""

import argparse
import os
import random
import time
from collections.abc import Iterator
from typing import Any

from bench import protocol

OPEN = 150


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", type=int, default=1_000_000, help="past requests")
    parser.add_argument("--open", type=int, default=OPEN, help="requests that are not closed")
    parser.add_argument("--volunteers", type=int, default=8_000)
    parser.add_argument("--rounds", type=int, default=60, help="times that each page is drawn")


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """One line a page, with `queries`: how many statements it takes. From the client's call to the whole answer."""
    protocol.start_django()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse
    from django.utils import translation

    from bench import country, open_board
    from quartier.cases.models import Request
    from quartier.cli.web import leave_code_alone
    from quartier.people import actions as people
    from quartier.people.actions import Who
    from quartier.people.models import Volunteer

    settings.ALLOWED_HOSTS = ["testserver"]
    organisation = country.organisation()
    where = country.Map(args.seed)
    thomas = people.create_account(
        organisation=organisation,
        who=Who("Thomas", email="thomas@example.org"),
        roles=["coordinator", "operator"],
    )
    country.volunteers(organisation, args.volunteers, where)
    country.past_requests(organisation, args.size, where)
    waiting = _open_requests(organisation, where)
    if args.open > len(waiting):
        open_board.fill_board(organisation, args.open - len(waiting), where)
    country.settle()
    # As the server of the pages does when it starts.
    leave_code_alone()
    client = Client(headers={"accept-language": "fr"})
    client.force_login(thomas)
    volunteers = list(Volunteer.objects.values_list("pk", flat=True)[:200])
    past = list(Request.objects.filter(state="closed").values_list("pk", flat=True)[:200])
    luck = random.Random(args.seed)

    def one_of(name: str, word: str, values: list[Any]) -> Any:
        return lambda: reverse(name, kwargs={word: luck.choice(values)})

    pages = {
        "board": lambda: reverse("board"),
        "board_lane": lambda: f"{reverse('board')}?lane=find",
        "board_kind": lambda: f"{reverse('board')}?show=late&kind=groceries",
        "request_open": one_of("request_page", "request_id", [each.pk for each in waiting]),
        "request_candidates": one_of("request_candidates", "request_id", [each.pk for each in waiting]),
        "request_past": one_of("request_page", "request_id", past),
        "case": one_of("case_page", "case_id", [each.case_id for each in waiting]),
        "volunteers": lambda: reverse("volunteers"),
        "volunteer": one_of("volunteer_page", "volunteer_id", volunteers),
        "search": lambda: f"{reverse('search')}?q=0400001427",
        "map": lambda: reverse("map_data"),
        "map_list": lambda: reverse("map"),
        "what_if": lambda: reverse("what_if"),
    }
    if os.environ.get("QUARTIER_PROFILE"):
        import cProfile
        import pstats

        client.get(reverse("board"))
        watch = cProfile.Profile()
        watch.runcall(lambda: [client.get("/fr/console/") for _ in range(20)])
        pstats.Stats(watch).sort_stats(os.environ["QUARTIER_PROFILE"]).print_stats(45)
    for name, address in pages.items():
        took, used, errors = [], [], 0
        with translation.override("fr"):
            client.get(address())
            with CaptureQueriesContext(connection) as queries:
                client.get(address())
            statements = len(queries.captured_queries)
            for _ in range(args.rounds):
                began = time.process_time()
                ms, response = protocol.timed(lambda address=address: client.get(address()))
                used.append((time.process_time() - began) * 1000)
                took.append(ms)
                errors += response.status_code != 200
        yield protocol.line(
            f"page_{name}",
            args.database,
            args.size,
            took,
            open=args.open,
            cpu_p50_ms=round(protocol.percentile(sorted(used), 0.5), 3),
            errors=errors,
            queries=statements,
        )


def _open_requests(organisation: Any, where: Any) -> list[Any]:
    """A full board: waiting, asked, covered, and some that need a human."""
    from bench import country
    from quartier.cases.models import Request
    from quartier.lib import clock
    from quartier.matching import actions as matching
    from quartier.matching.models import Offer
    from quartier.team.access import system
    from quartier.visits import actions as visits

    made = []
    for number, case in enumerate(country.cases(organisation, OPEN, where)):
        request = country.request_for(case, clock.now(), where, organisation=organisation)
        if number % 10 == 0:
            request.state, request.why_human, request.next_at = Request.State.HUMAN, "nobody", None
        request.save(force_insert=True)
        made.append(request)
        offers = matching.send_wave(request_id=request.pk) if number % 3 else []
        if offers and number % 2:
            offer = Offer.objects.select_related("volunteer").get(pk=offers[0].pk)
            visits.accept_offer(actor=system(organisation), offer=offer)
    return made
