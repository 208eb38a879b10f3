"""Random ways through calls with real sound: after how many of their steps somebody is deaf, or hears too much."""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import protocol

DATABASES = ("sqlite",)
WAY_LENGTH, AT_ONCE = 5, 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", type=int, default=500, help="ways of five steps")


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """`line_ways`: seconds that each way took: `errors` are ways with somebody deaf, or who hears what is not for
    them. `steps` counts each kind that was walked, `deaf` describes the first ways that went wrong."""
    protocol.start_django()
    from tests.line.sound_ways import walk_ways

    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        seeds = range(args.seed * 100_000, args.seed * 100_000 + args.size)
        ways = walk_ways(Path(folder), seeds, length=WAY_LENGTH, at_once=AT_ONCE)
    wrong = [way for way in ways if way.mistakes]
    each_ms = [(time.monotonic() - began) * 1000 / len(ways)]
    yield protocol.line(
        "line_ways", args.database, len(ways), each_ms, errors=len(wrong), ok=not wrong,
        steps=dict(Counter(step for way in ways for step in way.steps)),
        deaf=[[way.seed, way.steps, way.mistakes] for way in wrong[:5]],
    )  # fmt: skip
