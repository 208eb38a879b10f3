"""Asking for help, through the pages."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from quartier.cases.actions.promising import for_whom
from quartier.cases.models import Case, Request, Series
from quartier.intake.models import Contact, Draft
from quartier.lib import clock
from quartier.limits import proof
from quartier.messaging import stops
from quartier.public.tests.conftest import ANSWERS, PERSON

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_from_the_first_question_to_the_status_page(answering, client, language):
    check = answering(language)
    page = client.get(check)
    assert "Rue du Page 42" in text(page)
    assert "Du lait, six œufs" in text(page)
    sent = client.post(check, {"consent": "on"})
    assert sent.status_code == 302
    receipt = client.get(sent["Location"])
    case = Case.objects.get()
    assert case.reference in text(receipt)
    assert {request.kind for request in case.requests.all()} == {"groceries", "pharmacy"}
    assert (case.person.name, case.person.phone) == ("Marie Peeters", "+3220001427")
    assert case.person.language == language
    status = receipt.context["url"].split("testserver")[1]
    assert client.get(status).status_code == 200
    draft = Draft.objects.get()
    assert draft.answers == {}


def test_a_form_sent_again_stores_nothing_twice(answering, client):
    check = answering()
    first = client.post(check, {"consent": "on"})
    again = client.post(check, {"consent": "on"})
    assert again["Location"] == first["Location"]
    assert Case.objects.count() == 1
    assert Contact.objects.count() == 1
    # The back button, then another answer to an old question.
    old = check.replace("/check/", "/what/")
    back = client.post(old, {"kinds": ["dog"]})
    assert back.status_code == 302
    assert back["Location"] == first["Location"]
    assert Request.objects.count() == 2


def test_who_has_written_stop_is_promised_a_call_and_no_text(answering, client, organisation):
    reach = {"name": "Marie Peeters", "channel": "text", "phone": "+32400000042", "email": ""}
    for channel in ("text", "call"):
        sent = client.post(answering("en", ANSWERS | {"reach": reach}), {"consent": "on"})
        assert client.get(sent["Location"]).context["channel"] == channel
        person = Case.objects.latest("opened_at").person
        stops.stop(organisation=organisation, index=person.phone_index, people=[person])


def test_someone_else(answering, client):
    answers = {
        **{name: ANSWERS[name] for name in ANSWERS if name != "reach"},
        "for": {"whom": "other"},
        "person": PERSON,
        "reach": {"name": "Anna Peeters", "channel": "email", "phone": "", "email": "anna@example.org"},
    }
    check = answering("nl", answers)
    # Nobody agrees for somebody else without having asked; and nothing says "you" of who is helped.
    last = text(client.get(check))
    assert "De persoon voor wie ik vraag, gaat akkoord" in last
    proven = proof.solve(re.search(r'data-proof="([^"]+)"', last)[1])
    receipt = text(client.get(client.post(check, {"proof": proven, "consent": "on"})["Location"]))
    assert "We zoeken iemand in de buurt van Paul" in receipt
    assert "bij u in de buurt" not in receipt
    assert Contact.objects.get().consent == "web-other-2026-11"
    case = Case.objects.get()
    assert (case.person.name, case.asked_by.name) == ("Paul Peeters", "Anna Peeters")
    assert case.tell_asker
    assert case.asked_by.language == "nl"


def test_of_someone_else_no_language_is_ticked_beforehand(answering, client):
    for whom, ticked in (("me", 1), ("other", 0)):
        page = text(client.get(answering("nl", ANSWERS | {"for": {"whom": whom}}, stop="languages")))
        boxes = re.findall(r'<input[^>]*name="languages"[^>]*>', page)
        assert len(boxes) > 3
        assert sum(" checked" in box for box in boxes) == ticked


@pytest.mark.parametrize(
    ("written", "called"),
    [("Mijn vader Roger Van den Abeele", "Roger"), ("Mme Vve Lambert Jeanne", "Mme Vve Lambert Jeanne")],
)
def test_a_name_is_never_a_title_or_mijn(answering, client, written, called):
    answers = {
        **{name: ANSWERS[name] for name in ANSWERS if name != "reach"},
        "for": {"whom": "other"},
        "person": PERSON | {"name": written},
        "reach": {"name": "Anna Peeters", "channel": "email", "phone": "", "email": "anna@example.org"},
    }
    check = answering("nl", answers)
    proven = proof.solve(re.search(r'data-proof="([^"]+)"', text(client.get(check)))[1])
    receipt = text(client.get(client.post(check, {"proof": proven, "consent": "on"})["Location"]))
    assert f"in de buurt van {called}" in receipt
    case = Case.objects.get()
    assert for_whom(case, case.asked_by) == {"for_whom": called}


def test_consent_is_asked(answering, client):
    check = answering()
    page = client.post(check, {}, follow=True)
    assert page.redirect_chain
    assert 'class="oops"' in text(page)
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("language", "of_line", "of_companies"),
    [
        ("fr", "numéro de notre ligne", "numéro d’entreprise"),
        ("nl", "nummer van onze eigen lijn", "nummer van een bedrijf"),
        ("de", "Nummer unserer eigenen Leitung", "Firmennummer"),
        ("en", "number of our own line", "number that companies use"),
    ],
)
def test_our_own_number_and_one_of_companies_are_no_ones_phone(
    answering, client, language, of_line, of_companies
):
    reach = answering(language, stop="reach")
    for typed, said in (
        ("0800 00 020", of_line),
        ("+32 800 00 020", of_line),
        ("0900 12 345", of_companies),
        ("0903 12 345", of_companies),
    ):
        page = text(client.post(reach, {"name": "Anna", "channel": "call", "phone": typed}, follow=True))
        assert 'class="oops"' in page
        assert said in page
        assert f'value="{typed}"' in page
        assert 'value="Anna"' in page


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_a_title_that_asks_has_no_second_full_stop(client, organisation, language):
    title = text(client.get(f"/{language}/ask/")).split("<title>")[1].split("</title>")[0]
    assert "? – Quartier" in title.replace("\u202f", "").replace("\u00a0", "")


def test_two_tabs_and_two_browsers_have_their_own_drafts(answering, client):
    one = answering(stop="where")
    two = answering(stop="where")
    assert one != two
    stranger = Client()
    refused = stranger.get(one)
    assert refused.status_code == 302
    assert refused["Location"].endswith("/fr/ask/?lost=1")
    assert "Du lait" not in text(stranger.get(refused["Location"]))


@pytest.mark.parametrize(
    ("typed", "place"),
    [("Elsene", "Ixelles (1050)"), ("1050", "Ixelles (1050)"), ("Luik", "Liège (4000)")],
)
def test_a_place_in_any_language(answering, client, typed, place):
    where = answering(stop="where")
    assert client.post(where, {"text": typed}).status_code == 302
    assert Draft.objects.get().answers["where"]["label"] == place


def test_a_misspelt_place_is_asked_back(answering, client):
    where = answering(stop="where")
    page = client.post(where, {"text": "ixel"}, follow=True)
    assert "Vouliez-vous dire Ixelles (1050)\u00a0?" in text(page)
    assert page.context["form"]["place"].value() == ""
    # A question, not something to put right.
    assert 'class="oops"' not in text(page)
    assert "Erreur" not in text(page)
    choices = page.context["form"].fields["place"].widget.choices
    found = next(key for key, label in choices if label == "Ixelles (1050)")
    assert client.post(where, {"text": "ixel", "seen": "ixel", "place": found}).status_code == 302


@pytest.mark.parametrize("typed", ["0000", "9", "zzzzqqqq", "", "\x00", "1050\x00", "🏠" * 500])
def test_an_impossible_place_is_a_sentence(answering, client, typed):
    where = answering(stop="where")
    page = client.post(where, {"text": typed}, follow=True)
    if "/where/" not in page.redirect_chain[-1][0]:
        assert "1050" in typed
        return
    assert 'role="alert"' in text(page)


def test_a_street_without_its_town_is_asked_for_the_town_alone(answering, client):
    where = answering(stop="where")
    page = client.post(where, {"text": "rue de la Loi 16"}, follow=True)
    assert "Dans quelle commune est «\u00a0rue de la Loi 16\u00a0»" in text(page)
    assert " checked" not in text(page)
    assert page.context["form"]["text"].value() == ""
    street = page.context["form"]["street"].value()
    client.post(where, {"text": "Ixelles", "street": street})
    kept = Draft.objects.get().answers
    assert (kept["where"]["postcode"], kept["where"]["street"]) == ("1050", "rue de la Loi 16")
    assert not kept["waiting"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("L-1330", "semble être au Luxembourg"),
        ("52062 Aachen", "semble être en Allemagne"),
        ("1011 AB Amsterdam", "semble être aux Pays-Bas"),
        ("59000 Lille", "semble être en France"),
        ("59000", "semble être en France ou en Allemagne"),
        ("Maastricht", "semble être aux Pays-Bas"),
    ],
)
def test_a_place_abroad_is_named_and_where_we_help(answering, client, typed, said):
    page = client.post(answering(stop="where"), {"text": typed}, follow=True)
    assert said in text(page)
    assert "Nous aidons uniquement en Belgique" in text(page)
    assert 'type="radio"' not in text(page)


def test_the_town_is_not_written_into_the_box_of_the_street(answering, client):
    where = answering(stop="where")
    page = client.post(where, {"text": "rue du Page 42 ixele"}, follow=True)
    (place, _label), *_ = page.context["form"].fields["place"].widget.choices
    client.post(where, {"text": "rue du Page 42 ixele", "seen": "rue du Page 42 ixele", "place": place})
    address = client.get(where.replace("/where/", "/address/"))
    assert address.context["form"]["street"].value() == "rue du Page 42"


@pytest.mark.parametrize("stop", ["for", "what", "where", "when", "languages", "reach", "check"])
def test_whatever_is_sent_is_answered_with_a_redirect(answering, client, stop):
    """So that the way back of the browser never asks whether to send it again."""
    address = answering(stop=stop)
    answer = client.post(address, {})
    assert answer.status_code == 302
    page = client.get(answer["Location"])
    assert 'class="oops"' in text(page)
    # The next right answer takes the wrong one away.
    if stop != "check":
        client.post(answer["Location"], ANSWERS[stop])
        assert 'class="oops"' not in text(client.get(answer["Location"]))


def test_a_past_date_is_refused_and_kept(answering, client):
    when = answering(stop="when")
    page = client.post(when, {"urgency": "date", "day": "2027-01-11", "part": ""}, follow=True)
    assert 'class="oops"' in text(page)
    assert 'value="2027-01-11"' in text(page)
    assert client.post(when, {"urgency": "date", "day": "2027-01-14", "part": "1"}).status_code == 302


def on_a_day(day, again="once"):
    """The answers, in the order of the questions, for a morning that was chosen."""
    answers = {}
    for name, words in ANSWERS.items():
        answers[name] = {"urgency": "date", "day": day, "part": "0"} if name == "when" else words
        if name == "when":
            answers["again"] = {"again": again}
    return answers


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_help_that_comes_again_begins_on_the_day_chosen(answering, client, language):
    check = answering(language, on_a_day("2027-01-13", "weeks2"))
    assert "2" in text(client.get(check)).split("/again/")[0].rsplit("<dd>", 1)[1]
    client.post(check, {"consent": "on"})
    series = Series.objects.order_by("kind")
    assert [each.kind for each in series] == ["groceries", "pharmacy"]
    assert {(each.rule, str(each.first_day)) for each in series} == {
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", "2027-01-13")
    }
    assert {str(each.day) for each in Request.objects.all()} == {"2027-01-13"}


def test_only_this_time_is_no_series(answering, client):
    client.post(answering("fr", on_a_day("2027-01-13")), {"consent": "on"})
    assert Request.objects.count() == 2
    assert not Series.objects.exists()


def test_a_day_that_passes_before_sending_is_asked_again(answering, client):
    check = answering("fr", on_a_day("2027-01-13"))
    with clock.stopped_at(clock.now() + timedelta(days=2)):
        again = client.post(check, {"consent": "on"})
        assert "/when/" in again["Location"]
        assert 'class="hint"' in text(client.get(again["Location"]))
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("words", "fine"),
    [
        ({"phone": "02 000 14 27"}, True),
        ({"phone": "+33 6 12 34 56 78"}, True),
        ({"phone": "06 12 34 56 78"}, False),
        ({"phone": "02 000 14"}, False),
        ({"phone": "abc"}, False),
        ({"phone": ""}, False),
        ({"phone": "02 000 14 27", "channel": "text"}, False),
        ({"phone": "0400 00 14 27", "channel": "text"}, True),
        ({"phone": "0400 00 14 27", "channel": "text", "shared": "on"}, False),
        ({"phone": "", "channel": "email"}, False),
        ({"phone": "", "channel": "email", "email": "x@"}, False),
        ({"phone": "", "channel": "email", "email": "marie@example.org"}, True),
        ({"name": "\x00"}, False),
    ],
)
def test_ways_to_be_reached(answering, client, words, fine):
    reach = answering(stop="reach")
    page = client.post(reach, {**ANSWERS["reach"], **words}, follow=True)
    assert ("/check/" in page.redirect_chain[-1][0]) is fine
    if not fine:
        assert 'class="oops"' in text(page)
        for value in words.values():
            assert value.replace("\x00", "") in text(page)


def test_too_much_text_is_said(answering, client):
    details = answering(stop="details")
    page = client.post(details, {"pharmacy": "a" * 5000}, follow=True)
    assert page.redirect_chain
    assert 'class="oops"' in text(page)
    assert "a" * 5000 in text(page)
    huge = client.post(details, {"pharmacy": "a" * 10_000_000})
    assert huge.status_code == 413
    assert "0800" in text(huge)


def test_an_answer_to_a_lost_draft_is_kept(answering, client):
    reach = answering(stop="reach")
    Draft.objects.all().delete()
    answer = client.post(reach, ANSWERS["reach"])
    assert "/ask/for/" in answer["Location"]
    page = client.get(answer["Location"])
    assert page.context["lost"]
    assert Draft.objects.get().answers["reach"]["name"] == "Marie Peeters"


def test_change_comes_back_to_the_last_page(answering, client):
    check = answering()
    what = check.replace("/check/", "/what/") + "&change=1"
    answer = client.post(what, {"kinds": ["groceries", "other"]})
    # "Something else" needs a word.
    assert "/details/" in answer["Location"]
    assert "/check/" in client.post(answer["Location"], {"other": "Un escabeau"})["Location"]


def test_a_question_cannot_be_skipped(answering, client):
    where = answering(stop="where")
    skipped = client.get(where.replace("/where/", "/reach/"))
    assert "/where/" in skipped["Location"]
    assert client.get(where.replace("/where/", "/nothing/")).status_code == 404


def test_who_was_kept_from_joining_is_helped_all_the_same_and_read_first(
    answering, client, thomas, organisation
):
    from quartier.team.access import of_account
    from quartier.trust import actions as trust

    trust.block(actor=of_account(thomas), phone="+3220001427", words="Des plaintes.")
    url = answering()

    challenge = re.search(r'data-proof="([^"]+)"', client.get(url).content.decode())[1]
    client.post(url, {"proof": proof.solve(challenge), "consent": "on"})
    assert {request.state for request in Request.objects.all()} == {"human"}
