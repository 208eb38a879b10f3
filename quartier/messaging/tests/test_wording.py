"""Words of a group instead of ours: what may stand in them, and when they are taken."""

import re
from dataclasses import replace
from re import _constants as constants  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from string import Formatter

import pytest
from django.core.cache import cache
from django.http import Http404
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st

from quartier.audit.models import Entry
from quartier.messaging import actions, wording
from quartier.messaging.actions import Letter
from quartier.messaging.models import OwnWords
from quartier.messaging.words import TEMPLATES, Words
from quartier.team.access import of_account

LANGUAGES = ["en", "fr", "nl", "de"]
HOSTS = {"quartier.example.org"}
OFFER = Words(
    text="{What} for a neighbour, {where}, {distance}, {when}. Yes or no: {link}",
    subject="{What} for a neighbour, {where}, {when}",
    mail="What: {what}\n\n{link}",
    answer="{What}, {when}. Answer YES {number} or NO {number}, or: {link}",
)
FINE = "Can you help? {what}, {where}, {distance}, {when}: {link}"
SAMPLES = dict.fromkeys([*wording.MEANINGS, "What"], "x")


def reasons(text, part="text", default=OFFER):
    """What is wrong with it, in English; nothing when nothing is."""
    with translation.override("en"):
        try:
            wording.check(part, wording.tidy(part, text), default, HOSTS)
        except wording.NotSo as error:
            return " ".join(error.reasons)
    return ""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TEMPLATES)
def test_our_own_words_hold_what_they_must(name, language):
    default = wording.ours(name, language)
    for part in wording.PARTS:
        text = getattr(default, part)
        assert not text or wording.tidy(part, text) == text
        assert not text or not reasons(text, part, default)
        assert not wording.asks_for_money(text)


def test_all_that_we_fill_in_has_a_meaning():
    names = {
        name for each in TEMPLATES.values() for part in wording.PARTS for name in wording.needed(part, each)
    }
    assert names <= set(wording.MEANINGS)


@pytest.mark.parametrize(
    "text",
    [
        FINE,
        "{What}, {what}, {where}, {distance}, {when} {link} {organisation} {phone}",
        f"{FINE} See quartier.example.org/help or https://www.quartier.example.org",
        f"{FINE} Write to help@gmail.com, p.ex. today at 18.30h, 02.123.45.67",
        FINE.replace(" ", "\u00a0"),
        f"  {FINE}\n\n  €^~ 🙂  ",
    ],
)
def test_what_may_stand_there(text):
    assert not reasons(text)
    assert wording.tidy("text", text).format_map(SAMPLES)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "cannot be empty"),
        (" .,\u200b\u00a0", "cannot be empty"),
        (FINE.replace("{where}", ""), "{where} is missing: the place. Put it back."),
        (FINE.replace("{what}", ""), "{What} is missing: the kind of help"),
        (f"{FINE} {{name}}", "We cannot fill in {name} here"),
        (f"{FINE} {{nobody}}", "{what}, {organisation}, {phone}."),
        (f"{FINE} {{number}}", "We cannot fill in {number} here"),
        (FINE.replace("{where}", "{Where}"), "We cannot fill in {Where} here"),
        (FINE.replace("{where}", "{ where }"), "We cannot fill in { where } here"),
        (f"{FINE} {{}}", "We cannot fill in {} here"),
        (f"{FINE} {{0}}", "We cannot fill in {0} here"),
        (f"{FINE} {{what.__class__}}", "We cannot fill in {what.__class__} here"),
        (f"{FINE} {{what[0]}}", "We cannot fill in {what[0]} here"),
        (f"{FINE} {{what!r}}", "We cannot fill in {what!r} here"),
        (f"{FINE} {{what:>99999999}}", "We cannot fill in {what:>99999999} here"),
        (f"{FINE} {{what:{{where}}}}", "We cannot fill in {what:{where}} here"),
        (f"{FINE} {{what:}}", "Braces may only go around"),
        (f"{FINE} {{what", "Braces may only go around"),
        (f"{FINE} what}}", "Braces may only go around"),
        (f"{FINE} {{{{what}}}}", "Braces may only go around"),
        (f"{FINE} {{what!}}", "Braces may only go around"),
        (FINE.replace(": {link}", ":{link}"), "Leave a space before and after {link}"),
        (f"{FINE}.", "Leave a space before and after {link}"),
        (FINE + "x" * 480, "at most 480"),
        (FINE + " x" * 300, "at most 480 characters"),
    ],
)
def test_what_is_wrong_is_named(text, says):
    assert says in reasons(text)


@pytest.mark.parametrize(
    "address",
    [
        "http://evil.example", "HTTPS://evil.example/x", "www.evil.example", "evil.com", "evil.com/login", "bit.ly/3xY",
        "quartier.example.org.evil.com", "https://quartier.example.org@evil.com/", "evil．com", "evil。com",
        "ev\u200bil.com", "https://[", "https://", "javascript://x", "1.2.3.4/login", "https://1.2.3.4", "{what}.be",
        "https://quartier.example.org\\@evil.com", "demain.Merci", "ftp://quartier.example.org/",
    ],
)  # fmt: skip
def test_no_address_of_others_may_stand_in_a_message(address):
    assert "reads like a web address" in reasons(f"{FINE} {address}")


