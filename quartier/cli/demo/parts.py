"""The children that only a demonstration has: one adds people and the past, one lets them live, one lets them call."""

import gc
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
    # What is there now stays until the end: looking for rubbish in it again and again takes a tenth of the time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    file = Path(settings.INSTALLATION.home) / FILLING
    filling.fill(
        organisation,
        seed,
        lambda words: print(f"  {words}", file=sys.stderr, flush=True),
        reached=lambda share: write_share(file, share),
    )
    file.unlink(missing_ok=True)
    print("  All invented people are there.", file=sys.stderr, flush=True)
    return 0


def write_share(file: Path, share: float) -> None:
    """Write, for the pages, how much of the demonstration is there: whole percent, and never half a number."""
    new = file.with_name(f"{file.name}.new")
    new.write_text(str(int(100 * share)), encoding="utf-8")
    new.replace(file)
