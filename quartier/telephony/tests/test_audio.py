"""Messages left and calls recorded: kept sealed, heard through the gate, deleted on their day."""

import io
import wave
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.http import Http404

from quartier.audit.models import Entry
from quartier.lib import clock
from quartier.people import actions as people
from quartier.people.actions import Who
from quartier.team.access import of_account, system
from quartier.telephony import access, actions, jobs, queries
from quartier.telephony.models import Audio, LineSettings
from quartier.telephony.providers.sip import alaw
from quartier.telephony.rules import Tape
from quartier.telephony.tests.room import MARIE, Line, wav

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(tuesday, organisation):
    return Line(organisation)


@pytest.fixture
def operator(lotte):
    return of_account(lotte)


def test_a_message_is_kept_once_and_rung_back(line, operator):
    call = line.rings()
    first = line.leaves(call)
    assert line.leaves(call, wav(9), 9.0).pk == first.pk
    (row,) = line.listed()
    assert (row.why, row.calls) == ("message", 1)
    (message,) = queries.messages(line.organisation)
    assert (message.seconds, message.call.callback_id) == (2.0, row.pk)
    (listed,) = queries.callbacks(line.organisation, clock.now())
    assert listed.message == message.pk


def test_the_sound_is_sealed(line):
    line.leaves(line.rings())
    with connection.cursor() as cursor:
        cursor.execute("SELECT sound FROM telephony_audio")
        (sound,) = cursor.fetchone()
    assert sound.startswith("k1.")
    assert "RIFF" not in sound
    assert "UklGR" not in sound  # "RIFF" in base64


def test_heard_through_the_gate_and_written_down(line, operator, thomas):
    audio = line.leaves(line.rings())
    assert access.sound_for(operator, audio.pk) == wav(2)
    clock.advance(timedelta(minutes=1))
    assert access.sound_for(of_account(thomas), audio.pk) == wav(2)
    audio.refresh_from_db()
    assert (audio.heard_by_id, audio.heard_at) == (operator.id, clock.now() - timedelta(minutes=1))
    assert [each.actor_id for each in Entry.objects.filter(verb="audio.look").order_by("id")] == [
        operator.id,
        thomas.pk,
    ]


def test_nobody_else_hears_it(line, bram, volunteer, organisation):
    audio = line.leaves(line.rings())
    for actor in (of_account(bram), of_account(volunteer("Youssef").person.account), system(organisation)):
        with pytest.raises(Http404):
            access.sound_for(actor, audio.pk)
    audio.refresh_from_db()
    assert audio.heard_at is None


def test_a_recorded_call_is_heard_by_who_had_it_and_by_coordinators(
    line, lotte, thomas, account, organisation
):
    call = line.rings()
    line.moves(call, "bridged", lotte)
    audio = actions.call_recorded(
        organisation=organisation, call_id=call, sound=wav(), seconds=2.0, at=clock.now()
    )
    again = actions.call_recorded(
        organisation=organisation, call_id=call, sound=wav(), seconds=2.0, at=clock.now()
    )
    assert again.pk == audio.pk
    other = actions.call_recorded(
        organisation=organisation, call_id=call, sound=wav(), seconds=2.0, at=clock.now(), part=2
    )
    assert other.pk != audio.pk
    assert [each.pk for each in access.heard_of(of_account(lotte), line.call(call))] == [audio.pk, other.pk]
    assert not access.heard_of(of_account(account("Ada", "operator")), line.call(call))
    for who in (lotte, thomas):
        assert access.sound_for(of_account(who), audio.pk)
    with pytest.raises(Http404):
        access.sound_for(of_account(account("Emma", "operator")), audio.pk)
    assert not queries.messages(organisation)


@pytest.mark.parametrize(("sound", "seconds"), [(b"", 5.0), (wav(0.2), 0.2), (wav(), float("nan"))])
def test_nothing_said_is_a_missed_call(line, sound, seconds):
    call = line.rings()
    assert line.leaves(call, sound, seconds) is None
    assert line.leaves(call, sound, seconds) is None
    assert [(row.why, row.calls) for row in line.listed()] == [("missed", 1)]
    assert not Audio.objects.exists()


def test_a_message_from_a_shared_phone_asks_for_a_call(line, organisation):
    people.record_person(
        organisation=organisation, who=Who("Marie", phone=MARIE, phone_is_shared=True, noted_by_team=True)
    )
    line.leaves(line.rings(), b"", 0)
    assert not line.listed()
    line.leaves(line.rings())
    assert [row.why for row in line.listed()] == ["message"]


def test_a_message_heard_of_before_its_call(line, organisation):
    """The words come in the wrong order: the number is known with the end."""
    people.record_person(
        organisation=organisation, who=Who("Marie", phone=MARIE, phone_is_shared=True, noted_by_team=True)
    )
    call = uuid4()
    line.leaves(call)
    assert not line.listed()
    line.ends(call, "voicemail", ring_back=False)
    assert [(row.why, row.number) for row in line.listed()] == [("message", MARIE)]


def test_a_message_without_a_number_waits_among_the_messages(line):
    line.leaves(line.rings(""))
    assert not line.listed()
    assert len(queries.messages(line.organisation)) == 1


def test_what_nobody_has_heard_comes_first(line, operator):
    first = line.leaves(line.rings())
    clock.advance(timedelta(minutes=1))
    second = line.leaves(line.rings())
    assert [each.pk for each in queries.messages(line.organisation)] == [second.pk, first.pk]
    access.sound_for(operator, second.pk)
    assert [each.pk for each in queries.messages(line.organisation)] == [first.pk, second.pk]


def test_deleted_on_its_day_and_the_row_stays(line, operator):
    LineSettings.objects.create(organisation=line.organisation, keep_audio_days=2)
    audio = line.leaves(line.rings())
    clock.advance(timedelta(days=1))
    jobs.drop_old_audio()
    assert access.sound_for(operator, audio.pk)
    clock.advance(timedelta(days=1))
    jobs.drop_old_audio()
    audio.refresh_from_db()
    assert (audio.sound, audio.transcript, audio.deleted_at) == ("", "", clock.now())
    assert not queries.messages(line.organisation)
    assert actions.drop_old_audio(clock.now()) == 0
    with pytest.raises(Http404):
        access.sound_for(operator, audio.pk)
    # They are rung back all the same.
    assert len(line.listed()) == 1


def test_a_recording_in_a_law_is_heard_in_sixteen_bits(line, lotte, organisation):
    call = line.rings()
    line.moves(call, "bridged", lotte)
    kept = actions.call_recorded(
        organisation=organisation, call_id=call, sound=alaw.wav(b"\xd5" * 16_000), seconds=2.0, at=clock.now()
    )
    with wave.open(io.BytesIO(access.sound_for(of_account(lotte), kept.pk))) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnframes()) == (8000, 2, 16_000)


def test_the_end_of_a_call_is_the_end_of_its_recording(line, lotte):
    call = line.rings()
    line.moves(call, "bridged", lotte, tape=Tape("on", clock.now().timestamp()))
    assert (line.call(call).recording, line.call(call).recording_since) == ("on", clock.now())
    line.ends(call, "answered", ring_back=False)
    assert (line.call(call).recording, line.call(call).recording_since) == ("kept", None)