def test_words_to_answer_with_must_stay():
    assert not reasons("{What} {when}: YES {number} or NO {number} {link}", "answer")
    assert "NO is missing" in reasons("{What} {when}: YES {number} or nope {link}", "answer")
    assert "YES is missing" in reasons("{What} {when}: yes {number} or NO {link}", "answer")


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Give your bank card to Sofia.", True),
        ("Donnez votre code secret. Personne ne le lit.", True),
        ("Geef uw pincode.", True),
        ("Ihre Bankkarte bitte", True),
        ("Nobody ever asks for your bank card or your PIN.", False),
        ("Ne donnez jamais votre carte de banque.", False),
        ("The PINE is a tree, shopping is done", False),
    ],
)
def test_talk_of_bank_cards_is_noticed(text, asks):
    assert wording.asks_for_money(text) is asks


ANYTHING = st.text(alphabet=st.characters(), max_size=300)
PIECES = st.lists(
    st.one_of(
        ANYTHING,
        st.sampled_from([f"{{{name}}}" for name in SAMPLES]),
        st.sampled_from(
            [
                "{",
                "}",
                "{{",
                "}}",
                "!",
                ":",
                "{what!r}",
                "{what:}",
                " ",
                "\n",
                "https://",
                ".be",
                "{link}",
                FINE,
            ]
        ),
    ),
    max_size=12,
).map("".join)


@given(text=st.one_of(ANYTHING, PIECES), part=st.sampled_from(wording.PARTS))
@example(text="http://[", part="mail")
@example(text="\ud800{link}", part="text")
@example(text=FINE, part="text")
def test_nothing_that_is_typed_does_more_than_being_refused(text, part):
    tidied = wording.tidy(part, text)
    assert wording.tidy(part, tidied) == tidied
    wording.filled(tidied, SAMPLES)
    wording.asks_for_money(tidied)
    try:
        wording.check(part, tidied, OFFER, HOSTS)
    except wording.NotSo:
        return
    said = tidied.format_map(SAMPLES)
    assert said == wording.filled(tidied, SAMPLES)
    assert "{" not in said
    assert {name for _lit, name, _spec, _conv in Formatter().parse(tidied) if name} <= set(SAMPLES)
    said.encode()


@given(text=PIECES)
def test_what_is_taken_has_all_that_ours_has(text):
    whole = wording.tidy("text", f"{text} {FINE}")
    if not reasons(whole):
        for name in ("where", "distance", "when", "link"):
            assert f"{{{name}}}" in whole
        assert re.search(r"\{[wW]hat\}", whole)


# ---- kept ----


def own(code, **parts):
    """Our words of the offer in a language, with other parts."""
    default = wording.ours("offer", code)
    return Words(**{part: parts.get(part, getattr(default, part)) for part in wording.PARTS})


@pytest.fixture
def head(sara, tuesday):
    return of_account(sara)


@pytest.fixture
def said(organisation, youssef, tuesday):
    """What Youssef reads when he is asked."""

    def write(key="a"):
        values = {
            "kind": "groceries", "window": (tuesday, tuesday), "metres": 820, "place": ("1050", "Ixelles"),
            "page": ("offer_link", "k" * 22),
        }  # fmt: skip
        return actions.write(organisation=organisation, letter=Letter(youssef.person, "offer", key, values))

    return write


@pytest.fixture
def everywhere():
    return {code: own(code, subject=f"{code} {{What}}, {{where}}, {{when}}") for code in LANGUAGES}


@pytest.mark.django_db
def test_the_groups_words_are_taken_from_the_next_message_on(head, said, everywhere, places_known):
    assert said("a").subject.startswith("Courses pour")
    assert wording.keep(actor=head, template="offer", words=everywhere)
    assert said("b").subject.startswith("fr Courses, Ixelles")
    assert wording.drop(actor=head, template="offer")
    assert not wording.drop(actor=head, template="offer")
    assert said("c").subject.startswith("Courses pour")
    verbs = list(
        Entry.objects.filter(verb__startswith="messages.").order_by("at", "pk").values_list("verb", "details")
    )
    assert verbs == [
        ("messages.own_words", {"template": "offer", "languages": ["fr", "nl", "de", "en"]}),
        ("messages.our_words", {"template": "offer"}),
    ]


@pytest.fixture
def places_known(db):
    from quartier.places.models import Place

    Place.objects.create(
        country="BE", postcode="1050", postcode_key="1050", kind="locality", key="ixelles", name="Ixelles",
        name_nl="Elsene", lat=50.83, lon=4.37, precision="locality", cell=0, area=0, source="test",
    )  # fmt: skip


