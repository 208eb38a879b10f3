"""The event stream: `GET /live/?topics=board,request:ID&age=850`.

`age`: for how many milliseconds the page has been there; what changed in that time is told at once. Events:

    event: ready      the stream is open
    event: changed    data: the topic, whose page parts are to be fetched again
    event: beat       every 15 seconds when nothing else happens

Answers 400 for what is no list of topics, 403 for topics of others, 503 when there are too many streams, 204
from a server that cannot stream (WSGI): the page then asks every 15 seconds.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db import connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from quartier.live import access, rules
from quartier.live.hub import HUB, Full, Subscriber

HEARTBEAT = 15.0
# A stream ends by itself and the browser comes back: so nobody listens on after being signed out.
LONGEST = 600.0


@require_GET
async def live(request: HttpRequest) -> HttpResponseBase:
    """Open a stream for the topics that the actor may listen to."""
    try:
        topics = rules.parse(request.GET.get("topics", ""))
        age = min(max(float(request.GET.get("age", "0") or 0) / 1000, 0.0), 3600.0) + 1.0
    except ValueError:
        return HttpResponse(status=400)
    actor = getattr(request, "actor", None)
    organisation = getattr(actor or request, "organisation", None)
    try:
        allowed = access.allowed(
            actor, getattr(organisation, "id", None), topics, request.META.get("REMOTE_ADDR", "")
        )
    except access.Refused:
        return HttpResponse(status=403)
    if not isinstance(request, ASGIRequest):
        return HttpResponse(status=204)
    await sync_to_async(_give_connections_back)()
    try:
        subscriber = HUB.enter(allowed.addresses, allowed.client, allowed.known, age)
    except Full:
        return HttpResponse(status=503, headers={"Retry-After": "30"})
    return Stream(subscriber)


def _give_connections_back() -> None:
    """Who the actor is was asked of the database; a stream must not keep that connection for its life."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()


async def _events(subscriber: Subscriber) -> AsyncIterator[bytes]:
    subscriber.attach()
    end = time.monotonic() + LONGEST * random.uniform(0.8, 1)
    # Some proxies hold the first bytes back until there are enough of them.
    yield b"retry: 3000\n: " + b" " * 1024 + b"\n\nevent: ready\ndata:\n\n"
    while not subscriber.closed and time.monotonic() < end:
        try:
            await asyncio.wait_for(subscriber.woken.wait(), HEARTBEAT)
        except TimeoutError:
            yield b"event: beat\ndata:\n\n"
            continue
        topics = subscriber.take()
        if topics:
            yield b"".join(f"event: changed\ndata: {topic}\n\n".encode() for topic in topics)


class Stream(StreamingHttpResponse):
    """A stream that leaves the hub when it is over, even if nobody ever asked for its first byte."""

    def __init__(self, subscriber: Subscriber) -> None:
        self._subscriber = subscriber
        super().__init__(
            self._until_left(),
            content_type="text/event-stream",
            # "identity" keeps compression away: each event must leave at once.
            headers={
                "Cache-Control": "no-store",
                "Content-Encoding": "identity",
                "X-Accel-Buffering": "no",
            },
        )

    async def _until_left(self) -> AsyncIterator[bytes]:
        try:
            async for part in _events(self._subscriber):
                yield part
        finally:
            HUB.leave(self._subscriber)

    def close(self) -> None:
        HUB.leave(self._subscriber)
        super().close()
