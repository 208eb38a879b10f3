"""An operator's own phone is called once and hears a code; typed, the line rings that phone, and before it does not."""

import json
import time
from typing import Any

import pytest

from tests.line import sound
from tests.line.caller import Caller
from tests.line.desk import employ
from tests.line.site import LineSite
from tests.line.test_reading import announced

pytestmark = [pytest.mark.servers]
NUMBER = "+32470000074"
BEGIN = """
import json
from datetime import time
from quartier.people.models import Person
from quartier.team.access import of_account
from quartier.team.models import Account
from quartier.telephony import actions
from quartier.telephony.models import LineSettings, OwnPhoneCode, Wish
from quartier.telephony.actions.own_phone import _hash
from quartier.team.models import Organisation
LineSettings.objects.update_or_create(
    organisation=Organisation.objects.get(), defaults={{"daily_cents": 100000, "own_phone_cents": 100000}})
# At whatever hour this runs.
Organisation.objects.update(quiet_from=time(0), quiet_until=time(0))
account = Account.objects.get(pk={account!r})
actor = of_account(account)
"""
ON = 'wish = actions.wish(actor=actor, what="on", details={"languages": ["fr"], "own_phone": True})'
# Nobody but the key of the installation can find a code again in its hash; this test stands in for an ear.
TYPED = """
row = OwnPhoneCode.objects.get(account=account)
code = next(each for each in (f"{n:06}" for n in range(10**6)) if _hash(row, each) == row.code_hash)
done = actions.use_code(actor=actor, typed=code)
"""


def run(line: LineSite, account: str, words: str, answer: str) -> Any:
    said = line.site.shell(f"{BEGIN.format(account=account)}{words}\nprint('said', json.dumps({answer}))")
    return json.loads(said.split("said ", 1)[1])


def comes_on(line: LineSite, account: str) -> str:
    """What the line says to it."""
    wish = run(line, account, ON, "str(wish.pk)")
    line.wait_until(lambda: bool(run(line, account, "", f"Wish.objects.get(pk='{wish}').answer")), 20)
    return str(run(line, account, "", f"Wish.objects.get(pk='{wish}').answer"))


def test_a_code_is_heard_and_then_the_phone_may_ring(line: LineSite, outside: Caller) -> None:
    lotte = employ(line, "Loes", "operator", phone=NUMBER)
    run(line, lotte, "Person.objects.filter(account=account).update(proven_phone_index='')", "1")
    assert comes_on(line, lotte) == "unproven"
    run(line, lotte, "actions.ask_for_code(actor=actor)", "1")
    over = announced(outside)
    before = len(outside.heard())
    outside.press("1")
    line.wait_until(lambda: line.calls()[-1]["state"] == "reading", 10)
    outside.wait_ended(90, count=over)
    heard = outside.heard()[before:]
    # Twelve digits and the pauses between them.
    assert len(heard) / sound.RATE > 18
    assert sound.has_speech(heard[: 5 * sound.RATE])
    line.wait_until(lambda: bool(line.calls()[-1]["outcome"]), 20)
    call = line.calls()[-1]
    assert (call["direction"], call["outcome"]) == ("out", "answered")
    assert not list((line.site.home / "line").glob("prompts/*/read/*.wav"))
    assert run(line, lotte, TYPED, "done") is True
    assert comes_on(line, lotte) == "done"
    run(line, lotte, 'actions.wish(actor=actor, what="off")', "1")
    time.sleep(1)
