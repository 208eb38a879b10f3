"""Whoever cannot go after all, or needs nothing any more, and says it in words of their own: they hear where it is
said, the team reads it, and nothing is cancelled by it."""

import pytest

from quartier.cases import actions as cases
from quartier.conversation.models import ToRead
from quartier.conversation.tests.conftest import MARIE, YOUSSEF
from quartier.conversation.tests.test_visit_words import visit as visit
from quartier.conversation.withdrawal_words import mentions_cancel, says_cancel, says_cannot

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.mark.parametrize(
    "said",
    [
        "désolé je ne peux finalement pas venir demain", "je dois malheureusement annuler demain",
        "malade, je ne viens pas demain", "je ne peux pas venir ma fille est malade",
        "desole je peux plus venir demain",
        "sorry ik kan morgen toch niet komen", "ik kan toch niet komen, afzeggen aub", "kan morgen niet sorry ziek",
        "Ik moet het bezoek van morgen afzeggen", "Ik kan er morgen helaas niet zijn", "ik geraak er morgen niet",
        "es tut mir leid, ich kann morgen doch nicht kommen", "ich muss für morgen leider absagen",
        "ich komme morgen nicht", "ich schaffe es morgen leider nicht",
        "I’m so sorry but I can’t make it tomorrow", "I have to cancel tomorrow's visit sorry",
        "I'm not coming tomorrow", "I won't be able to make it tomorrow, sorry",
        "Non, je ne peux pas venir, désolé", "Nee, ik kan niet komen", "Nein, ich kann nicht kommen",
    ],
)  # fmt: skip
def test_that_they_cannot_come(said):
    assert says_cannot(said)


@pytest.mark.parametrize(
    "said",
    [
        "Non", "Nee dank u", "Nein, kein Problem", "Nee, ik kan niet parkeren",
        "je ne peux pas venir avant 15h", "demain je viens à 10h", "je ne viens pas seul",
        "je ne trouve pas la rue",
        "vous ne pouvez pas demain ?", "je ne viens pas en voiture", "je ne peux pas porter le sac",
        "ik kan niet voor 15u", "tot morgen", "ik kom niet alleen", "ik kan niet parkeren",
        "ich kann nicht vor 10 kommen", "ich komme morgen um 10", "Ich finde das nicht",
        "I can't come before 10", "I'm not going by car", "I can't find the house",
    ],
)  # fmt: skip
def test_what_they_cannot_besides(said):
    assert not says_cannot(said)


@pytest.mark.parametrize(
    "said",
    [
        "je n'ai plus besoin, mon fils est venu", "oui annulez svp", "Annuler svp, je suis à l’hôpital",
        "Merci, je n’ai plus besoin d’aide car ma fille est venue",
        "niet meer nodig, mijn zoon is gekomen", "ja graag annuleren",
        "ik heb niemand meer nodig mijn dochter is er", "ik lig in het ziekenhuis, gelieve te annuleren",
        "brauche niemanden mehr, mein Sohn war da", "ja bitte absagen", "bitte absagen, ich bin im Krankenhaus",
        "not needed any more thanks, my son came", "yes please cancel", "Please cancel, I am in hospital now",
    ],
)  # fmt: skip
def test_that_nothing_is_needed_with_its_reason(said):
    assert mentions_cancel(said)
    # It answers no question of ours by itself: nothing is closed by it.
    assert not says_cancel(said)


@pytest.mark.parametrize(
    "said",
    [
        "annuler mardi", "n’annulez pas", "Annuler ? Non, venez", "je n’ai plus besoin de lait", "annuler mon train",
        "ma fille a annulé, venez quand même", "niet annuleren aub", "de melk is niet meer nodig, ik heb nog",
        "bitte nicht absagen, ich brauche Hilfe", "please do not cancel", "cancel my doctor", "oui", "merci",
    ],
)  # fmt: skip
def test_what_is_still_needed(said):
    assert not mentions_cancel(said)


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
@pytest.mark.parametrize(
    "said", ["désolé je ne peux finalement pas venir demain", "ik kan toch niet komen, afzeggen aub"]
)
def test_whoever_said_yes_hears_that_they_are_expected(visit, text, post, on_phone, said, language):
    on_phone(visit.volunteer.person, YOUSSEF, language=language)
    before = len(post(YOUSSEF))
    row = text(YOUSSEF, said)
    (answer,) = post(YOUSSEF)[before:]
    wished = {
        "fr": "On compte toujours sur vous", "nl": "nog altijd verwacht",
        "de": "weiterhin erwartet", "en": "still expected",
    }  # fmt: skip
    assert wished[language] in answer
    assert "/offer/" in answer
    assert row.meaning == "relayed"
    assert said in post(MARIE)[-1]
    waiting = ToRead.objects.get(received=row, read_at=None)
    assert waiting.case_id == visit.request.case_id
    visit.refresh_from_db()
    assert visit.state == "accepted"


def test_whoever_goes_hears_it_also_where_the_other_one_can_only_be_called(visit, text, post, on_phone):
    on_phone(visit.request.case.person, "+3220001427", channel="call")
    row = text(YOUSSEF, "sorry ik kan morgen toch niet komen")
    assert row.answer.template == "reply_expected"
    assert ToRead.objects.filter(received=row, read_at=None).exists()


@pytest.mark.parametrize(
    "said",
    [
        "je n'ai plus besoin, mon fils est venu",
        "niet meer nodig, mijn zoon is gekomen",
        "bitte absagen, ich bin im Krankenhaus",
        "yes please cancel",
    ],
)
def test_whoever_is_helped_hears_that_nothing_is_cancelled(visit, text, post, said):
    before = len(post(MARIE))
    row = text(MARIE, said)
    (answer,) = post(MARIE)[before:]
    assert "Rien n" in answer
    assert "annulé" in answer
    assert said.replace("'", "’") in post(YOUSSEF)[-1].replace("'", "’")
    assert ToRead.objects.filter(received=row, read_at=None).exists()
    visit.refresh_from_db()
    visit.request.refresh_from_db()
    assert (visit.state, visit.request.closure) == ("accepted", "")


def test_of_two_files_they_are_led_to_both(visit, street, text, post, on_phone):
    """One has a visit coming, the other was asked since: nobody knows which one is meant."""
    other = street.offer("pharmacy")
    on_phone(other.case.person, MARIE)
    assert other.case_id != visit.request.case_id
    before = len(post(MARIE))
    text(MARIE, "annuler")
    said = post(MARIE)[before:]
    assert len(said) == 2
    pages = [cases.issue_link(case=case, person=case.person) for case in (visit.request.case, other.case)]
    assert pages[0] in said[0]
    assert "courses" in said[0]
    assert pages[1] in said[1]
    other.refresh_from_db()
    assert other.state == "open"
