"""The list of callbacks in the order of promises, floods as one row, blocked numbers, and the line's money."""

import re
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.urls import reverse

import quartier
from quartier.console.line.callbacks import block_display, last_digits
from quartier.console.line.refusals import REFUSAL_TEXTS
from quartier.console.tests.line_scene import Line
from quartier.console.tests.test_line_lists import sound
from quartier.lib import clock
from quartier.telephony import actions
from quartier.telephony.models import BlockedNumber, Callback, LineSettings, OwnPhoneUse, Wish

pytestmark = pytest.mark.django_db
MOBILE, PREMIUM, FRENCH = "+32470123456", "+3290012345", "+33612345678"


@pytest.fixture
def line(organisation, settings, tuesday):
    settings.LINE_WSS = "wss://line.example.org"
    return Line(organisation)


@pytest.fixture
def words(signed_in):
    def read(account, name, *args, status=200):
        answer = signed_in(account).get(reverse(name, args=args))
        assert answer.status_code == status, answer.status_code
        return answer.content.decode().replace("\u00a0", " ")

    return read


@pytest.fixture
def press(signed_in):
    """Presses a button and gives the page that comes."""

    def send(account, name, *args, **data):
        answer = signed_in(account).post(reverse(name, args=args), data, follow=True)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode().replace("\u00a0", " ")

    return send


@pytest.fixture
def missed(line):
    def miss(number="+3220001428", *, why="missed", ring_back=True):
        call = line.calls(number, waited=timedelta(0))
        line.ends(call, outcome="abandoned", ring_back=ring_back, why=why)
        return Callback.objects.get(call_id=call)

    return miss


@pytest.fixture
def flooded(line):
    for place in range(60):
        call = line.calls(f"+32200010{place:02}", waited=timedelta(0))
        line.ends(call, outcome="abandoned", ring_back=True)
        clock.advance(timedelta(seconds=1))


def test_how_a_number_ends_and_a_block_begins():
    assert last_digits("+3220001427") == "14 27"
    assert last_digits("") == ""
    assert block_display("+3220001427") == "02 000 14 .."
    assert block_display(MOBILE) == "0470 12 3. .."


def test_a_row_says_what_is_known(words, missed, line, lotte, asked, thomas):
    asked("groceries")
    missed("+3220001427")
    clock.advance(timedelta(minutes=5))
    missed("+3220001427", why="asked")
    said = words(lotte, "line_callbacks")
    for one in ("Marie Peeters", "… 14 27", "2 calls since", "Asked to be called back", "French", "1050"):
        assert one in said, one
    assert "still open: Shopping" in said
    assert "02 000 14 27" not in said
    clock.advance(timedelta(minutes=5))
    spoken = line.calls("+3220001427", waited=timedelta(0))
    line.talks(spoken, thomas)
    line.ends(spoken, thomas)
    assert "Thomas has spoken to them since" in words(lotte, "line_callbacks")


def test_a_message_stands_in_its_row_with_its_length(words, line, lotte, organisation):
    call = line.calls("+3220001428")
    actions.message_left(
        organisation=organisation, call_id=call, sound=sound(34), seconds=34.2, at=clock.now()
    )
    line.ends(call, outcome="voicemail")
    silent = line.calls("")
    actions.message_left(
        organisation=organisation, call_id=silent, sound=sound(3), seconds=65, at=clock.now()
    )
    line.ends(silent, outcome="voicemail")
    said = words(lotte, "line_callbacks")
    row = said.index("Number ending in 14 28")
    assert row < said.index("Message, 0:34, no one has heard it") < said.index("Withheld number")
    assert "Message, 1:05, no one has heard it" in said
    assert 'count soft">2<' in said


def test_call_takes_and_calls_in_one_press_and_says_what_to_do_first(press, missed, line, lotte):
    row = missed()
    assert "Start taking calls first, at the top" in press(lotte, "line_callback_act", row.pk, do="call")
    row.refresh_from_db()
    assert (row.state, Wish.objects.count()) == ("waiting", 0)
    line.on(lotte, "fr")
    for _twice in "ab":
        assert "Your phone rings first" in press(lotte, "line_callback_act", row.pk, do="call")
    row.refresh_from_db()
    assert (row.state, row.claimed_by_id) == ("claimed", lotte.pk)
    assert Wish.objects.filter(what="dial").count() == 1


def test_whoever_may_not_be_dialled_stands_with_the_reason(words, press, missed, line, lotte, thomas):
    missed(PREMIUM, ring_back=False)
    row = missed(FRENCH, ring_back=False)
    said = words(lotte, "line_callbacks")
    assert "This number costs too much, and is never dialled." in said
    assert "Write to them if you can, or mark it as done." in said
    assert "Your group does not call numbers of this country." in said
    assert 'value="call"' not in said
    assert 'value="allow"' not in said
    line.on(lotte, "fr")
    assert "does not call numbers of this country" in press(lotte, "line_callback_act", row.pk, do="call")
    assert "Allow +33" in words(thomas, "line_callbacks")
    assert "Numbers that begin with +33" in press(thomas, "line_callback_act", row.pk, do="allow")
    assert 'value="call"' in words(lotte, "line_callbacks")


