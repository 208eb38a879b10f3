"""Callbacks and messages, the wallboard, and how the line behaves."""

import io
import wave
from datetime import time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from quartier.audit.models import Entry
from quartier.console.line import behaviour
from quartier.console.tests.line_scene import Line
from quartier.lib import clock
from quartier.messaging import aloud
from quartier.telephony import actions, queries
from quartier.telephony.models import Audio, Callback, LineSettings, OwnPrompt, Wish
from quartier.telephony.prompts.texts import RECORDABLE

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(organisation, settings, tuesday):
    settings.LINE_WSS = "wss://line.example.org"
    return Line(organisation)


def sound(seconds=2.0):
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(int(16000 * seconds)))
    return out.getvalue()


@pytest.fixture
def words(signed_in):
    def read(account, name, *args):
        answer = signed_in(account).get(reverse(name, args=args))
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode().replace("\u00a0", " ")

    return read


@pytest.fixture
def do(signed_in, words):
    """Presses a button of the callback list and gives the page that comes."""

    def press(account, row, what, **data):
        answer = signed_in(account).post(
            reverse("line_callback_act", args=[row.pk]), {"do": what, **data}, follow=True
        )
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode().replace("\u00a0", " ")

    return press


@pytest.fixture
def missed(line):
    """Somebody hung up while waiting: `missed()` gives the row of the list."""

    def miss(number="+3220001428", *, minutes_ago=0, why="missed"):
        with clock.stopped_at(clock.now() - timedelta(minutes=minutes_ago)):
            call = line.calls(number)
            line.ends(call, outcome="abandoned", ring_back=True, why=why)
        return Callback.objects.latest("wanted_at")

    return miss


# ---- callbacks ----


def test_an_empty_list_says_that_nothing_is_lost(words, line, lotte):
    said = words(lotte, "line_callbacks")
    assert "nothing is lost" in said


def test_whoever_was_missed_stands_there_with_a_clock(words, missed, lotte, asked):
    asked("groceries")
    missed("+3220001427", minutes_ago=22)
    missed("+3220001428")
    said = words(lotte, "line_callbacks")
    assert said.index("Marie Peeters") < said.index("Number ending in 14 28")
    assert "22 min, late" in said
    assert "Hung up while waiting" in said
    # The number is for whoever calls.
    assert "02 000 14 28" not in said


def test_it_is_taken_called_and_done(do, words, missed, line, lotte, thomas):
    row = missed()
    said = do(lotte, row, "claim")
    assert "02 000 14 28" in said
    assert "Start taking calls first, at the top" in said
    line.on(lotte, "fr")
    assert "disabled" not in words(lotte, "line_callbacks").split('value="call"')[1][:20]
    assert "Lotte calls, until" in words(thomas, "line_callbacks")
    do(lotte, row, "call")
    assert Wish.objects.get(what="dial").to == row.pk
    assert "Someone else has it" in do(thomas, row, "done")
    do(lotte, row, "done", note="tout va bien")
    row.refresh_from_db()
    assert (row.state, row.note) == ("done", "tout va bien")


def test_nobody_answers_until_a_coordinator_decides(do, words, missed, lotte, thomas):
    row = missed()
    for _ in range(3):
        Callback.objects.update(due_at=clock.now())
        do(lotte, row, "claim")
        said = do(lotte, row, "tried", note="sonne dans le vide")
    assert "a coordinator decides" in said
    assert 'value="again"' not in words(lotte, "line_callbacks")
    assert 'value="again"' in words(thomas, "line_callbacks")
    do(thomas, row, "again")
    row.refresh_from_db()
    assert (row.state, row.tries) == ("waiting", 0)


def test_it_is_handed_back_and_comes_later(do, words, missed, lotte, thomas):
    row = missed()
    do(lotte, row, "claim")
    do(lotte, row, "release")
    row.refresh_from_db()
    assert row.state == "waiting"
    do(lotte, row, "claim")
    do(lotte, row, "tried")
    said = words(lotte, "line_callbacks")
    assert "Later" in said
    assert "today at 11.15 am" in said


