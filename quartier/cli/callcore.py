"""`quartier callcore`: call control of the line. `quartier run --with-calls` starts it with its servers."""

import argparse
import logging
import os
import signal
from pathlib import Path
from typing import Any

from quartier.cli import no_installation
from quartier.cli.run import starting
from quartier.cli.run.parent import end_with_parent
from quartier.config import logs


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("callcore", help="call control of the phone line")
    parser.add_argument(
        "--pages",
        default=os.environ.get("QUARTIER_PAGES", ""),
        help="a page that must answer for the app to be up",
    )
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    """Until a signal comes."""
    if no_installation():
        return 2
    import django

    django.setup()
    logs.log_uncaught()
    if starting.refuses():
        return 1
    from django.conf import settings

    from quartier.telephony.desk import pulse
    from quartier.telephony.providers.twiml.setup import carrier

    logging.getLogger("quartier.telephony").setLevel(logging.INFO)
    installation = settings.INSTALLATION
    core = (_twiml if carrier(installation.line) == "twiml" else _sip)(
        installation.home, installation.line, installation.origin, pages=args.pages or ""
    )
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: core.stop())
    end_with_parent(core.stop)
    core.run()
    if "QUARTIER_PARENT" in os.environ:
        # Whoever has stopped all of it does not miss it; a service of its own that does not come back is missed.
        pulse.end(installation.home / "line")
    return 0


def _sip(home: Path, written: dict[str, Any], origin: str, *, pages: str) -> Any:
    """Own servers for signalling and sound."""
    from quartier.telephony.providers.sip.main import DRAIN_S, CallCore
    from quartier.telephony.providers.sip.setup import Setup

    # Under `quartier run` sound ends with it: nobody could go on talking.
    drain_s = 0.0 if "QUARTIER_PARENT" in os.environ else DRAIN_S
    return CallCore(Setup.of(home, written, origin), pages=pages, drain_s=drain_s)


def _twiml(home: Path, written: dict[str, Any], origin: str, *, pages: str) -> Any:
    """A provider's webhooks (decision 0020)."""
    from quartier.telephony.providers.twiml.main import CallCore
    from quartier.telephony.providers.twiml.setup import Setup

    return CallCore(Setup.of(home, written, origin), pages=pages)
