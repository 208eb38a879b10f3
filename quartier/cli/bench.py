"""`quartier bench NAME`: measures this machine. One JSON object a line; `bench/README.md` has the protocol."""

import argparse
import importlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The benchmarks that the folder `bench` lists. Only a checkout has that folder."""
    if importlib.util.find_spec("bench") is None:
        return
    # What can be measured is read when somebody measures: it takes longer than all other commands together.
    parser = commands.add_parser(
        # Its options are read then: here no word begins one.
        "bench",
        help="measure this machine; one JSON object a line",
        add_help=False,
        prefix_chars="\0",
    )
    parser.add_argument("words", nargs="*")
    parser.set_defaults(handler=lambda args: _measure(args.words))


def _measure(words: list[str]) -> int:
    bench = importlib.import_module("bench")
    parser = argparse.ArgumentParser(prog="quartier bench")
    names = parser.add_subparsers(title="benchmarks", required=True, metavar="NAME")
    for name in (*bench.BENCHMARKS, *bench.DRAWN):
        module = importlib.import_module(f"bench.{name}")
        summary = (module.__doc__ or "").splitlines()[0]
        one = names.add_parser(name, help=summary, description=summary)
        one.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
        one.add_argument("--seed", type=int, default=1)
        one.add_argument("--json", action="store_true", help="kept for clarity: the output is JSON anyway")
        module.add_arguments(one)
        one.set_defaults(handler=run, benchmark=name)
    everything = names.add_parser("all", help="each of them, on both databases")
    everything.add_argument("--seed", type=int, default=1)
    everything.set_defaults(handler=run_all, benchmarks=bench.BENCHMARKS)
    args = parser.parse_args(words)
    return int(args.handler(args))


def run_all(args: argparse.Namespace) -> int:
    """Each benchmark in a process of its own, one after the other: together they would measure each other."""
    failed = []
    for name in args.benchmarks:
        module = importlib.import_module(f"bench.{name}")
        for database in getattr(module, "DATABASES", ("sqlite", "postgresql")):
            words = [name, "--database", database, "--seed", str(args.seed)]
            code = subprocess.call(
                [sys.executable, "-m", "quartier", "bench", *words], stdin=subprocess.DEVNULL
            )
            if code:
                failed.append(f"{name} on {database}")
    if failed:
        print(f"Failed: {', '.join(failed)}", file=sys.stderr)
    return int(bool(failed))


def run(args: argparse.Namespace) -> int:
    """Run one benchmark in a home and on a database of its own, gone afterwards. Returns 1 if a line says `ok` false.

    `args.server` is the PostgreSQL server (`tests.servers`), for a benchmark that does more with it than use it.
    """
    module = importlib.import_module(f"bench.{args.benchmark}")
    args.server, well = None, True
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="quartier-bench-")))
        os.environ["QUARTIER_HOME"] = str(home)
        os.environ["QUARTIER_SANDBOX_IS_READ"] = "1"
        os.environ["QUARTIER_DATABASE"] = f"sqlite:///{home / 'quartier.sqlite3'}"
        if args.database == "postgresql":
            servers = importlib.import_module("tests.servers")
            args.server = stack.enter_context(
                servers.postgres(durable=True, buffers=getattr(module, "BUFFERS", "64MB"))
            )
            os.environ["QUARTIER_DATABASE"] = args.server.url
        for line in module.run(args):
            well = well and line.get("ok", True)
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
            sys.stdout.flush()
    return 0 if well else 1
