"""A worker to start as a process: `python -m quartier.jobs.tests.crew`. Leases are short, so that tests are."""

import signal
import threading

import django
from django.conf import settings


def main() -> None:
    settings.TASKS["default"]["OPTIONS"] = {"LEASE_SECONDS": 1.0}
    django.setup()
    from quartier.jobs.tests import work
    from quartier.jobs.worker import run_worker

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    print(work.__name__, "is known", flush=True)
    run_worker(stop)
    print("stopped", flush=True)


if __name__ == "__main__":
    main()
