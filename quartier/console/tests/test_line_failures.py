"""Why a call out came to nothing, as the team reads it: in the bar while it ends, with the notes, and in the list."""

import html
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from quartier.console.line.failure_words import FAILURE_WORDS, SHORT_WORDS
from quartier.console.tests.line_scene import Line
from quartier.lib import clock
from quartier.telephony import actions
from quartier.telephony.models import Call, Callback

pytestmark = pytest.mark.django_db

MARIE = "+3220001427"


@pytest.fixture
def line(organisation, settings, tuesday):
    settings.LINE_WSS = "wss://line.example.org"
    return Line(organisation)


@pytest.fixture
def page(signed_in):
    def read(account, name, *args):
        answer = signed_in(account).get(reverse(name, args=args))
        return html.unescape(answer.content.decode())

    return read


def goes_out(line, lotte, failure, number=MARIE):
    """Lotte calls somebody, and nobody comes."""
    call = uuid.uuid4()
    actions.call_began(
        organisation=line.organisation, call_id=call, direction="out", number=number, at=clock.now()
    )
    line.version += 1
    actions.call_moved(
        organisation=line.organisation,
        call_id=call,
        state="calling",
        version=line.version,
        operator=lotte.pk,
        language="fr",
        at=clock.now(),
    )
    actions.call_failed(organisation=line.organisation, call_id=call, failure=failure, at=clock.now())
    line.stands(lotte, "in_call", call=call)
    return call


def ends(line, lotte, call, failure):
    ended = actions.Ended("unreached", failure=failure)
    actions.call_closed(organisation=line.organisation, call_id=call, ended=ended, at=clock.now())
    line.stands(lotte, "wrap_up", reason=failure)


@pytest.mark.parametrize("failure", sorted(FAILURE_WORDS))
def test_an_operator_reads_why_nobody_comes(page, line, lotte, failure):
    line.on(lotte, "fr")
    call = goes_out(line, lotte, failure)
    words = str(FAILURE_WORDS[failure])
    assert words in page(lotte, "line_bar")
    ends(line, lotte, call, failure)
    assert f"{words} Time for your notes." in page(lotte, "line_bar")
    assert Call.objects.get(pk=call).failure == failure
    # What is said of a call is not said of the next one.
    line.stands(lotte, "available")
    assert words not in page(lotte, "line_bar")


def test_a_call_that_ended_well_says_nothing_of_it(page, line, lotte):
    line.on(lotte, "fr")
    line.stands(lotte, "wrap_up")
    assert "The call has ended: time for your notes." in page(lotte, "line_bar")


@pytest.mark.parametrize(
    ("failure", "words"),
    [("busy", "The line is busy."), ("spent", "You have reached today’s limit for calls")],
)
def test_whom_a_caller_could_not_reach_is_said_to_who_takes_them(page, line, lotte, failure, words):
    line.on(lotte, "fr")
    call = line.calls()
    Call.objects.filter(pk=call).update(direction="masked")
    line.talks(call, lotte)
    Call.objects.filter(pk=call).update(failure=failure)
    said = page(lotte, "line_bar")
    assert "They wanted to reach the person who helps them" in said
    assert words in said


def test_the_list_says_how_the_last_call_to_them_ended(page, line, lotte):
    line.on(lotte, "fr")
    line.ends(line.calls(), outcome="abandoned", ring_back=True)
    assert Callback.objects.count() == 1
    assert not any(f"{each}, " in page(lotte, "line_callbacks") for each in SHORT_WORDS.values())
    for minute, failure in enumerate(("no_such_number", "busy"), 1):
        with clock.stopped_at(clock.now() + timedelta(minutes=minute)):
            ends(line, lotte, goes_out(line, lotte, failure), failure)
    said = page(lotte, "line_callbacks")
    assert "busy, " in said
    # Only how the last one ended, and not that of anybody else.
    assert "no such number, " not in said
    ends(line, lotte, goes_out(line, lotte, "refused", "+3220001999"), "refused")
    assert "refused, " not in page(lotte, "line_callbacks")


def test_the_list_forgets_what_was_before(page, line, lotte):
    with clock.stopped_at(clock.now() - timedelta(days=2)):
        ends(line, lotte, goes_out(line, lotte, "busy"), "busy")
    line.ends(line.calls(), outcome="abandoned", ring_back=True)
    assert "Busy, " not in page(lotte, "line_callbacks")
