"""What our messages say: the head of the group reads it, says it otherwise, and loses nothing that was typed."""

import re

import pytest
from django.urls import reverse

from quartier.audit.models import Entry
from quartier.console import wording as page
from quartier.lib import sms
from quartier.messaging import wording
from quartier.messaging.models import OwnWords
from quartier.messaging.words import TEMPLATES

pytestmark = [pytest.mark.django_db, pytest.mark.either]
LIST, OFFER = "/en/console/post/words/", "/en/console/post/words/offer/"
CODES = ("fr", "nl", "de", "en")


@pytest.fixture
def head(signed_in, sara, tuesday, places):
    return signed_in(sara)


def typed(template="offer", codes=CODES, **other):
    """The boxes as they are, with others by name (`fr_text`)."""
    form = {}
    for code in codes:
        default = wording.ours(template, code)
        form |= {f"{code}-{part}": getattr(default, part) for part in wording.PARTS if getattr(default, part)}
    return form | {name.replace("_", "-"): text for name, text in other.items()}


def words_of(response):
    return response.content.decode().replace("\u00a0", " ")


def test_every_template_has_its_sentence():
    assert [name for _title, group in page.WHEN for name in group if name not in TEMPLATES] == []
    assert set(TEMPLATES) == {name for _title, group in page.WHEN for name in group}


def test_the_list_says_when_and_what(head, organisation):
    words = words_of(head.get(LIST))
    assert "When a neighbour is asked" in words
    assert "Shopping for a neighbour, Ixelles, about 800 m, tomorrow between 10 and 11" in words
    assert words.count("rowlink") >= len(TEMPLATES)
    assert "in your words" not in words


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_has_its_page(head, name):
    response = head.get(reverse("wording", args=[name]))
    words = words_of(response)
    assert response.status_code == 200
    main = words.split("<main")[1].split("wording-data")[0]
    shown = re.sub(r"<textarea.*?</textarea>|<input[^>]*>|<code.*?</code>", "", main, flags=re.S)
    assert not re.search(r"\{\w+\}", shown)
    for code in CODES:
        assert f'id="id_{code}-text"' in words


def test_it_is_kept_used_and_written_down(head, organisation, sara):
    form = typed(fr_subject="On a besoin de vous : {What}, {where}, {when}")
    response = head.post(OFFER, {**form, "do": "save"}, follow=True)
    assert "Saved. From now on the message is in your words." in words_of(response)
    assert "in your words" in words_of(head.get(LIST))
    assert wording.of(organisation)["offer", "fr"].subject.startswith("On a besoin de vous")
    assert OwnWords.objects.count() == 4
    assert Entry.objects.get(verb="messages.own_words").actor_id == sara.pk
    assert "Nothing has changed." in words_of(head.post(OFFER, {**form, "do": "save"}, follow=True))
    response = head.post(OFFER, {"do": "ours"}, follow=True)
    assert "Back to the standard wording." in words_of(response)
    assert not OwnWords.objects.exists()


def test_unchanged_it_stays_ours(head):
    assert "Nothing has changed." in words_of(head.post(OFFER, {**typed(), "do": "save"}, follow=True))
    assert not OwnWords.objects.exists()


@pytest.mark.parametrize("do", ["save", "preview"])
@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"de_text": ""}, "Deutsch, Text message: This cannot be empty."),
        ({"nl_text": "Kom je? <b>{oeps}</b>"}, "Nederlands, Text message: We cannot fill in {oeps} here."),
        (
            {"fr_mail": "Venez !\n\n{link}"},
            "Français, The email: {what} is missing: the kind of help. Put it back.",
        ),
        ({"en_subject": "{What} {where} {when} evil.com"}, "“evil.com” reads like a web address"),
        ({"en_answer": "{What}"}, "Text message that can be answered with yes or no: {where} is missing"),
    ],
)
def test_an_error_names_what_is_wrong_and_keeps_every_word(head, do, wrong, says):
    response = head.post(OFFER, {**typed(en_text="My words {what}"), **typed(), **typed(**wrong), "do": do})
    words = words_of(response)
    assert response.status_code == 422
    assert says in words.replace("&lt;", "<").replace("&gt;", ">")
    (text,) = wrong.values()
    assert text.replace("<", "&lt;").replace(">", "&gt;") in words
    assert not OwnWords.objects.exists()
    assert "<b>{oeps}" not in words


