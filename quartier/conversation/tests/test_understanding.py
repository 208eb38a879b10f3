"""What a text means; nothing is guessed, and nothing makes it fall over."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quartier.conversation import vocabulary
from quartier.conversation.relayed_words import MOST_RELAYED, without_ways
from quartier.conversation.understanding import language_of, plain, understand

YES = [
    "OUI 42", "oui 42", "Oui,42", "OUI42", "oui bien sûr 42", "Bonjour, oui pour le 42. Merci", "42 oui", "42: OUI!",
    "Gern 42", "Jawohl, 42", "Ja 42, in 2 Stunden",
    "ja 42", "Ja hoor, 42", "ja graag 42", "JA, gerne 42!", "Ja natürlich 42", "yes 42", "Yes please, 42", "yep 42",
    "👍 42", "👍🏽 42", "ok 42", "d'accord 42", "D’accord 42", "oui ٤٢", "OUI n° 42", "oui № 42", "ｏｕｉ ４２",
    "ja 42 om 18u", "oui 42 à 18h", "ja 42 (Hoogstraat 7)", "je viens, oui 42", "oui 42 42",
    "oui 42\n\nLe 3 mars 2027 à 10:00, Quartier a écrit :\n> Répondez OUI 42 ou NON 42",
]  # fmt: skip
NO = [
    "42 non", "NON 42", "42: nein danke", "Nee, helaas 42", "neen 42", "no thanks 42", "👎 42", "❌42",
    "Non 42 merci, pas cette semaine", "nee 42 ik kan niet",
]  # fmt: skip
BARE_YES = ["oui", "Oui !", "ja", "JA", "yes", "👍", "merci oui", "Ja sicher", "oui vers 18h", "oui dans 45 minutes",
            "oui le 15", "Oui, je passe vers 18h30", "ja om 18u30", "oui 18/3"]  # fmt: skip
BARE_NO = ["non", "Nee", "NEIN", "no", "👎", "non merci"]
WORDS = [
    "", " ", "oui mais quelle heure ?", "oui ?", "oui 42 ?", "42, rue Haute", "oui rue Haute 42", "Hoogstraat 42",
    "oui 42 rue Haute", "oui 0470 12 34 56", "oui non", "oui 42 non 42", "YES 42 or NO 42", "42", "ok", "ok, merci",
    "oui je ne peux pas 42", "ja 42 maar pas morgen", "non, pas de problème 42", "no problem 42",
    "oui si elle ouvre 42",
    "das ist ja schön", "42 je viens oui", "je ne sais pas", "Bonjour Jo", "à l'arrêt", "je suis à l'arrêt de bus",
    "stop à la boulangerie", "stop le 5 et le 12", "stop op 26 en 2", "nonante", "ouistiti 42", "oui؟", "👍👎",
    "Oui je voulais vous dire que la dame du 42 était très contente et qu'elle vous remercie encore beaucoup",
]  # fmt: skip
STOP = [
    "Bitte keine E-Mails mehr", "Schicken Sie mir bitte keine SMS mehr",
    "STOP", "stop", "Stop.", "stop !", "stop ?", "Arrêt", "arreter", "Arrêtez", "désabonner", "STOPPEN",
    "uitschrijven", "afmelden", "Abmelden", "stopp", "bitte stoppen", "stop svp", "stop sms", "UNSUBSCRIBE",
    "Stop les messages", "stop alle berichten", "stop 42", "ne m'envoyez plus de messages", "plus de messages svp",
    "geen berichten meer", "Keine Nachrichten mehr", "no more messages", "don't text me again",
]  # fmt: skip
START = ["START", "start", "reprendre", "Hervatten", "weiter", "start svp"]
ROBOT = [
    "Out of office: I am away until Monday", "Réponse automatique : je suis absent", "Automatisch antwoord",
    "Automatische Antwort: oui 42", "Message automatique, ne pas répondre", "Do not reply. Your code is 42",
]  # fmt: skip


@pytest.mark.parametrize("text", YES)
def test_yes_with_a_number(text):
    assert (understand(text).meaning, understand(text).codes) == ("yes", (42,))


@pytest.mark.parametrize("text", NO)
def test_no_with_a_number(text):
    assert (understand(text).meaning, understand(text).codes) == ("no", (42,))


@pytest.mark.parametrize(
    ("text", "meaning"),
    [(text, "yes") for text in BARE_YES]
    + [(text, "no") for text in BARE_NO]
    + [(text, "words") for text in WORDS]
    + [(text, "stop") for text in STOP]
    + [(text, "start") for text in START]
    + [(text, "robot") for text in ROBOT],
)
def test_without_a_number(text, meaning):
    assert understand(text).meaning == meaning
    assert meaning == "words" or not understand(text).codes


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("OUI 42 NON 57", ((42, True), (57, False))),
        ("42 oui, 57 non", ((42, True), (57, False))),
        ("oui 42 et oui 57", ((42, True), (57, True))),
        ("ja 42, nee 57, ja 88", ((42, True), (57, False), (88, True))),
    ],
)
def test_several_each_with_its_word(text, answers):
    assert (understand(text).meaning, understand(text).answers) == ("each", answers)


@pytest.mark.parametrize(
    "text", ["oui 42 57", "oui 42 et 57", "ja 42,57", "42 57 non", "oui 42/57", "oui 42 57 oui 88"]
)
def test_one_yes_is_never_for_two(text):
    assert understand(text).meaning == "which"
    assert len(understand(text).codes) > 1


@pytest.mark.parametrize(
    ("text", "number"), [("oui 4", 4), ("oui 12", 12), ("oui 1050", 1050), ("non 999", 999)]
)
def test_a_number_that_we_never_gave_is_not_overlooked(text, number):
    assert understand(text).codes == (number,)


ALL = YES + NO + BARE_YES + BARE_NO + STOP + START + WORDS
AROUND = st.text(" \t\n\u00a0\u200b\u200e.,!", max_size=6)
# What keyboards do to a word: capitals, accents that come apart, wide letters.
WAYS = st.sampled_from(
    [str.upper, str.lower, str.title, lambda text: __import__("unicodedata").normalize("NFD", text)]
)


@given(st.sampled_from(ALL), WAYS, AROUND, AROUND)
def test_case_accents_and_spaces_around_change_nothing(text, way, before, after):
    if ">" in text:
        return
    changed = understand(before + way(text) + after)
    assert (changed.meaning, changed.codes) == (understand(text).meaning, understand(text).codes)


WILLING = vocabulary.CAN | vocabulary.DO | vocabulary.GOOD | vocabulary.SURELY


@given(st.text(max_size=300))
@example("\x00")
@example("\ud800oui 42")
@example("\u202eoui 42\u202c")
@example("😀" * 300)
@example("\u0645\u0631\u062d\u0628\u0627 42")
@example("oui " + "9" * 300)
@example("²½㎏42")
def test_any_text_is_understood_somehow(text):
    found = understand(text)
    said = plain(text)
    if found.meaning in {"yes", "no"}:
        known = vocabulary.YES | vocabulary.YES_WITH_NUMBER if found.meaning == "yes" else vocabulary.NO
        known |= WILLING if found.meaning == "yes" else vocabulary.NOT | vocabulary.CANNOT
        # A word that was drawn out ("ouiii") is the same word.
        spoken = re.findall(r"[^\W\d_]+", said)
        assert {re.sub(r"(.)\1+", r"\1", word) for word in spoken} & {
            re.sub(r"(.)\1+", r"\1", word) for word in known
        }
        assert len(found.codes) <= 1
    assert all(0 <= number <= 9999 for number in found.codes)
    assert len(found.answers) in {0, len(found.codes)}
    assert isinstance(without_ways(text), str)
    assert language_of(text) in {"", "fr", "nl", "de", "en"}


WORD = st.sampled_from(
    [
        *sorted(vocabulary.YES | vocabulary.NO | vocabulary.KIND),
        *sorted(vocabulary.NOT | vocabulary.BUT | vocabulary.STOP),
        *("42", "57", "18h", "?", "👍", "rue", "0470123456", "vers", "a", "le"),
    ]
)


@given(st.lists(WORD, max_size=10))
def test_one_word_is_never_for_two_offers(parts):
    found = understand(" ".join(parts))
    if found.meaning in {"yes", "no"}:
        assert len(found.codes) <= 1
    if found.meaning == "each":
        heard = [
            part
            for part in parts
            if part in vocabulary.YES | vocabulary.YES_WITH_NUMBER | vocabulary.NO | {"👍"}
        ]
        assert len(heard) >= len(found.answers)
    if "?" in parts:
        assert found.meaning in {"words", "stop", "start", "robot"}


ABILITY = st.sampled_from(
    sorted(WILLING | vocabulary.NOT | vocabulary.CANNOT | vocabulary.THIS_TIME | vocabulary.AROUND_ABILITY)
)


@given(st.lists(ABILITY, min_size=1, max_size=8), st.integers(0, 8))
def test_beside_a_not_nothing_is_a_yes(parts, at):
    found = understand(" ".join([*parts[:at], "42", *parts[at:]]))
    if found.meaning == "yes":
        assert not set(parts) & ((vocabulary.NOT | vocabulary.CANNOT) - {"ne", "n"})
    if found.meaning == "no":
        assert set(parts) & (vocabulary.NOT | vocabulary.CANNOT)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("i dont work today 42", "words"),
        ("kan niet wachten 42", "words"),
        ("zeker niet 42", "words"),
        ("not sure 42", "words"),
        ("kan 42 niet", "no"),
        ("kan je 42", "words"),
        ("je peux pas avant 17h 42", "words"),
        ("oui désolé 42", "words"),
        ("oui 42, désolé pour le retard", "yes"),
        ("kan niet 42, moet werken", "no"),
        ("ik kan niet, wel morgen 42", "words"),
        ("can't say no 42", "words"),
        ("je ne dis pas non 42", "words"),
        ("nee nee ik kom 42", "words"),
        ("geht das 42", "words"),
        ("das geht 42", "yes"),
        ("oui 42, à demain", "yes"),
        ("oui demain 42", "words"),
        ("guten Morgen, ja 42", "yes"),
        ("no problem I can 42", "yes"),
        ("nee geen probleem 42", "words"),
        ("sorry, but I can't 42", "no"),
        ("Yes no. 42", "words"),
        ("No. 42", "no"),
        ("je peux pas", "words"),
        ("kan niet", "words"),
    ],
)
def test_what_somebody_can_do(text, meaning):
    assert understand(text).meaning == meaning


@pytest.mark.parametrize(
    "text", ["a@" * 2000, "1 " * 2000, "rue " * 1000, "9" * 4000, "a.b" * 1300, "oui " * 1000]
)
def test_long_texts_take_no_time(text):
    assert understand(text).meaning == "words"
    assert len(without_ways(text)) <= MOST_RELAYED


NUMBER = st.text("0123456789", min_size=9, max_size=11)


@given(
    NUMBER,
    st.lists(
        st.sampled_from(["", " ", ".", "/", "-", " - ", "\u200b", "\u00a0", "\ufe0f\u20e3"]),
        min_size=11,
        max_size=11,
    ),
)
def test_a_number_never_passes(number, apart):
    said = (
        "appelez-moi au " + "".join(digit + gap for digit, gap in zip(number, apart, strict=False)) + " merci"
    )
    left = without_ways(said)
    assert not re.search(r"\d", left)
    assert left.startswith("appelez-moi au ")
    assert left.endswith("merci")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("voici: marie@example.org ou https://x.example/a?b=1", "voici: … ou …"),
        ("www.exemple.be/moi", "…"),
        ("mon site exemple.be", "mon site …"),
        ("jean (at) example.org", "…"),
        ("+32 (0)470/12.34.56 svp", "… svp"),
        ("٠٤٧٠١٢٣٤٥٦", "…"),
        ("0️⃣4️⃣7️⃣0️⃣1️⃣2️⃣3️⃣", "…"),
        ("le 12/01/2027 à 18h30, code 1234, 3 litres", "le 12/01/2027 à 18h30, code 1234, 3 litres"),
        ("une\nligne\x00 \u202eautre", "une ligne autre"),
        ("C'est fini. Merci", "C'est fini. Merci"),
    ],
)
def test_what_passes(text, left):
    assert without_ways(text) == left


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Bonjour, j'ai besoin d'aide pour mes courses", "fr"),
        ("Goedendag, ik heb hulp nodig met boodschappen", "nl"),
        ("Guten Tag, ich brauche Hilfe beim Einkaufen", "de"),
        ("Hello, I need help with my shopping", "en"),
        ("42", ""),
        ("مرحبا", ""),
    ],
)
def test_the_language_of_a_stranger(text, language):
    assert language_of(text) == language
