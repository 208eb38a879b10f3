"""Where operators stand, as call control says it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from quartier import callcore
from quartier.callcore import Line as CallLine
from quartier.callcore import Standing, Switchboard, facts
from quartier.lib import clock
from quartier.people.models import Volunteer
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


def test_of_what_the_desk_is_late_with_only_the_newest_is_said(
    tuesday, organisation, lotte, django_assert_num_queries
):
    board, said = Switchboard(CallLine()), Said()
    board.handle(facts.CameOn(at=clock.steady(), operator=str(lotte.pk), languages=("fr",)))
    old = said.operators(board, set())
    board.handle(facts.Paused(at=clock.steady(), operator=str(lotte.pk)))
    new = said.operators(board, set())
    with django_assert_num_queries(0):
        for word in old:
            word(organisation.pk)
    for word in new:
        word(organisation.pk)
    assert Operator.objects.get().standing == "paused"


def test_a_leg_to_an_own_phone_is_counted_also_when_the_desk_is_late(tuesday, organisation, lotte):
    board, said = Switchboard(CallLine()), Said()
    came = facts.CameOn(at=clock.steady(), operator=str(lotte.pk), languages=("fr",), own_phone=True)
    board.handle(came)
    old = said.operators(board, set())
    board.handle(facts.Paused(at=clock.steady(), operator=str(lotte.pk)))
    said.operators(board, set())
    for word in old:
        word(organisation.pk)
    assert Operator.objects.get().standing == "available"


@pytest.fixture
def desk(tmp_path):
    """What call control is told in one look of the desk."""
    from quartier.telephony.desk.desk import Desk

    def looks():
        found = []
        desk = Desk(
            folder=tmp_path, lines=lambda _: None, wished=found.append, up=lambda _: None, read=lambda _: None
        )
        desk._look()
        return [(each.what, each.account, each.details) for each in found]

    return looks


@pytest.mark.parametrize("how", ["role", "account", "suspended", "neither"])
def test_whoever_is_in_the_team_no_more_is_off_the_line(
    tuesday, organisation, lotte, bram, youssef, desk, how
):
    organisation.phone = "+3280000020"
    organisation.save(update_fields=["phone"])
    for each in (lotte, bram):
        say(organisation, each, "available", 1)
    if how == "role":
        lotte.roles.all().delete()
    elif how == "account":
        lotte.is_active = False
        lotte.save(update_fields=["is_active"])
    elif how == "suspended":
        Volunteer.objects.filter(pk=youssef.pk).update(person=lotte.person, state="suspended")
    expected = [] if how == "neither" else [("off", str(lotte.pk), {"revoked": True})]
    assert desk() == expected
    say(organisation, lotte, "offline", 2)
    assert desk() == []