def test_a_button_that_is_none(signed_in, missed, lotte):
    where = reverse("line_callback_act", args=[missed().pk])
    assert signed_in(lotte).post(where, {"do": "eat"}).status_code == 404


@pytest.mark.usefixtures("work_is_done")
def test_the_queries_of_the_list_do_not_grow(signed_in, missed, lotte, asked, django_assert_num_queries):
    client = signed_in(lotte)
    asked("groceries")
    missed("+3220001427")
    where = reverse("line_callbacks")
    client.get(where)
    with django_assert_num_queries(32):
        client.get(where)
    for digit in range(6):
        missed(f"+322000143{digit}")
    with django_assert_num_queries(32):
        client.get(where)


# ---- messages ----


@pytest.fixture
def message(line, organisation):
    call = line.calls("+3220001428", language="nl")
    audio = actions.message_left(
        organisation=organisation, call_id=call, sound=sound(), seconds=2, at=clock.now()
    )
    line.ends(call, outcome="voicemail")
    return audio


def test_a_message_is_heard_and_that_is_written_down(words, signed_in, message, lotte):
    assert "no one has heard it" in words(lotte, "line_callbacks")
    where = reverse("line_sound", args=[message.pk])
    answer = signed_in(lotte).get(where)
    assert answer.content == sound()
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("audio/wav", "no-store")
    assert Entry.objects.filter(verb="audio.look", actor_id=lotte.pk, subject_id=message.pk).exists()
    assert "heard by Lotte" in words(lotte, "line_callbacks")


@pytest.mark.parametrize(
    ("asked_for", "status", "part"),
    [
        ("bytes=0-1", 206, slice(0, 2)),
        ("bytes=10-", 206, slice(10, None)),
        ("bytes=-4", 206, slice(-4, None)),
        ("bytes=999999-", 416, slice(0, 0)),
        ("bytes=a-b", 200, slice(None)),
    ],
)
def test_a_player_may_ask_for_a_part(signed_in, message, lotte, asked_for, status, part):
    answer = signed_in(lotte).get(reverse("line_sound", args=[message.pk]), headers={"Range": asked_for})
    assert answer.status_code == status
    assert answer.content == sound()[part]


def test_nobody_else_hears_it_and_nobody_once_it_is_deleted(signed_in, message, bram, lotte):
    where = reverse("line_sound", args=[message.pk])
    assert signed_in(bram).get(where).status_code == 404
    Audio.objects.update(deleted_at=clock.now())
    assert signed_in(lotte).get(where).status_code == 404


# ---- the wallboard ----


def test_the_wallboard_says_who_waits_and_how_long(words, line, missed, lotte, thomas, asked):
    asked("groceries")
    missed(minutes_ago=40)
    line.on(lotte, "fr", "nl")
    line.stands(thomas, "paused")
    line.calls(waited=timedelta(minutes=2, seconds=40))
    line.ends(line.calls("+3220001431"))
    said = words(lotte, "line_wallboard")
    for one in ("2:40", "40 min, late", "Shopping, ", "Lotte", "pause", "Dutch <b>1</b>", "Open until 8 pm"):
        assert one in said, one
    assert "+32" not in said
    assert "Marie" not in said


def test_the_wallboard_counts_whom_it_shows(signed_in, missed, lotte):
    rows = [missed(f"+322000145{digit}") for digit in range(7)]
    Callback.objects.filter(pk=rows[0].pk).update(due_at=clock.now() + timedelta(hours=3))
    where = reverse("line_wallboard")
    column = signed_in(lotte).get(where).context["columns"][1]
    assert (column.count, len(column.entries)) == (6, 5)
    Callback.objects.exclude(pk=rows[0].pk).delete()
    answer = signed_in(lotte).get(where)
    column = answer.context["columns"][1]
    assert (column.count, column.entries, answer.context["owed"]) == (0, [], 0)


