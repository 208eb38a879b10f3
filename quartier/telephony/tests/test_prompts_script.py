"""What the line says, before anybody says it: complete, in order, natural, and without a digit."""

from datetime import time

import pytest

from quartier.telephony.prompts import counting, script
from quartier.telephony.prompts.script import Block, Moment, Say, Sign
from quartier.telephony.prompts.texts import LANGUAGES, RECORDABLE, TEXTS, text

SIGN = Sign("Quartier solidaire", ("fr", "nl", "de", "en"), time(8), time(20, 30))


def words(name, language="fr", sign=SIGN, **moment):
    found = []
    for part in script.write(name, language, Moment(**moment), sign):
        found += [part] if isinstance(part, Say) else list(part.parts) if isinstance(part, Block) else []
    return [each.words for each in found]


def everything():
    for language in LANGUAGES:
        for name in script.NAMES:
            for moment in ({}, {"place": 3, "wait_minutes": 17}, {"ring_back": False, "first": True}):
                yield from ((language, name, each) for each in words(name, language, **moment))
        for number in range(30):
            yield language, "place", counting.place(number, language)
        for minutes in range(200):
            yield language, "wait", counting.wait(minutes, language)


def test_the_texts_are_complete():
    for name, said in TEXTS.items():
        assert all(each.strip() for each in said), name
        assert len(set(said)) == (1 if name == "here" else 4), name
        places = {each.count("{") for each in said}
        assert len(places) == 1, name


def test_no_digit_is_left_to_a_machine_and_nobody_is_thanked_for_patience():
    thanks = ("patien", "geduld", "merci de", "bedankt", "danke")
    for language, name, said in everything():
        assert not any(letter.isdigit() for letter in said), (name, said)
        assert "!" not in said
        assert not any(each in said.lower() for each in thanks), (language, name, said)
        assert "{" not in said


def test_the_emergency_number_comes_before_anything_else():
    for language in LANGUAGES:
        for name in ("closed", "trouble"):
            assert words(name, language)[0] in TEXTS["emergency"], name
        assert words("welcome", language)[0] == text("emergency_short", language)
        for name in ("closed", "nobody_here", "welcome"):
            assert words(name, language, offered=SIGN.offered(language))[0] == text(
                "emergency_short", language
            )
        for name in ("nobody_here", "leave_message", "concern_queue", "concern_message"):
            assert words(name, language, first=True)[0] == text("emergency", language)
        assert words("masked_menu", language)[0] == text("emergency_short", language)
    assert words("wait", "nl", first=True)[0] == TEXTS["emergency"].nl
    assert words("wait", "nl")[0] == TEXTS["wait"].nl


def test_the_likely_language_comes_first_and_each_keeps_its_key():
    assert words("welcome") == [
        "Danger, le cent douze.",
        "Quartier solidaire.",
        "Pour le français, tapez un.",
        "Nederlands, twee.",
        "Deutsch, Drei.",
        "English, four.",
        "Ou attendez simplement.",
    ]
    assert words("welcome", offered=(("2", "nl"), ("4", "en"), ("1", "fr"))) == [
        "Gevaar, één één twee.",
        "Quartier solidaire.",
        "Nederlands, druk twee.",
        "English, four.",
        "Français, un.",
        "Of wacht gewoon.",
    ]


def test_the_keys_are_those_of_the_machine_also_where_a_language_cannot_be_said():
    said = words("welcome", "nl", sign=Sign("", ("nl", "tr", "fr")))
    assert "Nederlands, druk één." in said
    assert "Français, trois." in said


def test_one_language_needs_no_choice():
    assert words("welcome", sign=Sign("Buurt", ("nl",))) == [
        "Bij gevaar, bel één één twee.",
        "Buurt.",
        "Blijf aan de lijn.",
    ]


