"""The event stream: `GET /live/?topics=board,request:ID&age=850`.

`age`: for how many milliseconds the page has been there; what changed in that time is told at once. Events:

    event: ready      the stream is open
    event: changed    data: the topic, whose page parts are to be fetched again

Answers 400 for what is no list of topics, 403 for topics of others, 503 when there are too many streams.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.db import connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from quartier.live import access, rules
from quartier.live.hub import HUB, Full, Subscriber

HEARTBEAT = 15.0
# A stream ends by itself and the browser comes back: so nobody listens on after being signed out.
LONGEST = 600.0
RETRY = "3"


@require_GET
async def live(request: HttpRequest) -> HttpResponseBase:
    """Open a stream for the topics that the actor may listen to."""
    try:
        topics = rules.parse(request.GET.get("topics", ""))
        age = min(max(float(request.GET.get("age", "0") or 0) / 1000, 0.0), 3600.0) + 1.0
    except ValueError:
        return HttpResponse(status=400)
    actor = getattr(request, "actor", None)
    organisation = getattr(actor, "organisation", None)
    try:
        allowed = access.allowed(
            actor, getattr(organisation, "id", None), topics, request.META.get("REMOTE_ADDR", "")
        )
    except access.Refused:
        return HttpResponse(status=403)
    # Who the actor is was asked of the database; a stream must not keep that connection for its whole life.
    await sync_to_async(connections.close_all)()
    subscription = HUB.subscribed(allowed.addresses, allowed.client, allowed.known, age)
    try:
        subscriber = subscription.__enter__()
    except Full:
        return HttpResponse(status=503, headers={"Retry-After": "30"})
    return Stream(_events(subscriber), lambda: subscription.__exit__(None, None, None))


async def _events(subscriber: Subscriber) -> AsyncIterator[bytes]:
    end = time.monotonic() + LONGEST * random.uniform(0.8, 1)
    # Some proxies hold the first bytes back until there are enough of them.
    yield b"retry: 3000\n: " + b" " * 1024 + b"\n\nevent: ready\ndata:\n\n"
    while not subscriber.closed and time.monotonic() < end:
        try:
            await asyncio.wait_for(subscriber.woken.wait(), HEARTBEAT)
        except TimeoutError:
            yield b":\n\n"
            continue
        topics = subscriber.take()
        if topics:
            yield b"".join(f"event: changed\ndata: {topic}\n\n".encode() for topic in topics)


class Stream(StreamingHttpResponse):
    """A stream that leaves the hub when it is over, even if nobody ever asked for its first byte."""

    def __init__(self, events, leave) -> None:  # type: ignore[no-untyped-def]
        super().__init__(
            events,
            content_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )
        self._leave = leave

    def close(self) -> None:
        leave, self._leave = self._leave, lambda: None
        leave()
        super().close()
