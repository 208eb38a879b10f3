"""`quartier compile`: the texts of this version, made ready to read.

Every command does so at its start; this one is for where the program's own folder is closed to the service.
"""

import argparse


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "compile", help="make the texts ready, where the program's folder is read-only"
    )
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from quartier.lib import catalogues

    catalogues.compile_all()
    return 0
