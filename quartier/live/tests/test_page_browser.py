"""What a page does with its stream, in a real browser."""

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest

from tests import chromium

pytestmark = pytest.mark.browser
SCRIPT = Path(__file__).parent.parent / "static/live/live.js"
PAGE = """<!doctype html><title>Board</title>
<main data-live-url="/live/"><section id="board" data-live="board">board</section>
<section id="row" data-live="request:1" data-live-calm><input id="field"><button data-live-now>Show</button></section>
</main><input id="elsewhere"><script type="module" src="/note.js"></script>
<script type="module" src="/live.js"></script>"""
NOTE = """window.heard = []; for (const name of ["live:changed", "live:waiting"])
document.addEventListener(name, (event) => heard.push(`${name} ${event.target.id}`));"""


@pytest.fixture
def site() -> Iterator[SimpleNamespace]:
    """A page, and event streams that say what the test puts into the queue of each; `None` ends one."""
    found = SimpleNamespace(streams=[], asked=[], refuse=False)

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path)
            if path.path == "/live/":
                found.asked.append({key: value[0] for key, value in parse_qs(path.query).items()})
                return self.stream()
            body, kind = {
                "/live.js": (SCRIPT.read_bytes(), "text/javascript"),
                "/note.js": (NOTE.encode(), "text/javascript"),
            }.get(path.path, (PAGE.encode(), "text/html"))
            self.start(200, kind)
            self.wfile.write(body)
            return None

        def start(self, status: int, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header(
                "Content-Security-Policy", "default-src 'none'; script-src 'self'; connect-src 'self'"
            )
            self.end_headers()

        def stream(self) -> None:
            if found.refuse:
                return self.start(503, "text/plain")
            self.start(200, "text/event-stream")
            self.wfile.write(b"event: ready\ndata:\n\n")
            news: Queue[str | None] = Queue()
            found.streams.append(news)
            while (topic := news.get()) is not None:
                self.wfile.write(f"event: changed\ndata: {topic}\n\n".encode())
            return None

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found.address = f"http://127.0.0.1:{server.server_port}/"
    yield found
    for news in found.streams:
        news.put(None)
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(site) -> Iterator[object]:
    with chromium.running() as browser:
        page = browser.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        yield page
    assert problems == []


def until(page, condition: Callable[[], object]) -> None:
    """Wait in the browser's time. (Playwright's own way needs `eval`, which our pages forbid.)"""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        page.wait_for_timeout(30)


def tell(site, page, topic: str | None, stream: int = 1) -> None:
    until(page, lambda: len(site.streams) >= stream)
    site.streams[stream - 1].put(topic)


def heard(page, what: str, times: int = 1) -> None:
    until(page, lambda: page.evaluate("window.heard ?? []").count(what) >= times)


def test_a_part_hears_of_its_topic_only(site, page):
    page.goto(site.address)
    tell(site, page, "board")
    heard(page, "live:changed board")
    assert page.evaluate("heard") == ["live:changed board"]
    assert site.asked[0]["topics"] == "board,request:1"
    assert 0 <= int(site.asked[0]["age"]) < 60_000


def test_nothing_moves_under_somebodys_hand(site, page):
    page.goto(site.address)
    page.focus("#field")
    tell(site, page, "request:1")
    heard(page, "live:waiting row")
    assert "live:changed row" not in page.evaluate("heard")
    page.focus("#elsewhere")
    heard(page, "live:changed row")
    assert page.get_attribute("#row", "data-live-waiting") is None
    page.focus("#field")
    page.evaluate("heard.length = 0")
    tell(site, page, "request:1")
    heard(page, "live:waiting row")
    page.click("[data-live-now]")
    heard(page, "live:changed row")


def test_a_new_part_is_listened_for(site, page):
    page.goto(site.address)
    tell(site, page, "board")
    heard(page, "live:changed board")
    page.evaluate("document.getElementById('board').dataset.live = 'board case:7'")
    until(page, lambda: any(asked["topics"] == "board,case:7,request:1" for asked in site.asked))
    tell(site, page, "case:7", stream=2)
    heard(page, "live:changed board", 2)


def test_a_lost_stream_is_opened_again_and_says_since_when(site, page):
    page.goto(site.address)
    tell(site, page, "board")
    heard(page, "live:changed board")
    tell(site, page, None)
    until(page, lambda: len(site.asked) > 1)
    assert int(site.asked[1]["age"]) >= 500


def test_without_streams_the_page_asks(site, page):
    page.add_init_script("delete window.EventSource")
    page.clock.install()
    page.goto(site.address)
    page.clock.run_for(16_000)
    heard(page, "live:changed board")
    heard(page, "live:changed row")
    assert site.asked == []


def test_a_full_server_is_asked_for_pages_instead(site, page):
    site.refuse = True
    page.clock.install()
    page.goto(site.address)
    for _ in range(60):
        page.clock.run_for(1000)
        until(page, lambda: site.asked)
    heard(page, "live:changed board")
