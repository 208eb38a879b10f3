"""Everything that is no answer: to the other one of a visit, to the file, to the team; and machines."""

from datetime import timedelta

import pytest

from quartier.audit.models import Entry
from quartier.cases.models import CaseContact
from quartier.conversation import actions, queries
from quartier.conversation.models import ToRead
from quartier.conversation.tests.conftest import MARIE, NADIA, STRANGER, YOUSSEF
from quartier.intake.models import Contact
from quartier.lib import clock
from quartier.messaging.models import Message, Received
from quartier.people.models import Person
from quartier.promises.models import Promise
from quartier.team.access import system
from quartier.visits import actions as visits
from quartier.visits.models import Assignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(street, text, post, on_phone):
    """Youssef goes to Marie; both have phones."""
    request = street.offer()
    on_phone(request.case.person, MARIE)
    post()
    text(YOUSSEF, f"oui {street.number(request)}")
    post()
    clock.advance(timedelta(minutes=20))
    return Assignment.objects.select_related("request__case", "organisation").get()


def test_both_reach_each_other_and_neither_sees_a_number(visit, text, post):
    row = text(YOUSSEF, "Bonjour, je suis là dans 10 minutes. Mon numéro : 0400 00 10 01 ou y@example.org")
    assert (row.meaning, row.about) == ("relayed", visit.pk)
    got = post(MARIE)[-1]
    assert got == "Youssef vous écrit : Bonjour, je suis là dans 10 minutes. Mon numéro : ... ou ..."
    text(MARIE, "Merci, je vous attends")
    assert post(YOUSSEF)[-1] == "Marie vous écrit : Merci, je vous attends"
    assert not ToRead.objects.exists()
    said = [line.words for line in queries.thread(system(visit.organisation), case_id=visit.request.case_id)]
    assert any("0400 00 10 01" in words for words in said)
    assert "Merci, je vous attends" in said


def test_a_bare_yes_to_the_other_one_goes_to_the_other_one(visit, street, text, post):
    street.offer("pharmacy", name="Jeanne")
    post()
    clock.advance(timedelta(minutes=1))
    text(MARIE, "Vous venez à 18 h ?")
    post()
    clock.advance(timedelta(minutes=1))
    row = text(YOUSSEF, "Oui")
    assert row.meaning == "relayed"
    assert Assignment.objects.count() == 1


@pytest.mark.parametrize(
    "words",
    [
        "Guten Tag, hier die Tochter. Meine Mutter ist gestern Abend gestorben. Bitte niemanden mehr schicken.",
        "Ma mère est décédée cette nuit, n’envoyez plus personne",
        "Moeder is vannacht overleden",
        "My mother passed away last night. Please don’t send anyone.",
    ],
)
def test_that_somebody_died_is_read_by_the_team_too(visit, text, post, words):
    row = text(MARIE, words)
    assert row.meaning == "relayed"
    unread = ToRead.objects.get(received=row, case=visit.request.case)
    assert Promise.objects.get(subject_id=unread.pk).urgent
    assert post(MARIE)[-1].startswith("Merci, nous avons")


@pytest.mark.parametrize("words", ["Le voisin dit que Madame est décédée", "Frau Weber ist gestorben"])
def test_who_goes_and_hears_of_a_death_is_read_by_the_team(visit, text, words):
    row = text(YOUSSEF, words)
    assert row.meaning == "relayed"
    assert Promise.objects.get(subject_id=ToRead.objects.get(received=row).pk).urgent


@pytest.mark.parametrize("words", ["Tot straks", "Je suis morte de fatigue", "Es war niemand mehr da"])
def test_what_only_sounds_like_it_is_for_the_neighbour_alone(visit, text, words):
    assert text(MARIE, words).meaning == "relayed"
    assert not ToRead.objects.exists()


def test_who_left_has_not_died(visit, text):
    assert text(MARIE, "Ma fille est partie hier").meaning == "relayed"
    assert not ToRead.objects.exists()


