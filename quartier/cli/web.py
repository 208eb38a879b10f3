"""`quartier web`: the pages and the event stream. `quartier run` starts it; alone it is for engineers."""

import argparse
import os
import signal
import socket

from quartier.cli.run import add_address, listen
from quartier.cli.run.parent import end_with_parent

# Open event streams are ended at once; one whose visitor reads nothing would hold up the end for ever.
STREAMS_END_S = 3


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("web", help="only the pages and the event stream")
    add_address(parser)
    parser.set_defaults(handler=run)


def run(args: argparse.Namespace) -> int:
    import uvicorn

    given = os.environ.pop("QUARTIER_SOCKET", "")
    sock = socket.socket(fileno=int(given)) if given.isdigit() else listen(args.host, args.port)
    if sock is None:
        return 1
    end_with_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))
    config = uvicorn.Config(
        "quartier.config.asgi:application",
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=True,
        timeout_graceful_shutdown=STREAMS_END_S,
        backlog=2048,
    )

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            from quartier.live import hub

            hub.close()
            await super().shutdown(sockets)

    try:
        Server(config).run(sockets=[sock])
    except KeyboardInterrupt:
        return 0
    return 0
