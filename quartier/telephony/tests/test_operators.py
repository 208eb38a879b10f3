"""Where operators stand, as call control says it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from quartier import callcore
from quartier.callcore import Line as CallLine
from quartier.callcore import Standing, Switchboard
from quartier.lib import clock
from quartier.telephony import actions
from quartier.telephony.desk.said import Said
from quartier.telephony.models import Operator
from quartier.telephony.tests.room import Line

pytestmark = pytest.mark.django_db


def say(organisation, account, standing, version, call=None, reason="", own_phone=False):
    actions.operator_moved(
        organisation=organisation, account_id=account.pk, stands=actions.OperatorStanding(standing, reason),
        call_id=call, own_phone=own_phone, version=version, at=clock.now(),
    )  # fmt: skip


def test_an_operator_comes_talks_and_goes(tuesday, organisation, lotte):
    say(organisation, lotte, "available", 1)
    call = Line(organisation).rings()
    clock.advance(timedelta(minutes=5))
    say(organisation, lotte, "in_call", 2, call)
    row = Operator.objects.get()
    assert (row.standing, row.call_id, row.since) == ("in_call", call, clock.now())
    say(organisation, lotte, "in_call", 3, call, own_phone=True)
    clock.advance(timedelta(minutes=5))
    say(organisation, lotte, "paused", 4, reason="missed")
    row.refresh_from_db()
    assert (row.standing, row.call, row.reason, row.own_phone) == ("paused", None, "missed", False)


def test_a_late_word_changes_nothing(tuesday, organisation, lotte):
    say(organisation, lotte, "available", 10)
    for version in (10, 9, 1):
        say(organisation, lotte, "offline", version)
    assert Operator.objects.get().standing == "available"


def test_after_a_new_start_words_count_though_the_clock_was_set_back(tuesday, organisation, lotte):
    say(organisation, lotte, "available", 10)
    Said.sweep(clock.now())
    say(organisation, lotte, "offline", 3)
    assert Operator.objects.get().standing == "offline"


def test_since_is_when_the_standing_changed(tuesday, organisation, lotte):
    say(organisation, lotte, "available", 1)
    clock.advance(timedelta(minutes=5))
    say(organisation, lotte, "available", 2, own_phone=True)
    assert Operator.objects.get().since == tuesday


def test_nobody_of_another_organisation(tuesday, organisation, bram):
    say(organisation, bram, "available", 1)
    assert not Operator.objects.exists()


def test_a_call_that_nobody_knows_is_none(tuesday, organisation, lotte):
    say(organisation, lotte, "in_call", 1, uuid4())
    assert Operator.objects.get().call is None


def test_a_standing_that_is_none_is_refused(tuesday, organisation, lotte):
    with pytest.raises(ValueError, match="not a valid"):
        say(organisation, lotte, "asleep", 1)


def test_the_database_knows_when_the_time_for_the_notes_is_over(tuesday, organisation, lotte):
    board, said = Switchboard(CallLine()), Said()
    anna = board.operators[str(lotte.pk)] = callcore.Operator(str(lotte.pk), standing=Standing.IN_CALL)

    def tell():
        for word in said.operators(board, set()):
            word(organisation.pk)
        return Operator.objects.get()

    assert tell().until is None
    anna.hung_up(clock.steady(), 60.0)
    assert tell().until == tuesday + timedelta(seconds=60)
    clock.advance(timedelta(seconds=40))
    anna.types_notes(clock.steady())
    row = tell()
    assert (row.until, row.since) == (tuesday + timedelta(seconds=100), tuesday)
    anna.standing, anna.until = Standing.AVAILABLE, None
    assert tell().until is None
