"""The bar of the line, the page of a call and what comes of it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from quartier.audit.models import Entry
from quartier.console.tests.line_scene import Line
from quartier.intake.models import Contact, Draft
from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.team.access import of_account
from quartier.telephony import actions
from quartier.telephony.models import Call, Callback, Wish

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


# ---- the bar ----


def test_a_group_without_a_line_has_no_bar(page, lotte, tuesday):
    words = page(lotte, "board")
    assert 'id="line"' not in words
    assert reverse("line_callbacks") not in words


def test_where_i_stand_is_said_in_words(page, line, lotte):
    assert "You are not on the line." in page(lotte, "board")
    line.on(lotte, "fr", "nl")
    said = page(lotte, "line_bar")
    assert "You are available for the next call." in said
    assert "French, Dutch" in said
    line.stands(lotte, "paused", reason="missed")
    said = page(lotte, "line_bar")
    assert "You are paused because you did not answer." in said
    assert "I am back" in said
    line.stands(lotte, "paused", reason="meal")
    assert "You are paused: a meal." in page(lotte, "line_bar")
    line.stands(lotte, "wrap_up")
    assert "Ready again" in page(lotte, "line_bar")


def test_the_bar_costs_few_queries(signed_in, line, lotte, thomas, asked, django_assert_num_queries):
    line.on(lotte, "fr")
    client = signed_in(lotte)
    client.get(reverse("line_bar"))
    # Session, account, roles, organisation; then where I stand, what I wish, and how many wait to be called back.
    with django_assert_num_queries(8):
        client.get(reverse("line_bar"))
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    # The place of the caller, the look that is written down (two), colleagues, whether the line records; who is on the
    # call beside me, from whom it came, and whom I asked; danger that was heard and is open.
    with django_assert_num_queries(15):
        client.get(reverse("line_bar"))


def test_who_rings_is_shown_to_who_is_rung_and_to_nobody_else(page, line, lotte, thomas, asked):
    asked("groceries")
    Person.objects.update(phone_is_shared=True)
    line.on(lotte, "fr")
    line.on(thomas, "fr")
    call = line.calls(waited=timedelta(minutes=3))
    line.rings(call, lotte)
    said = page(lotte, "line_bar")
    for words in ("French, 1050 Ixelles", "Marie Peeters", "known", "waited 3 min", "shared phone", "Answer"):
        assert words in said
    assert "Marie" not in page(thomas, "line_bar")
    assert Entry.objects.filter(verb="person.look", actor_id=lotte.pk).exists()


def test_a_number_that_is_withheld_and_one_that_nobody_knows(page, line, lotte):
    line.on(lotte, "fr")
    line.rings(line.calls(""), lotte)
    assert "The number is withheld" in page(lotte, "line_bar")
    line.rings(line.calls("+3220001431"), lotte)
    assert "No one is known under this number yet" in page(lotte, "line_bar")


def test_on_an_own_phone_there_is_nothing_to_press(page, line, lotte):
    line.on(lotte, "fr")
    line.stands(lotte, "ringing", call=line.calls(), own=True)
    said = page(lotte, "line_bar")
    assert "Press 1" in said
    assert "line-answer" not in said


def test_wishes_are_written_for_call_control(post, line, lotte, thomas):
    post(lotte, "line_wish", what="on", languages=["nl", "xx"], phone="own")
    wish = Wish.objects.get()
    assert (wish.what, wish.details) == ("on", {"languages": ["nl"], "own_phone": True})
    call = line.calls()
    post(lotte, "line_wish", what="transfer", call=call, to=thomas.pk)
    assert Wish.objects.filter(what="transfer", call=call, to=thomas.pk).exists()
    post(lotte, "line_wish", what="pause", reason="meal")
    assert Wish.objects.get(what="pause").details == {"reason": "meal"}


@pytest.mark.parametrize(
    "data", [{"what": "dance"}, {"what": "hold"}, {"what": "transfer"}, {"what": "end", "call": "x"}, {}]
)
def test_a_wish_that_makes_no_sense_is_none(post, line, lotte, data):
    post(lotte, "line_wish", status=404, **data)
    assert not Wish.objects.exists()


def test_only_a_coordinator_may_listen_and_nobody_hands_over_to_another_group(post, line, lotte, bram):
    call = line.calls()
    post(lotte, "line_wish", status=404, what="listen", call=call)
    post(lotte, "line_wish", status=404, what="transfer", call=call, to=bram.pk)


def test_a_wish_that_nobody_takes_and_one_that_is_refused(page, post, line, lotte, tuesday):
    post(lotte, "line_wish", what="on")
    assert "One moment" in page(lotte, "line_bar")
    with clock.stopped_at(tuesday + timedelta(seconds=8)):
        assert "is not answering at the moment" in page(lotte, "line_bar")
    (wish,) = actions.take_wishes()
    actions.answer_wish(wish.pk, "busy")
    assert "Your colleague is no longer free." in page(lotte, "line_bar")


def test_the_phone_gets_its_password_and_nothing_keeps_it(signed_in, line, lotte):
    answer = signed_in(lotte).post(reverse("line_credentials"))
    given = answer.json()
    assert given["wss_url"] == "wss://line.example.org"
    assert str(lotte.pk) in given["user"]
    assert given["password"]
    assert answer["Cache-Control"] == "no-store"
    assert signed_in(lotte).get(reverse("line_credentials")).status_code == 405


# ---- the page of a call ----


def test_the_form_of_a_call_begins_with_what_is_known(page, line, lotte, asked):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    words = page(lotte, "line_call", call)
    draft = Draft.objects.get()
    assert (draft.call_id, draft.account_id) == (call, lotte.pk)
    assert draft.answers["phone"] == "+3220001427"
    assert draft.answers["language"] == "fr"
    assert draft.answers["caller_name"] == "Marie Peeters"
    for said in ("Marie Peeters", "Rue du Page 42", "May be called back.", "Saved at"):
        assert said in words
    page(lotte, "line_call", call)
    assert Draft.objects.count() == 1


def test_what_is_said_is_in_the_callers_language(page, line, lotte):
    call = line.calls(language="nl")
    line.moves(call, "bridged", lotte, "nl")
    words = page(lotte, "line_call", call)
    assert "u spreekt met Lotte" in words
    assert "Speak slowly." in words


def test_a_colleague_sees_the_file_and_no_form(page, line, lotte, thomas, asked):
    asked("groceries")
    call = line.calls()
    line.talks(call, lotte)
    words = page(thomas, "line_call", call)
    assert "Lotte has this call and is writing here." in words
    assert 'id="intake"' not in words
    assert not Draft.objects.exists()


def test_the_form_goes_with_the_call_when_it_is_handed_over(page, line, lotte, thomas):
    from quartier.intake.actions import save_draft

    call = line.calls()
    line.talks(call, lotte)
    page(lotte, "line_call", call)
    save_draft(draft_id=Draft.objects.get().pk, answers={"words": "elle parle bas"})
    line.talks(call, thomas)
    assert "elle parle bas" in page(thomas, "line_call", call)
    assert Draft.objects.get().account_id == thomas.pk


def test_a_call_that_is_cut_off_keeps_its_form_and_goes_to_the_list(page, line, lotte):
    from quartier.intake.actions import save_draft

    call = line.calls()
    line.talks(call, lotte)
    page(lotte, "line_call", call)
    save_draft(draft_id=Draft.objects.get().pk, answers={"words": "ses médicaments"})
    line.ends(call, lotte, ring_back=True, why="cut_off")
    assert "ses médicaments" in page(lotte, "line_call", call)
    assert "Was cut off" in page(lotte, "line_callbacks")


def test_a_shared_phone_is_not_called_back_unasked(page, line, lotte, asked):
    asked("groceries")
    Person.objects.update(phone_is_shared=True)
    call = line.calls()
    line.talks(call, lotte)
    assert "Call back only when they ask for it." in page(lotte, "line_call", call)
    silent = line.calls("")
    line.talks(silent, lotte)
    assert "We cannot call back" in page(lotte, "line_call", silent)


@pytest.mark.usefixtures("work_is_done")
def test_the_queries_of_the_page_do_not_grow(signed_in, line, lotte, asked, django_assert_max_num_queries):
    asked("groceries")
    for _ in range(4):
        asked("pharmacy")
        line.ends(line.calls(), lotte)
    call = line.calls()
    line.talks(call, lotte)
    client = signed_in(lotte)
    client.get(reverse("line_call", args=[call]))
    with django_assert_max_num_queries(52):
        client.get(reverse("line_call", args=[call]))


# ---- afterwards ----


def talked(line, account, number="+3220001427"):
    call = line.calls(number)
    line.talks(call, account)
    line.ends(call, account)
    return call


def test_nothing_more_is_needed(page, post, line, lotte, asked):
    asked("groceries")
    call = talked(line, lotte)
    answer = post(
        lotte, "line_note", call, **{"after-came": "nothing", "after-note": "elle va mieux"}, ready="1"
    )
    assert answer["Location"] == reverse("board")
    assert Contact.objects.filter(taken_by=lotte).get().words == "elle va mieux"
    assert Wish.objects.get().what == "resume"
    assert Entry.objects.get(verb="call.note").details == {"came": "nothing"}


def test_a_call_back_is_promised_for_a_time(post, line, lotte, tuesday):
    call = talked(line, lotte)
    post(lotte, "line_note", call, **{"after-came": "callback", "after-at": "15.30", "after-note": "voisine"})
    row = Callback.objects.get()
    assert row.due_at == tuesday + timedelta(hours=4, minutes=30)
    assert (row.why, row.note) == ("promised", "voisine")
    post(lotte, "line_note", call, **{"after-came": "callback", "after-at": "8.30"})
    row.refresh_from_db()
    assert row.due_at == tuesday + timedelta(days=1, hours=-2, minutes=-30)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"after-came": "referred"},
        {"after-came": "callback", "after-at": "25.99"},
        {"after-came": "callback", "after-day": "31/2"},
        {"after-came": "callback", "after-day": "2020-01-01"},
        {"after-came": "nothing", "after-note": "x" * 2001},
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(post, line, lotte, data):
    call = talked(line, lotte)
    note = data.get("after-note", "ce que j’ai écrit")
    answer = post(lotte, "line_note", call, status=422, **{**data, "after-note": note})
    assert note in answer.content.decode()
    assert not Callback.objects.exists()


def test_without_a_number_nobody_is_promised_a_call(post, line, lotte):
    call = talked(line, lotte, "")
    answer = post(lotte, "line_note", call, status=422, **{"after-came": "callback"})
    assert "There is no number to call back." in answer.content.decode()


def test_words_about_somebody_unknown_stay_at_the_call(page, post, line, lotte):
    call = line.calls("+3220001433")
    line.talks(call, lotte)
    page(lotte, "line_call", call)
    line.ends(call, lotte)
    data = {"after-came": "referred", "after-service": "CPAS d’Ixelles", "after-note": "loyer"}
    post(lotte, "line_note", call, **data)
    row = Call.objects.get(pk=call)
    assert (row.noted, row.note) == ("referred", "CPAS d’Ixelles: loyer")
    # A form in which nobody has typed goes away.
    assert not Draft.objects.exists()
    # Who speaks with them next reads it.
    again = line.calls("+3220001433")
    line.talks(again, lotte)
    said = page(lotte, "line_call", again)
    assert "Referred to another service" in said
    assert "CPAS d’Ixelles: loyer" in said
    assert reverse("line_call", args=[call]) in said


def test_said_twice_it_is_one_contact_and_the_newest_words_stay(post, line, lotte, asked):
    asked("groceries")
    call = talked(line, lotte)
    for came, words in (("nothing", "elle va mieux"), ("listened", "elle va mieux"), ("listened", "")):
        post(lotte, "line_note", call, **{"after-came": came, "after-note": words})
    row = Call.objects.get(pk=call)
    assert (row.noted, row.note) == ("listened", "elle va mieux")
    assert Contact.objects.filter(taken_by=lotte).count() == 1


def test_a_request_that_was_taken_is_what_came_of_it(post, line, lotte):
    call = talked(line, lotte)
    actions.note_call(actor=of_account(lotte), call=Call.objects.get(pk=call), noted="request")
    post(lotte, "line_note", call, **{"after-came": "nothing", "after-note": "chien"})
    assert (Call.objects.get(pk=call).noted, Call.objects.get(pk=call).note) == ("request", "chien")
    post(lotte, "line_note", call, **{"after-came": "referred", "after-service": "CPAS"})
    assert Call.objects.get(pk=call).noted == "referred"


def test_only_who_had_the_call_says_what_came_of_it(post, line, lotte, thomas):
    post(thomas, "line_note", talked(line, lotte), status=404, **{"after-came": "nothing"})


# ---- risk ----


def test_risk_heard_shows_numbers_and_tells_the_team_one_after_the_other(post, line, lotte, thomas, sara):
    call = line.calls(language="nl")
    line.moves(call, "bridged", lotte, "nl")
    answer = post(lotte, "line_risk", call, status=200)
    words = answer.content.decode()
    for said in ("Bent u nu veilig?", "1813", "112", "Told: Thomas."):
        assert said in words
    assert "0800 32 123" not in words.split("risk-parts")[1].split("</section>")[0]
    post(lotte, "line_risk", call, status=200)
    assert [each.person.name for each in Message.objects.filter(template="risk_heard")] == ["Thomas"]
    assert Entry.objects.filter(verb="alert.raise").count() == 2
    for message in Message.objects.all():
        assert "Peeters" not in message.body


def test_when_no_coordinator_can_be_written_to_the_page_says_so(post, line, lotte, thomas):
    Person.objects.filter(account=thomas).update(channel="call")
    call = line.calls()
    line.talks(call, lotte)
    words = post(lotte, "line_risk", call, status=200).content.decode()
    assert "call one yourself" in words


def test_two_requests_in_one_call(page, signed_in, line, lotte):
    from quartier.intake.actions import finish_draft

    call = line.calls()
    line.talks(call, lotte)
    page(lotte, "line_call", call)
    finish_draft(draft=Draft.objects.get(), result=call)
    words = page(lotte, "line_call", call)
    assert "They need something else too" in words
    assert "Written down today at 11 am" in words
    again = signed_in(lotte).get(reverse("line_call", args=[call]), {"again": "1"}).content.decode()
    assert 'id="intake"' in again
    assert Draft.objects.filter(call=call, submitted_at=None).count() == 1


def test_after_a_wish_without_a_script_one_is_where_one_was(signed_in, line, lotte):
    for came_from, goes_to in (
        ("http://testserver/fr/console/map/", "http://testserver/fr/console/map/"),
        ("https://elsewhere.example.org/", reverse("board")),
    ):
        answer = signed_in(lotte).post(reverse("line_wish"), {"what": "off"}, headers={"Referer": came_from})
        assert answer["Location"] == goes_to
