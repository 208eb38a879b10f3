"""A server to start as a process: `python -m quartier.live.tests.served PORT`. Headers say who acts."""

import sys
from dataclasses import dataclass
from types import SimpleNamespace
from uuid import UUID

import django
from django.conf import settings


@dataclass(frozen=True)
class Actor:
    id: UUID
    organisation: SimpleNamespace
    roles: tuple[str, ...]

    def has(self, *names: str) -> bool:
        return bool(set(names) & set(self.roles))


class ActorMiddleware:
    """Stands for the gate: `X-Actor: organisation account role`. Asks the database, as the gate does."""

    sync_capable, async_capable = True, False

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        from quartier.live.models import Change

        Change.objects.exists()
        words = request.headers.get("X-Actor", "").split()
        request.actor = (
            Actor(UUID(words[1]), SimpleNamespace(id=UUID(words[0])), (words[2],)) if words else None
        )
        return self.get_response(request)


def main() -> None:
    settings.ROOT_URLCONF = "quartier.live.urls"
    settings.MIDDLEWARE = [f"{__spec__.name}.ActorMiddleware"]
    django.setup()
    import uvicorn
    from django.core.handlers.asgi import ASGIHandler

    from quartier.live import hub

    hub.STUCK = 3.0

    class Server(uvicorn.Server):
        async def startup(self, sockets=None):
            await super().startup(sockets)
            print("port", self.servers[0].sockets[0].getsockname()[1], flush=True)

        async def shutdown(self, sockets=None):
            if "keep-streams" not in sys.argv:
                hub.close()
            await super().shutdown(sockets)

    config = uvicorn.Config(
        ASGIHandler(),
        host="127.0.0.1",
        port=0,
        log_level="warning",
        timeout_graceful_shutdown=3,
        lifespan="off",
    )
    Server(config).run()


if __name__ == "__main__":
    main()
