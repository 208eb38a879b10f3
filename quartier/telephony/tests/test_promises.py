"""A call back is promised only where the line may dial; who may not be dialled is listed with the reason."""

from datetime import timedelta

import pytest
from django.http import Http404

from quartier.audit.models import Entry
from quartier.lib import clock
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.team.access import of_account
from quartier.telephony import actions, queries
from quartier.telephony.desk.desk import LineNow
from quartier.telephony.models import Callback, LineSettings, Wish
from quartier.telephony.rules import MayNotDial, OnTheLine
from quartier.telephony.tests.room import FRENCH, LANDLINE, MARIE, MOBILE, PREMIUM, Line

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(tuesday, organisation):
    return Line(organisation)


@pytest.fixture
def operator(lotte):
    return of_account(lotte)


def list_of(line):
    return queries.callback_list(line.organisation, None, clock.now())


def spend(line, cents=100_000):
    """Today's money for calls out is spent."""
    LineSettings.objects.update_or_create(organisation=line.organisation, defaults={"daily_cents": 1})
    line.ends(line.rings(MOBILE, "out"), "answered", False, number=MOBILE, talked_s=600)


@pytest.mark.parametrize(
    ("number", "promised"),
    [(MOBILE, True), (LANDLINE, True), (PREMIUM, False), (FRENCH, False), ("+862112345678", False)],
)
def test_a_callback_is_promised_only_where_the_line_may_dial(line, number, promised):
    line.rings(number)
    assert line.known.ring_back == promised


def test_not_to_a_number_of_the_demonstration_nor_without_a_carrier(line, settings):
    line.rings(MARIE)
    assert line.known.ring_back
    settings.DEMO = False
    line.rings(MARIE)
    assert not line.known.ring_back
    settings.INSTALLATION.line["address"] = "127.0.0.1"
    try:
        line.rings(MOBILE)
        assert not line.known.ring_back
        settings.INSTALLATION.line["trunk"] = "sip.carrier.example"
        line.rings(MOBILE)
        assert line.known.ring_back
    finally:
        settings.INSTALLATION.line.clear()


def test_a_country_that_was_allowed(line, thomas, lotte):
    row = line.missed(FRENCH)
    assert row.callback is not None
    (shown,) = list_of(line).due
    assert shown.refusal == "not_allowed"
    with pytest.raises(Http404):
        actions.allow_country(actor=of_account(lotte), number=FRENCH)
    assert actions.allow_country(actor=of_account(thomas), number=FRENCH) == "+33"
    assert actions.allow_country(actor=of_account(thomas), number=FRENCH) == "+33"
    assert LineSettings.objects.get().may_dial == ["+32", "+33"]
    assert not list_of(line).due[0].refusal
    line.rings(FRENCH)
    assert line.known.ring_back
    with pytest.raises(ValueError, match="no number"):
        actions.allow_country(actor=of_account(thomas), number="nothing")


@pytest.mark.parametrize("number", [PREMIUM, FRENCH])
def test_whoever_may_not_be_dialled_and_hung_up_is_listed_with_the_reason(line, number):
    line.missed(number, ring_back=False, why="missed")
    (shown,) = list_of(line).due
    assert shown.callback.why == "missed"
    assert shown.refusal in {"costly", "not_allowed"}


def test_a_shared_phone_is_not_listed_all_the_same(line, organisation):
    people.record_person(
        organisation=organisation, who=Who("Marie", phone=MOBILE, phone_is_shared=True, noted_by_team=True)
    )
    line.missed(MOBILE, ring_back=False, why="missed")
    assert not line.listed()


def test_no_operator_promises_what_cannot_be_kept(line, operator):
    call = line.call(line.rings(PREMIUM))
    with pytest.raises(MayNotDial, match="costly"):
        actions.promise(actor=operator, call=call, due_at=clock.now())
    assert not Callback.objects.exists()


def test_with_the_money_spent_nothing_is_promised_for_today_and_all_for_tomorrow(line, operator):
    spend(line)
    call = line.call(line.rings(MOBILE))
    with pytest.raises(MayNotDial, match="spent"):
        actions.promise(actor=operator, call=call, due_at=clock.now() + timedelta(hours=1))
    assert actions.promise(actor=operator, call=call, due_at=clock.now() + timedelta(days=1))
    # The prompt names no hour, and tomorrow there is money again: whoever presses 1 is promised a call.
    assert line.known.ring_back
    line.missed(LANDLINE)
    assert {row.refusal for row in list_of(line).due} == {"spent"}