@pytest.mark.parametrize("words", ["Mon mari est mort en 2010", "Mein Mann ist vor 3 Jahren verstorben"])
def test_a_death_of_long_ago_wakes_nobody(visit, text, words):
    row = text(MARIE, words)
    assert not Promise.objects.get(subject_id=ToRead.objects.get(received=row).pk).urgent


@pytest.mark.parametrize(
    "words",
    [
        "Kann doch nicht kommen, bin krank",
        "Je ne peux pas venir, je suis malade",
        "I can't come after all, sorry",
    ],
)
def test_who_cannot_come_after_all_is_read_by_the_team(visit, text, post, words):
    row = text(YOUSSEF, words)
    assert (row.meaning, ToRead.objects.get().received_id) == ("relayed", row.pk)
    assert "On compte toujours sur vous" in post(YOUSSEF)[-1]


@pytest.mark.parametrize("words", ["Nein, kein Problem", "Je ne peux pas me garer, j’arrive dans 10 minutes"])
def test_what_only_sounds_like_a_refusal_is_not(visit, text, words):
    assert text(YOUSSEF, words).meaning == "relayed"
    assert not ToRead.objects.exists()


def test_nothing_passes_when_the_visit_is_over(visit, text, post):

    visits.done(actor=system(visit.organisation), assignment=visit)
    before = len(post(MARIE))
    row = text(YOUSSEF, "J'ai oublié mon sac chez vous")
    assert row.meaning == "words"
    assert len(post(MARIE)) == before
    assert ToRead.objects.get().received_id == row.pk


def test_who_can_only_be_called_is_called_by_the_team(visit, text, post, on_phone):
    on_phone(visit.request.case.person, "+3220001427", channel="call")
    row = text(YOUSSEF, "Je serai un peu en retard")
    assert (row.meaning, row.answer.template) == ("words", "heard")
    assert ToRead.objects.get().case_id == visit.request.case_id


def test_with_several_visits_the_team_has_it(visit, street, text, post):
    other = street.offer("pharmacy", name="Jeanne")
    post()
    text(YOUSSEF, f"oui {street.number(other)}")
    clock.advance(timedelta(minutes=20))
    row = text(YOUSSEF, "Je serai en retard")
    assert (row.meaning, row.answer.template) == ("words", "relay_call")
    assert ToRead.objects.get().received_id == row.pk


def test_a_long_text_is_cut_and_read(visit, text, post):
    row = text(YOUSSEF, "très long " * 160)
    assert row.meaning == "relayed"
    assert len(post(MARIE)[-1]) < 520
    assert ToRead.objects.get().received_id == row.pk
    assert len(row.body) == 1600


@pytest.mark.parametrize(
    "body", ["😀😀 à tout de suite", "أنا قادم الآن", "\u202eabc\u202c", "a\x00b", "é" * 1600, "\ud83d"]
)
def test_odd_letters_arrive(visit, text, post, body):
    before = len(post(MARIE))
    row = text(YOUSSEF, body)
    assert row.state == "settled"
    assert row.meaning in {"relayed", "words"}
    if row.meaning == "relayed":
        assert len(post(MARIE)) == before + 1
        assert "\u202e" not in row.answer.body


def test_words_go_to_the_file(street, text, post, on_phone):
    request = street.offer()
    on_phone(request.case.person, MARIE)
    row = text(MARIE, "La sonnette ne marche pas, merci")
    assert (row.meaning, row.about, row.answer.template) == ("words", request.case_id, "heard")
    waiting = queries.unread(system(request.organisation)).get()
    assert (waiting.case_id, waiting.received_id) == (request.case_id, row.pk)
    assert CaseContact.objects.get(contact=waiting.contact).case_id == request.case_id
    assert text(MARIE, "Et le code est 1234").answer is None
    assert Entry.objects.filter(verb="received.settle").count() == 2


