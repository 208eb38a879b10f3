"""The commands of `quartier`. Each module of this room adds its own with `register(subparsers)`."""

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from quartier.lib.version import version

# Of what serves, or is for engineers, the log shows where it went wrong.
KEEP_TRACEBACKS = {"run", "web", "worker", "callcore", "suite", "bench", "manage", "replay"}


def parser_of_all() -> argparse.ArgumentParser:
    """The words of every command; each gives its `handler`."""
    parser = argparse.ArgumentParser(prog="quartier", description="A solidarity line in a box.")
    parser.add_argument("--version", action="version", version=f"quartier {version()}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for module in pkgutil.iter_modules(__path__):
        if module.name != "tests":
            importlib.import_module(f"quartier.cli.{module.name}").register(commands)
    return parser


def is_file_wrong(args: argparse.Namespace) -> bool:
    """Say everything that is wrong with the installation's file. True where the command cannot go on with it. `check`
    says it in its own way (`names_faults`). Django is not set up: with some of it that cannot be done."""
    from quartier.cli.run import handover

    if handover.is_taken_over():
        # This very process has said it when it prepared what it looks after now.
        return False
    from quartier.config import faults

    found = [] if getattr(args, "names_faults", False) else faults.of()
    if not found:
        return False
    translate = terminal_words()
    for each in found:
        print(each.said(translate), file=sys.stderr)
        if todo := each.to_do(translate):
            print(f"  → {todo}", file=sys.stderr)
    return any(each.stops for each in found)


def terminal_words() -> Callable[[str], str]:
    """Translates what `config` says into the language of the terminal, without any settings."""
    import gettext

    from quartier.lib import catalogues

    with suppress(OSError):
        catalogues.compile_all()
    folder = Path(__file__).resolve().parent.parent / "config" / "locale"
    return gettext.translation("django", folder, [wanted_language()], fallback=True).gettext


def trouble_in_words(args: argparse.Namespace, error: Exception) -> str:
    """What hinders a command that is given by hand, where it is the machine's or the database's doing: no screen of
    code for whoever runs it. "" for everything else, and for what serves and writes a log."""
    if args.handler.__module__.split(".")[2] in KEEP_TRACEBACKS:
        return ""
    from django.db import DatabaseError, InterfaceError

    from quartier.config import faults
    from quartier.lib.crypto import CannotOpen

    translate = terminal_words()
    if isinstance(error, CannotOpen):
        return translate(faults.KEYS_OPEN_NOTHING)
    if isinstance(error, DatabaseError | InterfaceError):
        lines = str(error).strip().splitlines() or [type(error).__name__]
        return translate(faults.DATABASE_REFUSES).format(error=lines[0])
    if isinstance(error, OSError) and error.errno is not None:
        return translate(faults.MACHINE_REFUSES).format(error=error)
    return ""


def wanted_language() -> str:
    """Two letters: what the shell says, or ""."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    return next((os.environ[name] for name in names if os.environ.get(name)), "")[:2].lower()


def no_installation() -> bool:
    """Whether there is none here, after saying how to make one."""
    from quartier.config import installation

    found = installation.load()
    # Who gives everything by the environment needs no file.
    if found.exists or {"QUARTIER_FIELD_KEYS", "QUARTIER_INDEX_KEY"} <= set(os.environ):
        return False
    with terminal_language():
        from django.utils.translation import gettext as _

        print(
            _("There is no installation in {home}. Make one: quartier init").format(home=found.home),
            file=sys.stderr,
        )
    return True


@contextmanager
def terminal_language() -> Iterator[str]:
    """Inside the block, texts are in the language of the terminal, or in English. Sets Django up."""
    import django

    django.setup()
    from django.conf import settings
    from django.utils import translation

    from quartier.lib import catalogues

    catalogues.compile_all()
    code = wanted_language()
    language = code if code in dict(settings.LANGUAGES) else "en"
    with translation.override(language):
        yield language
