"""`quartier …`: everything that an installation is run with. `quartier --help` lists the commands."""

import os
import sys

from quartier.cli import parser_of_all


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
