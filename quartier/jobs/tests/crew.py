"""A worker to start as a process: `python -m quartier.jobs.tests.crew`. Its leases are short."""

import signal
import threading

import django
from django.conf import settings


def main() -> None:
    settings.TASKS["default"]["OPTIONS"] = {"LEASE_SECONDS": 1.0}
    django.setup()
    from quartier.jobs.tests import work
    from quartier.jobs.worker import run_worker
    from quartier.lib import background

    # The tables of the other rooms are not in the database of these tests.
    background.PULLERS.clear()
    for name in [name for name in background.SCHEDULES if not name.startswith("tests.")]:
        del background.SCHEDULES[name]

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    print(work.__name__, "is known", flush=True)
    run_worker(stop)
    print("stopped", flush=True)


if __name__ == "__main__":
    main()
