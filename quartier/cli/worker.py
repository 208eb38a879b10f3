"""`quartier worker`: what can wait. Asks neighbours, sends messages, watches over visits."""

import argparse
import os
import signal
import threading

from quartier.cli.run import starting
from quartier.cli.run.parent import end_with_parent
from quartier.config import logs


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("worker", help="only the background work")
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    logs.log_uncaught()
    if starting.refuses():
        return 1
    from quartier.jobs.worker import run_worker

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    end_with_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))
    run_worker(stop)
    return 0
