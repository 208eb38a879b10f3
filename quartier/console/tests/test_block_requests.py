"""An operator asks to have a number blocked, a coordinator decides, and the operator reads what came of it."""

import pytest
from django.urls import reverse

from quartier.console.tests.line_scene import Line
from quartier.telephony.models import BlockedNumber, BlockRequest

pytestmark = pytest.mark.django_db
NUMBER = "+3220001428"


@pytest.fixture
def line(organisation, settings, tuesday):
    settings.LINE_WSS = "wss://line.example.org"
    return Line(organisation)


@pytest.fixture
def call(line, lotte):
    row = line.calls(NUMBER)
    line.talks(row, lotte)
    return row


@pytest.fixture
def words(signed_in):
    def get(account, name, *given):
        return signed_in(account).get(reverse(name, args=given)).content.decode()

    return get


@pytest.fixture
def press(signed_in):
    def post(account, name, *given, **data):
        answer = signed_in(account).post(reverse(name, args=given), data, follow=True)
        return answer.content.decode()

    return post


def test_asked_during_a_call_decided_and_read(words, press, line, call, lotte, thomas):
    link = reverse("line_block_ask", args=[call])
    assert link in words(lotte, "line_call", call)
    assert link not in words(thomas, "line_call", call)
    assert "… 14 28" in words(lotte, "line_block_ask", call)
    said = press(lotte, "line_block_ask", call, reason="menace de mort")
    assert "Asked. A coordinator decides" in said
    # Still on the call, whose bar is there, and not asked twice.
    assert 'id="line-end"' in said
    assert "You asked to block this number" in said
    assert link not in said
    assert "1 number that colleagues ask to block" not in words(lotte, "board")
    assert "1 number that colleagues ask to block" in words(thomas, "board")
    assert "1 to decide" in words(thomas, "line_callbacks")
    shown = words(thomas, "line_blocked")
    for one in ("… 14 28", "menace de mort", "Lotte,", "Block for 30 days"):
        assert one in shown, one
    # Enter in the field with a word for Lotte is in a form of its own, and never blocks.
    (own,) = [each for each in shown.split("<form")[1:] if 'name="answer"' in each]
    assert 'value="dismiss"' in own
    assert 'value="block"' not in own
    row = BlockRequest.objects.get()
    said = press(thomas, "line_block_decide", row.pk, do="block")
    assert "The colleague who asked for it can read that." in said
    assert "Colleagues ask to block" not in said
    assert BlockedNumber.objects.get().reason == "menace de mort"
    assert "1 answer about a number that you asked to block" in words(lotte, "board")
    for page in (words(lotte, "line_callbacks"), words(lotte, "line_call", call)):
        assert "Thomas has blocked this number until" in page
    said = press(lotte, "line_block_settle", row.pk, do="read")
    assert "Thomas has blocked" not in said
    assert "answer about a number" not in words(lotte, "board")
    # Of the call on which it was asked it stays to be read.
    assert "Thomas has blocked this number until" in words(lotte, "line_call", call)
    # Asked again, it says so; and unblocked it is not said to be blocked.
    said = press(lotte, "line_block_ask", call, reason="encore")
    assert "This number is already blocked until" in said
    press(thomas, "line_unblock", BlockedNumber.objects.get().pk)
    page = words(lotte, "line_call", call)
    assert "Thomas had blocked this number. It is answered again." in page
    assert "has blocked this number until" not in page


def test_it_is_not_blocked_with_a_word_for_whoever_asked(words, press, call, lotte, thomas):
    press(lotte, "line_block_ask", call, reason="insultes")
    row = BlockRequest.objects.get()
    said = press(thomas, "line_block_decide", row.pk, do="dismiss", answer="Une dame qui est malade.")
    assert "Not blocked." in said
    assert not BlockedNumber.objects.exists()
    page = words(lotte, "line_callbacks")
    assert "Thomas has not blocked this number." in page
    assert "Une dame qui est malade." in page
    said = press(thomas, "line_block_decide", row.pk, do="block")
    assert "decided meanwhile" in said
    assert not BlockedNumber.objects.exists()
    # It may be asked anew.
    assert reverse("line_block_ask", args=[call]) in words(lotte, "line_call", call)


