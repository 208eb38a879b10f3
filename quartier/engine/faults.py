"""Whether a plan keeps every hard constraint, worked out again from the data alone."""

import numpy as np

from quartier.engine.plan import Plan
from quartier.engine.problem import Problem

# Positions are kept as 32-bit metres: half a metre is their rounding in a country of 4,000 km.
ROUNDING_M = 0.5


def faults(problem: Problem, plan: Plan) -> list[str]:
    """What is wrong with a plan, in words; nothing for a plan of `solve`. Constraints, counts, cost and bound."""
    volunteers, requests = problem.volunteers, problem.requests
    r, v = plan.pairs[:, 0], plan.pairs[:, 1]
    metres = problem.distance_m(r, v)
    remote = requests.remote[r]
    width = np.int64(max(1, len(volunteers)))
    key = r * width + v
    wrong = {
        "a kind nobody offers": volunteers.kinds[v] & requests.kinds[r] == 0,
        "no language in common": volunteers.languages[v] & requests.languages[r] == 0,
        "not free then": volunteers.slots[v] & requests.slots[r] == 0,
        "not vetted enough": volunteers.level[v] < requests.level[r],
        "too far for the volunteer": ~remote & (metres > volunteers.radius_m[v] + ROUNDING_M),
        "too far for the request": ~remote & (metres > requests.radius_m[r] + ROUNDING_M),
        "excluded": np.isin(key, problem.excluded[:, 0] * width + problem.excluded[:, 1]),
        "more than a volunteer can take": np.bincount(v, minlength=len(volunteers)) > volunteers.capacity,
        "more than are needed": np.bincount(r, minlength=len(requests)) > requests.needed,
    }
    found = [f"{fault}: {int(bad.sum())}" for fault, bad in wrong.items() if bad.any()]
    if len(np.unique(key)) < len(key):
        found.append("the same volunteer twice for one request")
    if plan.unserved != int(requests.needed.sum()) - len(plan.pairs):
        found.append(
            f"unserved: {plan.unserved}, but {len(plan.pairs)} of {int(requests.needed.sum())} have somebody"
        )
    if plan.bound > plan.cost:
        found.append(f"the bound {plan.bound} is above the cost {plan.cost}")
    return found
