"""`quartier replay day`: plays a day of the model case in a simulation, and prints what came of it."""

import argparse
import json
import os
import sys
import tempfile


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("replay", help="play a day of a crisis in a simulation")
    what = parser.add_subparsers(required=True, metavar="WHAT")
    day = what.add_parser("day", help="a day of spring 2020, and the 24 hours after it")
    day.add_argument("--seed", type=int, default=1, help="two runs with one seed agree")
    day.add_argument("--requests", type=int, default=80)
    day.add_argument("--volunteers", type=int, default=8000)
    day.add_argument("--json", action="store_true", help="one JSON object")
    day.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    """Everything happens in memory: nothing of it is left behind, and no installation is touched."""
    with tempfile.TemporaryDirectory(prefix="quartier-replay-") as home:
        os.environ["QUARTIER_HOME"] = home
        os.environ["QUARTIER_DATABASE"] = "sqlite:///"
        for name in ("MAIL", "TEXT_PROVIDER", "FIELD_KEYS", "INDEX_KEY", "SECRET_KEY", "ORIGIN", "DEBUG"):
            os.environ.pop(f"QUARTIER_{name}", None)
        import django

        django.setup()
        from django.core.management import call_command

        from quartier.lib import catalogues
        from quartier.sim import replay

        catalogues.compile_all()
        call_command("migrate", verbosity=0)
        found = replay.play_day(
            args.seed, requests=args.requests, volunteers=args.volunteers, progress=_progress
        )
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)
    print(
        json.dumps(found) if args.json else "\n".join(f"{name:<20} {value}" for name, value in found.items())
    )
    return 0


def _progress(words: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{words}", end="", file=sys.stderr, flush=True)
