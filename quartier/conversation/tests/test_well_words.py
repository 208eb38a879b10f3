"""A yes to "are you well?" is counted as fine only where it says nothing else."""

# ruff: noqa: F401, F811 (fixtures of another file)

import pytest

from quartier.alerts.models import Alert
from quartier.conversation import understanding
from quartier.conversation.models import ToRead
from quartier.conversation.tests.conftest import MARIE
from quartier.conversation.tests.test_check_ins import row
from quartier.conversation.understanding import Meaning
from quartier.conversation.well_words import Wellbeing, wellbeing
from quartier.followup.models import CheckIn
from quartier.messaging.models import Code

WELL = {
    "fr": """
        oui|Oui merci|Oui, merci beaucoup|Oui tout va bien|Oui ça va|oui ça va très bien merci|Oui je vais bien
        Oui 49|49 oui|OUI 49 merci|oui tout va bien ici|Oui, très bien, merci à vous|Oui je suis en forme
        oui oui ça va|Oui merci c'est gentil|Oui, bonne soirée|Oui bisous|Oui merci de votre appel 👍|oui 😊
        Oui, parfait|Oui on va bien|Oui merci de demander|Ouais ça va|Oui, bonjour madame|Oui super merci
        Oui pas de souci|oui 49 tout va bien|OUI49|ouiii 49|Oui n° 49
        """,
    "nl": """
        ja|ja alles goed, dank je|Ja hoor|Ja dank u wel|Ja, het gaat goed met mij|Ja alles prima|Ja heel goed
        JA 49|49 ja|ja 49 dank u|Ja alles in orde|Jawel, alles ok|Ja hoor bedankt|Ja, met ons gaat het goed
        Ja ik stel het goed|Ja ik maak het goed, bedankt|ja top|Ja super, merci|Ja lief van jullie, dank je
        Ja bedankt voor het telefoontje|Ja, fijne avond nog|Ja ik voel me goed|jaja alles goed|Ja zeker
        ja 👍|Ja, groetjes
        """,
    "de": """
        ja|ja, danke, alles gut|Ja mir geht es gut|Ja danke|Ja, vielen Dank|Ja, es geht mir sehr gut|Ja alles klar
        JA 49|49 ja|ja 49 danke|Ja bestens, danke|Jawohl|Ja, alles in Ordnung|Ja uns geht's gut|Ja, ich bin gesund
        Ja, ich fühle mich wohl|Ja danke der Nachfrage|Ja, herzlichen Dank|Ja alles prima|Ja liebe Grüße
        Ja danke für den Anruf|Ja, wunderbar|Ja danke schön|ja passt|Ja, sicher|ja ❤️
        """,
    "en": """
        yes|yes thanks love|Yes thank you|Yes I'm fine|Yes, all good|Yes, all is well|yes very well thank you|Yep all ok
        YES 49|49 yes|yes 49 thanks|Yes I am well|Yes doing great|Yes, we are fine|yeah fine|Yes, everything is good
        Yes I'm OK dear|Yes thanks for asking|Yes thank you for calling|Yes, cheers|Yes bless you|Yes all right
        yes perfect|Yes lovely, ta|yes ok|Yes xx
        """,
}
NOT_WELL = {
    "fr": """
        Oui j'ai besoin d'aide|Oui 49 appelez-moi|oui à l'aide|oui merci, envoyez quelqu'un|oui je suis bien tombée
        oui j'ai plus d'insuline|Oui merci de m'aider|oui venez vite|Oui 49 un médecin svp|Oui j'ai mal|oui 49 urgent
        Oui rappelez-moi|oui j'ai soif|Oui merci d'appeler|Oui, je veux bien un docteur|oui 49 au secours
        Oui s'il vous plaît|Oui j'ai très chaud|oui bof|Oui ça va comme ci comme ça|oui fatiguée|Oui j'ai des vertiges
        oui volontiers
        Oui 49 viens|Oui la climatisation est en panne|oui il fait 35 degrés ici|Oui malade|Oui 49 😢|oui 🆘
        """,
    "nl": """
        Ja hulp nodig|ja help|Ja bel mij|ja 49 bel me|Ja kom snel|ja stuur iemand|Ja ik ben gevallen|ja ik heb pijn
        Ja dokter nodig|ja 49 dringend|Ja ziek|ja ik heb dorst|Ja ik ben duizelig|Ja graag|ja alstublieft|Ja graag hulp
        Ja het gaat|Ja zo zo|ja moe|Ja heel warm hier|ja 49 kom|Ja ik ben bang|Ja medicijnen op|ja terugbellen
        Ja 49 zuurstof is op|ja een beetje|Ja ziekenhuis|Ja ik zit vast|ja 😭
        """,
    "de": """
        Ja Hilfe bitte|ja bitte|Ja rufen Sie an|ja 49 Anruf|Ja kommen Sie|ja schicken Sie jemand|Ja bin gestürzt
        Ja ich brauche Hilfe|ja Arzt|ja 49 dringend|Ja krank|Ja Schmerzen|ja Durst|Ja mir ist schwindlig|Ja gerne
        Ja es geht|Ja so lala|ja müde|Ja sehr heiß hier|ja 49 komm|Ja ich habe Angst|Ja Medikamente alle|ja zurückrufen
        Ja 49 kein Sauerstoff|ja geht so|Ja Krankenhaus|Ja ich liege am Boden|ja 😭
        """,
    "en": """
        yes help|Yes please|yes 49 call me|Yes I need help|yes send someone|Yes I fell|yes in pain|Yes come quickly
        Yes doctor|yes 49 urgent|Yes ill|yes thirsty|Yes I feel dizzy|Yes so so|yes tired|Yes very hot here|yes 49 come
        Yes scared|Yes out of meds|yes ring me|Yes 49 oxygen low|yes a bit|Yes hospital|Yes stuck upstairs|yes 😭
        Yes need water|Yes phone my son|yes sort of
        """,
}


