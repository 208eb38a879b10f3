"""The children that only a demonstration has: one adds people and the past, one lets them live, one lets them call."""

import os
import signal
import sys
import threading
from pathlib import Path

from quartier.cli.run.parent import end_with_parent


def run(part: str, seed: int, site: str) -> int:
    """`fill` ends when all is there; `life` and `callers` go on until they are told to stop."""
    import django

    stop = threading.Event()
    if part != "fill":
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: stop.set())
    end_with_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))
    django.setup()
    from django.conf import settings

    from quartier.cli.demo import FILLING
    from quartier.sim import filling, life
    from quartier.team.models import Organisation

    organisation = Organisation.objects.order_by("created_at").get()
    if part == "life":
        life.run(organisation, seed, site, stop)
        return 0
    if part == "callers":
        from quartier.sim.robots import callers
        from quartier.telephony.providers.sip.setup import Setup

        here = settings.INSTALLATION
        callers.run(organisation, Setup.of(here.home, here.line, here.origin), seed, stop)
        return 0
    filling.fill(organisation, seed, lambda words: print(f"  {words}", file=sys.stderr, flush=True))
    (Path(settings.INSTALLATION.home) / FILLING).unlink(missing_ok=True)
    print("  All invented people are there.", file=sys.stderr, flush=True)
    return 0
