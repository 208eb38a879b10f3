"""The people of the kill test: some ask for help, others answer the messages that reach them. Each does again what
got no answer, and writes into the book what was acknowledged."""

import itertools
import queue
import random
import re
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import DatabaseError, close_old_connections, connection

from bench.stage.carrier import Carrier
from bench.stage.visitor import Cut, Visitor
from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.cases.rules import NotPossible
from quartier.lib import cells, choices, clock
from quartier.limits import proof
from quartier.matching.models import Offer
from quartier.messaging import queries
from quartier.messaging.models import Message, SandboxDelivery
from quartier.people import actions as people
from quartier.people.actions import Readiness, Who
from quartier.team.access import system
from quartier.team.models import Organisation

FLAGEY = (50.8275, 4.3722)
OFFER = re.compile(r"https?://[^/]+(/\w\w/volunteer/offer/[\w-]+/)")
DRAFT = re.compile(r"[?&]d=([0-9a-f]{32})")
PATIENCE_S = 120


@dataclass
class Book:
    """What was acknowledged: numbers of those who asked with the draft they sent; links on which a yes or "done"
    was shown."""

    asked: dict[int, UUID] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)


def patiently[T](look: Callable[[], T]) -> T:
    """The answer of the database, which may be away for a while; raises `TimeoutError`."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            return look()
        except DatabaseError:
            connection.close()
            time.sleep(0.1)
    raise TimeoutError("the database stays away")


def volunteers(count: int) -> None:
    """An organisation that never sleeps, and so many volunteers around one place."""
    organisation = Organisation.objects.create(
        name="Quartier", languages=["fr", "nl", "de", "en"], phone="+3280000020", created_at=clock.now(),
        quiet_from="00:00", quiet_until="00:00", wave_size=4, wave_minutes=1, daily_budget=10,
    )  # fmt: skip
    ready = Readiness(
        kinds=choices.mask(choices.KINDS, [kind.code for kind in choices.KINDS]),
        languages=choices.mask(choices.LANGUAGES, ["fr"]),
        slots=choices.ALL_SLOTS,
        travel="car",
        radius_m=10_000,
        capacity=20,
        budget=10,
        cell=cells.cell_at(*FLAGEY),
        postcode="1050",
        place_name="Ixelles",
    )
    for number in range(count):
        by_text = number % 2 == 0
        who = Who(
            f"Youssef {number}",
            # Numbers that could be somebody's: they reach the stand-in of a provider alone.
            phone=f"+32470{100_000 + number}" if by_text else "",
            email="" if by_text else f"youssef{number}@example.org",
            channel="text" if by_text else "email",
        )
        people.join(organisation=organisation, who=who, ready=ready)


class Crowd:
    """Threads: some who ask, one who reads the simulated boxes and what the carriers took, some who answer."""

    ASKERS = 3
    HELPERS = 4

    def __init__(self, address: str, seed: float, carriers: Sequence[Carrier]) -> None:
        self.book = Book()
        self._carriers = carriers
        self._address = address
        self._numbers = itertools.count(1)
        self._links: queue.Queue[str] = queue.Queue()
        self._asking, self._living = threading.Event(), threading.Event()
        self._busy = 0
        self._lock = threading.Lock()
        self._luck = random.Random(seed)
        self._threads: list[threading.Thread] = []
        self._errors: list[str] = []

    def begin(self) -> None:
        self._asking.set()
        self._living.set()
        works = [self._ask_on] * self.ASKERS + [self._read_on, self._glance_on]
        works += [self._help_on] * self.HELPERS
        for number, work in enumerate(works):
            thread = threading.Thread(target=self._guarded, args=(work,), name=f"{work.__name__} {number}")
            thread.start()
            self._threads.append(thread)

    def ask_no_more(self) -> None:
        self._asking.clear()

    def settle(self, seconds: float) -> bool:
        """Wait until no message is on its way and nobody has anything left to answer; whether that came."""
        organisation = patiently(lambda: Organisation.objects.get())
        end, calm = time.monotonic() + seconds, 0
        while time.monotonic() < end and calm < 3:
            patiently(half_an_hour_passes)
            waiting = patiently(lambda: queries.unsettled(organisation) or due_requests() or moderated())
            busy = self._busy or self._links.qsize() or any("ask" in each.name for each in self._alive())
            calm = 0 if waiting or busy else calm + 1
            time.sleep(0.5)
        return calm >= 3 and not self._errors

    def end(self) -> None:
        self._asking.clear()
        self._living.clear()
        for thread in self._threads:
            thread.join(60)
        for error in self._errors:
            print(error)

    def _alive(self) -> list[threading.Thread]:
        return [thread for thread in self._threads if thread.is_alive()]

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # A thread that dies silently would make the test pass.
            self._errors.append(f"{work.__name__}: {error!r}")
        finally:
            connection.close()

    # Asking

    def _ask_on(self) -> None:
        while self._asking.is_set():
            self._ask(next(self._numbers))
            time.sleep(0.2)

    def _ask(self, number: int) -> None:
        visitor = Visitor(self._address, f"10.1.{number // 250}.{number % 250 + 1}")
        answers = {
            "for": {"whom": "me"},
            "what": {"kinds": "pharmacy"},
            "details": {"pharmacy": words_of(number)},
            "where": {"text": "1050"},
            "address": {"street": f"Rue du Page {number}"},
            "when": {"urgency": "day"},
            "languages": {"languages": "fr"},
            "reach": {"name": f"Marie {number}", "channel": "email", "email": f"marie{number}@example.org"},
        }
        if has_list(number):
            answers["what"] = {"kinds": "groceries"}
            answers["list"] = {"lines": words_of(number), "allergies": words_of(number), "agreed": "on"}
        path, draft = "/fr/ask/", ""
        while "/done/" not in path:
            step = path.split("?")[0].removeprefix("/fr/ask/").strip("/") or "for"
            page = self._again(lambda path=path: visitor.get(path))
            fields = dict(answers.get(step, {}))
            if step == "check":
                # Every third has no JavaScript, and so no proof.
                fields = {"consent": "on"} | (self._proof(page.forms) if number % 3 else {})
                draft = draft or DRAFT.search(path)[1]  # type: ignore[index]
            sent = self._again(lambda path=path, fields=fields: visitor.post(path, fields))
            if not sent.location:
                raise RuntimeError(f"{path} was not taken: {sent.status} {_errors_in(sent.text)}")
            path = sent.location
        self.book.asked[number] = UUID(draft)

    @staticmethod
    def _proof(forms: list[Any]) -> dict[str, str]:
        found = next((form.challenge for form in forms if form.challenge), "")
        return {"proof": proof.solve(found)} if found else {}

    def _again[T](self, do: Callable[[], T]) -> T:
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            try:
                return do()
            except Cut:
                time.sleep(0.1)
        raise TimeoutError("nobody answers")

    def _glance_on(self) -> None:
        """One of the team, who reads what came without the proof of work and lets neighbours be asked."""
        while self._living.is_set():
            waiting = patiently(moderated)
            for request in waiting:
                patiently(lambda request=request: let_through(request))
            time.sleep(0.3)

    # Helping

    def _read_on(self) -> None:
        seen: set[UUID] = set()
        read = [0] * len(self._carriers)
        while self._living.is_set():
            for number, carrier in enumerate(self._carriers):
                new_texts = carrier.taken[read[number] :]
                read[number] += len(new_texts)
                for link in {link for text in new_texts for link in OFFER.findall(text.text)}:
                    self._links.put(link)
            boxes = patiently(lambda: list(SandboxDelivery.objects.values_list("pk", flat=True)))
            new = [pk for pk in boxes if pk not in seen]
            for box in patiently(lambda new=new: list(SandboxDelivery.objects.filter(pk__in=new[:500]))):
                seen.add(box.pk)
                for link in OFFER.findall(box.body):
                    self._links.put(link)
            time.sleep(0.2)
            close_old_connections()

    def _help_on(self) -> None:
        while self._living.is_set():
            try:
                link = self._links.get(timeout=0.2)
            except queue.Empty:
                continue
            with self._lock:
                self._busy += 1
            try:
                self._answer(link)
            finally:
                with self._lock:
                    self._busy -= 1

    def _answer(self, link: str) -> None:
        visitor = Visitor(self._address, f"10.2.{hash(link) % 250}.{hash(link[::-1]) % 250 + 1}")
        page = self._again(lambda: visitor.get(link))
        if "yes" in page.buttons("do"):
            self._again(lambda: visitor.post(link, {"do": "yes"}))
            page = self._again(lambda: visitor.get(link))
        if not {"on_way", "done"} & set(page.buttons("do")):
            return
        self.book.accepted.add(link)
        if self._luck.random() < 0.3:
            return
        self._take_step(visitor, link, "on_way")
        self._take_step(visitor, link, "done")
        self.book.done.add(link)

    def _take_step(self, visitor: Visitor, link: str, step: str) -> None:
        sent = self._again(lambda: visitor.post(link, {"do": step}))
        # The hour agreed is still far away: it is asked whether that is meant.
        if "early=" in sent.location:
            self._again(lambda: visitor.post(link, {"do": step, "sure": "1"}))


def words_of(number: int) -> str:
    """What this request says of itself, and no other."""
    return f"request {number}"


def has_list(number: int) -> bool:
    """Every second one needs groceries: the words stand on a list, and as what they cannot eat."""
    return number % 2 == 0


def moderated() -> list[Request]:
    """Requests that wait for a glance."""
    waiting = Request.objects.filter(state=Request.State.HUMAN, why_human=Request.Why.MODERATION)
    return list(waiting.select_related("organisation")[:50])


def let_through(request: Request) -> None:
    """Ask neighbours for it."""
    with suppress(NotPossible):
        cases.look_again(actor=system(request.organisation), request=request)


def half_an_hour_passes() -> None:
    """That it is done is told when it cannot be taken back any more; nobody waits for that here."""
    told = Message.objects.filter(template="helped", state=Message.State.DUE, attempts=0)
    told.filter(not_before__gt=clock.now()).update(not_before=clock.now())


def due_requests() -> bool:
    """Whether the matcher still has something to do now."""
    soon = clock.now() + timedelta(seconds=1)
    return Request.objects.filter(state=Request.State.OPEN, next_at__lte=soon).exists()


def offer_of(link: str) -> Offer:
    """The offer behind a link."""
    from quartier.lib.ids import token_hash

    return Offer.objects.get(token_hash=token_hash(link.rstrip("/").rpartition("/")[2]))


def _errors_in(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())[:400]
