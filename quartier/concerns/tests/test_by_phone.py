"""Who presses 9 on the line has raised a concern, whatever comes of the call."""

from datetime import timedelta

import pytest
from django.http import Http404

from quartier.alerts import jobs as climbing
from quartier.alerts.models import Told
from quartier.concerns import access, actions, jobs
from quartier.concerns.actions import Raised
from quartier.concerns.models import Concern
from quartier.lib import clock
from quartier.team.access import of_account
from quartier.telephony import actions as line
from quartier.telephony import queries
from quartier.telephony.models import Callback
from quartier.telephony.tests.room import MARIE, Line, wav

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday", "thomas", "sara")]


@pytest.fixture
def worried(organisation):
    """A call whose caller has pressed 9: `worried("voicemail", sound=True)`."""

    def make(outcome, *, number=MARIE, operator=None, sound=False, said=True):
        room = Line(organisation)
        call = room.rings(number)
        now = clock.now()
        if said:
            line.call_worried(organisation=organisation, call_id=call, at=now)
        if operator:
            room.moves(call, "bridged", operator)
        if sound:
            line.message_left(organisation=organisation, call_id=call, sound=wav(3), seconds=3, at=now)
        ended = line.Ended(outcome, number, "nl", why="missed", ring_back=True, worried=True)
        return line.call_closed(organisation=organisation, call_id=call, ended=ended, at=now)

    return make


def all_of_it():
    while jobs.from_the_line():
        pass
    return Concern.objects.order_by("raised_at")


def test_what_was_said_is_kept_until_the_concern_is_closed(worried, sara, tuesday):
    call = worried("voicemail", sound=True)
    concern, audio = all_of_it().get(), call.audio.get()
    with clock.stopped_at(tuesday + timedelta(days=45)):
        line.drop_old_audio(clock.now())
        jobs.forget_what_was_said()
        audio.refresh_from_db()
        assert audio.sound
        actions.close(actor=of_account(sara), concern=concern, words="Appelé.", answer="C’est réglé.")
        jobs.forget_what_was_said()
    audio.refresh_from_db()
    assert not audio.sound
    assert audio.deleted_at


def test_a_message_is_a_concern_that_climbs_and_is_on_no_other_list(worried, organisation, thomas, tuesday):
    call = worried("voicemail", sound=True)
    concern = all_of_it().get()
    assert (concern.by, concern.contact, concern.call, concern.language) == ("phone", MARIE, call, "nl")
    assert concern.alert.degree == "danger"
    assert not Callback.objects.exists()
    assert queries.messages(organisation) == []
    with clock.stopped_at(tuesday + timedelta(minutes=2)):
        assert climbing.climb()
    assert Told.objects.count() == 2
    assert not jobs.from_the_line(), "once"
    with clock.stopped_at(tuesday + timedelta(days=30)):
        climbing.climb()
    concern.alert.refresh_from_db()
    assert concern.alert.state == "open", "it never closes by itself"


@pytest.mark.parametrize(
    ("outcome", "number", "said"),
    [("abandoned", MARIE, True), ("callback", MARIE, False), ("voicemail", "", True), ("left", MARIE, False)],
)
def test_without_a_word_it_is_a_concern_too(worried, outcome, number, said):
    worried(outcome, number=number, said=said)
    concern = all_of_it().get()
    assert (concern.contact, concern.alert.degree) == (number, "danger")
    assert not Callback.objects.exists()


def test_cut_off_by_our_fall_it_is_a_concern(organisation):
    room = Line(organisation)
    line.call_worried(organisation=organisation, call_id=room.rings(), at=clock.now())
    line.sweep(organisation=organisation, alive=set(), at=clock.now() + timedelta(seconds=1))
    assert all_of_it().count() == 1
    assert not Callback.objects.exists()


def test_who_listened_writes_it_down(worried, lotte, tuesday):
    call = worried("answered", operator=lotte)
    said = Raised("unknown", "Elle a peur de son fils.", "team", danger=True, call=call)
    actions.raise_concern(actor=of_account(lotte), said=said)
    with clock.stopped_at(tuesday + timedelta(hours=1)):
        assert [each.words for each in all_of_it()] == ["Elle a peur de son fils."]


@pytest.mark.parametrize("about", ["team", "volunteer", "partner"])
def test_what_the_caller_said_about_anybody_is_their_worry(worried, lotte, tuesday, about):
    call = worried("answered", operator=lotte)
    actions.raise_concern(
        actor=of_account(lotte), said=Raised(about, "Il demande son code.", "team", call=call)
    )
    with clock.stopped_at(tuesday + timedelta(minutes=16)):
        assert not all_of_it().filter(by="phone").exists()


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("named", ["case", "person"])
def test_words_about_somebody_else_do_not_stand_in(worried, asked, lotte, tuesday, known, named):
    call = worried("answered", operator=lotte)
    case = asked("groceries").case
    if known:
        line.name_caller(call=call, person=case.person)
    whom = {"case": case} if named == "case" else {"person": case.person}
    said = Raised("helped", "Les courses sont en retard.", "team", danger=True, call=call, **whom)
    actions.raise_concern(actor=of_account(lotte), said=said)
    with clock.stopped_at(tuesday + timedelta(minutes=16)):
        found = list(all_of_it().filter(by="phone"))
    assert [(each.alert.degree, around(each)) for each in found] == ([] if known else [("calm", {lotte.pk})])


