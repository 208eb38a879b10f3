"""`quartier run`: serve the installation. A parent that owns the signals, with web and worker as its children."""

import argparse
import os
import socket
import sys

from quartier.cli import no_installation, terminal_language
from quartier.cli.run.parent import Child, Parent


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("run", help="serve the installation: web, worker and event stream")
    add_address(parser)
    parser.add_argument(
        "--with-calls", action="store_true", help="the phone line too: Kamailio, rtpengine and call control"
    )
    parser.add_argument("--workers", type=int, default=1, help="background workers (default: 1)")
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
    if no_installation():
        return 2
    with terminal_language():
        from quartier.cli.run import calls, ready

        missing = calls.missing() if args.with_calls else ""
        if missing:
            print(missing, file=sys.stderr)
            return 1
        sock = listen(args.host, args.port)
        if sock is None:
            return 1
        ready.prepare()
    parent = Parent(sock)
    compile_engine(parent)
    for number in range(max(1, args.processes)):
        parent.add(Child(f"web {number + 1}", ["web"], web=True))
    for number in range(max(1, args.workers)):
        parent.add(Child(f"worker {number + 1}", ["worker"]))
    address = f"http://{args.host}:{args.port}/"
    if args.with_calls:
        # Pages let a browser connect to the line, and nowhere else.
        os.environ["QUARTIER_LINE_WSS"] = calls.websocket()
        for child in calls.children(address):
            parent.add(child)
    parent.when_ready(address, lambda: print(f"Ready: {address}", flush=True))
    return parent.run()


def compile_engine(parent: Parent) -> None:
    """While pages are served already, compile the matching engine, once for a version on a machine."""
    from quartier.engine import warming

    if not warming.is_compiled():
        parent.add(Child("engine", ["compile", "--engine"], once=True))


def listen(host: str, port: int) -> socket.socket | None:
    """The listening socket that the web processes share, or `None` after saying why there is none."""
    try:
        return socket.create_server((host, port), family=family(host), backlog=2048, reuse_port=False)
    except OSError as error:
        from django.utils.translation import gettext as _

        print(
            _(
                "Nothing can listen on {host}, port {port}: {error}. Choose another port, such as PORT=8123."
            ).format(host=host, port=port, error=error.strerror),
            file=sys.stderr,
        )
        return None


def family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
