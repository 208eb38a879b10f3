"""Call control is started anew while somebody writes the notes of a call: the time for them goes on."""

from datetime import timedelta

import pytest

from quartier.callcore import Line, Standing, Switchboard, facts
from quartier.lib import clock
from quartier.telephony import actions
from quartier.telephony.desk.desk import _on_before
from quartier.telephony.desk.said import Said
from quartier.telephony.desk.wished import fact
from quartier.telephony.models import Operator

pytestmark = pytest.mark.django_db


def begins_anew(organisation, account):
    """What call control that is started now makes of what the database holds, once the browser is there."""
    found = _on_before()
    Said.sweep(clock.now())
    board = Switchboard(Line())
    for wish in found:
        told = fact(wish, clock.steady())
        if told is None and wish.what == "on":
            told = facts.CameOn(at=clock.steady(), operator=wish.account, languages=("fr",))
        board.handle(told)
    return board


@pytest.fixture
def notes(tuesday, organisation, lotte):
    """Lotte has had twenty seconds of a minute for hers."""
    until = clock.now() + timedelta(seconds=60)
    stands = actions.OperatorStanding("wrap_up", "", until)
    actions.operator_moved(
        organisation=organisation, account_id=lotte.pk, stands=stands, call_id=None, own_phone=False, version=1,
        at=clock.now(),
    )  # fmt: skip
    clock.advance(timedelta(seconds=20))


def test_what_is_left_of_the_time_is_left_after_it(notes, organisation, lotte):
    clock.advance(timedelta(seconds=5))
    board = begins_anew(organisation, lotte)
    one = board.operators[str(lotte.pk)]
    assert one.standing == Standing.WRAP_UP
    assert one.until - clock.steady() == pytest.approx(35)
    board.handle(facts.Tick(at=clock.steady() + 35))
    assert one.standing == Standing.AVAILABLE


def test_also_when_it_falls_again_before_the_browser_is_there(notes, organisation, lotte):
    board = Switchboard(Line())
    for wish in _on_before():
        if (told := fact(wish, clock.steady())) is not None:
            board.handle(told)
    for word in Said().operators(board, {str(lotte.pk)}):
        word(organisation.pk)
    row = Operator.objects.get()
    assert (row.standing, row.reason) == ("paused", "connecting")
    clock.advance(timedelta(seconds=5))
    one = begins_anew(organisation, lotte).operators[str(lotte.pk)]
    assert (one.standing, one.until - clock.steady()) == (Standing.WRAP_UP, pytest.approx(35))


def test_time_that_is_over_is_over(notes, organisation, lotte):
    clock.advance(timedelta(seconds=41))
    one = begins_anew(organisation, lotte).operators[str(lotte.pk)]
    assert one.standing == Standing.AVAILABLE
