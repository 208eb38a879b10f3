"""`quartier …`: everything that an installation is run with. `quartier --help` lists the commands."""

import os
import sys

from quartier.cli import is_file_wrong, parser_of_all, trouble_in_words
from quartier.config.private_files import PRIVATE_UMASK


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code. What it writes is its owner's alone, whatever the shell says."""
    os.umask(PRIVATE_UMASK)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quartier.config.settings")
    args = parser_of_all().parse_args(argv)
    try:
        if is_file_wrong(args):
            return 2
        return int(args.handler(args) or 0)
    except BrokenPipeError:
        # Read by `head`, which has seen enough. Python would complain once more when it closes its output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        words = trouble_in_words(args, error)
        if not words:
            raise
        print(words, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
