"""Bridged calls: how soon caller and operator are together, and how many talk at once."""

import asyncio
import csv
import json
import os
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bench import line_parts, protocol
from bench.line_operators import Operator, Talk, all_come

# Operators rung for one call, as the line is shipped; and how many are there, so that the last caller has three too.
AT_ONCE, OPERATORS = 3, 660
WRAP_UP_S = 5
# Rate a second, calls, seconds for which all of them talk at once (0: each hangs up after a while).
SOON, MANY = (8, 160, 0), (15, 600, 30)
SHORT_S = 8.0
# From the last call to when it must have been bridged; and between "all of them are there" and the first goodbye.
RINGS_S, SPARE_S = 4.0, 3.0
GOAL_P95_MS = 50.0
# A wish is good for a minute: so many are made at once.
COME_ON, STARTS_S = 110, 60.0
# Callers whose language is known need not press a key: they are rung through as soon as they are recognised.
PEOPLE = """
import json
from django.db import transaction
from quartier.people import actions
from quartier.people.actions import Who
from quartier.team.models import Organisation
from quartier.telephony.models import LineSettings
here = Organisation.objects.get()
LineSettings.objects.update_or_create(organisation=here, defaults={settings})
with transaction.atomic():
    for number in {numbers}:
        actions.record_person(organisation=here, who=Who(number, phone=number, language="fr", channel="call"))
    made = [actions.create_account(organisation=here, roles=["operator"], who=Who(
        f"Operator {{each}}", email=f"operator{{each}}@example.org", language="fr", channel="email"))
        for each in range({operators})]
print("made", json.dumps([str(each.pk) for each in made]))
"""
ON = """
from quartier.team.access import of_account
from quartier.team.models import Account
from quartier.telephony import actions
for account in Account.objects.filter(pk__in={accounts}).select_related("organisation"):
    actions.wish(actor=of_account(account), what="on", details={{"languages": ["fr"]}})
"""


@dataclass
class Round:
    """What came of so many calls, the first of them at `began` (Unix seconds). `failed`: those that their callers say
    went wrong. `cpu`: percent of a core by part, while the calls came and while all of them talked; `together`: how
    many did at the beginning and at the end of that."""

    calls: int
    stay_s: float
    began: float = field(default_factory=time.time)
    talks: list[Talk] = field(default_factory=list)
    failed: int = 0
    cpu: dict[str, dict[str, float]] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)
    together: tuple[int, ...] = ()

    def took_ms(self) -> list[float]:
        """From the operator's 200 to the caller's first packet at the operator, of every call that was bridged."""
        return [(each.heard - each.answered) * 1000 for each in self.talks if each.heard]

    def lost(self) -> int:
        """Calls that were not bridged, or not to their end: their operator was hung up on before the first caller was
        to say goodbye, they needed a second operator, or their caller was hung up on."""
        bridged = [each for each in self.talks if each.heard]
        early = sum(0 < each.ended < self.began + self.stay_s for each in bridged)
        again = len(bridged) - len({each.call for each in bridged})
        return max(self.calls - len(bridged) + again, 0) + max(early, again, self.failed)


def rounds(database: str, seed: int, *, share: float = 1.0) -> Iterator[dict[str, Any]]:
    """`line_bridged_…_s` of both rounds. `share`: of the calls and operators, for a trial."""
    _allow_files()
    with line_parts.running() as line, tempfile.TemporaryDirectory() as folder:
        soon = (SOON[0], max(1, round(SOON[1] * share)), SOON[2])
        many = (MANY[0], max(1, round(MANY[1] * share)), MANY[2])
        numbers = [f"+322000{1000 + each}" for each in range(soon[1] + many[1])]
        settings = {"at_once": AT_ONCE, "wrap_up_s": WRAP_UP_S}
        words = PEOPLE.format(numbers=numbers, operators=max(4, round(OPERATORS * share)), settings=settings)
        accounts = json.loads(line.site.shell(words).split("made ")[1])
        stage = Stage(line, Path(folder), accounts, random.Random(seed))
        for (rate, calls, hold_s), found in asyncio.run(stage.play((soon, many), numbers)):
            lost = found.lost()
            ranked = sorted(found.took_ms()) or [0.0]
            # All of them at once, or each of them soon.
            if hold_s:
                well = not lost and min(found.together) == calls
            else:
                well = not lost and protocol.percentile(ranked, 0.95) <= GOAL_P95_MS
            yield protocol.line(
                f"line_bridged_{rate}_s", database, calls, ranked, errors=lost, ok=well,
                together=list(found.together), hold_s=hold_s, cpu_percent=found.cpu, memory_mb=found.memory,
            )  # fmt: skip