def test_an_hour_is_counted_as_the_day_is(signed_in, line, lotte):
    for outcome in ("answered", "abandoned", "callback", "voicemail", "written", "blocked", "left"):
        line.ends(line.calls(waited=timedelta(0)), outcome=outcome)
    line.calls(waited=timedelta(0))
    found = signed_in(lotte).get(reverse("line_wallboard")).context
    (hour,) = found["hours"]
    assert (hour.answered, hour.missed) == (1, 3)
    assert (hour.answered, hour.missed) == (found["wall"].answered, found["wall"].missed)


def test_an_empty_wallboard_is_calm(words, line, lotte):
    said = words(lotte, "line_wallboard")
    for one in ("No one is waiting.", "Everyone has been called back.", "No one is on the line."):
        assert one in said


def test_the_queries_of_the_wallboard_do_not_grow(
    signed_in, line, missed, lotte, thomas, asked, django_assert_max_num_queries
):
    client, where = signed_in(lotte), reverse("line_wallboard")
    client.get(where)
    for digit in range(5):
        asked("groceries")
        missed(f"+322000143{digit}")
        line.calls(f"+322000144{digit}")
    line.on(lotte, "fr")
    line.on(thomas, "fr")
    with django_assert_max_num_queries(20):
        client.get(where)


# ---- how it behaves ----

GIVEN = {
    "opens": "9:00",
    "closes": "18:00",
    "longest_wait_s": "10",
    "ring_s": "25",
    "at_once": "2",
    "wrap_up_s": "90",
    "tries": "4",
    "keep_audio_days": "14",
    "daily_cents": "12",
    "own_phone_cents": "7",
    "may_dial": "+32, +33",
} | {"max_calls_out": "3", "max_calls_out_hour": "15"}


def test_everything_begins_with_the_usual(words, line, sara):
    said = words(sara, "line_settings")
    for value in ('value="15"', 'value="20"', 'value="5"'):
        assert value in said


def test_the_head_changes_how_the_line_behaves(signed_in, line, sara, organisation):
    where = reverse("line_settings")
    assert (
        signed_in(sara).post(where, {**GIVEN, "closed_day": "13/1", "closed_time": "12.00"}).status_code
        == 302
    )
    organisation.refresh_from_db()
    assert (organisation.opens, organisation.closes) == (time(9), time(18))
    row = LineSettings.objects.get()
    assert (row.longest_wait_s, row.ring_s, row.at_once, row.tries) == (600, 25, 2, 4)
    assert (row.daily_cents, row.records, row.open_on_holidays) == (1200, False, False)
    assert (row.own_phone_cents, row.may_dial) == (700, ["+32", "+33"])
    assert (row.max_calls_out, row.max_calls_out_hour) == (3, 15)
    assert signed_in(sara).post(where, {**GIVEN, "records": "on"}).status_code == 302
    assert queries.line_of(organisation).records
    assert row.closed_until.astimezone(organisation.zone).isoformat() == "2027-01-13T12:00:00+01:00"
    assert Entry.objects.filter(verb="line.change", actor_id=sara.pk).exists()


def test_callers_are_written_to_where_the_head_wants_it(signed_in, words, line, sara, organisation, settings):
    where, texts = reverse("line_settings"), lambda: queries.settings_of(organisation).texts_missed
    settings.TEXTS = ["sandbox:"]
    assert 'name="texts_missed"' in words(sara, "line_settings")
    signed_in(sara).post(where, {**GIVEN, "texts_missed": "on"})
    assert texts()
    settings.TEXTS = []
    assert 'name="texts_missed"' not in words(sara, "line_settings")
    signed_in(sara).post(where, GIVEN)
    assert texts(), "what is not asked stays as it was"
    settings.TEXTS = ["sandbox:"]
    signed_in(sara).post(where, GIVEN)
    assert not texts()


