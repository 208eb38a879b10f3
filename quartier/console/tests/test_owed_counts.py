"""The board, the bar and the page of callbacks say the same of who is owed a call, and of what nobody has heard."""

from datetime import timedelta

import pytest
from django.urls import reverse

from quartier.console.tests.line_scene import Line
from quartier.lib import clock
from quartier.promises.queries import open_about
from quartier.telephony import actions
from quartier.telephony.models import Callback
from quartier.telephony.queries import callers_to_call_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(organisation, settings, tuesday):
    settings.LINE_WSS = "wss://line.example.org"
    return Line(organisation)


@pytest.fixture
def called(line, organisation):
    """Somebody called and is to be rung back; with a message where they left one."""

    def call(number="+3220001428", *, minutes_ago=0, message=False, why="missed"):
        with clock.stopped_at(clock.now() - timedelta(minutes=minutes_ago)):
            key = line.calls(number)
            if message:
                actions.message_left(
                    organisation=organisation, call_id=key, sound=b"RIFF", seconds=2, at=clock.now()
                )
            line.ends(key, outcome="voicemail" if message else "abandoned", ring_back=True, why=why)
        return Callback.objects.latest("wanted_at")

    return call


@pytest.fixture
def page(signed_in, lotte):
    def read(name, query="", *args):
        answer = signed_in(lotte).get(f"{reverse(name, args=args)}{query}")
        assert answer.status_code == 200
        return answer

    return read


@pytest.fixture
def done(signed_in, lotte):
    """With one's own phone: taken, and said to be reached."""

    def press(row):
        where = reverse("line_callback_act", args=[row.pk])
        signed_in(lotte).post(where, {"do": "claim"})
        return signed_in(lotte).post(where, {"do": "done"}, follow=True).content.decode()

    return press


def test_a_message_that_nobody_heard_is_on_the_board_too_after_its_call(called, page, done, organisation):
    row = called(message=True)
    said = done(row)
    assert "off the list" not in said
    assert "No one has listened to their message yet" in said
    assert page("line_callbacks").context["now_count"] == 1
    assert page("board").context["waits"]["owed"].now == 1
    assert "1 message that no one has listened to" in page("board").content.decode()
    bar = page("line_waits", "?at=bar").content.decode()
    assert '<span class="count">1</span>' in bar


def test_whoever_left_none_is_off_the_list(called, page, done):
    assert "Done, and off the list." in done(called())
    assert page("line_callbacks").context["now_count"] == 0
    assert "line-owed-link" not in page("line_waits", "?at=bar").content.decode()


def test_reached_by_a_wrong_press_is_taken_back(called, done, signed_in, lotte, thomas, page):
    row = called(why="asked")
    owed = open_about("callback", row.pk)
    text = done(row)
    assert "Not reached after all: put them back" in text
    where = reverse("line_callback_act", args=[row.pk])
    assert (
        "Someone else has it"
        in signed_in(thomas).post(where, {"do": "undo_done"}, follow=True).content.decode()
    )
    signed_in(lotte).post(where, {"do": "undo_done"})
    row.refresh_from_db()
    assert (row.state, row.ended_at) == ("waiting", None)
    assert page("line_callbacks").context["now_count"] == 1
    assert owed is not None
    assert open_about("callback", row.pk) is not None


def test_too_late_or_once_they_called_again_it_is_not_taken_back(called, done, signed_in, lotte, tuesday):
    row = called()
    done(row)
    where = reverse("line_callback_act", args=[row.pk])
    with clock.stopped_at(tuesday + timedelta(minutes=11)):
        assert (
            "put them back"
            not in signed_in(lotte).get(f"{reverse('line_callbacks')}?done={row.pk}").content.decode()
        )
        signed_in(lotte).post(where, {"do": "undo_done"})
    row.refresh_from_db()
    assert row.state == "done"
    with clock.stopped_at(tuesday + timedelta(minutes=1)):
        called()
        signed_in(lotte).post(where, {"do": "undo_done"})
    row.refresh_from_db()
    assert row.state == "done"


def test_whoever_called_again_stays_and_is_said_to(called, signed_in, lotte, page):
    row = called()
    where = reverse("line_callback_act", args=[row.pk])
    signed_in(lotte).post(where, {"do": "claim"})
    with clock.stopped_at(clock.now() + timedelta(minutes=1)):
        called()
        said = signed_in(lotte).post(where, {"do": "done"}, follow=True).content.decode()
        assert "They have called again since" in said
        assert "off the list." not in said


def test_who_is_late_is_late_on_the_board(called, page, organisation):
    called(minutes_ago=2)
    called("+3220001429", minutes_ago=40)
    counted = callers_to_call_back(organisation, clock.now())
    assert (counted.due, counted.late) == (2, 1)
    board = page("board")
    waits = board.content.decode().split('id="board-waits"')[1]
    assert "1 late" in waits.split("</div>")[0]
    late = next(each for each in board.context["shows"] if each["name"] == "Late")
    assert late["count"] == 1
    assert "1 late" in page("board", "?show=late").content.decode()


def test_one_who_is_called_by_a_colleague_is_counted_nowhere(called, page, signed_in, thomas):
    row = called()
    signed_in(thomas).post(reverse("line_callback_act", args=[row.pk]), {"do": "claim"})
    answer = page("line_callbacks")
    assert answer.context["now_count"] == page("board").context["waits"]["owed"].now == 0
    assert "Thomas calls, until" in answer.content.decode()


def test_who_waits_on_the_line_is_a_link(line, page):
    line.calls()
    assert f'<a class="line-waits" href="{reverse("line_wallboard")}"' in page("board").content.decode()
