"""The public mix of a crisis: 200 requests a second against a whole installation on this machine."""

import argparse
import asyncio
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from bench import protocol

# Of a hundred requests; the same shares as in the design: landing page, form, sending, private page, own page.
SHARES = {"home": 70, "form": 15, "send": 8, "status": 4, "offers": 2, "sign_in": 1}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", type=int, default=8_000, help="volunteers")
    parser.add_argument("--rate", type=float, default=200.0, help="requests a second")
    parser.add_argument("--seconds", type=float, default=30.0)


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """One line for all, and one a kind. Requests come at random times whether or not earlier ones are answered."""
    protocol.start_django()
    from bench import country
    from quartier.team.models import Organisation

    organisation = country.organisation()
    country.volunteers(organisation, args.size, country.Map(args.seed))
    country.settle()
    assert Organisation.objects.count() == 1
    token = _status_token(organisation)
    cookie = _volunteer_cookie(organisation)
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "quartier", "run", "--port", str(port)],
        env=os.environ,
        stdout=subprocess.DEVNULL,
    )
    try:
        crowd = Crowd(port, token, cookie, args.seed)
        wall = asyncio.run(_measure(crowd, args.rate, args.seconds))
    finally:
        server.terminate()
        server.wait(30)
    for kind in ("all", *SHARES):
        took = [ms for each, ms in crowd.took if kind in {"all", each}]
        errors = sum(count for (each, _what), count in crowd.errors.items() if kind in {"all", each})
        yield protocol.line(
            f"mix_{kind}",
            args.database,
            args.size,
            took,
            errors=errors,
            per_s=round(len(took) / wall, 1),
            **({"statuses": dict(crowd.statuses), "failures": _named(crowd.errors)} if kind == "all" else {}),
        )


def _named(errors: Counter[tuple[str, str]]) -> dict[str, int]:
    return {f"{kind}: {what}": count for (kind, what), count in errors.items()}


async def _measure(crowd: "Crowd", rate: float, seconds: float) -> float:
    """Warm up, then measure; gives the seconds from the first request to the last answer."""
    await crowd.until_ready()
    await crowd.come(rate / 2, min(seconds, 5))
    crowd.forget()
    started = time.perf_counter()
    await crowd.come(rate, seconds)
    return time.perf_counter() - started


def _status_token(organisation: Any) -> str:
    """The private page of a household that asked for groceries."""
    from bench import country
    from quartier.cases import actions as cases
    from quartier.lib import clock

    where = country.Map(3)
    (case,) = country.cases(organisation, 1, where)
    country.request_for(case, clock.now(), where, organisation=organisation).save(force_insert=True)
    return cases.issue_link(case=case, person=case.person)


def _volunteer_cookie(organisation: Any) -> str:
    """The session of a volunteer who looks at their own page."""
    from django.test import Client

    from bench import country
    from quartier.lib import cells
    from quartier.people import actions as people
    from quartier.people.actions import Readiness, Who

    ((cell, *_rest),) = country.Map(4).draw(1)
    assert cells.area_of(cell)
    volunteer, _new = people.join(
        organisation=organisation,
        who=Who("Youssef", email="youssef@example.org", channel="email"),
        ready=Readiness(255, 3, 2**21 - 1, "car", 5000, 2, 2, cell),
    )
    client = Client()
    client.force_login(volunteer.person.account)
    return client.cookies["sessionid"].value


def _free_port() -> int:
    from tests.ports import free_port

    return free_port()


class Crowd:
    """Visitors from many loopback addresses, since limits count by address; each keeps its connection open."""

    def __init__(self, port: int, token: str, cookie: str, seed: int) -> None:
        self._port, self._token, self._cookie = port, token, cookie
        self._luck = random.Random(seed)
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self.forget()

    def forget(self) -> None:
        """Begin counting."""
        self.took: list[tuple[str, float]] = []
        self.errors: Counter[tuple[str, str]] = Counter()
        self.statuses: Counter[int] = Counter()

    async def until_ready(self) -> None:
        """Wait until the pages are served."""
        for _ in range(300):
            try:
                status, _head = await self._ask("GET", "/fr/", "", "")
                if status == 200:
                    return
            except OSError:
                pass
            await asyncio.sleep(0.2)
        raise TimeoutError("the installation did not start")

    async def come(self, rate: float, seconds: float) -> None:
        """Requests at random moments (a Poisson process) for so long, then wait for the last answer."""
        tasks = []
        start, at = time.perf_counter(), 0.0
        kinds, weights = list(SHARES), list(SHARES.values())
        while (at := at + self._luck.expovariate(rate)) < seconds:
            await asyncio.sleep(max(0.0, start + at - time.perf_counter()))
            tasks.append(asyncio.create_task(self._one(self._luck.choices(kinds, weights)[0])))
        await asyncio.gather(*tasks)
        for _reader, writer in self._idle:
            writer.close()
        self._idle.clear()

    async def _one(self, kind: str) -> None:
        token = "a" * 32
        requests = {
            "home": ("GET", "/fr/", "", ""),
            "form": ("GET", "/fr/ask/", "", ""),
            "send": ("POST", "/fr/ask/", f"csrfmiddlewaretoken={token}&whom=me", f"csrftoken={token}"),
            "status": ("GET", f"/fr/status/{self._token}/", "", ""),
            "offers": ("GET", "/fr/volunteer/", "", f"sessionid={self._cookie}"),
            "sign_in": ("GET", "/fr/sign-in/", "", ""),
        }
        start = time.perf_counter()
        try:
            try:
                status, _head = await asyncio.wait_for(self._ask(*requests[kind]), 20)
            except (ConnectionError, asyncio.IncompleteReadError):
                # The server closed an idle connection just then: browsers ask again on a new one, and so do we.
                self._idle.clear()
                status, _head = await asyncio.wait_for(self._ask(*requests[kind]), 20)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            self.errors[kind, type(error).__name__] += 1
            return
        self.took.append((kind, (time.perf_counter() - start) * 1000))
        self.statuses[status] += 1
        if status not in {200, 302}:
            self.errors[kind, str(status)] += 1

    async def _ask(self, method: str, path: str, body: str, cookie: str) -> tuple[int, bytes]:
        if self._idle:
            reader, writer = self._idle.pop()
        else:
            address = (
                f"127.{self._luck.randint(1, 250)}.{self._luck.randint(0, 250)}.{self._luck.randint(1, 250)}"
            )
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port, local_addr=(address, 0))
        form = (
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
            if body
            else ""
        )
        writer.write(
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nAccept-Language: fr\r\n"
            f"Accept-Encoding: gzip\r\nCookie: {cookie}\r\n{form}\r\n{body}".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        if length:
            await reader.readexactly(int(length[1]))
        elif b"chunked" in head.lower():
            while size := int((await reader.readline()).strip() or b"0", 16):
                await reader.readexactly(size + 2)
            await reader.readline()
        if b"connection: close" in head.lower():
            writer.close()
        else:
            self._idle.append((reader, writer))
        return int(head.split(b" ", 2)[1]), head
