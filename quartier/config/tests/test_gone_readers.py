"""Whoever leaves while a page is made: it is made to its end, and a stream ends."""

import asyncio
from typing import Any

import pytest

from quartier.config.asgi import FinishesPages

ASKED = {"type": "http.request", "body": b"", "more_body": False}
GONE = {"type": "http.disconnect"}


class Reader:
    """Says these one after the other, then nothing."""

    def __init__(self, *messages: dict[str, Any]) -> None:
        self.left, self.heard = list(messages), []

    async def receive(self) -> dict[str, Any]:
        if not self.left:
            await asyncio.Event().wait()
        return self.left.pop(0)

    async def send(self, message: dict[str, Any]) -> None:
        self.heard.append(message["type"])


def served(page: Any, *messages: dict[str, Any]) -> list[str]:
    reader = Reader(*messages)

    async def serve() -> None:
        async with asyncio.timeout(5):
            await FinishesPages(page)({"type": "http"}, reader.receive, reader.send)

    asyncio.run(serve())
    return reader.heard


async def given_up_when_gone(_scope: Any, receive: Any, send: Any) -> None:
    """As Django does it: the page is cancelled as soon as its reader goes."""
    assert (await receive())["type"] == "http.request"

    async def make() -> None:
        await asyncio.sleep(0.05)
        await send({"type": "http.response.start"})
        await asyncio.sleep(0.05)
        await send({"type": "http.response.body"})

    page = asyncio.create_task(make())
    gone = asyncio.create_task(receive())
    await asyncio.wait({page, gone}, return_when=asyncio.FIRST_COMPLETED)
    for task in (page, gone):
        task.cancel()
    await asyncio.gather(page, gone, return_exceptions=True)


def test_a_page_begins_also_for_who_has_gone():
    assert served(given_up_when_gone, ASKED, GONE)[:1] == ["http.response.start"]


def test_what_has_begun_ends_when_its_reader_goes():
    assert "http.response.body" not in served(given_up_when_gone, ASKED, GONE)


def test_who_leaves_in_the_middle_of_a_body_is_heard_at_once():
    async def reads(_scope: Any, receive: Any, _send: Any) -> None:
        assert [(await receive())["type"] for _ in range(2)] == ["http.request", "http.disconnect"]

    assert served(reads, {**ASKED, "more_body": True}, GONE) == []


@pytest.mark.django_db(transaction=True)
def test_django_has_an_answer_for_who_has_gone(organisation):
    from quartier.config.asgi import application

    reader = Reader(ASKED, GONE)
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "path": "/fr/",
        "raw_path": b"/fr/", "query_string": b"", "root_path": "", "headers": [(b"host", b"localhost")],
        "scheme": "http", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip

    async def serve() -> None:
        async with asyncio.timeout(10):
            await application(scope, reader.receive, reader.send)

    asyncio.run(serve())
    assert reader.heard[:1] == ["http.response.start"]