@pytest.mark.parametrize("danger", [False, True])
def test_only_what_is_as_urgent_stands_in_for_whoever_spoke_with_nobody(worried, lotte, danger):
    call = worried("voicemail", sound=True)
    said = Raised("unknown", "A laissé un message.", "team", danger=danger, call=call)
    actions.raise_concern(actor=of_account(lotte), said=said)
    found = all_of_it().filter(by="phone")
    assert [each.alert.degree for each in found] == ([] if danger else ["danger"])
    assert not jobs.from_the_line(), "once"


def test_who_listened_and_wrote_nothing_is_gone_around(worried, thomas, sara, tuesday):
    worried("answered", operator=thomas)
    assert not all_of_it().exists()
    with clock.stopped_at(tuesday + timedelta(minutes=16)):
        concern = all_of_it().get()
    assert concern.alert.degree == "calm"
    assert list(concern.alert.around.values_list("account", flat=True)) == [thomas.pk]
    assert Told.objects.get().person.account == sara


def around(concern):
    return set(concern.alert.around.values_list("account", flat=True))


@pytest.fixture
def had(organisation):
    """A call of somebody worried, which these had one after the other: `had(kees, anna, then="queued")`."""

    def make(*operators, then="", outcome="answered", sound=False, during=None):
        room = Line(organisation)
        call = room.rings()
        for operator in operators:
            room.moves(call, "bridged", operator)
        if during:
            during(call)
        # Nobody listens to a worry: who has listened did so before the key was pressed.
        line.call_worried(organisation=organisation, call_id=call, at=clock.now())
        if then:
            room.moves(call, then)
        if sound:
            room.leaves(call)
        return room.ends(call, outcome, worried=True)

    return make


def test_it_goes_around_every_operator_who_had_the_call(had, thomas, lotte, sara, tuesday):
    had(thomas, lotte)
    with clock.stopped_at(tuesday + timedelta(minutes=16)):
        concern = all_of_it().get()
    assert around(concern) == {thomas.pk, lotte.pk}
    assert Told.objects.get().person.account == sara
    with pytest.raises(Http404):
        access.concern_for(of_account(thomas), concern.pk)
    assert access.concern_for(of_account(sara), concern.pk) == concern


@pytest.mark.parametrize(
    ("then", "outcome", "sound", "degree"),
    [
        ("voicemail", "voicemail", True, "danger"),
        ("voicemail", "voicemail", False, "danger"),
        ("queued", "abandoned", False, "calm"),
        ("queued", "callback", False, "calm"),
    ],
)
def test_cut_off_it_goes_around_whoever_was_heard_before(
    had, thomas, sara, tuesday, then, outcome, sound, degree
):
    had(thomas, then=then, outcome=outcome, sound=sound)
    with clock.stopped_at(tuesday + timedelta(minutes=16)):
        concern = all_of_it().get()
    assert (around(concern), concern.alert.degree) == ({thomas.pk}, degree)
    assert Told.objects.get().person.account == sara


def test_it_goes_around_who_listened_in_or_came_as_a_third(had, lotte, thomas, sara, tuesday):
    def wishes(call):
        line.wish(actor=of_account(sara), what="listen", call=call)
        line.wish(actor=of_account(lotte), what="third", call=call, to=thomas.pk)
        for each in line.take_wishes():
            line.answer_wish(each.pk, "done")

    had(lotte, during=wishes)
    with clock.stopped_at(tuesday + timedelta(minutes=16)):
        assert around(all_of_it().get()) == {lotte.pk, thomas.pk, sara.pk}


def test_who_wanted_to_listen_and_could_not_is_told(had, lotte, sara, tuesday):
    def wishes(call):
        line.wish(actor=of_account(sara), what="listen", call=call)
        for each in line.take_wishes():
            line.answer_wish(each.pk, "busy")

    had(lotte, during=wishes)
    with clock.stopped_at(tuesday + timedelta(minutes=16)):
        assert around(all_of_it().get()) == {lotte.pk}


def test_other_calls_are_none(organisation, tuesday):
    room = Line(organisation)
    room.ends(room.rings(), "abandoned")
    with clock.stopped_at(tuesday + timedelta(hours=1)):
        assert not all_of_it().exists()
    assert Callback.objects.count() == 1
