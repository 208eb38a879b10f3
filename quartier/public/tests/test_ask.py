"""Asking for help, through the pages."""

from datetime import timedelta

import pytest
from django.test import Client

from quartier.cases.models import Case, Request, Series
from quartier.intake.models import Contact, Draft
from quartier.lib import clock
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


def test_someone_else(answering, client):
    answers = {
        **{name: ANSWERS[name] for name in ANSWERS if name != "reach"},
        "for": {"whom": "other"},
        "person": PERSON,
        "reach": {"name": "Anna Peeters", "channel": "email", "phone": "", "email": "anna@example.org"},
    }
    check = answering("nl", answers)
    client.post(check, {"consent": "on"})
    case = Case.objects.get()
    assert (case.person.name, case.asked_by.name) == ("Paul Peeters", "Anna Peeters")
    assert case.tell_asker
    assert case.asked_by.language == "nl"


def test_consent_is_asked(answering, client):
    check = answering()
    page = client.post(check, {})
    assert page.status_code == 200
    assert 'class="oops"' in text(page)
    assert not Case.objects.exists()


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
    page = client.post(where, {"text": "ixel"})
    assert page.status_code == 200
    assert "Nous ne trouvons pas «\u00a0ixel\u00a0»" in text(page)
    assert "Ixelles (1050)" in text(page)
    choices = page.context["form"].fields["place"].widget.choices
    found = next(key for key, label in choices if label == "Ixelles (1050)")
    assert client.post(where, {"text": "ixel", "seen": "ixel", "place": found}).status_code == 302


@pytest.mark.parametrize("typed", ["0000", "9", "zzzzqqqq", "", "\x00", "1050\x00", "🏠" * 500])
def test_an_impossible_place_is_a_sentence(answering, client, typed):
    where = answering(stop="where")
    page = client.post(where, {"text": typed})
    if page.status_code == 302:
        assert "1050" in typed
        return
    assert 'class="oops"' in text(page)


def test_a_past_date_is_refused_and_kept(answering, client):
    when = answering(stop="when")
    page = client.post(when, {"urgency": "date", "day": "2027-01-11", "part": ""})
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
    page = client.post(reach, {**ANSWERS["reach"], **words})
    assert (page.status_code == 302) is fine
    if not fine:
        assert 'class="oops"' in text(page)
        for value in words.values():
            assert value.replace("\x00", "") in text(page)


def test_too_much_text_is_said(answering, client):
    details = answering(stop="details")
    page = client.post(details, {"pharmacy": "a" * 5000})
    assert page.status_code == 200
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
    import re

    from quartier.limits import proof
    from quartier.team.access import of_account
    from quartier.trust import actions as trust

    trust.block(actor=of_account(thomas), phone="+3220001427", words="Des plaintes.")
    url = answering()

    challenge = re.search(r'data-proof="([^"]+)"', client.get(url).content.decode())[1]
    client.post(url, {"proof": proof.solve(challenge), "consent": "on"})
    assert {request.state for request in Request.objects.all()} == {"human"}
