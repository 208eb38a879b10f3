"""`quartier demo`: a demonstration with invented people, in a folder of its own, that goes on by itself."""

import argparse
import os
import shutil
import sys
from pathlib import Path

from quartier.cli import terminal_language
from quartier.cli.run import add_address, compile_engine, listen
from quartier.cli.run.parent import Child, Parent

# Where `QUARTIER_HOME` names no folder.
HOME = Path("var/demo")
# There while invented people are still being added; found at a start, it says that the last one was cut off.
FILLING = "filling"
SEED = 1


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("demo", help="a demonstration with invented people, on this machine")
    add_address(parser)
    parser.add_argument("--new", action="store_true", help="throw the last one away and make it afresh")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument(
        "--with-calls", action="store_true", help="the phone line too, with people who call it"
    )
    # The children of the parent, see below.
    parser.add_argument("--part", choices=["fill", "life", "callers"], help=argparse.SUPPRESS)
    # What the shell, or `var`, says of another installation is none of its business.
    parser.set_defaults(handler=run, names_faults=True)


def run(args: argparse.Namespace) -> int:
    """Serve at once, fill behind the pages, then let the people live."""
    site = f"http://{args.host}:{args.port}"
    home = Path(os.environ.get("QUARTIER_HOME") or HOME).resolve()
    os.environ["QUARTIER_HOME"] = str(home)
    os.environ["QUARTIER_ORIGIN"] = site
    # Whatever the shell says of another installation must not reach this one, nor this one its database.
    for name in (
        "DATABASE",
        "MAIL",
        "TEXTS",
        "FIELD_KEYS",
        "INDEX_KEY",
        "SECRET_KEY",
        "HOSTS",
        "DEBUG",
    ):
        os.environ.pop(f"QUARTIER_{name}", None)
    if args.part:
        from quartier.cli.demo import parts

        return parts.run(args.part, args.seed, site)
    return _serve(args, home, site)


def _serve(args: argparse.Namespace, home: Path, site: str) -> int:
    from quartier.cli.demo import house, line
    from quartier.cli.run import calls

    sock = None
    if home.exists() and not house.is_ours(home):
        print(f"{home} holds something else than a demonstration; nothing was changed.", file=sys.stderr)
        return 1
    line.use(line.choose() if args.with_calls else {})
    if args.with_calls and calls.lacking():
        # Nothing is made. Before that there are no keys, so Django is set up here only to say what is missing.
        with terminal_language():
            print(calls.missing(), file=sys.stderr)
        return 1
    if args.new or (home / FILLING).exists():
        shutil.rmtree(home, ignore_errors=True)
    house.write(home)
    with terminal_language():
        sock = listen(args.host, args.port)
        if sock is None:
            return 1
        fresh = house.make_ready(with_calls=args.with_calls)
        parent = Parent(sock)
        words = ["demo", "--port", str(args.port), "--host", args.host, "--seed", str(args.seed), "--part"]

        def live() -> None:
            parent.add(Child("worker", ["worker"]))
            parent.add(Child("life", [*words, "life"]))

        if args.with_calls:
            os.environ["QUARTIER_LINE_WSS"] = calls.websocket()
            for child in calls.children(f"{site}/"):
                parent.add(child)
            parent.add(Child("callers", [*words, "callers"]))
        parent.add(Child("web", ["web"], web=True))
        compile_engine(parent)
        if fresh:
            parent.add(Child("filling", [*words, "fill"], once=True), live)
        else:
            live()
        said = house.welcome(site, fresh=fresh, with_calls=args.with_calls)
        parent.when_ready(f"{site}/", lambda: print(said, flush=True))
        return parent.run()
