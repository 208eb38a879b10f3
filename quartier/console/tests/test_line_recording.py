"""The recording of a call: asked for, seen in the bar, heard afterwards."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from quartier.audit.models import Entry
from quartier.console.tests.line_scene import Line
from quartier.lib import clock
from quartier.telephony import actions
from quartier.telephony.models import LineSettings, Wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(organisation, settings, tuesday):
    settings.LINE_WSS = "wss://line.example.org"
    return Line(organisation)


@pytest.fixture
def page(signed_in):
    """The words of a page for somebody: `page(lotte, "board")`."""

    def read(account, name, *args, htmx=False):
        headers = {"HX-Request": "true"} if htmx else {}
        answer = signed_in(account).get(reverse(name, args=args), headers=headers)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode().replace("\u00a0", " ")

    return read


@pytest.fixture
def post(signed_in):
    def send(account, name, *args, status=302, **data):
        answer = signed_in(account).post(reverse(name, args=args), data)
        assert answer.status_code == status, answer.status_code
        return answer

    return send


def records(organisation, account):
    LineSettings.objects.update_or_create(organisation=organisation, defaults={"records": True})


def test_nobody_is_offered_a_recording_where_the_group_does_not_want_it(page, line, lotte, organisation):
    call = line.calls()
    line.talks(call, lotte)
    assert 'id="line-record"' not in page(lotte, "line_bar")
    records(organisation, lotte)
    said = page(lotte, "line_bar")
    assert 'id="line-record" name="what" value="record"' in said
    assert 'aria-keyshortcuts="Alt+G"' in said


def test_a_carrier_that_cannot_record_offers_nothing_and_says_so(
    page, line, lotte, sara, organisation, settings
):
    records(organisation, lotte)
    settings.INSTALLATION = replace(settings.INSTALLATION, line={"carrier": "twiml"})
    line.talks(line.calls(), lotte)
    assert 'id="line-record"' not in page(lotte, "line_bar")
    assert "Calls cannot be recorded with the provider of this line." in page(sara, "line_settings")


@pytest.mark.parametrize(
    ("state", "tape", "said", "buttons"),
    [
        ("consenting", "", "is asked whether the call may be recorded", ["stop_record"]),
        ("bridged", "on", "being recorded", ["pause_record", "stop_record"]),
        ("held", "on", "not recorded while on hold", ["pause_record", "stop_record"]),
        ("bridged", "paused", "the recording is paused", ["resume_record", "stop_record"]),
        ("bridged", "refused", "did not agree to be recorded", ["record"]),
        ("bridged", "kept", "was recorded", ["record"]),
    ],
)
def test_where_the_recording_stands_is_said(page, line, lotte, organisation, state, tape, said, buttons):
    records(organisation, lotte)
    call = line.calls()
    began = clock.now().timestamp() - 65 if (state, tape) == ("bridged", "on") else None
    line.talks(call, lotte, state, actions.Tape(tape, began))
    words = page(lotte, "line_bar")
    assert said in words
    assert re.findall(r'value="(\w*record)"', words) == buttons
    if began:
        assert (clock.now() - timedelta(seconds=65)).isoformat() in words


def test_what_is_wished_of_a_recording(post, line, lotte):
    call = line.calls()
    for what in ("record", "pause_record", "resume_record", "stop_record"):
        post(lotte, "line_wish", what=what, call=call)
        assert Wish.objects.filter(what=what, call=call).exists()
    assert Entry.objects.filter(verb="call.record", actor_id=lotte.pk).count() == 1


def test_a_recording_is_heard_on_the_page_of_its_call(page, line, lotte, thomas, account, organisation):
    call = line.calls()
    line.talks(call, lotte)
    line.ends(call, lotte)
    audio = actions.call_recorded(
        organisation=organisation, call_id=call, sound=b"RIFF", seconds=3.0, at=clock.now()
    )
    where = reverse("line_sound", args=[audio.pk])
    for who in (lotte, thomas):
        assert where in page(who, "line_call", call)
    assert where not in page(account("Emma", "operator"), "line_call", call)
    assert not Entry.objects.filter(verb="audio.look").exists()
    audio.transcript = "La chaudière est en panne."
    audio.save()
    said = page(lotte, "line_call", call)
    assert "La chaudière est en panne." in said
    assert page(lotte, "line_call", call, htmx=True).count("<section") == 1
    assert "Written down by a computer" in said
    assert Entry.objects.filter(verb="audio.look", actor_id=lotte.pk).exists()
    assert "chaudière" not in page(account("Ada", "operator"), "line_call", call)
