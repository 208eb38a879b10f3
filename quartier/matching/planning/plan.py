"""One plan for all the waves of an organisation that are due: read, match, propose."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from quartier.cases.models import Request
from quartier.engine import Params, Problem, Requests, Stop
from quartier.lib.cells import STRIPS_A_DEGREE
from quartier.matching import rules
from quartier.matching.likelihood import circumstances
from quartier.matching.planning.proposing import Proposals, propose
from quartier.matching.planning.reading import URGENCIES, Due, due_requests, free_volunteers, must_not_meet
from quartier.matching.policies import fewest
from quartier.matching.queries import METRES_AN_OFFER, assumed, offers_each
from quartier.people.queries import not_now
from quartier.team.models import Organisation

# The same weights as the search for one request has: an offer more, today or in this plan, is worth so many metres.
WEIGHTS = Params(asked_m=METRES_AN_OFFER, load_m=0, again_m=METRES_AN_OFFER)
# A place that stays empty costs more than any neighbour would; that of somebody in urgent need costs twice that.
EMPTY_M = 2_000_000.0
# People wait meanwhile: after so long, the best plan found so far is good enough.
LONGEST_S = 20.0
# As far away as neighbours usually are, where it matters how likely they say yes.
NEARBY_M = 1000
# Larger waves are not shared out (broadcast), and take one transaction after the other.
LARGEST = 500


@dataclass(frozen=True)
class Planned:
    """What a plan came to: requests due, offers written, places that nobody could be found for, seconds a step."""

    requests: int
    offers: int
    unserved: int
    seconds: dict[str, float]


def plan_waves(organisation: Organisation, now: datetime) -> Planned:
    """Share out the neighbours among all requests that are due, and write what the database agrees to as offers that
    wait for their wave, instead of those of an older plan. Nobody is told anything yet."""
    from quartier.engine.solve import solve  # Only here: Numba is read by those who plan.

    seconds, began = {}, perf_counter()
    with _alone(organisation) as alone:
        if not alone:
            return Planned(0, 0, 0, {})
        _forget(organisation)
        due = due_requests(organisation, now)
        sizes, radius, budget = _waves(organisation, due, now)
        today = now.astimezone(organisation.zone).date()
        free = free_volunteers(organisation, today, budget).without(not_now(organisation, now))
        excluded = must_not_meet(organisation, due, free)
        seconds["read_s"], began = perf_counter() - began, perf_counter()
        # When there are fewer offers to give than are wanted, one for everybody comes before a dozen for a few.
        share = max(1, int(free.volunteers.capacity.sum()) // max(1, len(due)))
        problem = Problem(free.volunteers, _asked(due, np.minimum(sizes, share), radius), excluded)
        plan = solve(problem, params=WEIGHTS, stop=Stop(LONGEST_S))
        seconds["match_s"], began = perf_counter() - began, perf_counter()
        request, volunteer = plan.pairs[:, 0], plan.pairs[:, 1]
        proposals = Proposals(
            requests=due.keys[request],
            volunteers=free.keys[volunteer],
            kinds=due.kinds[request],
            slots=due.slots[request],
            radius_m=radius[request],
            strips=np.floor(free.volunteers.lat[volunteer] * STRIPS_A_DEGREE).astype(np.int32),
        )
        offers = propose(organisation, proposals, now=now, today=today, budget=budget)
        seconds["write_s"] = perf_counter() - began
    return Planned(len(due), offers, plan.unserved, seconds)


def _forget(organisation: Organisation) -> None:
    """Let an older plan go. Nobody knows of it, and nothing refers to it, so no row has to be looked at."""
    with connection.cursor() as cursor:
        key = organisation.pk if connection.features.has_native_uuid_field else organisation.pk.hex
        cursor.execute("DELETE FROM matching_offer WHERE state = 'queued' AND organisation_id = %s", [key])


def _asked(due: Due, sizes: NDArray[np.int32], radius: NDArray[np.int32]) -> Requests:
    urgent = due.urgency == URGENCIES.index(str(Request.Urgency.NOW))
    return Requests(
        ids=np.arange(len(due), dtype=np.int64),
        lat=due.lat,
        lon=due.lon,
        kinds=due.kinds,
        languages=due.languages,
        slots=due.slots,
        level=due.level,
        radius_m=radius.astype(np.float32),
        needed=sizes.astype(np.int16),
        weight_m=np.where(urgent, 2 * EMPTY_M, EMPTY_M).astype(np.float32),
        remote=due.remote,
    )


def _waves(
    organisation: Organisation, due: Due, now: datetime
) -> tuple[NDArray[np.int32], NDArray[np.int32], int]:
    """For each request how many are asked in its wave (0: that is not for a plan to decide) and within how many
    metres; and the budget of the day. The policy is asked once for all requests that stand alike: what answers may
    still come is looked at when the wave goes out, which then asks fewer of those who were planned."""
    prior, plenty = assumed(), offers_each(organisation, now)
    likely = prior.mean * circumstances(NEARBY_M, 0, 0, prior)
    alike = ((due.radius_m.astype(np.int64) << 8 | due.places) << 8 | due.wave) << 2 | due.urgency
    _values, rows, which = np.unique(alike, return_index=True, return_inverse=True)
    kinds = np.stack([due.urgency, due.wave, due.places, due.radius_m], axis=1)[rows]
    sizes = np.zeros(len(kinds), dtype=np.int32)
    radius = np.zeros(len(kinds), dtype=np.int32)
    budget = 0
    for row, (urgency, wave, places, first_radius) in enumerate(kinds.tolist()):
        like = Request(
            urgency=URGENCIES[urgency], wave=wave, needed=places, radius_m=first_radius,
            window_until=now + timedelta(days=1), waiting_since=now,
        )  # fmt: skip
        step = rules.next_wave(like, organisation, now, (), prior, plenty)
        if step is not None and step.size <= LARGEST:
            sizes[row] = step.size if step.enough is None else fewest([likely] * step.size, step.enough)
            # Some keep an offer of the day for what is urgent: the wave looks at that again.
            radius[row], budget = step.radius_m, max(budget, step.budget)
    return sizes[which], radius[which], budget


@contextmanager
def _alone(organisation: Organisation) -> Iterator[bool]:
    """Whether no other process plans for this organisation. Ends with the connection, if the process is killed."""
    if connection.vendor != "postgresql":
        yield True
        return
    key = int.from_bytes(organisation.pk.bytes[8:], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        (got,) = cursor.fetchone()
        try:
            yield bool(got)
        finally:
            if got:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