def test_whoever_asked_takes_it_back(words, press, call, lotte, thomas):
    press(lotte, "line_block_ask", call, reason="insultes")
    row = BlockRequest.objects.get()
    assert "Take it back" in words(lotte, "line_callbacks")
    assert "no one is asked any longer" in press(lotte, "line_block_settle", row.pk, do="back")
    assert "Colleagues ask to block" not in words(thomas, "line_blocked")


def test_an_answer_that_came_before_it_was_taken_back_is_still_there(
    words, press, signed_in, call, lotte, thomas
):
    press(lotte, "line_block_ask", call, reason="insultes")
    row = BlockRequest.objects.get()
    assert 'value="back"' in words(lotte, "line_callbacks")
    press(thomas, "line_block_decide", row.pk, do="dismiss", answer="Une dame qui est malade.")
    said = press(lotte, "line_block_settle", row.pk, do="back")
    assert "decided meanwhile" in said
    assert "Une dame qui est malade." in said
    assert 'value="read"' in said
    assert signed_in(lotte).post(reverse("line_block_settle", args=[row.pk])).status_code == 404


def test_it_is_asked_from_the_list_and_the_notes_too(words, line, lotte, thomas):
    call = line.calls(NUMBER)
    line.talks(call, lotte)
    line.ends(call, lotte, ring_back=True)
    link = reverse("line_block_ask", args=[call])
    assert link in words(lotte, "line_callbacks")
    assert link not in words(thomas, "line_callbacks")
    assert words(lotte, "line_call", call).count(link) == 2


def test_nothing_of_the_number_is_shown_that_was_not(words, press, line, lotte):
    call = line.calls(NUMBER)
    line.ends(call, outcome="abandoned", ring_back=True)
    before = words(lotte, "line_callbacks")
    assert "02\u00a0000\u00a014\u00a028" not in before
    asked = words(lotte, "line_block_ask", call) + press(lotte, "line_block_ask", call, reason="menace")
    assert NUMBER not in words(lotte, "line_block_ask", call)
    assert "… 14 28" in asked
    listed = words(lotte, "line_callbacks")
    assert NUMBER not in listed
    assert "02\u00a0000\u00a014\u00a028" not in listed


@pytest.mark.parametrize(
    ("reason", "said"),
    [("  ", "Say why, so that your colleagues know."), ("m" * 301, "This is too long")],
)
def test_what_is_missing_is_said(signed_in, call, lotte, reason, said):
    answer = signed_in(lotte).post(reverse("line_block_ask", args=[call]), {"reason": reason})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not BlockRequest.objects.exists()


def test_a_withheld_number_cannot_be_asked_for(words, signed_in, line, lotte):
    call = line.calls("")
    line.talks(call, lotte)
    link = reverse("line_block_ask", args=[call])
    assert link not in words(lotte, "line_call", call)
    answer = signed_in(lotte).post(link, {"reason": "menace"})
    assert answer.status_code == 422
    assert not BlockRequest.objects.exists()


def test_six_within_an_hour_are_too_many_and_nothing_typed_is_lost(signed_in, line, lotte):
    for place in range(6):
        call = line.calls(f"+322000150{place}")
        answer = signed_in(lotte).post(reverse("line_block_ask", args=[call]), {"reason": f"menace {place}"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "five times within an hour" in page
    assert "menace 5" in page
    assert BlockRequest.objects.count() == 5


def test_whoever_coordinates_blocks_without_asking(signed_in, call, thomas):
    answer = signed_in(thomas).get(reverse("line_block_ask", args=[call]))
    assert answer.headers["Location"] == reverse("line_block", args=[call])


def test_operators_and_others_do_not_decide(signed_in, press, call, lotte, bram):
    press(lotte, "line_block_ask", call, reason="menace")
    row = BlockRequest.objects.get()
    where = reverse("line_block_decide", args=[row.pk])
    assert signed_in(lotte).post(where, {"do": "block"}).status_code == 403
    assert signed_in(bram).post(where, {"do": "block"}).status_code == 404
    assert signed_in(bram).post(reverse("line_block_settle", args=[row.pk])).status_code == 404
    assert not BlockedNumber.objects.exists()