def test_reading_ends_it(street, text, on_phone, organisation, lotte, bram):
    from quartier.team.access import of_account

    request = street.offer()
    on_phone(request.case.person, MARIE)
    text(MARIE, "La sonnette ne marche pas")
    waiting = queries.unread(system(organisation)).get()
    assert not actions.read(actor=of_account(bram), to_read=waiting)
    assert actions.read(actor=of_account(lotte), to_read=waiting)
    assert not actions.read(actor=of_account(lotte), to_read=waiting)
    assert not queries.unread(system(organisation)).exists()


def test_the_gate(street, text, on_phone, lotte, bram, youssef):
    from django.http import Http404

    from quartier.conversation import access
    from quartier.team.access import of_account

    request = street.offer()
    on_phone(request.case.person, MARIE)
    text(MARIE, "La sonnette ne marche pas")
    waiting = ToRead.objects.get()
    assert access.to_read_for(of_account(lotte), waiting.pk).pk == waiting.pk
    assert Entry.objects.filter(verb="received.look").count() == 1
    for account in (bram, youssef.person.account):
        with pytest.raises(Http404):
            access.to_read_for(of_account(account), waiting.pk)


def test_a_stranger_is_asked_once_a_day(tuesday, organisation, text, post):
    row = text(STRANGER, "Goedendag, ik heb hulp nodig")
    assert (row.meaning, row.answer.template, row.answer.language) == ("words", "who_are_you", "nl")
    assert "0800 00 020" in row.answer.body
    person = Person.objects.get(phone_index=row.sender_index)
    assert (person.name, row.person_id) == ("", person.pk)
    assert Contact.objects.get().words == "Goedendag, ik heb hulp nodig"
    second = text(STRANGER, "Hallo?")
    assert second.answer is None
    assert Person.objects.filter(phone_index=row.sender_index).count() == 1
    assert queries.unread(system(organisation)).count() == 2
    clock.advance(timedelta(hours=25))
    assert text(STRANGER, "Hallo?").answer.template == "who_are_you"
    assert text(STRANGER, "42 oui").meaning == "words"


def test_two_at_one_number(street, text, post, on_phone):
    """Marie is helped and her husband is a volunteer, with one phone."""
    request = street.offer()
    on_phone(request.case.person, YOUSSEF)
    post()
    row = text(YOUSSEF, f"oui {street.number(request)}")
    assert row.meaning == "yes"
    assert Assignment.objects.get().volunteer_id == street.youssef.pk
    clock.advance(timedelta(hours=1))
    assert text(YOUSSEF, "bonjour").meaning == "words"


@pytest.mark.parametrize("sender", ["BNP Paribas", "8850", ""])
def test_a_machine_without_a_number(tuesday, organisation, text, sender):
    row = text(sender, "Votre code est 42")
    assert (row.meaning, row.answer) == ("robot", None)
    assert queries.unread(system(organisation)).get().received_id == row.pk
    assert not Message.objects.exists()


def test_an_automatic_reply_is_not_answered(visit, text, post):
    before = Message.objects.count()
    row = text(MARIE, "Réponse automatique : je suis absente")
    assert row.meaning == "robot"
    assert Message.objects.count() == before


def test_two_robots_fall_silent(street, text, post):
    """Another robot answers whatever we write, each time in other words."""
    request = street.offer()
    post()
    wrong = next(number for number in range(32, 100) if number != street.number(request))
    rows = [text(YOUSSEF, f"oui {wrong} {'x' * at}") for at in range(12)]
    answered = [row for row in rows if row.answer]
    assert len(answered) == 5
    assert {row.meaning for row in rows[5:]} == {"robot"}
    clock.advance(timedelta(minutes=11))
    assert text(YOUSSEF, f"oui {wrong}").answer


