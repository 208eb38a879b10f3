"""A line whose carrier is a telephone of ours, and what is seen of its calls."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from tests.line import sound
from tests.line.desk import employ
from tests.line.rtp_phone import RtpPhone
from tests.line.site import MASKED, NUMBER, LineSite, line_running
from tests.ports import free_port

# What an operator wants of call control.
OPERATOR_WISH = """
from quartier.team.access import of_account
from quartier.team.models import Account
from quartier.telephony.actions import wish
wish(actor=of_account(Account.objects.get(pk={account!r})), what={what!r}, details={details!r})
"""
# Somebody who is helped, and may reach who helps.
HELPED = "+3220001427"


@contextmanager
def carrier_line_running() -> Iterator[LineSite]:
    """The carrier's port is `trunk`: a test puts an `RtpPhone` there."""
    with line_running(trunk=free_port()) as made:
        words = MASKED.format(helped=HELPED).replace("\n", "\n    ")
        made.site.shell(
            f"from quartier.telephony.models import Masked\nif not Masked.objects.exists():{words}"
        )
        put_somebody_on_shift(made)
        yield made


def put_somebody_on_shift(line: LineSite) -> None:
    """An operator who has a pause: callers choose a language and wait, and nobody is rung."""
    nadia = employ(line, "Nadia", "operator", phone="+32470000009")
    details = {"languages": ["fr", "nl", "de", "en"], "own_phone": True}
    for what, more in (("on", details), ("pause", {"reason": "break"})):
        line.site.shell(OPERATOR_WISH.format(account=nadia, what=what, details=more))
    standing = "list(Operator.objects.values_list('standing', flat=True))"
    line.wait_until(lambda: line.ask(standing) == ["paused"], 30)


def last(line: LineSite) -> dict[str, str]:
    """The newest call, read without the cost of a process: these tests look often."""
    fields = ("state", "outcome", "language", "failure")
    with closing(sqlite3.connect(f"file:{line.site.home}/quartier.sqlite3?mode=ro", uri=True)) as database:
        row = database.execute(
            f"SELECT {', '.join(fields)} FROM telephony_call ORDER BY began_at DESC LIMIT 1"
        ).fetchone()
    return dict(zip(fields, row, strict=True)) if row else {}


def becomes(line: LineSite, patience_s: float = 20, **words: str) -> None:
    """Wait until the newest call stands so. Raises `TimeoutError`."""
    try:
        line.wait_until(lambda: words.items() <= last(line).items(), patience_s)
    except TimeoutError:
        raise TimeoutError(f"{last(line)}, and it should be {words}") from None


def begins(line: LineSite, phone: RtpPhone, state: str = "menu", **words: str) -> None:
    """Call, and be greeted."""
    assert phone.call(NUMBER, **words) == 200
    becomes(line, state=state, outcome="")


def speaks(phone: RtpPhone, patience_s: float = 12) -> None:
    """The line says something."""
    phone.wait_heard(sound.has_speech, patience_s, seconds=1.5)
