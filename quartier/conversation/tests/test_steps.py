"""On the way, and done, by text; long before the time it is asked once, and whoever waits hears nothing of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from quartier.conversation.models import ToRead
from quartier.conversation.step_words import StepSaid, VisitStep, step_said
from quartier.conversation.tests.conftest import MARIE, YOUSSEF
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.messaging import actions as messaging
from quartier.messaging.models import Message
from quartier.team.access import of_account
from quartier.visits import actions as visits
from quartier.visits.models import Assignment

pytestmark = [pytest.mark.django_db, pytest.mark.either]
STATE = Assignment.State


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("JE PARS 42", StepSaid(VisitStep.ON_WAY, 42)),
        ("Bonjour, je suis en route, merci", StepSaid(VisitStep.ON_WAY)),
        ("ik ben onderweg nr 642", StepSaid(VisitStep.ON_WAY, 642)),
        ("Ich mache mich jetzt auf den Weg", StepSaid(VisitStep.ON_WAY)),
        ("I’m on my way 42!", StepSaid(VisitStep.ON_WAY, 42)),
        ("FAIT 42", StepSaid(VisitStep.DONE, 42)),
        ("Voilà, c’est fait", StepSaid(VisitStep.DONE)),
        ("42 klaar", StepSaid(VisitStep.DONE, 42)),
        ("Ist erledigt. Danke", StepSaid(VisitStep.DONE)),
        ("It’s done", StepSaid(VisitStep.DONE)),
        ("Fertig, alles erledigt", StepSaid(VisitStep.DONE)),
        ("C’est fait. Terminé", StepSaid(VisitStep.DONE)),
        ("Bin unterwegs, fertig", None),
        ("je pars dans 45 minutes", None),
        ("je pars demain", None),
        ("je pars à 14", None),
        ("pas fait 42", None),
        ("niet klaar", None),
        ("c’est fait ?", None),
        ("fait 42 43", None),
        ("je pars, la voisine a l’air malade", None),
        ("bien fait 42", None),
        ("goed gedaan!", None),
        ("Guten Morgen, ich gehe jetzt los", StepSaid(VisitStep.ON_WAY)),
        ("Goedemorgen, ik ben net vertrokken", StepSaid(VisitStep.ON_WAY)),
        ("ik vertrek morgen", None),
        ("Ich fahre morgen los", None),
        ("Ich gehe morgen Abend los", None),
        ("Helaas, ik ben weg", None),
        ("Leider bin ich unterwegs", None),
        ("Désolé, je m’en vais", None),
        ("Sorry, I’m leaving", None),
        ("Weg", None),
        ("morgen klaar", None),
        ("ist morgen erledigt", None),
        ("bin net fertig", None),
        ("Au fait", None),
        ("En fait, désolé", None),
        ("prima gedaan", None),
        ("schön gemacht", None),
        ("het is gebeurd", None),
        ("ik ga 42", None),
        ("oui 42", None),
        ("42", None),
        ("merci", None),
        ("", None),
    ],
)
def test_what_says_a_step_and_nothing_else(typed, said):
    assert step_said(typed) == said


@pytest.fixture
def visit(street, text, post, on_phone):
    """Youssef goes to Marie tomorrow, and both have phones. `visit.at(hours)`: so long before the time agreed."""

    def go(kind="groceries", **wanted):
        start = clock.now() + timedelta(days=1)
        window = {"window_from": start, "window_until": start + timedelta(hours=2)}
        request = street.offer(kind, **(window | wanted))
        on_phone(request.case.person, MARIE)
        post()
        text(YOUSSEF, f"oui {street.number(request)}")
        post()
        return Assignment.objects.get(request=request), street.number(request)

    return go


def told_marie(post):
    return [body for body in post(MARIE) if "en route" in body]


def state(visit):
    visit.refresh_from_db()
    return visit.state


def test_near_the_time_it_is_taken_at_once(visit, text, post):
    one, number = visit()
    with clock.stopped_at(one.comes_from - timedelta(hours=1)):
        row = text(YOUSSEF, f"JE PARS {number}")
        assert (state(one), row.meaning, row.answer.template) == (STATE.ON_WAY, "yes", "step_on_way")
        assert told_marie(post)
        row = text(YOUSSEF, "c’est fait")
        assert (state(one), row.answer.template) == (STATE.DONE, "step_done")
    assert not ToRead.objects.exists()


@pytest.mark.parametrize("confirms", ["OUI {}", "oui", "je pars", "JE PARS {}"])
def test_long_before_it_is_asked_once(visit, text, post, confirms):
    one, number = visit()
    row = text(YOUSSEF, f"je pars {number}")
    assert (state(one), row.answer.template) == (STATE.ACCEPTED, "step_early_on_way")
    asked = post(YOUSSEF)[-1].replace("\xa0", " ")
    assert f"vous partez déjà maintenant ? Répondez OUI {number}" in asked
    assert not told_marie(post)
    with clock.stopped_at(clock.now() + timedelta(minutes=2)):
        row = text(YOUSSEF, confirms.format(number))
        assert (state(one), row.answer.template) == (STATE.ON_WAY, "step_on_way")
        assert told_marie(post)


def test_no_leaves_everything_as_it_is_and_it_is_asked_again(visit, text, post):
    one, number = visit()
    text(YOUSSEF, f"fait {number}")
    post()
    with clock.stopped_at(clock.now() + timedelta(minutes=2)):
        row = text(YOUSSEF, f"non {number}")
        assert (state(one), row.answer.template) == (STATE.ACCEPTED, "step_not_yet")
        post()
    with clock.stopped_at(clock.now() + timedelta(minutes=4)):
        assert text(YOUSSEF, f"fait {number}").answer.template == "step_early_done"
    assert not ToRead.objects.exists()
    assert not told_marie(post)


def test_a_text_that_came_twice_is_no_answer_to_the_question(visit, text, post):
    one, number = visit()
    text(YOUSSEF, f"je pars {number}")
    row = text(YOUSSEF, f"je pars {number}")
    assert (state(one), row.answer.template) == (STATE.ACCEPTED, "step_early_on_way")


def test_a_yes_to_one_step_is_none_to_the_other(visit, text, post):
    one, number = visit()
    text(YOUSSEF, f"je pars {number}")
    post()
    with clock.stopped_at(clock.now() + timedelta(minutes=2)):
        row = text(YOUSSEF, f"fait {number}")
    assert (state(one), row.answer.template) == (STATE.ACCEPTED, "step_early_done")


def test_a_no_that_says_more_is_read_by_the_team(visit, text, post):
    _one, number = visit()
    text(YOUSSEF, f"je pars {number}")
    post()
    with clock.stopped_at(clock.now() + timedelta(minutes=2)):
        row = text(YOUSSEF, f"non {number}, ma mère est malade")
    assert row.answer.template != "step_not_yet"
    assert ToRead.objects.exists()


def test_done_by_text_is_taken_back_on_the_page(visit, text, post, client):
    one, number = visit()
    with clock.stopped_at(one.comes_from):
        text(YOUSSEF, f"fait {number}")
        with translation.override("fr"):
            link = reverse("offer_link", args=[matching.token_of(one.offer)])
        assert link in post(YOUSSEF)[-1]
        client.post(link, {"do": "undo_done"})
        assert state(one) == STATE.ACCEPTED


def test_with_several_visits_it_is_asked_which(visit, text, post, street):
    visits = [visit(kind) for kind in ("groceries", "pharmacy")]
    row = text(YOUSSEF, "je pars")
    assert row.answer.template == "step_which"
    body = post(YOUSSEF)[-1]
    for _one, number in visits:
        assert str(number) in body
    assert {state(one) for one, _number in visits} == {STATE.ACCEPTED}


def test_of_several_the_one_whose_time_it_is_is_meant(visit, text, post):
    near, _number = visit("groceries")
    later = clock.now() + timedelta(days=3)
    far, _number = visit("pharmacy", window_from=later, window_until=later + timedelta(hours=2))
    with clock.stopped_at(near.comes_from):
        text(YOUSSEF, "je pars")
        assert (state(near), state(far)) == (STATE.ON_WAY, STATE.ACCEPTED)


@pytest.mark.parametrize("said", ["ik ben klaar", "fertig {}"])
def test_ready_is_not_done_before_it_begins(visit, text, post, said):
    one, number = visit()
    with clock.stopped_at(one.comes_from - timedelta(minutes=10)):
        row = text(YOUSSEF, said.format(number))
        assert (state(one), row.answer.template) == (STATE.ACCEPTED, "step_early_done")
        post()
    with clock.stopped_at(one.comes_from - timedelta(minutes=8)):
        assert text(YOUSSEF, f"oui {number}").answer.template == "step_done"
    assert state(one) == STATE.DONE


@pytest.mark.parametrize("before", [timedelta(hours=10), timedelta(hours=1)])
def test_said_once_more_it_was_noted_before(visit, text, post, before):
    one, number = visit()
    Assignment.objects.filter(pk=one.pk).update(state=STATE.ON_WAY, on_way_at=one.comes_from - before)
    with clock.stopped_at(one.comes_from - before):
        row = text(YOUSSEF, f"je pars {number}")
        assert (state(one), row.answer.template) == (STATE.ON_WAY, "step_noted")
        assert not told_marie(post)


def test_after_an_offer_it_may_be_its_answer(visit, text, post, street):
    one, number = visit()
    with clock.stopped_at(one.comes_from - timedelta(hours=1)):
        street.offer("pharmacy")
        post()
        row = text(YOUSSEF, "Bin unterwegs")
        assert (state(one), row.answer.template) == (STATE.ACCEPTED, "step_which")
        assert str(number) in post(YOUSSEF)[-1]
        assert text(YOUSSEF, f"bin unterwegs {number}").answer.template == "step_on_way"
    assert state(one) == STATE.ON_WAY


@pytest.mark.parametrize(("typed", "after"), [("c’est fait", 0), ("Bin unterwegs", 40)])
def test_an_offer_hides_no_visit_whose_time_it_is(visit, text, post, street, typed, after):
    one, _number = visit()
    with clock.stopped_at(one.comes_from + timedelta(minutes=10)):
        street.offer("pharmacy")
        post()
        clock.advance(timedelta(minutes=after))
        assert text(YOUSSEF, typed).answer.template in {"step_done", "step_on_way"}


def test_whoever_does_not_go_anywhere_says_nothing_with_it(street, text, post):
    row = text(YOUSSEF, "c’est fait")
    assert not Message.objects.filter(template__startswith="step_").exists()
    assert row.meaning == "words"


@pytest.mark.parametrize(("language", "words"), [("nl", "JA"), ("de", "JA"), ("en", "YES")])
def test_it_is_asked_in_their_language(visit, text, post, street, on_phone, language, words):
    one, number = visit()
    on_phone(street.youssef.person, YOUSSEF, language=language)
    text(YOUSSEF, f"done {number}")
    assert f"{words} {number}" in post(YOUSSEF)[-1]
    assert state(one) == STATE.ACCEPTED


IN_THEIR_LANGUAGE = {"fr": "JE PARS {}", "nl": "ONDERWEG {}", "de": "UNTERWEGS {}", "en": "ON MY WAY {}"}


@pytest.mark.parametrize("language", IN_THEIR_LANGUAGE)
def test_a_yes_by_text_hears_how_to_say_that_they_set_out(street, text, post, on_phone, language):
    request = street.offer()
    on_phone(street.youssef.person, YOUSSEF, language=language)
    post()
    number = street.number(request)
    row = text(YOUSSEF, f"oui {number}")
    words = IN_THEIR_LANGUAGE[language].format(number)
    assert words in post(YOUSSEF)[-1]
    assert row.answer.template == "accepted"
    assert step_said(words) == StepSaid(VisitStep.ON_WAY, number)
    # It is the number of their offer: one number, one visit.
    one = Assignment.objects.get(request=request)
    with clock.stopped_at(one.comes_from):
        text(YOUSSEF, words)
    assert state(one) == STATE.ON_WAY


def test_who_says_yes_on_their_page_reads_of_the_page(street, post):
    request = street.offer()
    offer = Offer.objects.get(request=request, volunteer=street.youssef)
    visits.accept_offer(actor=of_account(street.youssef.person.account), offer=offer)
    said = post(YOUSSEF)
    assert any("Adresse et numéro" in body for body in said)
    assert not any("JE PARS" in body for body in said)


def test_where_texts_cannot_be_answered_nothing_asks_for_one(street, monkeypatch):
    request = street.offer()
    monkeypatch.setattr(messaging.codes, "can_be_answered", lambda: False)
    offer = Offer.objects.get(request=request, volunteer=street.youssef)
    actor = of_account(street.youssef.person.account)
    visits.accept_offer(actor=actor, offer=offer, answers_by_text=True)
    message = Message.objects.get(template="accepted", person=street.youssef.person)
    assert "JE PARS" not in message.body
    assert "Adresse et numéro" in message.body


def test_a_chat_has_no_buttons_for_what_is_said_in_words(street, organisation, monkeypatch):
    monkeypatch.setattr(messaging.chats, "ways", lambda people: {pk: ["telegram"] for pk in people})
    request = street.offer()
    offer = Offer.objects.get(request=request, volunteer=street.youssef)
    actor = of_account(street.youssef.person.account)
    visits.accept_offer(actor=actor, offer=offer, answers_by_text=True)
    message = Message.objects.get(template="accepted", person=street.youssef.person)
    assert (message.channel, message.answer_code) == ("telegram", None)


def test_done_with_the_number_of_an_open_offer_is_asked_back(street, text, post):
    request = street.offer()
    post()
    number = street.number(request)
    row = text(YOUSSEF, f"FERTIG {number}")
    assert row.answer.template == "reply_which"
    assert str(number) in row.answer.body
    assert ToRead.objects.filter(received=row).exists()
    assert not Assignment.objects.exists()


def test_done_with_a_number_that_is_none_of_theirs(street, text, post):
    request = street.offer()
    post()
    wrong = next(number for number in range(32, 100) if number != street.number(request))
    assert text(YOUSSEF, f"fertig {wrong}").answer.template == "reply_unknown"