def test_messages_are_read_where_the_head_wants_it(signed_in, words, line, sara, organisation, monkeypatch):
    where = reverse("line_settings")
    assert 'name="reads_aloud"' in words(sara, "line_settings")
    signed_in(sara).post(where, {**GIVEN, "reads_aloud": "on"})
    assert aloud.reads(organisation.pk)
    signed_in(sara).post(where, GIVEN)
    assert not aloud.reads(organisation.pk)
    monkeypatch.setattr(queries, "can_read", lambda: False)
    assert 'name="reads_aloud"' not in words(sara, "line_settings")
    signed_in(sara).post(where, {**GIVEN, "reads_aloud": "on"})
    assert not aloud.reads(organisation.pk)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ring_s", "99"),
        ("at_once", "0"),
        ("opens", "25:99"),
        ("closed_day", "1/1/2020"),
        ("tries", "many"),
        ("may_dial", "33"),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_changes(signed_in, line, sara, name, value):
    answer = signed_in(sara).post(reverse("line_settings"), {**GIVEN, name: value})
    assert answer.status_code == 422
    assert value in answer.content.decode()
    assert not LineSettings.objects.exists()


@pytest.mark.parametrize("who", ["lotte", "thomas"])
def test_the_others_do_not(request, signed_in, line, who):
    assert signed_in(request.getfixturevalue(who)).get(reverse("line_settings")).status_code == 403


def test_each_prompt_has_a_name_and_can_be_heard(line, organisation):
    shown = behaviour.said_by(organisation)
    assert {name for name, _when, _said in shown} == RECORDABLE - {"music", "still"}
    assert not [name for name, when, _said in shown if "_" in when]
    assert all(one.heard for _name, _when, said in shown for one in said)


def test_a_prompt_in_ones_own_voice(signed_in, words, line, sara, organisation):
    where = reverse("line_prompt", args=["closed", "fr"])
    file = SimpleUploadedFile("said.wav", sound(3), "audio/wav")
    assert signed_in(sara).post(where, {"sound": file}).status_code == 302
    assert OwnPrompt.objects.get().by_id == sara.pk
    assert "your own voice" in words(sara, "line_settings")
    assert signed_in(sara).get(where).content == sound(3)
    signed_in(sara).post(where, {"do": "drop"})
    assert not OwnPrompt.objects.exists()


@pytest.mark.parametrize("content", [b"", b"RIFF", sound(200)])
def test_what_is_no_recording_is_refused(signed_in, line, sara, content):
    file = SimpleUploadedFile("said.wav", content, "audio/wav")
    answer = signed_in(sara).post(reverse("line_prompt", args=["closed", "fr"]), {"sound": file})
    assert answer.status_code == 422
    assert not OwnPrompt.objects.exists()


def test_nobody_plays_what_is_no_prompt(signed_in, line, sara):
    for words in (["nothing", "fr"], ["closed", "xx"]):
        assert signed_in(sara).get(reverse("line_prompt", args=words)).status_code == 404


def test_outgoing_calls_that_are_stopped_are_said_and_let_out_again(
    line, words, signed_in, sara, lotte, organisation
):
    assert "Outgoing calls are stopped" not in words(sara, "line_settings")
    actions.stop_dialling(1)
    assert "Outgoing calls are stopped" in words(sara, "line_settings")
    where = reverse("line_settings")
    assert signed_in(lotte).post(where, {"do": "resume_dialling"}).status_code in {403, 404}
    assert queries.is_dialling_stopped(organisation)
    answer = signed_in(sara).post(where, {"do": "resume_dialling"}, follow=True)
    said = answer.content.decode()
    assert "Outgoing calls are allowed again" in said
    assert "Outgoing calls are stopped" not in said
    assert not queries.is_dialling_stopped(organisation)