def phrases(words):
    return [each.strip() for line in words.strip().splitlines() for each in line.split("|")]


EVERY_WELL = [(code, each) for code, words in WELL.items() for each in phrases(words)]
EVERY_OTHER = [(code, each) for code, words in NOT_WELL.items() for each in phrases(words)]


def counted(text):
    return understanding.understand(text).meaning == Meaning.YES and wellbeing(text) == Wellbeing.FINE


@pytest.mark.parametrize("code", WELL)
def test_honest_answers_stay_fine(code):
    assert len(phrases(WELL[code])) >= 25
    assert [each for each in phrases(WELL[code]) if not counted(each)] == []


@pytest.mark.parametrize("code", NOT_WELL)
def test_a_yes_with_more_behind_it_is_never_fine(code):
    assert len(phrases(NOT_WELL[code])) >= 25
    assert [each for each in phrases(NOT_WELL[code]) if counted(each)] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("Oui {} appelez-moi", "needs_help"),
        ("Oui j'ai besoin d'aide", "needs_help"),
        ("Ja Hilfe bitte", "needs_help"),
        ("yes help", "needs_help"),
        ("Ja hulp nodig", "needs_help"),
        ("oui merci, envoyez quelqu'un", "needs_help"),
        ("oui bof", "asked"),
        ("yes please", "asked"),
    ],
)
def test_it_is_read_by_a_person(row, text, post, words, state):
    said = words.format(Code.objects.get(about=row.pk).number)
    text(MARIE, said)
    row.refresh_from_db()
    assert row.state == state
    assert [each.received.body for each in ToRead.objects.filter(read_at=None)] == [said]
    assert post(MARIE)[-1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words", ["oui j'ai plus d'insuline", "oui je suis bien tombée, je ne peux plus me lever"]
)
def test_danger_is_an_alert_and_not_fine(row, text, words):
    text(MARIE, words)
    row.refresh_from_db()
    assert row.state != CheckIn.State.FINE
    assert Alert.objects.filter(kind="written").count() == 1
    assert ToRead.objects.filter(read_at=None).count() == 1