def test_the_key_comes_after_the_choice():
    keys = {"fr": "tapez", "nl": "druk", "de": "die", "en": "press"}
    # Nine is nine, whenever it is said; and no key means two things at once.
    said = [each for name in TEXTS for each in TEXTS[name] if "neuf" in each or "negen" in each]
    assert said == [TEXTS["concern_key"].fr, TEXTS["concern_key"].nl]
    for language in LANGUAGES:
        for name in (
            "ring_back",
            "closed_ring_back",
            "accept_key",
            "language_key",
            "message_key",
            "write_key",
            "concern_key",
        ):
            said = text(name, language, **({"key": "X"} if name == "language_key" else {})).rstrip(".")
            assert said.split()[-2] == keys[language], said


def test_an_operator_hears_language_and_place_before_the_key():
    assert words("accept", "fr", area="Ixelles") == [
        "Appel en français.",
        "Ixelles.",
        "Pour le prendre, tapez un.",
    ]
    assert words("accept", "de") == ["Anruf auf Deutsch.", "Um ihn anzunehmen, drücken Sie die Eins."]


def test_waiting_says_where_one_stands_how_long_and_the_way_out():
    assert words("wait", "fr", place=3, wait_minutes=4) == [
        "Nous cherchons quelqu'un pour vous répondre.",
        "Vous êtes la troisième personne dans la file.",
        "Il faut compter environ quatre minutes.",
        "Pour être rappelé sans perdre votre place, tapez un.",
        "Si quelque chose vous inquiète, tapez neuf.",
    ]
    assert words("place", "nl", place=1, ring_back=False) == [
        "U bent de volgende.",
        "Om een bericht in te spreken, druk drie.",
        "Maakt u zich zorgen over iets, druk negen.",
    ]
    # Nothing is known: it is not invented.
    assert words("place", "en") == [TEXTS[each].en for each in ("still", "ring_back", "concern_key")]


def test_closed_is_said_in_full_to_whom_we_know():
    assert words("closed", "nl", first=True) == [
        "Bij gevaar, bel één één twee.",
        "We zijn nu gesloten.",
        "Gewoonlijk is ze open van acht uur tot twintig uur dertig.",
        "Om teruggebeld te worden, druk één.",
        "Maakt u zich zorgen over iets, druk negen.",
        "Of wacht gewoon.",
    ]
    # What one can do is more than when.
    assert "Om ons een sms te sturen, druk zeven." in words("closed", "nl", can_text=True)
    assert not any("acht uur" in each for each in words("closed", "nl", can_text=True))


def test_closed_and_nobody_are_said_briefly_in_every_language_to_whom_we_do_not_know():
    for name in ("closed", "nobody_here"):
        assert words(name, "nl", offered=SIGN.offered("nl")) == [
            "Gevaar, één één twee.",
            TEXTS[name].nl,
            "Om teruggebeld te worden, druk één.",
            "Of wacht gewoon.",
            "Danger, le cent douze.",
            "Rappel, un.",
            "Notruf eins eins zwei.",
            "Rückruf, eins.",
            "Emergency, one one two.",
            "Call back, one.",
        ]
        no_number = words(name, "fr", ring_back=False, offered=SIGN.offered("fr"))
        assert no_number[:2] == ["Danger, le cent douze.", TEXTS[name].fr]
        assert no_number[3::2] == [
            TEXTS["message_short"].nl,
            TEXTS["message_short"].de,
            TEXTS["message_short"].en,
        ]
    # After the greeting, which said the emergency number.
    assert words("nobody_here", "fr") == [
        TEXTS[each].fr for each in ("nobody_here", "closed_ring_back", "or_wait")
    ]


def test_a_message_asks_for_the_number_of_whom_we_do_not_have_one():
    assert words("leave_message", "fr") == [TEXTS["leave_message"].fr]
    assert words("leave_message", "fr", ring_back=False) == [TEXTS["leave_message_number"].fr]


@pytest.mark.parametrize(
    ("language", "places"),
    [
        ("fr", ["", "Vous êtes la prochaine personne.", "Vous êtes la deuxième personne dans la file."]),
        ("nl", ["", "U bent de volgende.", "U bent de tweede in de rij."]),
        (
            "de",
            ["", "Sie sind als Nächstes an der Reihe.", "Sie sind die zweite Person in der Warteschlange."],
        ),
        ("en", ["", "You are next.", "You are second in the queue."]),
    ],
)
def test_places(language, places):
    assert [counting.place(number, language) for number in range(3)] == places
    said = [counting.place(number, language) for number in range(1, 22)]
    assert len(set(said)) == 21
    assert counting.place(300, language) == counting.place(21, language)