def test_whoever_was_asked_for_many_things_answers_each(street, text, post):
    """Each is answered, however many they are and however lately; the same one again and again is not."""
    requests = [street.offer(name=f"Jeanne {at}") for at in range(2)]
    post()
    numbers = [street.number(each) for each in requests]
    wrong = next(number for number in range(32, 100) if number not in numbers)
    for at in range(5):
        assert text(YOUSSEF, f"oui {wrong} {'x' * at}").answer
    assert text(YOUSSEF, f"oui {wrong} xxxxxx").meaning == "robot"
    # A first answer to what was asked is heard after that too.
    for number in numbers:
        row = text(YOUSSEF, f"non {number}")
        assert (row.meaning, row.answer.template) == ("no", "reply_no")
    assert text(YOUSSEF, f"oui {numbers[0]}").meaning == "robot"


def test_answers_to_what_we_ask_make_nobody_a_machine(street, text, post, monkeypatch):
    monkeypatch.setattr("quartier.conversation.actions.talk.MOST_ANSWERS", 2)
    requests = [street.offer(name=f"Jeanne {at}") for at in range(2)]
    post()
    for each in requests:
        assert text(YOUSSEF, f"non {street.number(each)}").answer
    # Two answers, to two questions of ours, and still somebody.
    assert text(YOUSSEF, "oui 99").answer.template == "reply_unknown"


def test_the_same_words_again_and_again(street, text):
    street.offer()
    rows = [text(YOUSSEF, "ping") for _ in range(6)]
    assert [row.meaning for row in rows] == ["words"] * 3 + ["robot"] * 3
    assert sum(row.answer is not None for row in rows) == 1


def test_our_own_words_coming_back(street, text, post):
    street.offer()
    (ours,) = post(YOUSSEF)
    assert text(YOUSSEF, ours).meaning == "robot"


def test_robots_at_both_ends_of_a_visit_fall_silent(visit, text, post):
    rows = [text(MARIE if at % 2 else YOUSSEF, f"message {at} {'x' * at}") for at in range(60)]
    assert sum(row.meaning == "relayed" for row in rows) == 40
    assert {row.meaning for row in rows[45:]} == {"robot"}


def test_a_thread_holds_everything_and_nothing_of_others(visit, street, text, post, elsewhere):
    text(YOUSSEF, "Je pars dans dix minutes")
    other = street.offer("pharmacy", name="Jeanne")
    post()
    lines = queries.thread(system(visit.organisation), request_id=visit.request_id)
    templates = [line.template for line in lines if not line.incoming]
    assert {"offer", "accepted", "relay", "someone_comes", "received"} <= set(templates)
    assert {line.state for line in lines if line.incoming} == {"yes", "relayed"}
    assert len({line.id for line in lines}) == len(lines)
    assert lines == sorted(lines, key=lambda line: line.at, reverse=True)
    ids = {line.id for line in lines}
    theirs = Message.objects.filter(template="offer").exclude(pk__in=ids)
    assert theirs.count() == 2
    assert {line.id for line in queries.thread(system(visit.organisation), request_id=other.pk)} >= set(
        theirs.values_list("pk", flat=True)
    )
    assert not queries.thread(system(elsewhere), case_id=visit.request.case_id)
    mine = queries.thread(system(visit.organisation), person_id=street.nadia.person_id)
    assert {line.person.pk for line in mine} == {street.nadia.person_id}


def test_a_mail_is_understood_too(street, text, post):
    """Whoever answers our mail: the same words."""
    request = street.offer()
    post()
    row = text(
        "youssef@example.org", f"Oui {street.number(request)}\n\n> Répondez OUI ou NON", channel="email"
    )
    assert row.meaning == "yes"
    assert Assignment.objects.get().volunteer_id == street.youssef.pk


def test_nobody_hears_of_another_organisation(visit, text, post, elsewhere):
    before = Message.objects.filter(organisation=visit.organisation).count()
    row = text(YOUSSEF, "bonjour", org=elsewhere)
    assert row.meaning == "words"
    assert Message.objects.filter(organisation=visit.organisation).count() == before
    assert Person.objects.get(pk=row.person_id).organisation_id == elsewhere.pk
    assert Received.objects.filter(organisation=elsewhere).count() == 1
    assert NADIA not in row.answer.body
