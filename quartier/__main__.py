"""`quartier …`: everything that an installation is run with. `quartier --help` lists the commands."""

import argparse
import importlib
import os
import pkgutil
import sys

from quartier import cli


def parser_of_all() -> argparse.ArgumentParser:
    """The words of every command; each gives its `handler`."""
    parser = argparse.ArgumentParser(prog="quartier", description="A solidarity line in a box.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for module in pkgutil.iter_modules(cli.__path__):
        if module.name != "tests":
            importlib.import_module(f"quartier.cli.{module.name}").register(commands)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quartier.config.settings")
    args = parser_of_all().parse_args(argv)
    try:
        return int(args.handler(args) or 0)
    except BrokenPipeError:
        # Read by `head`, which has seen enough. Python would complain once more when it closes its output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())
