"""Event streams from a real server, on either database."""

import asyncio
import signal
import socket
from collections import Counter
from uuid import UUID

import pytest
from django.db import transaction

from quartier.lib.ids import uuid7
from quartier.live.actions import touch

PATIENCE = 30
HERE, THERE, ME = uuid7(), uuid7(), uuid7()
LINK = "link:" + "ab" * 32


def actor(role: str = "coordinator", organisation: UUID = HERE, account: UUID = ME) -> str:
    return f"{organisation} {account} {role}"


class Client:
    """A minimal reader of event streams, so that what is on the wire is what is tested."""

    def __init__(self, port: int, topics: str, who: str = "", query: str = "") -> None:
        self.port, self.topics, self.who, self.query = port, topics, who, query
        self.counts: Counter[str] = Counter()
        self.ready = asyncio.Event()
        self.news = asyncio.Event()
        self.status = 0
        self.over = False

    async def __aenter__(self) -> "Client":
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        lines = [f"GET /?topics={self.topics}{self.query} HTTP/1.1", "Host: localhost"]
        lines += [f"X-Actor: {self.who}"] if self.who else []
        self.writer.write("\r\n".join([*lines, "", ""]).encode())
        self.status = int((await asyncio.wait_for(self.reader.readline(), PATIENCE)).split()[1])
        self.task = asyncio.create_task(self.read())
        return self

    async def __aexit__(self, *_: object) -> None:
        self.task.cancel()
        self.writer.close()

    async def read(self) -> None:
        event = ""
        while line := await self.reader.readline():
            word, _, value = line.decode().strip().partition(": ")
            if word == "event":
                event = value
            elif event == "changed" and word == "data":
                self.counts[value] += 1
            if event == "ready":
                self.ready.set()
            self.news.set()
        self.over = True
        self.news.set()

    async def until(self, condition) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition(self):
                self.news.clear()
                if not condition(self):
                    await self.news.wait()


async def tell(*topics: str, organisation: UUID = HERE) -> None:
    await asyncio.to_thread(_touch, organisation, topics)


def _touch(organisation: UUID, topics: tuple[str, ...]) -> None:
    from django.db import connection

    with transaction.atomic():
        touch(organisation, *topics)
    connection.close()


async def settle(clients: list[Client]) -> None:
    """Until each hears, and what it was told of the time before has arrived.

    Three rounds: the first may be answered by what was pending at the beginning, the second by "everything
    may have changed" when the hub begins to hear, the third only by what was told. `sync` is the last topic.
    """
    await asyncio.gather(*(asyncio.wait_for(client.ready.wait(), PATIENCE) for client in clients))
    for _ in range(3):
        for client in clients:
            client.counts.clear()
        await tell("sync")
        await asyncio.gather(*(client.until(lambda c: c.counts["sync"]) for client in clients))
    for client in clients:
        client.counts.clear()


def ticket(topic: str, organisation: UUID = HERE, account: UUID | None = ME) -> str:
    from quartier.live import access

    return access.ticket(organisation_id=organisation, topic=topic, actor_id=account)


@pytest.fixture
def opened(server):
    def open_client(topics: str, who: str | None = None, query: str = "") -> Client:
        return Client(server.port, topics, actor() if who is None else who, query)

    return open_client


def test_every_client_hears_of_every_change_once(opened):
    async def play() -> tuple[int, int]:
        topics = [f"request:{number}" for number in range(15)]
        clients = [
            await opened(",".join([*topics, "sync"]), actor(account=uuid7())).__aenter__() for _ in range(60)
        ]
        await settle(clients)
        for topic in topics:
            await tell(topic)
        for client in clients:
            await client.until(lambda c: all(c.counts[topic] for topic in topics))
        await tell("sync")
        for client in clients:
            await client.until(lambda c: c.counts["sync"])
        right = sum(client.counts[topic] == 1 for client in clients for topic in topics)
        for client in clients:
            await client.__aexit__()
        return right, len(clients) * len(topics)

    right, of = asyncio.run(play())
    print(f"events={right} of={of}")
    assert right == of


def test_nobody_hears_another_organisation_or_what_was_rolled_back(opened):
    async def play() -> None:
        async with opened("board,sync") as mine, opened("board,sync", actor(organisation=THERE)) as theirs:
            await asyncio.gather(mine.ready.wait(), theirs.ready.wait())
            await settle([mine])
            await tell("sync", organisation=THERE)
            await theirs.until(lambda c: c.counts["sync"])
            theirs.counts.clear()
            await tell("board")
            await mine.until(lambda c: c.counts["board"])

            def roll_back() -> None:
                from django.db import connection

                with transaction.atomic():
                    touch(THERE, "board")
                    transaction.set_rollback(True)
                connection.close()

            await asyncio.to_thread(roll_back)
            await tell("sync", organisation=THERE)
            await theirs.until(lambda c: c.counts["sync"])
            assert theirs.counts["board"] == 0
            assert mine.counts["sync"] == 0

    asyncio.run(play())


