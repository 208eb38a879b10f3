"""The kill test: a real installation is used while its processes are killed (signal 9), then everything is counted.

Protocol. Two web processes and two workers serve a fresh installation with a few hundred volunteers. Visitors ask
for help through the public form; volunteers say yes, set out and say "done" through the links that arrive in their
mailboxes (simulated) and on their phones, several at once for one request; each repeats what got no answer, as people
do. Texts go by two providers that misbehave on purpose (`stage/carrier.py`), and whose receipts come twice, too early
and in any order. Meanwhile processes are killed at random moments, on PostgreSQL the database with its children too,
and started again. At the end everything is left in peace until no message is on its way, and is counted.

acknowledged  answers that arrived: requests sent (every second with a list), yes said, "done" said
lost          of those, what the database does not have, or has without its message
doubled       requests stored twice, places filled twice, one volunteer twice for one request
undelivered   messages that neither arrived nor failed visibly, or are called sent and did not arrive
ambiguous     answers of providers after which nobody could know whether the text had been taken
extra_copies  copies of a message beyond the first (at most one for each ambiguous answer and each kill)
texts         what the providers took
receipts      what they said afterwards, as it is known in the end
"""

import argparse
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# A process is killed once it is older than the first ones took to answer, times this (they all started at once,
# which takes longer): younger ones have not begun
# their work, and nothing would ever be done.
GROWN = 1.2
# Pauses between kills, as a part of the same time.
PAUSE = 0.25
# Whoever was unlucky with a provider three times waits for minutes; nearly always it is over much sooner.
SETTLE_S = 300
VOLUNTEERS = 200
# Of ten kills on PostgreSQL, so many are of the database.
DATABASE_KILLS = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kills", type=int, default=40, help="how many processes are killed (default: 40)")
    parser.add_argument("--keep-log", default="", metavar="FILE", help="copy what the processes said to FILE")


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """One line; `ok` is false when something was lost, doubled or not delivered."""
    from bench.stage.carrier import carriers
    from bench.stage.installation import installed

    began, luck = time.monotonic(), random.Random(args.seed)
    with (
        carriers("one", "two", seed=luck.random()) as found_carriers,
        installed(lease_seconds="5", texts=",".join(each.address for each in found_carriers)) as place,
    ):
        from bench.stage import count
        from bench.stage.crowd import Crowd, volunteers

        volunteers(VOLUNTEERS)
        ready_s = place.serve(web=2, workers=2)
        for carrier in found_carriers:
            carrier.webhook = place.address
        crowd = Crowd(place.address, luck.random(), found_carriers)
        try:
            crowd.begin()
            killed = _kill(place, args.server, args.kills, luck, ready_s)
            crowd.ask_no_more()
            peace = time.monotonic()
            settled = crowd.settle(SETTLE_S)
            settle_s = time.monotonic() - peace
        finally:
            crowd.end()
            place.stop()
            if args.keep_log:
                said = (place.home / "processes.log").read_text(errors="replace")
                Path(args.keep_log).write_text(said)
        found = count.everything(crowd.book, found_carriers)
    kills = sum(killed.values())
    wrong = found["lost"] or found["doubled"] or found["undelivered"]
    wrong = wrong or found["extra_copies"] > kills + found["ambiguous"]
    yield {
        "name": "chaos",
        "database": args.database,
        "kills": kills,
        **found,
        "killed": killed,
        "settled": settled,
        "settle_s": round(settle_s, 1),
        "seconds": round(time.monotonic() - began, 1),
        "ok": bool(settled and not wrong),
    }


def _kill(place: Any, server: Any, kills: int, luck: random.Random, ready_s: float) -> dict[str, int]:
    """Kill so many processes, each at a random moment of its work, and start each again at once."""
    killed = {"web": 0, "worker": 0, "database": 0}
    while sum(killed.values()) < kills:
        time.sleep(luck.uniform(0, ready_s * PAUSE))
        if server is not None and luck.random() * 10 < DATABASE_KILLS:
            server.kill(children=luck.random() < 0.5)
            killed["database"] += 1
            server.start()
            continue
        grown = [process for process in place.processes if process.age > ready_s * GROWN]
        if not grown:
            continue
        victim = luck.choice(grown)
        victim.end()
        killed[victim.name.split()[0]] += 1
        victim.start()
    return killed
