"""How a call stands, in the words of the bar, for whoever has it and for the colleague who is asked."""

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
def bar(signed_in):
    def read(account):
        answer = signed_in(account).get(reverse("line_bar"))
        assert answer.status_code == 200
        return " ".join(answer.content.decode().replace("\u00a0", " ").split())

    return read


def asks(line, call, one, other, what="consult"):
    """One wishes for the other, whose phone rings."""
    actions.wish(actor=of_account(one), what=what, call=call, to=other.pk)
    line.takes()
    if what == "transfer":
        line.moves(call, "transferring")
        line.stands(one, "wrap_up")
    else:
        line.moves(call, "consulting", one)
    line.stands(other, "ringing", call=call)


def test_the_bar_names_who_is_asked_and_whether_they_have_answered(bar, line, lotte, thomas, asked):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    asks(line, call, lotte, thomas)
    assert "Thomas’s phone is ringing; meanwhile the caller waits" in bar(lotte)
    assert "Lotte asks for your advice" in bar(thomas)
    line.stands(thomas, "in_call", call=call)
    assert "on hold while you talk to Thomas" in bar(lotte)
    assert "Lotte asks for your advice" in bar(thomas)
    asks(line, call, lotte, thomas, "third")
    line.stands(thomas, "in_call", call=call)
    assert "together with Thomas" in bar(lotte)
    assert "you are on the call of Lotte" in bar(thomas)


def test_whoever_is_asked_reads_by_whom_about_whom_and_whether_they_are_heard(
    bar, line, lotte, thomas, sara, asked
):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    line.stands(sara, "in_call", call=call)
    asks(line, call, lotte, thomas)
    assert "line-asked" not in bar(thomas)
    line.stands(thomas, "in_call", call=call)
    said = bar(thomas)
    assert "Lotte asks for your advice, since 11 am." in said
    assert "Marie Peeters is on hold with music meanwhile, and does not hear you." in said
    # Neither whoever asks, nor whoever listens to the call.
    assert "line-asked" not in bar(lotte)
    assert "line-asked" not in bar(sara)
    asks(line, call, lotte, thomas, "third")
    line.stands(thomas, "in_call", call=call)
    said = bar(thomas)
    assert "Lotte asked you to join in at 11 am." in said
    assert "Marie Peeters hears you too." in said
    # The call is theirs: nobody asks any more.
    line.moves(call, "bridged", thomas)
    assert "asked you to join" not in bar(thomas)


def test_the_script_of_whoever_is_asked_speaks_with_the_colleague(
    signed_in, line, lotte, thomas, sara, asked
):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    line.stands(sara, "in_call", call=call)

    def script(account):
        page = signed_in(account).get(reverse("line_call", args=[call])).content.decode()
        return " ".join(page.replace("\u00a0", " ").partition('id="script"')[2].split())

    asks(line, call, lotte, thomas)
    line.stands(thomas, "in_call", call=call)
    said = script(thomas)
    assert "Am I speaking to Marie Peeters?" not in said
    assert "suis-je bien" not in said.lower()
    assert "This is Thomas. What is it about?" in said
    assert "Lotte asks for your advice, since 11 am." in said
    assert "Marie Peeters is on hold with music meanwhile, and does not hear you." in said
    # Whoever asks, and whoever listens, read what is said to the caller.
    for other in (lotte, sara):
        assert "What is it about?" not in script(other)
        assert "Read back" in script(other)
    asks(line, call, lotte, thomas, "third")
    line.stands(thomas, "in_call", call=call)
    said = script(thomas)
    assert "Thomas. Lotte m’a demandé" in said, "the caller hears it in their language"
    assert "Marie Peeters hears you too." in said
    line.moves(call, "bridged", thomas)
    assert "Read back" in script(thomas)


def test_whoever_is_asked_about_somebody_unknown_reads_the_number(bar, line, lotte, thomas):
    for number, whom in (("+3220001499", "02 000 14 99"), ("", "The caller")):
        call = line.calls(number)
        line.talks(call, lotte)
        asks(line, call, lotte, thomas)
        line.stands(thomas, "in_call", call=call)
        assert f"{whom} is on hold with music meanwhile" in bar(thomas)


def test_whoever_listens_is_not_taken_for_whom_one_asks(bar, line, lotte, thomas, sara, asked):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    line.stands(sara, "in_call", call=call)
    clock.advance(timedelta(seconds=9))
    asks(line, call, lotte, thomas)
    assert "Thomas’s phone is ringing; meanwhile the caller waits" in bar(lotte)
    clock.advance(timedelta(seconds=9))
    line.stands(thomas, "in_call", call=call)
    assert "on hold while you talk to Thomas" in bar(lotte)


