"""`quartier run`: serve the installation. A parent that owns the signals, with web and worker as its children."""

import argparse
import logging
import os
import signal
import socket
import sys
import threading
from pathlib import Path

from quartier.cli import no_installation, terminal_language
from quartier.cli.run import handover, notify, starting
from quartier.cli.run.parent import Child, Parent


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("run", help="serve the installation: web, worker and event stream")
    add_address(parser)
    parser.add_argument(
        "--with-calls", action="store_true", help="the phone line too: Kamailio, rtpengine and call control"
    )
    parser.add_argument("--workers", type=int, default=1, help="background workers (default: 1)")
    parser.add_argument(
        "--without-backup", action="store_true", help="change the tables of an older version without a backup"
    )
    parser.set_defaults(handler=run)


def add_address(parser: argparse.ArgumentParser) -> None:
    """The options of everything that serves pages."""
    port = os.environ.get("PORT", "")
    parser.add_argument(
        "--port",
        type=int,
        default=int(port) if port.isdigit() else 8000,
        help="where to listen (default: the PORT variable, else 8000)",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument(
        "--processes",
        type=int,
        default=min(4, os.cpu_count() or 1),
        help="processes that draw pages (default: one a core, at most 4)",
    )


def run(args: argparse.Namespace) -> int:
    """Twice in one process: make everything ready, then look after it (`handover`)."""
    return _look_after(handover.take()) if handover.is_taken_over() else _prepare(args)


def _prepare(args: argparse.Namespace) -> int:
    """The exit code where nothing can be served; else it does not return."""
    if no_installation():
        return 2
    with terminal_language():
        from quartier.cli.run import calls, capacity, update

        if not _takes_home():
            return 1
        if not starting.knows_proxies():
            return 1
        missing = calls.missing() if args.with_calls else ""
        if missing:
            print(missing, file=sys.stderr)
            return 1
        sock = listen(args.host, args.port)
        if sock is None:
            return 1
        address = address_of(sock)
        # From here on somebody answers, be it that the tables are being changed.
        notify.tell("FDSTOREREMOVE=1\nFDNAME=pages")
        notify.tell("READY=1\nSTATUS=starting\nFDSTORE=1\nFDNAME=pages", keep=sock)
        notify.watch(address, threading.Event())
        if not update.prepare(sock, backup=not args.without_backup):
            return 1
        serving = max(1, args.processes) + max(1, args.workers) + bool(args.with_calls)
        if words := capacity.too_few(serving):
            print(words, file=sys.stderr, flush=True)
    plan = _plan(args, sock, address)
    handover.hand_on(plan)
    raise AssertionError


def _plan(args: argparse.Namespace, sock: socket.socket, address: str) -> handover.RunPlan:
    """Everything that is to run, in the order in which it is started."""
    from django.conf import settings

    from quartier.cli.run import calls

    installation = settings.INSTALLATION
    plan = handover.RunPlan(
        home=str(installation.home),
        address=address,
        logs=installation.logs,
        level=logging.getLogger().level,
        sock=sock.fileno(),
        locks=starting.hold.handles,
    )
    compile_engine(plan)
    for number in range(max(1, args.processes)):
        plan.add(Child(f"web {number + 1}", ["web"], web=True))
    for number in range(max(1, args.workers)):
        plan.add(Child(f"worker {number + 1}", ["worker"]))
    if args.with_calls:
        # Pages let a browser connect to the line, and nowhere else.
        os.environ["QUARTIER_LINE_WSS"] = calls.websocket()
        for child in calls.children(address):
            plan.add(child)
    return plan


def _look_after(plan: handover.RunPlan) -> int:
    """Until a signal comes. Nothing here imports Django: this process is there for months, and does little."""
    handover.log_as(plan)
    sock, ended, address = plan.listening(), threading.Event(), plan.address
    notify.watch(address, ended)
    parent = Parent(sock)
    for child in plan.children:
        parent.add(child)
    parent.when_ready(address, lambda: print(f"Ready: {address}", flush=True))
    with starting.served_at(address, Path(plan.home)):
        code = parent.run()
    ended.set()
    if parent.again:
        # The new program, be it another version, has this process's number and its socket: nobody is refused.
        notify.hand_on(sock)
        # Asked once more before it listens to that, it would be ended.
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606
    sock.close()
    return code


def _takes_home() -> bool:
    """Whether nobody else serves this home folder; if so, nobody else can until this process ends."""
    from django.conf import settings
    from django.utils.translation import gettext as _

    home = settings.INSTALLATION.home
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        starting.hold.run(home)
    except starting.AlreadyRuns as error:
        words = _("The line runs already from {home} (process {process}). Nothing was started.")
        print(words.format(home=home, process=error.args[0] or "?"), file=sys.stderr)
        return False
    except OSError as error:
        words = _("Nothing can be written in {home}: {error}")
        print(words.format(home=home, error=error.strerror), file=sys.stderr)
        return False
    return True


def compile_engine(parent: Parent | handover.RunPlan) -> None:
    """While pages are served already, compile the matching engine, once for a version on a machine."""
    from quartier.engine import warming

    if not warming.is_compiled():
        parent.add(Child("engine", ["compile", "--engine"], once=True))


def listen(host: str, port: int) -> socket.socket | None:
    """The listening socket that the web processes share, or `None` after saying why there is none. One that was kept
    from the run before comes first: whoever knocked meanwhile waits in it."""
    if (kept := notify.inherited()) is not None:
        if is_at(kept, host, port):
            return kept
        # Another address or port than before was asked for: whoever closed this one to others wants it closed.
        kept.close()
        notify.tell("FDSTOREREMOVE=1\nFDNAME=pages")
    try:
        return socket.create_server((host, port), family=family(host), backlog=2048, reuse_port=False)
    except OSError as error:
        from django.utils.translation import gettext as _

        print(
            _(
                "Cannot listen on {host}, port {port}: {error}. Choose another port, such as PORT=8123."
            ).format(host=host, port=port, error=error.strerror),
            file=sys.stderr,
        )
        return None


def is_at(sock: socket.socket, host: str, port: int) -> bool:
    """Whether this socket listens where it is asked for."""
    try:
        found = socket.getaddrinfo(
            host or None, port, sock.family, socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except OSError:
        return False
    return sock.getsockname()[:2] in [each[4][:2] for each in found]


def address_of(sock: socket.socket) -> str:
    """Where this machine reaches the pages that are served on this socket."""
    host, port = sock.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
