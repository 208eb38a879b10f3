"""Coordinators hear once a day that the line's money is nearly spent, and that it is."""

from datetime import timedelta

import pytest

from quartier.alerts import actions, rules
from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.telephony.models import LineSettings, OwnPhoneUse
from quartier.telephony.tests.room import MOBILE, Line

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(tuesday, organisation, thomas, sara):
    LineSettings.objects.create(organisation=organisation, daily_cents=100, own_phone_cents=100)
    return Line(organisation)


def templates():
    return sorted(Message.objects.values_list("template", flat=True))


def use(line, account, minutes):
    OwnPhoneUse.objects.create(
        organisation=line.organisation,
        account=account,
        destination="abroad",
        began_at=clock.now() - timedelta(minutes=minutes),
        ended_at=clock.now(),
    )


@pytest.mark.parametrize(
    ("spent", "cap", "level"),
    [(0, 0, 0), (0, 100, 0), (79, 100, 0), (80, 100, 80), (99.9, 100, 80), (100, 100, 100), (5, 0, 100)],
)
def test_the_levels(spent, cap, level):
    assert rules.money_level(spent, cap) == level


def test_nothing_is_said_while_there_is_money(line):
    assert actions.tell_line_money(clock.now()) == 0


def test_own_phones_that_cost_too_much_are_told_once(line, lotte, monkeypatch):
    from quartier.telephony.queries import dialling

    monkeypatch.setattr(dialling, "_prices", lambda _organisation: {"abroad": 10.0, "mobile": 10.0})
    use(line, lotte, 8)
    assert actions.tell_line_money(clock.now()) == 2
    assert actions.tell_line_money(clock.now()) == 0
    assert templates() == ["line_money_own"] * 2
    use(line, lotte, 2)
    assert actions.tell_line_money(clock.now()) == 2
    assert actions.tell_line_money(clock.now()) == 0
    assert templates() == ["line_money_own"] * 2 + ["line_money_own_spent"] * 2
    # The next day has money again, and its own word.
    clock.advance(timedelta(days=1))
    assert actions.tell_line_money(clock.now()) == 0
    use(line, lotte, 10)
    assert actions.tell_line_money(clock.now()) == 2


def test_calls_out_that_cost_too_much_are_told_too(line):
    line.ends(line.rings(MOBILE, "out"), "answered", False, number=MOBILE, talked_s=6000)
    assert actions.tell_line_money(clock.now()) == 2
    assert templates() == ["line_money_out_spent"] * 2
