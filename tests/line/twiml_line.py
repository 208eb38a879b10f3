"""The line behind a provider's webhooks, for tests: the real exchange, desk and database, and a stub of a carrier."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F

from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.people.models import Person
from quartier.team.access import of_account
from quartier.telephony import actions, queries
from quartier.telephony.desk.durations import PromptDurations
from quartier.telephony.models import Call, Callback, Operator, Wish
from quartier.telephony.providers.twiml.main import CallCore
from quartier.telephony.providers.twiml.setup import Setup
from tests.line.stub_carrier import Phone, StubCarrier
from tests.ports import free_port

NUMBER = "+3280000020"
MARIE, JEAN, WITHHELD = "+3220001427", "+3220001428", ""
LOTTE, KARIM, YOUSSEF = "+3240000101", "+3240000102", "+3240000103"
PUBLIC = "https://line.example.org"
# Beside other tests it takes its time to begin.
PATIENCE_S = 60


@dataclass
class Line:
    """What a test does at the line's other side: the console, the database."""

    organisation: Any
    carrier: StubCarrier
    accounts: dict[str, Any]

    def calls(self, number: str = MARIE) -> Phone:
        return self.carrier.calls(number, NUMBER)

    def wish(self, name: str, what: str, answer: str = "done", **words: Any) -> None:
        account = self.accounts[name]
        row = actions.wish(actor=of_account(account), what=what, **words)
        self.carrier.until(lambda: Wish.objects.get(pk=row.pk).answer, phone=None)
        assert Wish.objects.get(pk=row.pk).answer == answer

    def comes_on(self, name: str, *languages: str) -> None:
        self.wish(name, "on", details={"languages": list(languages) or ["fr"], "own_phone": True})
        self.stands(name, "available")

    def has_a_pause(self, name: str, *languages: str) -> None:
        """Somebody is there, and takes no call."""
        self.comes_on(name, *languages)
        self.wish(name, "pause", details={"reason": "lunch"})
        self.stands(name, "paused")

    def stands(self, name: str, standing: str) -> None:
        found = Operator.objects.filter(account=self.accounts[name])
        self.carrier.until(lambda: found.filter(standing=standing).exists())

    def call(self) -> Call:
        return Call.objects.latest("began_at")

    def live(self) -> Call:
        return Call.objects.get(ended_at=None)

    def ended(self, outcome: str) -> Call:
        """Wait until the last call has this outcome."""
        self.carrier.until(lambda: Call.objects.latest("began_at").outcome)
        call = self.call()
        assert call.outcome == outcome
        return call

    def rung_back(self) -> list[str]:
        return list(
            Callback.objects.filter(ended_at=None).order_by("wanted_at").values_list("why", flat=True)
        )

    def talks(self, name: str, number: str, phone: Phone) -> Phone:
        """This operator takes the call."""
        own = self.carrier.rings(number)
        own.answer()
        own.hears("accept")
        own.press("1")
        own.is_with(phone)
        self.stands(name, "in_call")
        return own


@pytest.fixture(scope="session")
def said(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sentences are said once for all of these tests."""
    return tmp_path_factory.mktemp("prompts")


@pytest.fixture
def line(
    organisation: Any,
    tmp_path: Path,
    said: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> Iterator[Line]:
    """Call control behind the stub. Whatever happens, no number is in the log."""
    organisation.opens = organisation.closes = time(0)
    organisation.save()
    # The stub's phones hear a minute in a second: what they are told is over soon, but for the greeting.
    monkeypatch.setattr(PromptDurations, "warm", lambda self, group: None)
    monkeypatch.setattr(
        PromptDurations, "seconds", lambda self, play: 8.0 if play.prompt == "welcome" else 1.0
    )
    usual = queries.line_of
    quick = {"wrap_up_s": 1.0}
    monkeypatch.setattr(queries, "line_of", lambda organisation: replace(usual(organisation), **quick))
    accounts = {
        name: people.create_account(
            organisation=organisation, roles=[role], who=Who(name, email=f"{name}@example.org", phone=number)
        )
        for name, number, role in [
            ("Lotte", LOTTE, "operator"), ("Karim", KARIM, "operator"), ("Thomas", YOUSSEF, "coordinator"),
            ("Nobody", "", "operator"),
        ]
    }  # fmt: skip
    # Whose their phones are is known, as if a code had been heard there.
    Person.objects.filter(account__in=accounts.values()).update(proven_phone_index=F("phone_index"))
    (tmp_path / "line").mkdir()
    (tmp_path / "line/prompts").symlink_to(said)
    port = free_port()
    carrier = StubCarrier(PUBLIC, port)
    with carrier.running():
        yield from _core(Line(organisation, carrier, accounts), tmp_path, port)
    logged = "\n".join(record.getMessage() for record in caplog.get_records("call"))
    assert not [number for number in (MARIE, JEAN, LOTTE, KARIM, YOUSSEF) if number[1:] in logged]


def _core(line: Line, home: Path, port: int) -> Iterator[Line]:
    carrier = line.carrier
    setup = Setup(home / "line", carrier.account, carrier.token, PUBLIC, api=carrier.base, listen_port=port)
    core = CallCore(setup, pages="", patience_s=1.0)
    thread = threading.Thread(target=core.run, daemon=True)
    thread.start()
    assert core.answered.wait(PATIENCE_S), "it ended" if not thread.is_alive() else "it does not begin"
    yield line
    for phone in carrier.phones:
        phone.hang_up()
    core.stop()
    thread.join(15)
    assert not thread.is_alive()
    troubles = [trouble for phone in carrier.phones for trouble in phone.troubles]
    assert not troubles
