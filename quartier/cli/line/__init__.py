"""`quartier line …`: everything about the phone line. Each module of this folder adds its own part with
`register(parts)`, as those of `quartier.cli` do."""

import argparse
import importlib
import pkgutil


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    line = commands.add_parser("line", help="the phone line: what it costs, and more")
    parts = line.add_subparsers(required=True, metavar="PART")
    for module in pkgutil.iter_modules(__path__):
        found = importlib.import_module(f"{__name__}.{module.name}")
        if hasattr(found, "register"):
            found.register(parts)
