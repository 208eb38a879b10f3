"""`quartier manage …`: Django's own commands, for engineers."""

import argparse

# All words, options too, are Django's.
NOTHING = "\0"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "manage", help="Django's own commands, for engineers", add_help=False, prefix_chars=NOTHING
    )
    parser.add_argument("words", nargs=argparse.REMAINDER)
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["quartier manage", *args.words])
    return 0
