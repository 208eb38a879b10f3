"""The commands of `quartier`. Each module of this room adds its own with `register(subparsers)`."""

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager


def parser_of_all() -> argparse.ArgumentParser:
    """The words of every command; each gives its `handler`."""
    parser = argparse.ArgumentParser(prog="quartier", description="A solidarity line in a box.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for module in pkgutil.iter_modules(__path__):
        if module.name != "tests":
            importlib.import_module(f"quartier.cli.{module.name}").register(commands)
    return parser


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
    wanted = next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), ""
    )
    code = wanted[:2].lower()
    language = code if code in dict(settings.LANGUAGES) else "en"
    with translation.override(language):
        yield language