def test_every_reason_against_a_call_has_its_words():
    sources = (Path(quartier.__file__).parent / "telephony").rglob("*.py")
    raised = {
        reason
        for source in sources
        if "tests" not in source.parts
        for reason in re.findall(r'MayNotDial\("(\w+)"\)', source.read_text())
    }
    assert {"stopped", "own_spent", "spent", "no_number"} <= raised
    assert set(REFUSAL_TEXTS) == raised


def test_while_calls_are_stopped_nobody_is_told_to_mark_callers_as_done(words, missed, lotte, organisation):
    missed(MOBILE)
    LineSettings.objects.create(organisation=organisation, dialling_stopped_at=clock.now())
    said = words(lotte, "line_callbacks")
    assert "Outgoing calls are stopped" in said
    assert "Call with your own phone, or from here once outgoing calls are allowed again." in said
    assert "mark it as done" not in said


def test_when_the_money_is_spent_no_call_by_itself_is_promised(words, missed, lotte, organisation):
    missed(MOBILE)
    LineSettings.objects.create(organisation=organisation, daily_cents=0)
    assert "The line can call again tomorrow." in words(lotte, "line_callbacks")


def test_an_operator_does_not_allow_a_country(signed_in, missed, lotte):
    row = missed(FRENCH, ring_back=False)
    answer = signed_in(lotte).post(reverse("line_callback_act", args=[row.pk]), {"do": "allow"})
    assert answer.status_code == 404
    assert not LineSettings.objects.exists()


def test_a_promise_that_cannot_be_kept_is_said_on_the_page_of_the_call(signed_in, line, lotte):
    call = line.calls(PREMIUM)
    line.talks(call, lotte)
    line.ends(call, lotte, why="")
    answer = signed_in(lotte).post(
        reverse("line_note", args=[call]), {"after-came": "callback", "after-note": "rappeler le fils"}
    )
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "This number costs too much" in said
    assert "rappeler le fils" in said
    assert not Callback.objects.exists()


def test_a_flood_is_one_row_seen_cleared_and_put_back(words, press, flooded, missed, lotte):
    missed(MOBILE)
    said = words(lotte, "line_callbacks")
    assert "60 callers from 02 000 10 .." in " ".join(said.split())
    assert said.count('class="callback"') == 1
    first = Callback.objects.order_by("wanted_at").first()
    inside = words(lotte, "line_fold", first.pk)
    assert inside.count('class="callback"') == 60
    seen = {name: re.search(rf'name="{name}" value="([^"]+)"', inside)[1] for name in ("until", "count")}
    assert "60 calls are off the list" in press(lotte, "line_fold", first.pk, **seen)
    said = words(lotte, "line_callbacks")
    assert "60 calls of a rush were cleared by Lotte" in " ".join(said.split())
    assert Callback.objects.filter(ended_at=None).count() == 1
    batch = Callback.objects.exclude(cleared_in=None).first().cleared_in
    assert "60 calls are back on the list" in press(lotte, "line_fold_restore", batch)
    assert Callback.objects.filter(ended_at=None).count() == 61


def test_what_came_after_the_page_was_read_is_not_cleared_with_it(words, press, flooded, missed, lotte):
    inside = words(lotte, "line_callbacks")
    seen = {name: re.search(rf'name="{name}" value="([^"]+)"', inside)[1] for name in ("until", "count")}
    first = Callback.objects.order_by("wanted_at").first()
    clock.advance(timedelta(seconds=5))
    unseen = missed("+3220001077")
    for wrong in ({}, {"until": "x", "count": "60"}, {**seen, "count": "59"}):
        assert "More calls have joined this row since" in press(lotte, "line_fold", first.pk, **wrong)
    assert not Callback.objects.exclude(ended_at=None).exists()
    assert "60 calls are off the list" in press(lotte, "line_fold", first.pk, **seen)
    assert list(Callback.objects.filter(ended_at=None)) == [unseen]


def test_what_is_no_flood_any_more_leads_to_the_list(press, missed, lotte):
    row = missed()
    assert "no longer one row" in press(lotte, "line_fold", row.pk)
    row.refresh_from_db()
    assert row.ended_at is None


def test_the_wallboard_shows_a_flood_as_one_and_money_to_coordinators(words, flooded, lotte, thomas):
    OwnPhoneUse.objects.create(
        organisation=lotte.organisation,
        account=lotte,
        destination="mobile",
        began_at=clock.now() - timedelta(seconds=61),
        ended_at=clock.now(),
    )
    said = words(thomas, "line_wallboard")
    assert "60 calls in a rush" in said
    assert "of €10.00" in said
    assert "€" not in words(lotte, "line_wallboard")


