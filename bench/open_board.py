"""Thousands of requests that are not closed, in every lane of the board, written straight into the tables.

Beside the few that went the real way: each lane, each age, visits that are late or not told, and a dozen neighbours
asked for each request that waits for an answer.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from django.db.models import Model

from bench import country
from quartier.cases.models import Case, Request
from quartier.lib import clock
from quartier.lib.ids import token_hash, uuid7
from quartier.matching.models import Offer
from quartier.people.models import Volunteer
from quartier.team.models import Organisation
from quartier.visits.models import Assignment

OFFERS_EACH = 12
OPEN_BATCH = 5_000


def fill_board(org: Organisation, count: int, where: country.Map) -> None:
    """`count` requests that are not closed: of twenty, seven look for somebody, six have asked, five have somebody who
    comes, and two need a human."""
    helpers = list(Volunteer.objects.filter(organisation=org).values_list("pk", flat=True)[:5_000])
    for start in range(0, count, OPEN_BATCH):
        files = country.cases(org, min(OPEN_BATCH, count - start), where)
        now = clock.now()
        requests = [_open(number, case, now, where) for number, case in enumerate(files)]
        Request.objects.bulk_create(requests)
        _ask_and_send(org, requests, helpers, now, where)


def _open(number: int, case: Case, now: datetime, where: country.Map) -> Request:
    chance = where.random
    since = now - timedelta(minutes=chance.expovariate(1 / 240))
    request = country.real_request(case, now, where)
    request.urgency = chance.choice(["now", "day", "day", "week"])
    request.waiting_since = request.created_at = since
    request.promised_at = since + timedelta(minutes=chance.choice([60, 240, 480, 900]))
    place = number % 20
    if place >= 18:
        request.state, request.why_human, request.next_at = Request.State.HUMAN, Request.Why.NOBODY, None
    elif place >= 13:
        request.state, request.accepted, request.next_at = Request.State.COVERED, 1, None
        request.covered_at = now
    return request


def _ask_and_send(
    org: Organisation, requests: list[Request], helpers: list[Any], now: datetime, where: country.Map
) -> None:
    chance = where.random
    offers: list[dict[str, Any]] = []
    visits: list[dict[str, Any]] = []
    for number, request in enumerate(requests):
        asked = number % 20 >= 7
        for helper in chance.sample(helpers, OFFERS_EACH) if asked else []:
            first = not offers or offers[-1]["request_id"] != country.key(request.pk)
            comes = request.state == Request.State.COVERED and first
            offers.append(_offer(request, helper, comes=comes, where=where))
            if comes:
                visits.append(_visit(offers[-1], now, where))
    unused = {"organisation": org, "wave": 1, "created_at": now, "expires_at": now + timedelta(hours=8)}
    _pour(Offer(request_id=uuid7(), volunteer_id=uuid7(), **unused), offers)
    blank = Assignment(
        organisation=org, offer_id=uuid7(), request_id=uuid7(), volunteer_id=uuid7(), code_word="tulip",
        comes_from=now, comes_until=now, accepted_at=now,
    )  # fmt: skip
    _pour(blank, visits)


def _offer(request: Request, helper: Any, *, comes: bool, where: country.Map) -> dict[str, Any]:
    if comes:
        state = Offer.State.ACCEPTED
    elif request.state == Request.State.OPEN:
        state = where.random.choice([Offer.State.SENT, Offer.State.SENT, Offer.State.DECLINED])
    else:
        state = where.random.choice([Offer.State.WITHDRAWN, Offer.State.EXPIRED, Offer.State.DECLINED])
    pk = uuid7()
    return {
        "id": country.key(pk), "request_id": country.key(request.pk), "volunteer_id": country.key(helper),
        "state": state.value, "token_hash": token_hash(str(pk)), "distance_m": where.random.randint(50, 5000),
    }  # fmt: skip


def _visit(offer: dict[str, Any], now: datetime, where: country.Map) -> dict[str, Any]:
    """One in eight is past its time, and one in five was not told yet."""
    ends = now + timedelta(minutes=where.random.randint(-180, 1260))
    told = now if where.random.random() < 0.8 else None
    written: Callable[[datetime | None], Any] = Assignment._meta.get_field("told_at").get_db_prep_save
    times = {"comes_from": ends - timedelta(hours=1), "comes_until": ends, "told_at": told}
    from django.db import connection

    return {
        "id": country.key(uuid7()), "offer_id": offer["id"], "request_id": offer["request_id"],
        "volunteer_id": offer["volunteer_id"], **{name: written(at, connection) for name, at in times.items()},
    }  # fmt: skip


def _pour(like: Model, rows: list[dict[str, Any]]) -> None:
    for some in batched(rows, country.BATCH):
        country.pour(like, some)