class Stage:
    """The line, its operators and its callers."""

    def __init__(self, line: Any, folder: Path, accounts: list[str], luck: random.Random) -> None:
        self._line, self._folder, self._accounts, self._luck = line, folder, accounts, luck
        self._operators: list[Operator] = []
        self._scenario = folder / "caller.xml"
        self._sipp: asyncio.subprocess.Process | None = None

    async def play(
        self, wanted: tuple[tuple[int, int, int], ...], numbers: list[str]
    ) -> list[tuple[tuple[int, int, int], Round]]:
        """Everybody comes; then one round after the other, each caller with a number of their own."""
        speech = self._folder / "speech.raw"
        speech.write_bytes(self._luck.randbytes(16_000))
        self._scenario.write_text(line_parts.speaking(speech))
        found: list[tuple[tuple[int, int, int], Round]] = []
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            try:
                await self._come(session)
                for each in wanted:
                    theirs, numbers = numbers[: each[1]], numbers[each[1] :]
                    found.append((each, await self._round(each, theirs)))
                    await asyncio.sleep(WRAP_UP_S + 2)
            finally:
                for operator in self._operators:
                    await operator.go()
        return found

    async def _come(self, session: aiohttp.ClientSession) -> None:
        site = self._line.site
        secret = (site.home / "line" / "secret").read_text().strip()
        self._operators = [
            Operator(each, domain="quartier.invalid", secret=secret, luck=self._luck)
            for each in self._accounts
        ]
        url = f"ws://127.0.0.1:{self._line.ports['ws_port']}"
        await all_come(self._operators, session, url, site.address)
        for first in range(0, len(self._accounts), COME_ON):
            some = self._accounts[first : first + COME_ON]
            await asyncio.to_thread(site.shell, ON.format(accounts=some))
            await self._wait_until_on(first + len(some))

    async def _wait_until_on(self, count: int) -> None:
        free = "Operator.objects.filter(standing='available').count()"
        end = time.monotonic() + STARTS_S
        while await asyncio.to_thread(self._line.ask, free) < count:
            if time.monotonic() > end:
                raise TimeoutError("not all operators came on the line")
            await asyncio.sleep(1)

    async def _round(self, wanted: tuple[int, int, int], numbers: list[str]) -> Round:
        rate, calls, hold_s = wanted
        fills_s = calls / rate + RINGS_S
        found = Round(calls, fills_s + hold_s + SPARE_S if hold_s else SHORT_S)
        for operator in self._operators:
            operator.talks.clear()
        people = self._folder / "people.csv"
        people.write_text("SEQUENTIAL\n" + "".join(f"{number};\n" for number in numbers))
        for old in self._folder.glob("*_.csv"):
            old.unlink()
        found.began = time.time()
        calling = asyncio.create_task(self._call(rate, calls, found.stay_s))
        if hold_s:
            found.cpu["calls_come"] = await self._used(fills_s)
            first = self._talking()
            found.cpu["all_talk"] = await self._used(hold_s)
            found.together = (first, self._talking())
            home = str(self._line.site.home)
            found.memory = {part: line_parts.resident(home, part) for part in line_parts.PARTS}
        await calling
        await asyncio.sleep(1)
        found.talks = [talk for operator in self._operators for talk in operator.talks]
        found.failed = self._failed(calls)
        return found

    async def _used(self, seconds: float) -> dict[str, float]:
        """Percent of a core of each part in the next seconds; `callers` (sipp) and `operators` (this process) are the
        load itself."""
        before, began = self._worked(), time.monotonic()
        await asyncio.sleep(seconds)
        after, took = self._worked(), time.monotonic() - began
        return {part: round(100 * (after[part] - was) / took, 1) for part, was in before.items()}

    def _worked(self) -> dict[str, float]:
        callers = line_parts.worked(self._sipp.pid) if self._sipp is not None else 0.0
        home = str(self._line.site.home)
        return {
            **line_parts.cpu_seconds(home),
            "callers": callers,
            "operators": line_parts.worked(os.getpid()),
        }

    def _talking(self) -> int:
        return sum(bool(talk.heard and not talk.ended) for each in self._operators for talk in each.talks)

    async def _call(self, rate: int, calls: int, stay_s: float) -> None:
        from tests.line.site import NUMBER

        words = [
            "sipp", f"127.0.0.1:{self._line.sip}", "-sf", str(self._scenario), "-s", NUMBER, "-i", "127.0.0.1",
            "-mi", "127.0.0.1", "-inf", str(self._folder / "people.csv"), "-r", str(rate), "-m", str(calls),
            "-l", str(calls), "-d", str(round(stay_s * 1000)), "-nostdin", "-trace_stat", "-fd", "1",
            "-min_rtp_port", "12000", "-max_rtp_port", "19998", "-timeout", "300s", "-timeout_error",
        ]  # fmt: skip
        self._sipp = await asyncio.create_subprocess_exec(
            *words, cwd=self._folder, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
        )
        await self._sipp.wait()

    def _failed(self, calls: int) -> int:
        """Calls that their caller says went wrong: refused, or ended by the line."""
        for file in self._folder.glob("*_.csv"):
            with file.open() as text, suppress(KeyError, IndexError, ValueError):
                return calls - int(list(csv.DictReader(text, delimiter=";"))[-1]["SuccessfulCall(C)"])
        return calls


def _allow_files() -> None:
    """Thousands of sockets in this process and those that it starts."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