def test_a_page_hears_what_changed_while_it_was_loading_and_nothing_older(opened):
    async def play() -> None:
        async with opened("sync") as first:
            await settle([first])
            await asyncio.sleep(1.2)  # A page is taken to be a second older than it says.
            await tell("board", "sync")
            await first.until(lambda c: c.counts["sync"])
            async with opened("board,request:1", query="&age=5") as second:
                await second.until(lambda c: c.counts["board"])
                assert second.counts["request:1"] == 0
            async with opened("board", query="&age=999999") as third:
                await third.until(lambda c: c.counts["board"])

    asyncio.run(play())


@pytest.mark.parametrize(
    ("topics", "who", "status"),
    [
        ("board", "", 403),
        ("board", actor("volunteer"), 403),
        (f"account:{ME}", actor("volunteer"), 200),
        (f"account:{HERE}", actor("volunteer"), 403),
        (f"board,{LINK}", "", 403),
        (LINK, "", 200),
        ("link:abc", "", 403),
        ("board", actor("operator"), 200),
        ("board", actor("listener"), 200),
        ("", actor(), 400),
        ("Board;", actor(), 400),
        (",".join(f"t:{number}" for number in range(21)), actor(), 400),
    ],
)
def test_who_may_listen(opened, topics, who, status):
    async def play() -> int:
        async with opened(topics, who) as client:
            return client.status

    assert asyncio.run(play()) == status


def test_a_ticket_is_good_for_its_topic_organisation_and_holder_only(opened):
    mine, volunteer = ticket("volunteer:7"), actor("volunteer")

    async def status(topics: str, who: str) -> int:
        async with opened(topics, who) as client:
            return client.status

    async def play() -> list[int]:
        wrong = [
            (mine.replace("volunteer:7", "volunteer:8"), volunteer),
            (mine[:-1] + ("A" if mine[-1] != "A" else "B"), volunteer),
            (mine, actor("volunteer", account=uuid7())),
            (mine, actor("volunteer", organisation=THERE)),
            (mine, ""),
            (ticket("volunteer:7", account=None), volunteer),
            (ticket("sandbox", organisation=THERE, account=None), ""),
        ]
        return [await status(*each) for each in wrong]

    assert asyncio.run(play()) == [403] * 7

    async def listen() -> None:
        async with opened(mine, volunteer) as client, opened("sync") as staff:
            await settle([staff])
            await client.ready.wait()
            client.counts.clear()
            await tell("volunteer:7")
            await client.until(lambda c: c.counts[mine])

    asyncio.run(listen())


def test_a_private_link_hears_its_own_changes(opened):
    async def play() -> None:
        async with opened(LINK, "") as client, opened("sync") as staff:
            await settle([staff])
            await client.ready.wait()
            client.counts.clear()
            await tell(LINK)
            await client.until(lambda c: c.counts[LINK])

    asyncio.run(play())


def test_streams_are_bounded_for_each_client_and_come_free_again(opened):
    async def play() -> None:
        clients = [await opened("board").__aenter__() for _ in range(12)]
        async with opened("board") as one_more, opened("board", actor(account=uuid7())) as somebody_else:
            assert (one_more.status, somebody_else.status) == (503, 200)
        for client in clients:
            await client.__aexit__()
        async with asyncio.timeout(PATIENCE):
            while True:
                async with opened("board") as again:
                    if again.status == 200:
                        return

    asyncio.run(play())


def test_clients_that_never_read_hold_nobody_up(server, opened):
    deaf = []
    for _ in range(10):
        connection = socket.create_connection(("127.0.0.1", server.port))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        head = ["GET /?topics=board,sync HTTP/1.1", "Host: localhost", f"X-Actor: {actor(account=uuid7())}"]
        connection.sendall("\r\n".join([*head, "", ""]).encode())
        deaf.append(connection)

    async def play() -> None:
        async with opened("board,sync") as client:
            await settle([client])
            for _ in range(20):
                before = client.counts["board"]
                await tell("board")
                await client.until(lambda c, before=before: c.counts["board"] > before)

    asyncio.run(play())
    for connection in deaf:
        connection.close()


def test_open_streams_do_not_keep_a_server_from_stopping(server_to_stop):
    async def play() -> None:
        async with Client(server_to_stop.port, "board,sync", actor()) as client:
            await settle([client])
            server_to_stop.process.send_signal(signal.SIGTERM)
            await client.until(lambda c: c.over)

    asyncio.run(play())
    assert "Cancel" not in server_to_stop.process.communicate(timeout=PATIENCE)[0], "no stream had to be cut"


def _cut_off_the_hub() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        hubs = "FROM pg_stat_activity WHERE application_name = 'quartier live'"
        cursor.execute(f"SELECT pg_terminate_backend(pid) {hubs} AND datname = current_database()")
    connection.close()


def test_a_stream_comes_back_after_the_database_was_away(own, server, opened):
    if own.connection.vendor != "postgresql":
        pytest.skip("SQLite is never away")

    async def play() -> None:
        async with opened("board,sync") as client:
            await settle([client])
            await asyncio.to_thread(_cut_off_the_hub)
            await client.until(lambda c: c.counts["board"])  # It may have missed something.
            client.counts.clear()
            await tell("sync")
            await client.until(lambda c: c.counts["sync"])

    asyncio.run(play())
