"""One thread in each web process hears of changes and wakes the streams that show them.

(A file of its own beside the usual ones, since it is neither an action nor a query.) It is a thread, not a
task of the event loop: a task started inside a request breaks Django's async database access.

SQLite: `PRAGMA data_version` tells that another connection has committed, then new `Change` rows are read.
PostgreSQL: LISTEN. When the hub may have missed something (the database was away), it tells every stream.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import Max

from quartier.live import rules
from quartier.live.actions import CHANNEL
from quartier.live.models import Change

log = logging.getLogger(__name__)

POLL = 0.1
# A page says how old it is when it begins to listen; for so long the hub remembers what changed.
REMEMBERED = 300.0
MOST_REMEMBERED = 20_000
MOST = 500
# So many streams are kept for people who are signed in.
MOST_UNKNOWN = MOST // 2
MOST_A_CLIENT = 12
# A stream that has not taken what is pending for so long has a client that does not read.
STUCK = 60.0


class Full(Exception):
    """No more streams, for this client or for the whole process."""


class Subscriber:
    """One stream. What it has not yet sent is a set of topics, so a client that never reads costs no more."""

    def __init__(self, addresses: dict[str, str], client: str, known: bool) -> None:
        self.addresses = addresses
        self.client = client
        self.known = known
        self.pending: dict[str, None] = {}
        self.closed = False
        self.woken = asyncio.Event()
        self.taken_at = time.monotonic()
        self.loop: asyncio.AbstractEventLoop | None = None
        self.task: asyncio.Task[Any] | None = None

    def attach(self) -> None:
        """Called where the stream is sent from, before anything else: the loop and the task that wait."""
        self.loop, self.task = asyncio.get_running_loop(), asyncio.current_task()
        if self.pending or self.closed:
            self.woken.set()

    def take(self) -> list[str]:
        """The topics that changed since last time."""
        self.woken.clear()
        self.taken_at = time.monotonic()
        topics = list(self.pending)
        for topic in topics:
            self.pending.pop(topic, None)
        return topics


class Hub:
    """The streams of one process, and the thread that feeds them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[str, set[Subscriber]] = {}
        self._all: set[Subscriber] = set()
        self._changed_at: dict[str, float] = {}
        # Since when nothing can have been missed; `None` while the hub does not hear.
        self._hears_since: float | None = None
        self._thread: threading.Thread | None = None
        self._closing = False

    def __len__(self) -> int:
        return len(self._all)

    def enter(self, addresses: dict[str, str], client: str, known: bool, age: float) -> Subscriber:
        """A new stream, until `leave`. What changed in the last `age` seconds is pending at once.

        `addresses`: of each topic, with the topic's name; `client`: whose streams are counted together;
        `known`: signed in. Raises `Full`.
        """
        subscriber = Subscriber(addresses, client, known)
        with self._lock:
            self._check_room(subscriber)
            self._all.add(subscriber)
            for address in addresses:
                self._listeners.setdefault(address, set()).add(subscriber)
            self._start()
            since = time.monotonic() - age
            sure = self._hears_since is not None and self._hears_since <= since and age < REMEMBERED
            for address, topic in addresses.items():
                if not sure or self._changed_at.get(address, 0) >= since:
                    subscriber.pending[topic] = None
        return subscriber

    def leave(self, subscriber: Subscriber) -> None:
        """Forget a stream; once is as good as twice."""
        with self._lock:
            self._all.discard(subscriber)
            for address in subscriber.addresses:
                listeners = self._listeners.get(address, set())
                listeners.discard(subscriber)
                if not listeners:
                    self._listeners.pop(address, None)

    def _check_room(self, subscriber: Subscriber) -> None:
        same = sum(1 for other in self._all if other.client == subscriber.client)
        unknown = sum(1 for other in self._all if not other.known)
        if len(self._all) >= MOST or same >= MOST_A_CLIENT or self._closing:
            raise Full
        if not subscriber.known and unknown >= MOST_UNKNOWN:
            raise Full

    def close(self) -> None:
        """End every stream and take no more: a server that shuts down would otherwise wait for them."""
        with self._lock:
            self._closing = True
            everyone = list(self._all)
        for subscriber in everyone:
            subscriber.closed = True
        self._wake(everyone)

    def changed(self, addresses: list[str]) -> None:
        """Wake the streams of these addresses. Called from the hub's thread."""
        now = time.monotonic()
        woken: set[Subscriber] = set()
        with self._lock:
            for address in addresses:
                self._changed_at.pop(address, None)
                self._changed_at[address] = now
                for subscriber in self._listeners.get(address, ()):
                    subscriber.pending[subscriber.addresses[address]] = None
                    woken.add(subscriber)
            while len(self._changed_at) > MOST_REMEMBERED:
                del self._changed_at[next(iter(self._changed_at))]
        self._wake(list(woken))

    def _everything_changed(self) -> None:
        with self._lock:
            everyone = list(self._all)
            for subscriber in everyone:
                subscriber.pending.update(dict.fromkeys(subscriber.addresses.values()))
        self._wake(everyone)

    @staticmethod
    def _wake(subscribers: list[Subscriber]) -> None:
        """One call into each event loop, however many streams it has."""
        loops: dict[asyncio.AbstractEventLoop, list[Subscriber]] = {}
        for subscriber in subscribers:
            if subscriber.loop is not None and not subscriber.loop.is_closed():
                loops.setdefault(subscriber.loop, []).append(subscriber)
        for loop, members in loops.items():
            loop.call_soon_threadsafe(_set_all, members)

    def _drop_stuck(self) -> None:
        """End the streams whose client reads nothing: their server task hangs in sending."""
        before = time.monotonic() - STUCK
        with self._lock:
            stuck = [s for s in self._all if s.pending and s.taken_at < before]
        for subscriber in stuck:
            if subscriber.loop is not None and subscriber.task is not None:
                subscriber.taken_at = time.monotonic()
                subscriber.loop.call_soon_threadsafe(subscriber.task.cancel)

    def _start(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="live hub", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        pause, swept = POLL, time.monotonic()
        while not self._closing:
            try:
                listen = self._listen_postgresql if connection.vendor == "postgresql" else self._poll_sqlite
                for addresses in listen():
                    if self._hears_since is None:
                        self._hears_since = time.monotonic()
                        self._everything_changed()
                        pause = POLL
                    if addresses:
                        self.changed(addresses)
                    if time.monotonic() > swept + STUCK / 10:
                        self._drop_stuck()
                        swept = time.monotonic()
                    if self._closing:
                        break
            except Exception:
                log.exception("the live hub does not hear; again in %s s", pause)
                self._hears_since = None
                time.sleep(pause)
                pause = min(pause * 2, 5.0)
            finally:
                connection.close()

    def _poll_sqlite(self) -> Iterator[list[str]]:
        """The addresses of each poll; the first, empty, means that from now on nothing is missed."""
        with connection.cursor() as cursor:
            version: Any = None
            last = Change.objects.aggregate(last=Max("id"))["last"] or 0
            yield []
            while True:
                cursor.execute("PRAGMA data_version")
                now = cursor.fetchone()
                if now != version:
                    version = now
                    rows = list(
                        Change.objects.filter(id__gt=last)
                        .order_by("id")
                        .values_list("id", "organisation_id", "topic")
                    )
                    last = rows[-1][0] if rows else last
                    yield [rules.address(organisation_id, topic) for _, organisation_id, topic in rows]
                else:
                    yield []
                time.sleep(POLL)

    def _listen_postgresql(self) -> Iterator[list[str]]:
        """The same from NOTIFY, on a connection of its own, outside Django's pool."""
        import psycopg

        parameters = connection.get_connection_params()
        keep = {"host", "port", "dbname", "user", "password", "sslmode", "sslrootcert", "sslcert", "sslkey"}
        parameters = {key: value for key, value in parameters.items() if key in keep}
        with psycopg.connect(**parameters, autocommit=True, application_name="quartier live") as listening:
            listening.execute(f"LISTEN {CHANNEL}")
            yield []
            while True:
                yield [notice.payload for notice in listening.notifies(timeout=POLL * 5, stop_after=1)]


def _set_all(subscribers: list[Subscriber]) -> None:
    for subscriber in subscribers:
        subscriber.woken.set()


HUB = Hub()


def close() -> None:
    """End the streams of this process. A server calls it as soon as it is told to stop, before it waits."""
    HUB.close()