def test_what_is_cut_off_is_counted_all_the_same(words, missed, line, lotte, organisation, monkeypatch):
    listing = import_module("quartier.telephony.queries.callback_list")
    monkeypatch.setattr(listing, "CALLBACK_PAGE_SIZE", 2)
    monkeypatch.setattr(listing, "MAX_MESSAGES", 1)
    for digit in range(5):
        Callback.objects.filter(pk=missed(f"+322000145{digit}").pk).update(state="given_up", tries=5)
    for _place in range(4):
        silent = line.calls("")
        actions.message_left(
            organisation=organisation, call_id=silent, sound=sound(3), seconds=3, at=clock.now()
        )
        line.ends(silent, outcome="voicemail")
    said = " ".join(words(lotte, "line_callbacks").split())
    assert 'decides <span class="count soft">5<' in said
    assert 'Now <span class="count soft">4<' in said
    assert said.count("And 3 more.") == 2


def test_pages_of_a_long_list(words, signed_in, missed, lotte):
    for place in range(53):
        missed(f"+324701234{place:02}", why="asked")
    assert words(lotte, "line_callbacks").count('class="callback"') == 50
    where = reverse("line_callbacks")
    for asked_for, count in (("2", 3), ("99", 3), ("-1", 50), ("two", 50), ("9" * 40, 50)):
        page = signed_in(lotte).get(where, {"page": asked_for}).content.decode()
        assert page.count('class="callback"') == count, asked_for


# Blocking


def test_a_number_is_blocked_seen_and_unblocked(words, press, missed, line, lotte, thomas):
    row = missed()
    link = reverse("line_block", args=[row.call_id])
    assert link not in words(lotte, "line_callbacks")
    assert link in words(thomas, "line_callbacks")
    assert link in words(thomas, "line_call", row.call_id)
    assert link not in words(lotte, "line_call", row.call_id)
    assert "… 14 28" in words(thomas, "line_block", row.call_id)
    said = press(thomas, "line_block", row.call_id, reason="menace", days="7")
    for one in ("Blocked until", "menace", "… 14 28", "By Thomas", "No calls since."):
        assert one in said, one
    assert "nothing is lost" in words(lotte, "line_callbacks")
    call = line.calls("+3220001428")
    line.ends(call, outcome="blocked")
    assert "1 call since, the last one" in words(thomas, "line_blocked")
    assert "answered again" in press(thomas, "line_unblock", BlockedNumber.objects.get().pk)
    assert "No number is blocked." in words(thomas, "line_blocked")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"reason": "", "days": "30"}, "Say why, so that your colleagues know."),
        ({"reason": "menace", "days": "0"}, "a whole number from 1 to 365"),
        ({"reason": "menace", "days": "many"}, "a whole number from 1 to 365"),
        ({"reason": "m" * 301, "days": "30"}, "This is too long"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(signed_in, missed, thomas, data, said):
    answer = signed_in(thomas).post(reverse("line_block", args=[missed().call_id]), data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert data["reason"] in page
    assert not BlockedNumber.objects.exists()


def test_a_withheld_number_cannot_be_blocked(words, signed_in, line, thomas):
    call = line.calls("")
    assert "cannot be blocked" in words(thomas, "line_block", call)
    answer = signed_in(thomas).post(reverse("line_block", args=[call]), {"reason": "menace", "days": "30"})
    assert answer.status_code == 422
    assert not BlockedNumber.objects.exists()


def test_operators_do_not_block(words, signed_in, missed, lotte):
    row = missed()
    words(lotte, "line_block", row.call_id, status=403)
    words(lotte, "line_blocked", status=403)
    assert signed_in(lotte).post(reverse("line_block", args=[row.call_id])).status_code == 403


def test_the_bar_says_that_own_phones_cost_too_much(words, line, lotte):
    line.stands(lotte, "offline", reason="own_spent", own=True)
    assert "Today’s budget for own phones is spent" in words(lotte, "line_bar")


@pytest.mark.parametrize("sent", [{}, {"reason": "  ", "days": "30"}, {"reason": "Insultes", "days": ""}])
def test_a_block_without_a_reason_or_an_end_says_so(line, signed_in, thomas, missed, sent):
    call = missed().call_id
    answer = signed_in(thomas).post(reverse("line_block", args=[call]), sent)
    assert answer.status_code == 422
    assert 'class="oops"' in answer.content.decode()
    assert not BlockedNumber.objects.exists()


def test_the_operator_sees_that_they_call_back(line, words, lotte):
    listed = line.calls(waited=timedelta(hours=1))
    line.ends(listed, outcome="abandoned", ring_back=True, why="missed")
    line.stands(lotte, "available")
    said = "Calling back: we had tried to reach them."
    line.rings(line.calls(), lotte)
    assert said not in words(lotte, "line_bar")
    Callback.objects.update(tries=1)
    again = line.calls()
    line.rings(again, lotte)
    assert said in words(lotte, "line_bar")
    line.talks(again, lotte)
    assert said in words(lotte, "line_bar")
