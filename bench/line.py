"""The phone line: how soon callers are answered, at what rate, with how much memory; and a day in fast forward."""

import argparse
import csv
import heapq
import random
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import line_parts, protocol

DATABASES = ("sqlite",)
# Rate a second, calls, seconds that each stays.
ROUNDS = ((8, 160, 3), (15, 300, 3), (40, 400, 12), (40, 2000, 60))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", type=int, default=13_000, help="calls of the day in fast forward")
    parser.add_argument("--only", choices=["answered", "bridged", "talk", "day"], help="one part alone")
    parser.add_argument("--share", type=float, default=1.0, help="of the bridged calls, for a trial")


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """`line_answered`: from a real INVITE to the 200, each at a rate; `lost` calls are errors. `line_memory`: resident
    MB of Kamailio, rtpengine and call control after that. `line_bridged`: callers and operators together
    (`line_bridged.py`). `line_key_to_ring`, `line_ring_to_sound`: with a real telephone and a real browser
    (`line_talk.py`). `line_day`: the machine alone, a day of calls; `ok` when their outcomes add up to the
    calls."""
    if args.only in {None, "day"}:
        yield _day(args.size, args.seed)
    if args.only in {None, "answered", "bridged"} and shutil.which("sipp") is None:
        raise SystemExit("sipp is not here: apt install sip-tester")
    if args.only in {None, "answered"}:
        yield from _answered(args)
    if args.only in {None, "bridged"}:
        # Here, because it needs what only engineers install, and `quartier` reads this file at every start.
        from bench import line_bridged

        yield from line_bridged.rounds(args.database, args.seed, share=args.share)
    if args.only in {None, "talk"}:
        from bench import line_talk

        yield from line_talk.talks(args.database)


def _answered(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    from tests.line.carrier_line import put_somebody_on_shift
    from tests.line.site import NUMBER

    with line_parts.running() as line, tempfile.TemporaryDirectory() as folder:
        # With nobody on shift callers are told so and leave a message; here they wait.
        put_somebody_on_shift(line)
        scenario = Path(folder) / "caller.xml"
        scenario.write_text(line_parts.SCENARIO)
        # The greeting is said once before anything is measured.
        _sipp(scenario, NUMBER, line.sip, 2, 4, 1)
        for rate, calls, stay in ROUNDS:
            took, lost = _sipp(scenario, NUMBER, line.sip, rate, calls, stay)
            # `n` and `errors` tell them apart: a call that was not answered has no time.
            yield protocol.line(
                f"line_answered_{rate}_s", args.database, calls, took or [0.0], errors=lost, ok=not lost
            )
        megabytes = {part: line_parts.resident(str(line.site.home), part) for part in line_parts.PARTS}
        yield {"name": "line_memory", **megabytes, "total_mb": round(sum(megabytes.values()), 1)}


def _sipp(
    scenario: Path, number: str, port: int, rate: int, calls: int, stay_s: int
) -> tuple[list[float], int]:
    """Milliseconds to the answer of each call, and how many were not answered or did not end well."""
    for old in scenario.parent.glob("*_rtt.csv"):
        old.unlink()
    words = [
        "sipp", f"127.0.0.1:{port}", "-sf", str(scenario), "-s", number, "-i", "127.0.0.1", "-mi", "127.0.0.1",
        "-r", str(rate), "-m", str(calls), "-l", str(calls), "-d", str(stay_s * 1000), "-nostdin",
        "-trace_rtt", "-rtt_freq", "1", "-timeout", "180s", "-timeout_error",
    ]  # fmt: skip
    subprocess.run(
        words, cwd=scenario.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    )
    took = []
    for file in scenario.parent.glob("*_rtt.csv"):
        with file.open() as text:
            took += [
                float(row[1]) for row in csv.reader(text, delimiter=";") if row[1:] and row[1][0].isdigit()
            ]
    return took, calls - len(took)


def _day(size: int, seed: int) -> dict[str, Any]:
    """Twelve hours, `size` callers, as many operators as the model case needed for each call; who waits too long hangs
    up, asks to be rung back, or is left to a message."""
    from quartier.callcore import Line, Switchboard, facts, orders

    luck = random.Random(seed)
    hours, talk_s = 12 * 3600.0, 240.0
    operators = max(1, round(size * (talk_s + 60) / hours * 0.95))
    board, ended, end_at = Switchboard(Line(wrap_up_s=60.0)), Counter[str](), {}
    events: list[tuple[float, int, Any]] = []
    number = 0

    def later(at: float, fact: Any) -> None:
        nonlocal number
        number += 1
        heapq.heappush(events, (at, number, fact))

    for each in range(operators):
        languages = luck.choice([("fr",), ("nl",), ("fr", "nl"), ("fr", "nl", "en"), ("de", "fr")])
        later(0.0, facts.CameOn(at=0.0, operator=f"o{each}", languages=languages))
    for each in range(size):
        at = luck.uniform(0, hours)
        later(at, facts.Rang(at=at, call=f"c{each}", number="+3220001427"))
        later(
            at + 8, facts.Pressed(at=at + 8, call=f"c{each}", digit=luck.choices("1234", [50, 35, 5, 10])[0])
        )
        patience = luck.expovariate(1 / 300)
        if luck.random() < 0.3:
            later(at + 12 + patience, facts.Pressed(at=at + 12 + patience, call=f"c{each}", digit="1"))
        end_at[f"c{each}"] = at + 8 + 4 * patience
        later(end_at[f"c{each}"], facts.HungUp(at=end_at[f"c{each}"], call=f"c{each}"))

    def happens(fact: Any) -> None:
        for order in board.handle(fact):
            match order:
                case orders.Ring(call=call, leg=leg):
                    later(board.now + luck.uniform(2, 9), facts.Answered(at=0.0, call=call, leg=leg))
                case orders.Join(call=call):
                    long = board.now + luck.expovariate(1 / talk_s)
                    later(long, facts.HungUp(at=long, call=call))
                case orders.Record(call=call):
                    later(board.now + 25, facts.HungUp(at=board.now + 25, call=call))
                case orders.Close(outcome=outcome):
                    ended[str(outcome)] += 1

    def all_of_it() -> None:
        while events or board.calls:
            wake = board.next_wake()
            if not events or (wake is not None and wake < events[0][0]):
                if wake is None:
                    break
                happens(facts.Tick(at=wake))
                continue
            at, _number, fact = heapq.heappop(events)
            # Somebody who is talking does not hang up out of impatience.
            call = board.calls.get(getattr(fact, "call", ""))
            if isinstance(fact, facts.HungUp) and call and call.leg and at == end_at.get(fact.call):
                continue
            happens(type(fact)(**{name: getattr(fact, name) for name in fact.__slots__} | {"at": at}))

    took, _ = protocol.timed(all_of_it)
    return {
        "name": "line_day",
        "size": size,
        "operators": operators,
        **dict(sorted(ended.items())),
        "seconds": round(took / 1000, 2),
        "ok": sum(ended.values()) == size,
    }
