"""Spring 2020 in the true mode: what was published, held against what comes out, with everything that lasts."""

import argparse
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bench import protocol
from bench.policy import seeds

if TYPE_CHECKING:
    from quartier.sim.trace import PolicyTrace

# Everything is in memory (`sim.replay`); PostgreSQL would be measured nowhere else than in `agreement`.
DATABASES = ("sqlite",)
# Until that day: what, and between which values. What was published stands behind (docs/howto/simulation.md).
PUBLISHED = (
    ("volunteers", "2020-04-02", 4750, 5250),  # 5,000
    ("volunteers", "2020-04-16", 5700, 6300),  # 6,000
    ("volunteers", "2020-04-20", 6175, 6825),  # 6,500
    ("volunteers", "2020-04-30", 7600, 8000),  # 8,000
    ("calls", "2020-04-20", 1020, 1380),  # over 1,200 since the start
    ("calls", "2020-05-04", 1440, 1760),  # 1,600
    ("helped", "2020-04-20", 552, 770),  # 650 to 700 people helped
    ("helped", "2020-05-04", 720, 980),  # 850 people helped
)
# Out of all requests: by a neighbour or a partner. Published: 9 in 10.
SOLVED = (0.85, 0.97)
# People whom somebody calls regularly at the end of the programme. Published: later about 50.
FOLLOWED = (40, 60)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--policy", default="waves")
    parser.add_argument("--seeds", metavar="A-B", help="several seeds, such as 101-103; instead of --seed")
    parser.add_argument(
        "--scale",
        type=float,
        default=1.0,
        help="smaller than 1 for a trial: then nothing is held against anything",
    )


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """One line for each figure that was published, then one for each part of what lasts, for each seed. `ok`: within
    the bounds; for a part, its sums hold (the book balances)."""
    protocol.start_django()
    from quartier.sim import playing

    for seed in seeds(args):
        world = playing.Asked("spring-2020", args.policy, seed, scale=args.scale).world()
        begins = time.perf_counter()
        found = playing.true(world, args.policy)
        about = {"policy": args.policy, "seed": seed, "scale": args.scale}
        seconds = round(time.perf_counter() - begins)
        yield {"name": "spring_run", **about, "seconds": seconds, "requests": len(found.state)}
        yield from lines(found, about)


def lines(found: "PolicyTrace", about: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What one run says of each figure that was published, and of each part of what lasts."""
    for what, value, least, most in _measured(found):
        held = {"least": least, "most": most, "ok": least <= value <= most} if about["scale"] == 1.0 else {}
        yield {"name": "spring", **about, "what": what, "value": value, **held}
    for part in ("again", "money", "after", "listening"):
        told = found.figures[part]
        yield {"name": "spring_lasts", **about, "part": part, **_flat(told), **_sums(part, told)}


def _measured(found: "PolicyTrace") -> Iterator[tuple[str, float, float, float]]:
    partners = found.figures["closures"].get("referred", 0)
    served = found.state.count("served")
    for what, day, least, most in PUBLISHED:
        days = [each for each in found.days if each.date <= day]
        value: float
        if what == "volunteers":
            value = days[-1].volunteers
        elif what == "helped":
            # By a neighbour, or by a partner (whose days are not kept: as many of a hundred as in the end).
            value = round(sum(each.served for each in days) * (1 + partners / served))
        else:
            value = sum(getattr(each, what) for each in days)
        yield f"{what} until {day}", value, least, most
    yield "solved", round((served + partners) / len(found.state), 3), *SOLVED
    assert found.lasting
    assert found.lasting.listening
    yield "followed", found.lasting.listening.followed, *FOLLOWED


def _flat(part: dict[str, Any]) -> dict[str, Any]:
    """A part without its columns."""
    return {name: value for name, value in part.items() if not isinstance(value, list)}


def _sums(part: str, told: dict[str, Any]) -> dict[str, Any]:
    """What must hold of a part."""
    if part == "again":
        days = {name: sum(week[name] for week in told["weeks"]) for name in ("regular", "other", "missed")}
        return {**days, "ok": told["begun"] == told["ended"] + told["handed_over"]}
    if part == "money":
        return {"ok": told["advanced"] == told["back"] + told["fund"] + told["open"]}
    if part == "listening":
        several = [scores for scores in told["moods"] if len(scores) > 1]
        spoken = sum(week["spoken"] for week in told["weeks"])
        return {"spoken": spoken, "asked_more_than_once": len(several)}
    return {"ok": told["asked"] >= told["answered"] >= told["bad"] >= told["looked_after"]}