@pytest.mark.parametrize(
    ("minutes", "as_said"),
    [
        (-3, 0),
        (0, 0),
        (1, 1),
        (10, 10),
        (11, 15),
        (15, 15),
        (16, 20),
        (56, 60),
        (60, 60),
        (61, 61),
        (900, 61),
    ],
)
def test_waits_are_rounded_as_one_says_them(minutes, as_said):
    assert counting.rounded(minutes) == as_said


@pytest.mark.parametrize(
    ("minutes", "fr", "nl", "de", "en"),
    [
        (1, "une minute", "een minuut", "eine Minute", "a minute"),
        (4, "quatre minutes", "vier minuten", "vier Minuten", "four minutes"),
        (15, "un quart d'heure", "een kwartier", "eine Viertelstunde", "a quarter of an hour"),
        (25, "vingt-cinq minutes", "vijfentwintig minuten", "fünfundzwanzig Minuten", "twenty-five minutes"),
        (31, "trente-cinq minutes", "vijfendertig minuten", "fünfunddreißig Minuten", "thirty-five minutes"),
        (58, "une heure", "een uur", "eine Stunde", "an hour"),
        (75, "plus d'une heure", "meer dan een uur", "länger als eine Stunde", "more than an hour"),
    ],
)
def test_waits(minutes, fr, nl, de, en):
    for language, said in zip(LANGUAGES, (fr, nl, de, en), strict=True):
        assert counting.wait(minutes, language).endswith(f" {said}.")


@pytest.mark.parametrize(
    ("at", "fr", "nl", "de", "en"),
    [
        (time(0), "minuit", "nul uur", "null Uhr", "midnight"),
        (time(1), "une heure", "één uur", "ein Uhr", "one in the morning"),
        (time(8), "huit heures", "acht uur", "acht Uhr", "eight in the morning"),
        (time(12), "midi", "twaalf uur", "zwölf Uhr", "noon"),
        (time(12, 30), "midi trente", "twaalf uur dertig", "zwölf Uhr dreißig", "twelve thirty in the afternoon"),
        (time(20), "vingt heures", "twintig uur", "zwanzig Uhr", "eight in the evening"),
        (time(21, 45), "vingt-et-une heures quarante-cinq", "eenentwintig uur vijfenveertig",
         "einundzwanzig Uhr fünfundvierzig", "nine forty-five in the evening"),
    ],
)  # fmt: skip
def test_hours(at, fr, nl, de, en):
    assert [counting.hour(at, language) for language in LANGUAGES] == [fr, nl, de, en]


def test_what_can_be_recorded_is_played():
    played = {"music"}
    for name in script.NAMES:
        for ring_back in (True, False):
            moment = Moment(ring_back=ring_back, first=True, can_text=True)
            for part in script.write(name, "fr", moment, SIGN):
                played |= {part.own} if isinstance(part, Say | Block) else set()
    assert set(RECORDABLE) <= played


def test_no_such_prompt():
    with pytest.raises(KeyError):
        script.write("goodbye", "fr", Moment(), SIGN)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_spoke_with_a_volunteer_did_not_speak_with_staff(language):
    said = " ".join(getattr(each, language) for each in TEXTS.values()).lower()
    for word in ("medewerker", "mitarbeiter", "collaborateur", "employé", "staff", "employee"):
        assert word not in said


def test_what_worries_them_is_asked_in_every_language_of_whom_we_do_not_know():
    said = words("concern_message", "nl", offered=SIGN.offered("nl"))
    short = TEXTS["concern_message_short"]
    assert said == [TEXTS["concern_message"].nl, short.fr, short.de, short.en]
    assert words("concern_message", "nl") == [TEXTS["concern_message"].nl]
