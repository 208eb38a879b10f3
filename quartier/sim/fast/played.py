"""What a run of the fast mode came to: its figures, and the trace that a report draws."""

from collections import Counter

import numpy as np

from quartier.matching.policies import Policy, Settings
from quartier.sim import figures
from quartier.sim.fast.files import CLOSED, COVERED, HUMAN, OPEN, File
from quartier.sim.fast.run import Run
from quartier.sim.population import KINDS
from quartier.sim.trace import HUMAN as LEFT_TO_A_HUMAN
from quartier.sim.trace import SERVED, WAITING, WITHDRAWN, PolicyTrace
from quartier.sim.world import World


def play(world: World, policy: Policy, settings: Settings, *, learns: bool = False) -> PolicyTrace:
    """Play a world with a policy."""
    return trace(Run(world, policy, settings, learns=learns).play())


def trace(run: Run) -> PolicyTrace:
    """What became of the requests that count, and what the volunteers had to bear."""
    world, begins = run.world, run.world.warm_up_min
    counted = sorted(
        (file for file in run.files if file.since_opened >= begins), key=lambda each: each.number
    )
    rows = [file.number for file in counted]
    waited = [file.first_yes - file.since_opened if file.first_yes >= 0 else None for file in counted]
    asked = world.requests
    people = run.people
    areas, active = people.homes.area, people.active
    told = np.bincount(people.rows["asked_total"]) if len(areas) else np.zeros(1, dtype=np.int64)
    weights = people.rows["asked_total"]
    where = np.unique(areas, return_inverse=True)
    offers_by_area = np.bincount(where[1], weights=weights, minlength=len(where[0]))
    volunteers_by_area = np.bincount(where[1], weights=active, minlength=len(where[0]))
    return PolicyTrace(
        policy=run.policy.name,
        seed=world.seed,
        figures=_figures(run, counted, waited),
        asked_min=[round(file.since_opened - begins, 2) for file in counted],
        accepted_min=[round(file.first_yes - begins, 2) if file.first_yes >= 0 else None for file in counted],
        waited_min=[None if each is None else round(each, 2) for each in waited],
        area=[int(area) for area in asked.homes.area[rows]],
        state=[_state(file) for file in counted],
        kind=[KINDS[kind] for kind in asked.kind[rows]],
        language=[str(language) for language in asked.language[rows]],
        left_min=[_left(file, begins) for file in counted],
        why=[_why(file) for file in counted],
        neighbours=[file.neighbours or len(file.offers) for file in counted],
        notifications=[int(count) for count in told],
        asked_by_area=[(int(a), int(n)) for a, n in zip(where[0], offers_by_area, strict=True) if n],
        volunteers_by_area=[(int(a), int(n)) for a, n in zip(where[0], volunteers_by_area, strict=True) if n],
        days=run.days(),
    )


def _state(file: File) -> str:
    if file.first_yes >= 0:
        return SERVED
    if file.state == OPEN:
        return WAITING
    return WITHDRAWN if file.closure == "withdrawn" else LEFT_TO_A_HUMAN


def _left(file: File, begins: float) -> float | None:
    if _state(file) not in {LEFT_TO_A_HUMAN, WITHDRAWN}:
        return None
    # What a human reads first is with the team from the beginning.
    return round((file.left if file.left >= 0 else file.since_opened) - begins, 2)


def _why(file: File) -> str:
    if _state(file) != LEFT_TO_A_HUMAN:
        return ""
    return file.closure if file.state == CLOSED else file.why


def _figures(run: Run, counted: list[File], waited: list[float | None]) -> dict[str, object]:
    states = dict.fromkeys((OPEN, HUMAN, COVERED, CLOSED), 0)
    states.update(Counter(file.state for file in counted))
    closures = Counter(file.closure for file in counted if file.state == CLOSED)
    served = figures.within_24h(waited)
    begins = run.world.scenario.warm_up_days
    offers = sum(count for day, count in run.offers_on.items() if day >= begins)
    messages = sum(count for day, count in run.messages_on.items() if day >= begins)
    here = run.people.active | run.people.quit
    return {
        "seed": run.world.seed,
        "volunteers": run.world.scenario.all_volunteers,
        "created": len(counted),
        "states": states,
        "closures": dict(sorted(closures.items())),
        **figures.waiting(waited),
        "messages": messages,
        "offers": offers,
        "messages_per_served": figures.each_served(messages, served),
        "offers_per_served": figures.each_served(offers, served),
        **figures.burden(run.people.rows["asked_total"][here], int(run.people.quit.sum())),
    }
