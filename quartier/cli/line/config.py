"""`quartier line config`: writes the configuration of Kamailio, rtpengine and coturn, for whoever starts them by
themselves, as with systemd. `quartier run --with-calls` writes the same by itself."""

import argparse
import sys

from quartier.cli import no_installation, terminal_language


def register(parts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = parts.add_parser("config", help="write the configuration of Kamailio, rtpengine and coturn")
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    """Exit code 1 when the table `[line]` makes no sense."""
    if no_installation():
        return 2
    with terminal_language():
        from django.conf import settings
        from django.utils.translation import gettext as _

        from quartier.telephony.providers.sip import setup as line

        here = settings.INSTALLATION
        try:
            setup = line.Setup.of(here.home, here.line, here.origin)
            written = line.write(setup)
        except ValueError as error:
            print(_("The table [line] cannot be read: {error}").format(error=error), file=sys.stderr)
            return 1
        for program, file in written.items():
            if program == "turnserver" and not setup.turn:
                continue
            print(f"{program:<11} {file}")
        print()
        print(_("Browsers connect to {address}").format(address=setup.websocket_url))
        print(_("After changing [line], run this again and restart all three."))
    return 0
