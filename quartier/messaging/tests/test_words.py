"""Every template in every language, with values such as there are."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from quartier.incidents.shipped import TEMPLATES as TEMPLATES_OF_INCIDENTS
from quartier.lib import choices, sms
from quartier.messaging import rewording, saying
from quartier.messaging.who_waits import NOT_ANSWERING, WaitingPerson
from quartier.messaging.window_words import window_words
from quartier.messaging.words import CIRCUMSTANCES, FOR_ANOTHER, TEMPLATES
from quartier.people.lately import last_met_words
from quartier.places.queries import place_called

LANGUAGES = ["en", "fr", "nl", "de"]
BRACE = re.compile(r"\{(\w+)\}")
# As long as they get: a home on the web, a token, a first name, a place.
VALUES = {
    "code": "481502",
    "name": "Youssef",
    "other": "Nadia",
    "word": "coquelicot",
    "reference": "K7M4PX",
    "place": ("1180", "Uccle"),
    "metres": 820,
    "kind": "groceries",
    "page": ("offer_link", "k" * 22),
    "number": 642,
    "cents": 2999,
    "words": "je suis devant la porte, la sonnette ne marche pas",
    "role": "pour répondre à notre ligne, de chez eux",
    "note": "",
    "advice": "",
    "asked": 12,
    "former_hour": "10:30",
    "sector": "1000 1020",
    "elsewhere": 3,
    "service": "Service de santé mentale L’Adret",
    "its_number": "02 000 91 00",
    # The longest that an incident says.
    "event": TEMPLATES_OF_INCIDENTS["refugees"].announce,
    "numbers": "112 (ambulance et pompiers), 101 (police), 0800 32 123 (idées de suicide), 107 (écoute, jour et nuit)",
    "subjects": "Sans nouvelles: Albert; une demande attend",
    "names": "Albertine Vandermeulen, Rosa Janssens",
    "for_whom": "Marie-Louise",
    "occasion": "Panne de courant",
    "ladder": "Albert (personne n’a appelé, 4 voisins demandés, personne n’y est allé)",
    "tally": "120 vont bien, 3 ont besoin d’aide, sans nouvelles de 2",
    "unreached": ["Albert", "Rosa"],
    "seen": "Vue en dernier par Amina, mercredi 24 mars.",
    "list": "Courses pour une voisine, Uccle, avant demain 18 h : https://line.example.org/fr/volunteer/offer/k/",
}


@pytest.fixture
def values(organisation, tuesday):
    at = tuesday + timedelta(hours=3)
    page = ("request_page", "018f2f10-0000-7000-8000-000000000000")
    return VALUES | {
        "waiting": [
            WaitingPerson("Marie", tuesday, "call", at, page, "groceries", VALUES["place"]),
            WaitingPerson("", tuesday, "news", at, ("board",)),
            WaitingPerson("Jeanne", tuesday, "care", at, page, "pharmacy", VALUES["place"], 4),
        ],
        "window": (tuesday + timedelta(hours=23), tuesday + timedelta(hours=24)),
        "by": tuesday + timedelta(hours=3),
        "clock": tuesday + timedelta(hours=3),
        "new": 12,
        "dangers": [
            ("risk_heard", {"name": "Lotte", "page": page}),
            ("visit_alarm", {"name": "Youssef", "page": page}),
        ],
        "spans": [
            (tuesday, tuesday + timedelta(hours=2)),
            (tuesday + timedelta(hours=4), tuesday + timedelta(hours=5)),
        ],
        "begins": tuesday + timedelta(hours=21),
        "until": tuesday + timedelta(hours=23),
        "since": tuesday - timedelta(days=10),
        "rests": (date(2027, 9, 22), date(2027, 9, 29)),
        "next_day": date(2027, 9, 29),
        "rule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE",
        "sections": [
            (
                "broken",
                [WaitingPerson("Marie", tuesday, "call", at, page, "groceries", VALUES["place"])],
            ),
            ("came", [WaitingPerson("Jeanne", tuesday, "news", at, ("board",))]),
        ],
        "offers": [
            (42, "groceries", VALUES["place"], (tuesday + timedelta(hours=23), tuesday + timedelta(hours=24)))
        ],
    }


@pytest.fixture
def said(organisation, values, tuesday):
    """The words with the values in them, in the language that is active: made ready once for each of them."""
    ready = {}

    def say(words):
        language = translation.get_language()
        if language not in ready:
            ready[language] = saying.ready(organisation, values, tuesday)
        return str(words).format_map(ready[language])

    return say


@pytest.mark.either
@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_can_be_read(name, language, said):
    words = TEMPLATES[name]
    with translation.override(language):
        text = sms.plain(said(words.answer or words.text))
        subject = said(words.subject)
        mail = said(words.mail or words.text)
    size = sms.size(text)
    print(
        f"\n{language} {name} [{size.encoding} {size.units} {size.segments}]\n  {text}\n  » {subject}\n{mail}"
    )
    for each in (text, subject, mail):
        assert "{" not in each
        assert "}" not in each
        assert "  " not in each
        assert ", ," not in each
        assert "!" not in each
        assert "None" not in each
    assert size.segments <= 2
    assert "\n" not in text + subject
    assert len(subject) <= 90


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_language_says_the_same_things(name):
    words = TEMPLATES[name]
    for part in ("text", "subject", "mail", "answer"):
        with translation.override("en"):
            wanted = set(BRACE.findall(str(getattr(words, part))))
        for language in LANGUAGES[1:]:
            with translation.override(language):
                translated = str(getattr(words, part))
            assert set(BRACE.findall(translated)) == wanted, (name, part, language)


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FOR_ANOTHER)
def test_who_asked_for_somebody_else_reads_the_same_of_them(name, language, said, values):
    words, plain = FOR_ANOTHER[name], TEMPLATES[name]
    assert words.promises == plain.promises
    values["for_whom"] = "Jean-Baptiste"
    with translation.override(language):
        for part in ("text", "subject", "mail", "answer"):
            ours, here = set(BRACE.findall(str(getattr(plain, part)))), str(getattr(words, part))
            assert set(BRACE.findall(here)) - {"for_whom"} == ours, part
        text = sms.plain(said(words.answer or words.text))
        assert "Jean-Baptiste" in said(words.mail)
    assert sms.size(text).encoding == "GSM-7"
    assert sms.size(text).segments <= 2


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_what_is_said_for_another_is_translated(language):
    for name, words in FOR_ANOTHER.items():
        for part in ("text", "subject", "mail", "answer"):
            with translation.override(None):
                english = str(getattr(words, part))
            with translation.override(language):
                assert not english or str(getattr(words, part)) != english, (name, part)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_template_is_translated(language):
    for name, words in TEMPLATES.items():
        for part in ("text", "subject", "mail", "answer"):
            with translation.override(None):
                english = str(getattr(words, part))
            with translation.override(language):
                here = str(getattr(words, part))
            # "{What}, {when}" has no word to translate.
            assert not re.search(r"[a-z]{3}", BRACE.sub("", english)) or here != english, (name, part)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_help_has_a_form_inside_a_sentence(language):
    assert set(saying.INSIDE) == {kind.code for kind in choices.KINDS}
    with translation.override(language):
        forms = [str(form) for form in saying.INSIDE.values()]
    assert len(set(forms)) == len(forms)
    if language != "de":
        assert all(form[0].islower() for form in forms)


@pytest.mark.django_db
def test_most_texts_take_one_segment(said):
    long = []
    for language in LANGUAGES:
        with translation.override(language):
            for name, words in TEMPLATES.items():
                text = said(words.answer or words.text)
                size = sms.size(sms.plain(text))
                assert size.encoding == "GSM-7", (language, name)
                if size.segments > 1:
                    long.append(f"{language} {name} {size.units}")
    print(long)
    assert len(long) <= len(LANGUAGES) * len(TEMPLATES) / 10


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_how_to_say_that_one_sets_out_costs_no_segment(said, language):
    with translation.override(language):
        assert sms.size(sms.plain(said(TEMPLATES["accepted"].answer))).segments == 1


@pytest.mark.django_db
@pytest.mark.parametrize("month", range(1, 13))
def test_no_month_and_no_kind_of_help_costs_a_segment_in_french(organisation, values, tuesday, month):
    """`août` and `vêtements` hold letters that the alphabet of texts lacks."""
    day = tuesday.replace(year=tuesday.year + 1, month=month, day=17)
    later = dict.fromkeys(("by", "begins", "until", "since", "day"), day) | {
        "window": (day, day + timedelta(hours=2))
    }
    with translation.override("fr"):
        for kind in (each.code for each in choices.KINDS):
            ready = saying.ready(organisation, values | later | {"kind": kind}, tuesday)
            for name, words in TEMPLATES.items():
                text = sms.plain(str(words.answer or words.text).format_map(ready))
                assert sms.size(text).encoding == "GSM-7", (name, kind, text)
                assert sms.size(text).segments <= 2, (name, kind, text)


@pytest.mark.parametrize(
    ("language", "word"), [("en", "tomorrow"), ("fr", "demain"), ("nl", "morgen"), ("de", "morgen")]
)
def test_windows(organisation, tuesday, language, word):
    from django.utils import timezone

    def hour(day, number):
        return tuesday.astimezone(ZoneInfo("Europe/Brussels")).replace(hour=number) + timedelta(days=day)

    with translation.override(language), timezone.override(organisation.zone):
        one_day = window_words(hour(1, 10), hour(1, 11), tuesday)
        from_now = window_words(tuesday, hour(1, 18), tuesday)
        later = window_words(hour(1, 10), hour(3, 18), tuesday)
    assert word in one_day
    assert word in from_now
    assert "10" not in from_now
    assert word not in later
    # Of some days, the last one is no appointment.
    assert {"en": "by ", "fr": "au plus tard ", "nl": "ten laatste ", "de": "spätestens "}[language] in later


test_windows = pytest.mark.django_db(test_windows)


@pytest.mark.django_db
def test_a_place_is_called_as_the_reader_calls_it(organisation):
    from quartier.places.models import Place

    Place.objects.create(
        country="BE", postcode="1050", postcode_key="1050", kind="locality", key="ixelles", name="Ixelles",
        name_nl="Elsene", lat=50.83, lon=4.37, precision="locality", cell=0, area=0, source="test",
    )  # fmt: skip
    with translation.override("nl"):
        assert place_called("BE", "1050", "Ixelles") == "Elsene"
    with translation.override("fr"):
        assert place_called("BE", "1050", "Elsene") == "Ixelles"
        assert place_called("BE", "1050", "Nulle-Part") == "Nulle-Part"
        assert place_called("BE", "1050", "") == "1050"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "number", "words"),
    [
        ("en", 2, ", and 1 more"),
        ("fr", 2, ", et 1 autre"),
        ("fr", 3, ", et 2 autres"),
        ("nl", 3, ", en nog 2"),
        ("de", 3, ", und 2 weitere"),
    ],
)
def test_how_many_more_wait_is_said_in_words(organisation, tuesday, values, language, number, words):
    with translation.override(language):
        ready = saying.ready(organisation, {"waiting": values["waiting"][:number]}, tuesday)
    assert ready["waiting"].endswith(words)


@pytest.mark.django_db
def test_a_kind_of_help_begins_a_german_sentence(organisation, tuesday, values):
    with translation.override("de"):
        ready = saying.ready(organisation, values | {"kind": "talk", "asked": 0}, tuesday)
        text = str(TEMPLATES["still_looking"].text).format_map(ready)
        assert text.startswith("Ein freundlicher Anruf: Wir suchen noch.")


@pytest.mark.django_db
def test_a_semicolon_has_its_space_in_french(organisation, tuesday, values):
    with translation.override("fr"):
        ready = saying.ready(organisation, {"offers": values["offers"] * 2}, tuesday)
    assert "\u202f; 42" in ready["offers"]


@pytest.mark.django_db
def test_the_last_met_words_cost_no_more_in_french():
    with translation.override("fr"):
        assert sms.size(sms.plain(last_met_words([]))).encoding == "GSM-7"


def test_french_texts_of_somebody_unheard_take_any_name():
    """`de Olivier` is none: the name begins the sentence."""
    with translation.override("fr"):
        words = TEMPLATES["not_heard"]
        assert all(str(part).startswith("{name}") for part in (words.text, words.subject, words.mail))


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pharmacy_is_named_where_medicines_are_waited_for(organisation, tuesday, values, language):
    with translation.override(language):
        words = str(TEMPLATES["late_news_again"].text)
        medicines, dog = (
            sms.plain(words.format_map(saying.ready(organisation, values | {"advice": kind}, tuesday)))
            for kind in ("pharmacy", "dog")
        )
        advice = sms.plain(str(saying.ADVICE["pharmacy"]))
    assert advice in medicines
    assert advice not in dog
    assert sms.size(medicines).segments <= 2


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_of_a_day_of_a_series_the_day_is_named_once(organisation, tuesday, values, language):
    start = tuesday + timedelta(hours=23)
    with translation.override(language):
        ready = saying.ready(organisation, values | {"day": start}, tuesday)
        day = {"en": "tomorrow", "fr": "demain", "nl": "morgen", "de": "morgen"}[language]
        subject, body = rewording.worded("email", TEMPLATES["regular_cannot"], ready)
        assert (subject.count(day), body.splitlines()[0].count(day)) == (1, 1)
        _, text = rewording.worded("text", TEMPLATES["still_looking"], ready)
        assert f"({day})" in text


SPECIAL = [(name, words) for _is_so, group in CIRCUMSTANCES for name, words in group.items()]


@pytest.mark.either
@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "words"), SPECIAL)
def test_words_of_special_circumstances_can_be_read(name, words, language, said):
    assert words.promises == TEMPLATES[name].promises
    with translation.override(None):
        english = [str(words.text), str(words.subject), str(words.mail), str(words.answer)]
    with translation.override(language):
        here = [str(words.text), str(words.subject), str(words.mail), str(words.answer)]
        size = sms.size(sms.plain(said(words.answer or words.text)))
        mail = said(words.mail or words.text)
    for ours, theirs in zip(english, here, strict=True):
        assert set(BRACE.findall(ours)) == set(BRACE.findall(theirs))
        assert language == "en" or not ours or ours != theirs
    assert (size.encoding, size.segments <= 2) == ("GSM-7", True)
    assert "{" not in mail
    assert "!" not in mail


@pytest.mark.parametrize("language", LANGUAGES)
def test_errands_have_a_form_inside_a_sentence(language):
    with translation.override(language):
        forms = [str(form) for form in saying.ERRANDS.values()]
    assert len(set(forms)) == len(forms) == 3
    with translation.override(language):
        not_answering = [str(form) for form in NOT_ANSWERING.values()]
    assert len(set(not_answering)) == len(not_answering)
    assert {*saying.ERRANDS, *NOT_ANSWERING}.isdisjoint(saying.INSIDE)


@pytest.mark.parametrize("group", [TEMPLATES, FOR_ANOTHER])
def test_who_cannot_come_and_who_was_to_come_are_named_with_the_hour(group):
    """Of two visits of one neighbour nobody need guess which one is meant."""
    for name in ("looking_again", "caller_cannot"):
        assert "{when}" in str(group[name].text)
        assert "{when}" in str(group[name].mail)
    assert "{when}" in str(group["after_visit"].mail)
