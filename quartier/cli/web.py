"""`quartier web`: the pages and the event stream. `quartier run` starts it; alone it is for engineers."""

import argparse
import gc
import os
import signal
import socket

from quartier.cli.run import add_address, listen, starting
from quartier.cli.run.parent import end_with_parent
from quartier.config import logs

# Python looks for garbage among young objects after so many new ones. A page makes tens of thousands, and nearly all of
# them go by themselves.
YOUNG_OBJECTS = 20_000
# Open event streams are ended at once; one whose visitor reads nothing would hold up the end for ever.
STREAMS_END_S = 3


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("web", help="only the pages and the event stream")
    add_address(parser)
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    import uvicorn

    from quartier.cli.run.connections import Connection

    logs.log_uncaught()
    if starting.refuses():
        return 1
    given = os.environ.pop("QUARTIER_SOCKET", "")
    sock = socket.socket(fileno=int(given)) if given.isdigit() else listen(args.host, args.port)
    if sock is None:
        return 1
    end_with_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))
    config = uvicorn.Config(
        "quartier.config.asgi:application",
        http=Connection,
        # Pages speak no other protocol; calls in the browser have an address of their own.
        ws="none",
        lifespan="off",
        # Its lines are events like all others: see config/logs.py.
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        # Whom a web server in front speaks for is read by `config.proxies`.
        proxy_headers=False,
        timeout_graceful_shutdown=STREAMS_END_S,
        backlog=2048,
    )

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            leave_code_alone()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            from quartier.live import hub

            hub.close()
            await super().shutdown(sockets)

    try:
        Server(config).run(sockets=[sock])
    except KeyboardInterrupt:
        return 0
    return 0


def leave_code_alone() -> None:
    """What was read at the start stays until the end: it is never looked through for garbage again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 10, 10)