@pytest.mark.parametrize(
    ("standing", "reason", "said"),
    [
        ("paused", "missed", "Thomas did not answer. The caller hears you."),
        ("paused", "declined", "Thomas cannot come now. The caller hears you."),
        ("available", "unreachable", "Thomas could not be reached. The caller hears you."),
        ("paused", "unreachable", "Thomas could not be reached. The caller hears you."),
    ],
)
def test_who_did_not_come_is_said_until_something_else(
    bar, line, lotte, thomas, asked, standing, reason, said
):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    asks(line, call, lotte, thomas)
    assert said not in bar(lotte)
    line.stands(thomas, standing, reason=reason)
    line.moves(call, "bridged", lotte)
    assert said in bar(lotte)
    actions.wish(actor=of_account(lotte), what="hold", call=call)
    assert said not in bar(lotte)


def test_whoever_came_and_misses_another_call_afterwards_has_not_refused_this_one(
    bar, line, lotte, thomas, asked
):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    asks(line, call, lotte, thomas)
    line.stands(thomas, "in_call", call=call)
    clock.advance(timedelta(minutes=2))
    line.moves(call, "bridged", lotte)
    line.stands(thomas, "paused", reason="missed")
    assert "did not answer" not in bar(lotte)


def test_a_pause_of_before_is_no_answer(bar, line, lotte, thomas, asked):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    asks(line, call, lotte, thomas)
    line.stands(thomas, "available")
    line.moves(call, "bridged", lotte)
    assert "The caller hears you." not in bar(lotte)


def test_whoever_declined_reads_so(bar, line, thomas):
    line.stands(thomas, "paused", reason="declined")
    assert "You are paused because you declined the call." in bar(thomas)


def test_whoever_was_not_reached_reads_so_once_they_are_paused_for_it(bar, line, thomas):
    line.stands(thomas, "available", reason="unreachable")
    assert "You are available for the next call." in bar(thomas)
    line.stands(thomas, "paused", reason="unreachable")
    assert "You are paused because your phone could not be reached." in bar(thomas)


def test_a_call_handed_over_goes_on_with_the_colleague(bar, line, lotte, thomas, asked):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    asks(line, call, lotte, thomas, "transfer")
    assert "The call goes on to someone else: time for your notes." in bar(lotte)
    assert "From Lotte" in bar(thomas)
    line.talks(call, thomas)
    assert "Thomas has the call now: time for your notes." in bar(lotte)
    assert "from Lotte" in bar(thomas)
    line.ends(call, thomas)
    assert "The call has ended: time for your notes." in bar(lotte)


def test_a_call_that_we_make_counts_from_their_answer(bar, line, organisation, lotte):
    from uuid import uuid4

    call, began = uuid4(), clock.now()
    actions.call_began(
        organisation=organisation, call_id=call, direction="out", number="+3220001427", at=began
    )
    line.rings(call, lotte)
    line.moves(call, "dialling")
    assert "Your phone rings first, then theirs" in bar(lotte)
    line.talks(call, lotte, "calling")
    assert "their phone is ringing" in bar(lotte)
    with clock.stopped_at(began.replace(second=19)):
        line.moves(call, "bridged", lotte)
        words = bar(lotte)
    assert "phone is ringing" not in words
    assert f'data-since-s="{began.replace(second=19).isoformat()}"' in words


def test_a_page_can_ask_whether_its_bar_still_shows_what_is_so(signed_in, line, lotte, thomas, asked):
    from quartier.audit.models import Entry

    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    client = signed_in(lotte)

    def mark():
        return client.get(reverse("line_bar")).content.decode().split('data-mark="')[1].split('"')[0]

    def is_so(seen):
        return client.get(reverse("line_bar"), {"seen": seen}).status_code == 204

    seen = mark()
    looks = Entry.objects.filter(verb="person.look").count()
    assert is_so(seen)
    asks(line, call, lotte, thomas)
    assert not is_so(seen)
    assert Entry.objects.filter(verb="person.look").count() == looks
    # What changes is the colleague alone: nothing of Lotte's, and nothing of the call.
    seen = mark()
    line.stands(thomas, "in_call", call=call)
    assert not is_so(seen)
    assert is_so(mark())
    line.stands(lotte, "wrap_up")
    seen = mark()
    line.moves(call, "bridged", thomas)
    assert not is_so(seen)
    assert is_so(mark())


def test_a_colleague_who_does_not_speak_with_the_caller_is_marked(bar, signed_in, line, lotte, thomas):
    line.on(thomas, "fr")
    call = line.calls(language="nl")
    line.talks(call, lotte)
    line.moves(call, "bridged", lotte, language="nl")
    warned = "Does not speak the caller’s language (Dutch)"
    said = signed_in(lotte).get(reverse("line_colleagues")).content.decode()
    assert warned in said
    assert "Ask for advice" in said
    assert warned in bar(lotte)
    line.on(thomas, "fr", "nl")
    assert warned not in bar(lotte)


def test_the_time_of_a_call_counts_from_its_beginning_whatever_page_comes_again(bar, line, lotte):
    call = line.calls()
    began = line.talks(call, lotte).answered_at
    clock.advance(timedelta(minutes=7))
    # The tab was closed, or loaded again on hold: call control has found them once more.
    line.stands(lotte, "available")
    line.talks(call, lotte, "held")
    assert f'data-since-s="{began.isoformat()}"' in bar(lotte)