def test_a_language_that_is_not_sent_is_missing(head):
    response = head.post(OFFER, {**typed(codes=("fr", "nl", "en")), "do": "save"})
    assert response.status_code == 422
    assert "Deutsch, Text message: This cannot be empty." in words_of(response)


def test_shown_before_it_is_kept(head):
    form = typed(
        en_text="Help? {What}, {where}, {distance}, {when}: {link}", en_subject="Ê {What} {where} {when}"
    )
    response = head.post(OFFER, {**form, "do": "preview"})
    words = words_of(response)
    assert response.status_code == 200
    assert "Help? Shopping, Ixelles, about 800 m, tomorrow between 10 and 11" in words
    assert "Ê Shopping Ixelles" in words
    assert not OwnWords.objects.exists()


def test_the_count_says_how_many_and_why(organisation):
    values = {"link": "x" * 100}
    assert page.counted("y" * 59 + " {link}", values) == "1 SMS: 160 of 160 characters."
    assert page.counted("y" * 60 + " {link}", values) == "2 SMS: 161 characters."
    assert page.counted("€ {link}", {"link": "x" * 156}) == "1 SMS: 159 of 160 characters."
    assert page.counted("Łódź", {}) == (
        "1 SMS: 4 of 70 characters. Because of Ł ó ź, one SMS holds only 70 characters instead of 160."
    )
    assert page.counted("Fête 🙂" + "y" * 70, {}).startswith("2 SMS: 77 characters. Because of ê 🙂, ")
    assert page.counted("«\u00a0Bonjour\u00a0» … l’œuf", {}).startswith("1 SMS: 20 of 160")


def test_bank_cards_are_noticed(head):
    form = typed(en_text="Show your bank card. {What}, {where}, {distance}, {when}: {link}")
    assert "This mentions a bank card" in words_of(head.post(OFFER, {**form, "do": "preview"}))
    assert "This mentions a bank card" not in words_of(head.get(OFFER))


def test_only_the_head_comes_here_and_nobody_of_elsewhere(
    signed_in, thomas, account, elsewhere, sara, tuesday, places
):
    for where in (LIST, OFFER):
        assert signed_in(thomas).get(where).status_code == 403
    assert signed_in(thomas).post(OFFER, {"do": "ours"}).status_code == 403
    assert LIST not in words_of(signed_in(thomas).get("/en/console/post/"))
    assert LIST in words_of(signed_in(sara).get("/en/console/post/"))
    signed_in(sara).post(OFFER, {**typed(en_subject="Ours alone {What} {where} {when}"), "do": "save"})
    theirs = signed_in(account("Wim", "admin", at=elsewhere, language="nl"))
    theirs.defaults["HTTP_HOST"] = elsewhere.host
    assert "Ours alone" not in theirs.get(OFFER).content.decode()
    theirs.post(OFFER, {"do": "ours"})
    assert wording.kept(sara.organisation)


def test_what_there_is_not_is_not_found(head):
    assert head.get("/en/console/post/words/nothing/").status_code == 404
    assert head.post(OFFER, {**typed(), "do": "sing"}).status_code == 404


def test_as_many_queries_for_one_as_for_all(head, django_assert_max_num_queries):
    head.get(LIST)
    with django_assert_max_num_queries(12):
        head.get(LIST)


def test_a_language_of_later_is_still_ours(head, organisation):
    organisation.languages = ["fr", "nl"]
    organisation.save()
    head.post(OFFER, {**typed(codes=("fr", "nl"), fr_subject="Vous ? {What} {where} {when}"), "do": "save"})
    organisation.languages = ["fr", "nl", "de"]
    organisation.save()
    assert "Still in the standard wording: Deutsch" in words_of(head.get(LIST))


def test_the_alphabet_of_the_page_is_the_one_we_count_with(head):
    data = head.get(OFFER).context["data"]
    assert set(data["gsm"]) == sms.GSM
    assert set(data["double"]) == sms.GSM_DOUBLE
