"""The bar of the line before a call, beside a pause and notes, and the time that a call has taken."""

from datetime import timedelta

import pytest
from django.urls import reverse

from quartier.console.tests.line_scene import Line
from quartier.lib import clock
from quartier.team.access import of_account
from quartier.telephony import actions

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(organisation, settings, tuesday):
    settings.LINE_WSS = "wss://line.example.org"
    return Line(organisation)


@pytest.fixture
def page(signed_in):
    """The words of a page for somebody: `page(lotte, "board")`."""

    def read(account, name):
        return signed_in(account).get(reverse(name)).content.decode().replace("\u00a0", " ")

    return read


def test_whoever_comes_on_is_not_said_to_be_paused(page, line, lotte):
    actions.wish(actor=of_account(lotte), what="on", details={"languages": ["fr"]})
    said = page(lotte, "line_bar")
    assert "You are joining the line." in said
    assert "You are not on the line." not in said
    line.takes()
    # What call control says until the browser is there.
    line.stands(lotte, "paused", reason="connecting")
    said = page(lotte, "line_bar")
    assert "You are joining the line: this browser is being connected." in said
    assert "paused" not in said.replace('data-standing="paused"', "")
    assert "I am back" not in said
    # It comes by itself; should the word of it be lost, the page asks.
    assert "load delay:5s" in said
    line.stands(lotte, "available")
    assert "You are available for the next call." in page(lotte, "line_bar")


def test_who_waits_is_said_to_whoever_writes_notes_or_rests(page, signed_in, line, lotte, thomas):
    line.on(lotte, "fr", "nl")
    line.calls("+3220001431", language="fr")
    line.calls("+3220001432", language="de")
    assert "waiting" not in page(lotte, "line_bar")
    line.stands(lotte, "paused", reason="meal")
    said = page(lotte, "line_bar")
    assert "1 person is waiting" in said
    # The page hears of the next one, and asks whether its bar still shows what is so.
    assert 'id="line-also"' in said
    mark = said.split('data-mark="')[1].split('"')[0]
    seen = f"{reverse('line_bar')}?seen={mark}"
    assert signed_in(lotte).get(seen).status_code == 204
    line.calls("+3220001433", language="nl")
    assert signed_in(lotte).get(seen).status_code == 205
    line.stands(lotte, "wrap_up")
    in_notes = page(lotte, "line_bar")
    assert "2 people are waiting" in in_notes
    # Whoever needs a rest need not be ready first, and be rung.
    assert 'name="reason" value="meal"' in in_notes


def test_the_time_of_a_call_is_there_before_the_script(page, line, lotte):
    line.on(lotte, "fr")
    call = line.calls()
    now = clock.now()
    with clock.stopped_at(now - timedelta(minutes=12, seconds=5)):
        line.talks(call, lotte)
    with clock.stopped_at(now):
        assert ">12:05</span>" in page(lotte, "line_bar")


def test_how_long_there_is_time_for_the_notes_is_said(page, line, lotte):
    line.stands(lotte, "wrap_up", until=clock.now() + timedelta(seconds=45))
    assert 'data-until-s="' in page(lotte, "line_bar")
    assert ">0:45</b>" in page(lotte, "line_bar")
    line.stands(lotte, "available")
    assert "data-until-s" not in page(lotte, "line_bar")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("edge", "The phone line is not answering at the moment; try again in a minute."),
        ("private", "No one can listen in on this call."),
        ("not_there_yet", "No one has answered yet. You can do this as soon as someone has."),
    ],
)
def test_what_spoke_against_a_wish_is_said_as_it_is(page, line, lotte, answer, words):
    wish = actions.wish(actor=of_account(lotte), what="off")
    actions.take_wishes()
    actions.answer_wish(wish.pk, answer)
    said = page(lotte, "line_bar")
    assert words in said
    assert "no longer free" not in said