def test_call_control_knows_without_the_database(line, organisation):
    now = LineNow(organisation.pk, "+3225550100", "BE", queries.line_of(organisation), True, None)
    assert now.may_promise(PREMIUM)
    known = LineNow(
        *(organisation.pk, "+3225550100", "BE", queries.line_of(organisation), True, None),
        dialling=queries.dialling_of(organisation),
    )
    assert known.may_promise(MOBILE)
    assert not any(known.may_promise(number) for number in (PREMIUM, FRENCH, ""))


# One press


def test_taken_and_called_in_one_press(line, operator):
    line.missed(MOBILE)
    (row,) = line.listed()
    wish = actions.call_back(actor=operator, callback_id=row.pk)
    row.refresh_from_db()
    assert (row.state, row.claimed_by_id, wish.to, wish.what) == ("claimed", operator.id, row.pk, "dial")
    assert Entry.objects.filter(verb="call.dial", actor_id=operator.id).exists()
    assert actions.call_back(actor=operator, callback_id=row.pk) == wish
    assert Wish.objects.count() == 1


def test_what_may_not_be_dialled_is_not_taken(line, operator):
    line.missed(PREMIUM, ring_back=False, why="missed")
    (row,) = line.listed()
    with pytest.raises(MayNotDial, match="costly"):
        actions.call_back(actor=operator, callback_id=row.pk)
    row.refresh_from_db()
    assert row.state == "waiting"
    assert not Wish.objects.exists()


def test_whoever_is_on_the_line_with_us_is_not_called(line, operator, thomas):
    line.missed(MOBILE)
    (row,) = line.listed()
    clock.advance(timedelta(minutes=1))
    again = line.rings(MOBILE)
    line.moves(again, "queued")
    with pytest.raises(OnTheLine):
        actions.call_back(actor=operator, callback_id=row.pk)
    assert not Wish.objects.exists()
    line.moves(again, "bridged", thomas)
    line.ends(again, "answered", False, number=MOBILE, talked_s=60)
    actions.call_back(actor=operator, callback_id=row.pk)
    # Who has spoken with them since stands in the row.
    (shown,) = queries.callback_list(line.organisation, operator.id, clock.now()).mine
    assert shown.spoken is not None
    assert shown.spoken.operator == thomas


def test_a_claim_does_not_run_out_while_they_speak(line, operator, account):
    line.missed(MOBILE)
    (row,) = line.listed()
    actions.call_back(actor=operator, callback_id=row.pk)
    out = line.rings(MOBILE, "out")
    clock.advance(timedelta(minutes=11))
    assert actions.release_expired(clock.now()) == 0
    row.refresh_from_db()
    assert (row.state, row.claimed_by_id) == ("claimed", operator.id)
    line.ends(out, "answered", False, number=MOBILE, talked_s=600)
    clock.advance(timedelta(minutes=11))
    assert actions.release_expired(clock.now()) == 1


def test_the_order_of_turns(line, operator, organisation):
    """Late promises, whoever else is late, promises; then the oldest, whatever the reason."""
    numbers = [f"+32470123{number:03}" for number in range(10)]

    def missed(number, why, outcome="abandoned"):
        line.missed(number, why=why, outcome=outcome)
        clock.advance(timedelta(seconds=1))

    missed(numbers[0], "missed")
    missed(numbers[1], "asked", "callback")
    clock.advance(timedelta(minutes=20))
    for number, why in ((2, "missed"), (3, "trouble"), (4, "cut_off"), (5, "asked")):
        missed(numbers[number], why)
    call = line.rings(numbers[6])
    line.leaves(call)
    line.ends(call, "voicemail", False, number=numbers[6])
    clock.advance(timedelta(seconds=1))
    shown = [numbers.index(row.callback.number) for row in list_of(line).due]
    assert shown == [1, 0, 5, 2, 3, 4, 6]
    (message,) = list_of(line).due[6].messages
    assert message.seconds == 2.0


def test_a_message_of_a_withheld_number_is_a_row_until_somebody_has_heard_it(line, operator):
    call = line.rings("")
    audio = line.leaves(call)
    line.ends(call, "voicemail", False, number="")
    assert [each.pk for each in list_of(line).voices] == [audio.pk]
    from quartier.telephony.access import sound_for

    sound_for(operator, audio.pk)
    found = list_of(line)
    assert not found.voices
    assert [each.pk for each in found.heard] == [audio.pk]