@pytest.mark.django_db
def test_they_are_looked_up_once_in_a_while(
    head, said, everywhere, organisation, youssef, places_known, django_assert_num_queries
):
    wording.keep(actor=head, template="offer", words=everywhere)
    with django_assert_num_queries(1):
        assert wording.of(organisation)["offer", "nl"].subject.startswith("nl")
    with django_assert_num_queries(0):
        wording.of(organisation)
    cache.clear()
    assert said().subject.startswith("fr")
    with django_assert_num_queries(0):
        wording.of(organisation)


@pytest.mark.django_db
def test_nothing_new_is_no_change_and_ours_are_not_kept(head, everywhere):
    assert wording.keep(actor=head, template="offer", words=everywhere)
    assert not wording.keep(actor=head, template="offer", words=everywhere)
    assert OwnWords.objects.count() == 4
    assert OwnWords.objects.first().by == head.account
    assert wording.keep(actor=head, template="offer", words={code: own(code) for code in LANGUAGES})
    assert not OwnWords.objects.exists()


@pytest.mark.django_db
def test_every_language_of_the_group_must_be_there(head, everywhere):
    without = {code: words for code, words in everywhere.items() if code != "de"}
    with translation.override("en"), pytest.raises(wording.NotSo, match="Deutsch is missing"):
        wording.keep(actor=head, template="offer", words=without)
    everywhere["de"] = own("de", text="")
    with pytest.raises(wording.NotSo):
        wording.keep(actor=head, template="offer", words=everywhere)
    assert not OwnWords.objects.exists()


@pytest.mark.django_db
def test_another_group_says_it_in_its_own_way(head, everywhere, elsewhere, said, account):
    wording.keep(actor=head, template="offer", words=everywhere)
    assert wording.of(elsewhere) == {}
    theirs = of_account(account("Wim", "admin", at=elsewhere))
    wording.keep(
        actor=theirs,
        template="offer",
        words={code: own(code, mail="{what} {where} {distance} {when}\n\n{link}") for code in ("nl", "fr")},
    )
    assert set(wording.of(elsewhere)) == {("offer", "nl"), ("offer", "fr")}
    wording.drop(actor=theirs, template="offer")
    assert len(wording.kept(head.organisation)) == 4


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["thomas", "lotte"])
def test_only_the_head_may(request, who, everywhere, tuesday):
    actor = of_account(request.getfixturevalue(who))
    with pytest.raises(Http404):
        wording.keep(actor=actor, template="offer", words=everywhere)
    with pytest.raises(Http404):
        wording.drop(actor=actor, template="offer")


@pytest.mark.django_db
def test_what_does_not_fit_ours_any_more_is_left_out(head, said, everywhere, organisation, places_known):
    wording.keep(actor=head, template="offer", words=everywhere)
    OwnWords.objects.filter(language="fr").update(mail="{gone} {link}")
    OwnWords.objects.filter(language="nl").update(template="gone")
    cache.clear()
    assert set(wording.of(organisation)) == {("offer", "de"), ("offer", "en")}
    assert said().subject.startswith("Courses pour")


@pytest.mark.django_db
def test_words_from_before_a_text_could_be_answered_stay_the_groups_own(head, everywhere, organisation):
    ours = {code: wording.ours("accepted", code) for code in LANGUAGES}
    own = {code: replace(each, subject=f"* {each.subject}") for code, each in ours.items()}
    wording.keep(actor=head, template="accepted", words=own)
    OwnWords.objects.update(answer="")
    cache.clear()
    assert wording.of(organisation)["accepted", "fr"].subject.startswith("*")


def test_an_address_of_others_is_refused_there_too(head, everywhere):
    everywhere["nl"] = own("nl", mail=f"{wording.ours('offer', 'nl').mail} https://evil.example")
    with pytest.raises(wording.NotSo):
        wording.keep(actor=head, template="offer", words=everywhere)


def costs_a_square(pattern):
    """The alternatives that can begin anywhere and go on for any length before something fixed must follow: tried
    anew at each letter, they take the square of the letters. A look behind, or an edge of a word, makes that once."""
    tree = parser.parse(pattern.pattern, pattern.flags)
    (kind, value), *rest = list(tree)
    ways = value[1] if kind is constants.BRANCH and not rest else [tree]
    return [way for way in map(list, ways) if _runs_on(way)]


def _runs_on(way):
    for kind, value in way[:2]:
        if kind in {constants.AT, constants.ASSERT, constants.ASSERT_NOT}:
            return False
        if kind in {constants.MAX_REPEAT, constants.MIN_REPEAT} and value[1] is constants.MAXREPEAT:
            return True
    return False


def test_looking_for_addresses_takes_no_square_of_what_is_typed():
    assert costs_a_square(re.compile(r"[a-z][a-z0-9+.-]*://|x"))  # as it was
    assert not costs_a_square(wording._WEB)


def test_what_is_too_long_is_looked_at_no_further(monkeypatch):
    def never(*_given):
        raise AssertionError

    monkeypatch.setattr(wording, "addresses", never)
    with pytest.raises(wording.NotSo) as refused:
        wording.check("text", "x" * 20_000, OFFER, HOSTS)
    assert len(refused.value.reasons) == 1
