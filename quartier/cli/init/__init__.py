"""`quartier init`: five questions, and an installation is ready for use."""

import argparse
import os
import sys
from pathlib import Path

from quartier.cli import terminal_language

FLAGS = {
    "organisation": "its name",
    "languages": "codes of languages that it speaks, its own first: fr,nl,de,en",
    "country": "two letters: BE",
    "phone": "the number of the line; 'none' where there is none yet",
    "sender": "the mail address that messages come from; also the first administrator's",
}


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("init", help="make an installation: five questions")
    for name, words in FLAGS.items():
        parser.add_argument(f"--{name}", help=words)
    parser.add_argument("--database", help="postgresql://user:password@host/name (default: SQLite)")
    parser.add_argument("--mail", default="sandbox:", help="smtp://user:password@host:587")
    parser.add_argument("--origin", default="", help="https://line.example.org, where people reach the pages")
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    from quartier.cli.init import file, questions
    from quartier.config import installation

    home = installation.load().home
    written = home / "quartier.toml"
    keys = file.new_keys()
    # The settings are read once, so that what is founded below is sealed with the keys that are written.
    os.environ.update(file.as_environment(keys))
    for key in ("database", "mail", "origin"):
        if getattr(args, key):
            os.environ[f"QUARTIER_{key.upper()}"] = getattr(args, key)
    with terminal_language() as language:
        from quartier.cli.init import founding

        if reason := _why_not(written):
            print(reason, file=sys.stderr)
            return 1
        try:
            answers = questions.ask({name: getattr(args, name) for name in FLAGS}, language)
        except questions.Unanswered as error:
            print(error, file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            print()
            return 130
        file.write(written, keys, answers, database=args.database, mail=args.mail, origin=args.origin)
        try:
            founding.found(answers)
        except BaseException:
            # Nothing is founded: the same command can be given again.
            written.unlink(missing_ok=True)
            raise
        print(founding.what_next(answers, written))
    return 0


def _why_not(written: Path) -> str:
    from django.utils.translation import gettext as _

    from quartier.cli.init import founding

    if written.exists():
        return _("There is an installation already: {file}. Nothing was changed.").format(file=written)
    trouble = founding.trouble_with_database()
    if trouble:
        return _("The database does not answer: {error}").format(error=trouble)
    if founding.has_organisation():
        return _(
            "The database holds an organisation, but {file} with its keys is missing. Restore the file "
            "from your backup: without it no one can read the data. Nothing was changed."
        ).format(file=written)
    return ""
