"""Messages out and in: how many an hour, how soon, what pages feel of it, and a provider that goes away."""

import argparse
import hashlib
import hmac
import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench import protocol
from bench.stage.carrier import Carrier, carriers

WELL = {"well": 1}
# Nobody waits longer for a benchmark.
PATIENCE_S = 300


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", type=int, default=3_000, help="texts to send, and texts that come in")


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """`post_out`: texts written at once, from being written to being taken by a stand-in of a provider; `per_hour`.
    `post_soon`: one offer at a time, on an installation that has nothing else to do. `post_pages`: the first page
    while texts go out. `post_in`: signed webhooks with answers, from the first to the last one settled. `post_away`:
    two providers, the first goes away in the middle; seconds until the last text is out."""
    with carriers("one", "two", seed=args.seed) as found:
        for carrier in found:
            carrier.moods = dict(WELL)
        os.environ["QUARTIER_TEXTS"] = ",".join(carrier.address for carrier in found)
        protocol.start_django()
        from bench import country

        organisation = country.organisation()
        with _served() as address:
            for carrier in found:
                carrier.webhook = address
            people = _people(organisation, args.size)
            yield _soon(args, organisation, people[:100], found[0])
            yield from _out(args, organisation, people, found[0], address)
            yield _in(args, people, found[0], address)
            yield _away(args, organisation, people, found)


@contextmanager
def _served() -> Iterator[str]:
    """`quartier run` of this installation; gives its address."""
    from tests.ports import free_port

    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "quartier", "run", "--port", str(port)],
        env=os.environ,
        stdout=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _until(lambda: _page_ms(address) > 0)
        yield address
    finally:
        server.terminate()
        server.wait(30)


def _people(organisation: Any, size: int) -> list[Any]:
    """So many who are written to by text, on numbers that only the stand-in knows."""
    from quartier.people import actions as people
    from quartier.people.actions import Who

    return [
        people.record_person(
            organisation=organisation,
            who=Who(f"Youssef {number}", phone=f"+32471{100_000 + number}", channel="text"),
        )
        for number in range(size)
    ]


def _write(organisation: Any, people: list[Any], key: str) -> set[str]:
    """Written in one go; the references by which a provider knows them."""
    from django.db import transaction

    from quartier.messaging import actions as messaging
    from quartier.messaging.actions import Letter

    values = {"name": "Youssef", "word": "lune"}
    with transaction.atomic():
        written = messaging.write_all(
            organisation=organisation,
            letters=[Letter(person, "on_way", f"{key}:{person.pk}", values) for person in people],
        )
    return {str(message.pk) for message in written if message is not None}


def _soon(args: argparse.Namespace, organisation: Any, people: list[Any], carrier: Carrier) -> dict[str, Any]:
    took = []
    for person in people:
        before, began = len(carrier.taken), time.perf_counter()
        _write(organisation, [person], "soon")
        _until(lambda before=before: len(carrier.taken) > before, 0.002)
        took.append((time.perf_counter() - began) * 1000)
    return protocol.line("post_soon", args.database, len(people), took)


def _out(
    args: argparse.Namespace, organisation: Any, people: list[Any], carrier: Carrier, address: str
) -> Iterator[dict[str, Any]]:
    before, pages, going = len(carrier.taken), [], threading.Event()
    going.set()

    def look() -> None:
        while going.is_set():
            pages.append(_page_ms(address))
            time.sleep(0.1)

    visitor = threading.Thread(target=look)
    began = time.perf_counter()
    _write(organisation, people, "out")
    visitor.start()
    took: list[float] = []

    def all_out() -> bool:
        took.extend([(time.perf_counter() - began) * 1000] * (len(carrier.taken) - before - len(took)))
        return len(took) >= len(people)

    out = _until(all_out, 0.01)
    wall = time.perf_counter() - began
    going.clear()
    visitor.join()
    yield protocol.line(
        "post_out", args.database, len(people), took, per_s=round(len(took) / wall, 1),
        per_hour=round(len(took) / wall * 3600), errors=len(people) - len(took), ok=out,
    )  # fmt: skip
    yield protocol.line("post_pages", args.database, len(people), [ms for ms in pages if ms > 0])


def _in(args: argparse.Namespace, people: list[Any], carrier: Carrier, address: str) -> dict[str, Any]:
    from quartier.messaging.models import Received

    took, began = [], time.perf_counter()
    for number, person in enumerate(people):
        sent = time.perf_counter()
        _told(carrier, address, {"id": f"in-{number}", "from": person.phone, "text": f"bonjour {number}"})
        took.append((time.perf_counter() - sent) * 1000)
    arrived = time.perf_counter() - began
    settled = _until(lambda: not Received.objects.filter(state="new").exists(), 0.2)
    wall = time.perf_counter() - began
    return protocol.line(
        "post_in", args.database, len(people), took, per_s=round(len(people) / wall, 1),
        arrived_s=round(arrived, 1), settled_s=round(wall, 1), per_ten_minutes=round(len(people) / wall * 600),
        errors=len(people) - Received.objects.count(), ok=settled,
    )  # fmt: skip


def _told(carrier: Carrier, address: str, words: dict[str, Any]) -> None:
    body, stamp = json.dumps(words).encode(), str(int(time.time()))
    proof = hmac.new(carrier.secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    request = urllib.request.Request(
        f"{address}/hooks/{carrier.name}/",
        body,
        {"Content-Type": "application/json", "X-Quartier-Signature": f"t={stamp},v1={proof}"},
    )
    urllib.request.urlopen(request, timeout=30).close()


def _away(
    args: argparse.Namespace, organisation: Any, people: list[Any], found: list[Carrier]
) -> dict[str, Any]:
    """The first provider answers nothing but 503 from the middle on."""
    first, second = found
    wanted = _write(organisation, people, "away")

    def out() -> int:
        return len(wanted & {text.reference for carrier in found for text in carrier.taken})

    _until(lambda: out() > len(people) / 2, 0.01)
    first.moods = {"away": 1}
    began = time.perf_counter()
    well = _until(lambda: out() >= len(people), 0.05)
    wall = time.perf_counter() - began
    first.moods = dict(WELL)
    by_second = sum(text.reference in wanted for text in second.taken)
    return {
        "name": "post_away", "database": args.database, "size": len(people), "seconds": round(wall, 1),
        "by_the_second": by_second, "errors": len(people) - out(), "ok": well and wall < 60,
    }  # fmt: skip


def _page_ms(address: str) -> float:
    """How long the first page takes; 0 when it did not come."""
    began = time.perf_counter()
    try:
        urllib.request.urlopen(f"{address}/fr/", timeout=30).read()
    except OSError:
        return 0.0
    return (time.perf_counter() - began) * 1000


def _until(true: Any, pause_s: float = 0.1) -> bool:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(pause_s)
    return False
