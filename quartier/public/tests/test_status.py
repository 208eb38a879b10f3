"""The private page, through HTTP."""

import pytest
from django.urls import reverse

from quartier.cases.models import CaseContact, Request, StatusLink
from quartier.lib.ids import token_hash
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.people.models import Person, Wishes
from quartier.team.access import of_account, system
from quartier.visits import actions as visits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.fixture
def opened(asked):
    return asked("groceries", urgency="day", details="Du lait")


@pytest.fixture
def coming(opened, youssef):
    offer = next(iter(matching.send_wave(request_id=opened.requests[0].id)))
    return visits.accept_offer(actor=of_account(youssef.person.account), offer=offer).assignment


def url(opened, name="status", *more, language="fr"):
    return f"/{language}" + reverse(name, args=[opened.token, *more])[3:]


def text(response):
    return response.content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "Nous cherchons quelqu’un"),
        ("nl", "We zoeken iemand"),
        ("de", "Wir suchen jemanden"),
        ("en", "We are looking"),
    ],
)
def test_nobody_yet(client, opened, language, words):
    page = client.get(url(opened, language=language))
    assert words in text(page)
    assert "Du lait" in text(page)
    assert page["Cache-Control"] == "no-store"
    assert "Rue du Page" not in text(page)


def test_who_comes_and_the_word(client, opened, coming):
    page = client.get(url(opened))
    assert "<title>Youssef vient" in text(page)
    assert coming.code_word in text(page)
    visits.on_my_way(actor=system(coming.organisation), assignment=coming)
    assert "Youssef est en route" in text(client.get(url(opened)))
    visits.done(actor=system(coming.organisation), assignment=coming)
    page = text(client.get(url(opened)))
    assert "C’est fait" in page
    assert coming.code_word not in page


def test_another_time(client, opened, coming):
    request = opened.requests[0]
    form = url(opened, "status_time", request.id)
    past = client.post(form, {"urgency": "date", "day": "2027-01-11", "part": "0"})
    assert past.status_code == 200
    assert 'class="oops"' in text(past)
    moved = client.post(form, {"urgency": "date", "day": "2027-01-14", "part": "0"})
    assert moved["Location"].endswith("?done=time")
    coming.refresh_from_db()
    request.refresh_from_db()
    assert coming.comes_from.isoformat() == "2027-01-14T07:00:00+00:00"
    assert (request.window_from, request.window_until) == (coming.comes_from, coming.comes_until)
    assert Message.objects.filter(template="visit_moved").count() == 1
    client.post(form, {"urgency": "date", "day": "2027-01-14", "part": "0"})
    assert Message.objects.filter(template="visit_moved").count() == 1


def test_another_list(client, opened):
    request = opened.requests[0]
    client.post(url(opened, "status_list", request.id), {"lines": "Des pommes", "substitutions": "ask"})
    request.refresh_from_db()
    assert request.details == "Des pommes"


def test_cancelling_is_no_problem(client, opened, coming):
    request = opened.requests[0]
    page = url(opened, "status_cancel", request.id)
    assert "Ce n’est pas un problème" in text(client.get(page))
    for _again in range(2):
        assert client.post(page)["Location"].endswith("?done=cancel")
    request.refresh_from_db()
    assert (request.state, request.closure) == ("closed", "withdrawn")
    assert Message.objects.filter(template="visit_cancelled").count() == 1
    assert "C’est annulé" in text(client.get(url(opened)))


def test_words_are_kept_once(client, opened):
    page = url(opened, "status_tell")
    for _again in range(2):
        assert client.post(page, {"words": "Merci à Youssef"})["Location"].endswith("?done=tell")
    told = CaseContact.objects.filter(case=opened.case).order_by("-id").first()
    assert told.contact.words == "Merci à Youssef"
    assert CaseContact.objects.filter(case=opened.case).count() == 2
    assert 'class="oops"' in text(client.post(page, {"words": " \x00 "}))


def test_what_is_not_right_reaches_a_human(client, opened, coming):
    visits.done(actor=system(coming.organisation), assignment=coming)
    client.post(url(opened, "status_tell"), {"words": "Il manque le lait", "call": "on"})
    request = Request.objects.get(pk=opened.requests[0].pk)
    assert (request.state, request.why_human) == ("human", "asked")


def test_closing_the_page(client, opened):
    link = StatusLink.objects.get()
    assert "Fermer cette page" in text(client.get(url(opened, "status_revoke")))
    closed = client.post(url(opened, "status_revoke"))
    assert "0800" in text(closed)
    for name in ("status", "status_tell", "status_revoke"):
        assert client.get(url(opened, name)).status_code == 404
    link.refresh_from_db()
    assert link.revoked_at is not None


@pytest.mark.parametrize("token", ["x", "a" * 500, "%00", "é", "..%2f"])
def test_a_wrong_link_says_so(client, opened, token):
    page = client.get(f"/fr/status/{token}/")
    assert page.status_code == 404
    assert "0800" in text(page)


def test_a_link_opens_one_case_only(client, opened, asked):
    other = asked("dog", name="Jeanne")
    foreign = client.post(url(opened, "status_cancel", other.requests[0].id))
    assert foreign.status_code == 404
    other.requests[0].refresh_from_db()
    assert other.requests[0].state == "open"


def test_another_organisation_does_not_know_the_link(client, opened, elsewhere, settings):
    settings.ALLOWED_HOSTS = ["*"]
    assert client.get(url(opened), headers={"host": elsewhere.host}).status_code == 404


def test_live_topic_is_the_hash_and_not_the_token(client, opened):
    page = text(client.get(url(opened)))
    assert f'data-live="link:{token_hash(opened.token)}"' in page


def test_queries_do_not_grow(client, opened, asked, youssef, django_assert_max_num_queries):
    # Organisation, link, requests with their visits, money, the list and what the household wishes.
    with django_assert_max_num_queries(9):
        client.get(url(opened))
    for kind in ("dog", "talk", "meal"):
        more = asked(kind).requests
        Request.objects.filter(pk__in=[request.pk for request in more]).update(case=opened.case)
    with django_assert_max_num_queries(9):
        assert client.get(url(opened)).status_code == 200


def told_page(opened_):
    return f"/fr/status/{opened_.token}/told/"


def test_how_she_is_told(client, opened):
    page = client.get(told_page(opened)).content.decode()
    assert "Par e-mail, à marie@example.org" in page
    # A text does not reach the phone at home.
    assert "Par SMS" not in page
    said = {"channel": "call", "language": "nl", "quiet_from": "20:00", "quiet_until": "09:00"}
    assert client.post(told_page(opened), said).url.endswith("?done=told")
    marie = Person.objects.get(pk=opened.case.person_id)
    assert (marie.channel, marie.language) == ("call", "nl")
    wish = Wishes.objects.get(person=marie)
    assert (f"{wish.quiet_from:%H:%M}", f"{wish.quiet_until:%H:%M}", wish.rhythm) == (
        "20:00",
        "09:00",
        "each",
    )
    page = client.get(told_page(opened)).content.decode()
    assert '<option value="20:00" selected>' in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": "text"},
        {"channel": ""},
        {"language": "xx"},
        {"quiet_from": "20:00"},
        {"quiet_until": "\x00"},
    ],
)
def test_what_is_wrong_there_is_said(client, opened, wrong):
    response = client.post(told_page(opened), {"channel": "email", "language": "fr"} | wrong)
    assert response.status_code == 200
    assert 'class="oops"' in response.content.decode()
    assert not Wishes.objects.exists()
