"""`quartier replay SCENARIO`: plays a crisis in a simulation, with one way of asking or several, and prints what came
of it."""

import argparse
import json
import logging
import os
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quartier.sim.trace import Trace

# Of the installation from whose shell this is started, nothing counts.
FORGOTTEN = ("MAIL", "TEXTS", "FIELD_KEYS", "INDEX_KEY", "SECRET_KEY", "ORIGIN", "DEBUG", "BEHAVIOUR")

MONTH_SCENARIO = "month"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("replay", help="play a crisis in a simulation")
    parser.add_argument(
        "scenario",
        metavar="SCENARIO",
        help="its name, or a file that ends in .toml; `month`: a month of a group",
    )
    parser.add_argument(
        "--policy",
        default="adaptive",
        metavar="NAME[,NAME…]",
        help="ways of asking to compare: waves, adaptive, nearest, broadcast; +learns: with learning from answers",
    )
    parser.add_argument("--seed", type=int, default=1, help="two runs with one seed agree")
    parser.add_argument(
        "--mode",
        choices=["fast", "true"],
        help="fast: without a database; true: through the actions of the product (what `day` does by itself)",
    )
    parser.add_argument("--scale", type=float, default=1.0, help="so many times the people and the requests")
    parser.add_argument("--requests", type=int, help="requests a day, whatever the scenario says")
    parser.add_argument(
        "--volunteers", type=int, help="volunteers at the beginning, whatever the scenario says"
    )
    parser.add_argument(
        "--behaviour", type=Path, metavar="FILE", help="people as `quartier calibrate --write` found them"
    )
    parser.add_argument(
        "--json", action="store_true", help="one JSON object for each way of asking, a line each"
    )
    parser.add_argument(
        "--trace",
        type=Path,
        metavar="FILE",
        help="keep what happened, request by request, as JSON; of a month, every message that went out",
    )
    parser.add_argument(
        "--html", type=Path, metavar="FILE", help="draw what happened, as one page to look at"
    )
    parser.add_argument(
        "--language", choices=["fr", "nl", "de", "en"], default="en", help="of that page; English by itself"
    )
    month = parser.add_argument_group("a month of a group, through its own pages (`quartier replay month`)")
    month.add_argument(
        "--team", choices=["silent", "awake"], default="silent", help="whether it looks at what waits for it"
    )
    month.add_argument(
        "--answers", choices=["few", "all"], default="few", help="who of the neighbours answers"
    )
    month.add_argument("--size", type=int, default=13, metavar="N", help="volunteers")
    month.add_argument("--days", type=int, metavar="N", help="30; of a group larger than 13: 2")
    month.add_argument(
        "--begins", type=date.fromisoformat, metavar="DAY", help="its first day, such as 2028-02-20"
    )
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    """Everything happens in memory: nothing of it is left behind, and no installation is touched."""
    with tempfile.TemporaryDirectory(prefix="quartier-replay-") as home:
        os.environ["QUARTIER_HOME"] = home
        os.environ["QUARTIER_DATABASE"] = "sqlite:///"
        for name in FORGOTTEN:
            os.environ.pop(f"QUARTIER_{name}", None)
        # Those who are played read there.
        os.environ["QUARTIER_SANDBOX_IS_READ"] = "1"
        import django

        django.setup()
        if args.scenario == MONTH_SCENARIO:
            return _month(args)
        from quartier.sim import behaviour, playing

        try:
            behaviour.use(args.behaviour)
            asked = playing.Asked(
                args.scenario, args.policy, args.seed, args.mode, args.scale, args.requests, args.volunteers
            )
            found = playing.play(asked, _progress, lambda figures: _show(figures, args.json))
        except (OSError, ValueError) as error:
            print(f"quartier replay: {error}", file=sys.stderr)
            return 2
        if args.trace:
            args.trace.write_text(found.to_json(), encoding="utf-8")
        if args.html:
            _draw(found, args.html, args.language)
    return 0


def _month(args: argparse.Namespace) -> int:
    """A month, and what an examiner finds in it."""
    from quartier.lib import catalogues, tables
    from quartier.sim import playing
    from quartier.sim.month.mailbox import read_mailbox
    from quartier.sim.month.plan import USUAL_BEGINNING, MonthSpec, usual_days
    from quartier.sim.month.run import play_month
    from quartier.team.models import Organisation

    try:
        spec = MonthSpec(
            args.seed,
            args.size,
            args.begins or USUAL_BEGINNING,
            usual_days(args.size) if args.days is None else args.days,
        )
    except ValueError as error:
        print(f"quartier replay: {error}", file=sys.stderr)
        return 2
    # A page that says no to somebody is theirs to see, and no line here.
    logging.disable(logging.WARNING)
    catalogues.compile_all()
    tables.make()
    playing.empty()
    found = play_month(spec, team=args.team, answers=args.answers, progress=_progress)
    if not args.json:
        _progress("")
        print("\n".join(found.summary()), end="\n\n", flush=True)
    if args.trace:
        kept = {
            **found.figures(),
            "findings": found.lines(),
            "messages": read_mailbox(Organisation.objects.get()),
        }
        args.trace.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
    _show(found.figures(), args.json)
    return 0


def _draw(found: "Trace", file: Path, language: str) -> None:
    from quartier.lib import catalogues
    from quartier.sim import report

    catalogues.compile_all()
    file.write_text(report.html(found, language), encoding="utf-8")


def _show(figures: dict[str, Any], as_json: bool) -> None:
    _progress("")
    if as_json:
        print(json.dumps(figures), flush=True)
        return
    print("\n".join(f"{name:<20} {value}" for name, value in figures.items()), end="\n\n", flush=True)


def _progress(words: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{words}", end="", file=sys.stderr, flush=True)
