"""The private page, through HTTP."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from quartier.cases import actions as cases
from quartier.cases.models import CaseContact, Request, StatusLink
from quartier.followup import actions as followup
from quartier.followup.actions import Agreed
from quartier.followup.models import Member
from quartier.followup.rules import OCCASIONS
from quartier.lib import choices
from quartier.lib.ids import token_hash
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.people.actions import Who
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


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("nobody", "We have asked neighbours"),
        ("none_near", "None of our neighbours lives near enough"),
        ("none_kind", "can do this"),
        ("none_fit", "is free at that time"),
        ("asleep", "do not want to be disturbed"),
        ("budget", "asked often enough today"),
    ],
)
def test_how_a_search_ended_is_said_with_its_own_reason(client, opened, why, words):
    cases.ask_human(actor=system(opened.case.organisation), request=opened.requests[0], why=why)
    page = text(client.get(url(opened, language="en")))
    assert words in page
    assert why == "nobody" or "We have asked neighbours" not in page


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


@pytest.mark.parametrize(
    ("kind", "ours", "theirs"),
    [
        ("groceries", ("Pour votre sécurité", "Vous payez après"), ("la sécurité de Marie", "On paie après")),
        ("talk", ("Vous pouvez raccrocher",), ("Dites à Marie que Youssef", "Marie peut raccrocher")),
    ],
)
def test_who_asked_for_somebody_else_reads_of_them_by_name(
    client, asked, volunteer, organisation, kind, ours, theirs
):
    opened, helper = asked(kind, urgency="day"), volunteer("Youssef", kinds=[kind])
    offer = matching.offer_by_hand(actor=system(organisation), request=opened.requests[0], volunteer=helper)
    visits.accept_offer(actor=of_account(helper.person.account), offer=offer)
    daughter = people.record_person(
        organisation=organisation, who=Who("Anne", email="anne@example.org", language="fr", channel="email")
    )
    token = cases.issue_link(case=opened.case, person=daughter)
    hers, daughters = (
        text(client.get(url(opened))),
        text(client.get(f"/fr{reverse('status', args=[token])[3:]}")),
    )
    for words in ours:
        assert words in hers
        assert words not in daughters
    for words in theirs:
        assert words in daughters
        assert words not in hers


def test_a_note_for_the_pharmacy_is_no_shopping_list(client, asked):
    opened = asked("pharmacy", urgency="day", details="Deux boîtes")
    page = text(client.get(url(opened)))
    assert "Deux boîtes" in page
    assert "Votre liste" not in page
    form = text(client.get(url(opened, "status_list", opened.requests[0].pk)))
    assert "Votre liste" not in form
    assert "La pharmacie que vous préférez" in form
    assert "pains gris" not in form
    for name in ("substitutions", "never", "budget", "agreed", "allergies"):
        assert f'name="{name}"' not in form


def test_nobody_agrees_to_be_called_as_somebody_who_arrives(client, opened, thomas):
    page = url(opened, "status_checks")
    assert 'value="arrival"' not in text(client.get(page))
    client.post(page, {"do": "agree", "occasions": ["heat"]})
    member = Member.objects.get()
    # What the team had put down stays.
    actions = Agreed(("heat", "arrival"), Member.Consent.CALL, member.consented_on)
    followup.agree(actor=of_account(thomas), person=member.person, agreed=actions, case=opened.case)
    client.post(page, {"do": "agree", "occasions": ["blackout"]})
    codes = {each.code for each in choices.chosen(OCCASIONS, Member.objects.get().occasions)}
    assert codes == {"blackout", "arrival"}


def test_what_one_may_know_of_who_comes(client, opened, coming):
    page = text(client.get(url(opened, language="en")))
    assert "has helped" not in page
    assert "identity card" not in page
    coming.volunteer.done_total, coming.volunteer.level = 14, 1
    coming.volunteer.save()
    page = text(client.get(url(opened, language="en")))
    assert "Youssef has helped 14 times before. Our team has seen the identity card." in page
    coming.volunteer.done_total, coming.volunteer.level = 1, 0
    coming.volunteer.save()
    page = text(client.get(url(opened, language="en")))
    assert "Youssef has helped once before." in page
    assert "identity card" not in page


def test_another_time(client, opened, coming):
    request = opened.requests[0]
    form = url(opened, "status_time", request.id)
    past = client.post(form, {"urgency": "date", "day": "2027-01-11", "part": "0"}, follow=True)
    assert past.status_code == 200
    assert 'class="oops"' in text(past)
    moved = client.post(form, {"urgency": "date", "day": "2027-01-14", "part": "0"})
    assert moved["Location"].endswith("?done=time")
    coming.refresh_from_db()
    request.refresh_from_db()
    assert coming.comes_from.isoformat() == "2027-01-14T07:00:00+00:00"
    # The morning has four hours: three of them are told, to both.
    assert request.window_until.isoformat() == "2027-01-14T11:00:00+00:00"
    assert coming.comes_until.isoformat() == "2027-01-14T10:00:00+00:00"
    told = Message.objects.filter(template__in=["visit_moved", "someone_comes"]).order_by("-pk")[:2]
    assert all("8" in each.body and "11" in each.body for each in told)
    assert {each.template for each in told} == {"visit_moved", "someone_comes"}
    assert Message.objects.filter(template="visit_moved").count() == 1
    client.post(form, {"urgency": "date", "day": "2027-01-14", "part": "0"})
    assert Message.objects.filter(template="visit_moved").count() == 1


def test_another_list(client, opened):
    request = opened.requests[0]
    client.post(url(opened, "status_list", request.id), {"lines": "Des pommes", "substitutions": "ask"})
    request.refresh_from_db()
    assert request.details == "Des pommes"


LONG = ", ".join(f"{each} pots de miel de Liège" for each in range(1, 16))


def test_what_was_said_of_each_thing_is_there_whole_with_its_time(client, opened, asked, tuesday):
    wishes = {"lines": LONG, "shop": "Chez Rosa", "substitutions": "no", "budget": "25", "never": "du vin"}
    client.post(url(opened, "status_list", opened.requests[0].pk), wishes)
    others = [asked("pharmacy", details="Deux boîtes"), asked("dog", details="Il tire\nfort")]
    for other in others:
        Request.objects.filter(case=other.case).update(case=opened.case)
    Request.objects.filter(kind="dog").update(created_at=tuesday - timedelta(days=1))
    whole = text(client.get(url(opened))).replace("\xa0", " ")
    assert "\\n" not in whole
    assert "Ne jamais acheter : du vin<br>Au plus : 25" in whole
    assert whole.count("Ne jamais acheter") == 1, "of the groceries, and of nothing else"
    page = " ".join(strip_tags(whole).split())
    for thing in LONG.split(", "):
        assert thing in page
    for words in ("Magasin : Chez Rosa", "du vin", "25", "Deux boîtes", "Il tire", "fort"):
        assert words in page
    assert page.count("Demandé aujourd’hui à 11 h.") == 2
    assert page.count("Demandé hier à") == 1


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
    assert 'class="oops"' in text(client.post(page, {"words": " \x00 "}, follow=True))


def test_what_is_not_right_reaches_a_human(client, opened, coming):
    visits.done(actor=system(coming.organisation), assignment=coming)
    client.post(url(opened, "status_tell"), {"words": "Il manque le lait", "call": "on"})
    request = Request.objects.get(pk=opened.requests[0].pk)
    assert (request.state, request.why_human) == ("human", "asked")


def test_closing_the_page(client, opened):
    link = StatusLink.objects.get()
    assert "Fermer cette page" in text(client.get(url(opened, "status_revoke")))
    closed = client.post(url(opened, "status_revoke"), follow=True)
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
    response = client.post(told_page(opened), {"channel": "email", "language": "fr"} | wrong, follow=True)
    assert response.status_code == 200
    assert 'class="oops"' in response.content.decode()
    assert not Wishes.objects.exists()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "Demandé pour : jeudi 14 janvier entre 13 h et 15 h"),
        ("nl", "Gevraagd voor: donderdag 14 januari tussen 13 en 15 uur"),
        ("de", "Gewünscht für: Donnerstag, 14. Januar zwischen 13 und 15 Uhr"),
        ("en", "Requested for: Thursday 14 January between 1 and 3 pm"),
    ],
)
def test_whoever_waits_reads_for_when_it_was_asked(client, asked, tuesday, language, words):
    day = tuesday.replace(day=14)
    window = {"window_from": day.replace(hour=12), "window_until": day.replace(hour=14)}
    opened = asked("groceries", urgency="week", **window)
    page = text(client.get(url(opened, language=language))).replace("\xa0", " ")
    assert words in page
    whole = {"window_from": day.replace(hour=7), "window_until": day.replace(hour=21)}
    page = text(client.get(url(asked("talk", urgency="week", **whole), language="en")))
    assert "Requested for: Thursday 14 January." in page


def test_nobody_is_thanked_for_what_was_cancelled(client, opened, coming):
    client.post(url(opened, "status_cancel", opened.requests[0].id))
    page = text(client.get(url(opened)))
    assert "Dire merci" not in page
    assert url(opened, "status_tell") in page


def test_of_several_kinds_each_button_says_which_one_and_the_rest_goes_on(client, opened):
    from quartier.cases.rules import Wanted
    from quartier.intake.models import Contact

    groceries = opened.requests[0]
    assert "Annuler l’aide" in text(client.get(url(opened)))
    wanted = Wanted("transport", groceries.languages, groceries.urgency, "", None, None)
    cases.add_requests(
        actor=system(opened.case.organisation),
        case=opened.case,
        contact=Contact.objects.get(),
        wanted=[wanted],
    )
    page = text(client.get(url(opened)))
    assert "Annuler l’aide" not in page
    first = re.search(r"Annuler\N{NO-BREAK SPACE}: ([^<]+)<", page)[1].strip()
    assert f"Changer le jour ou l’heure\N{NO-BREAK SPACE}: {first}" in page
    client.post(url(opened, "status_cancel", groceries.id))
    after = text(client.get(url(opened) + "?done=cancel"))
    assert "Le reste continue\N{NO-BREAK SPACE}: " in after
    assert "Annuler l’aide" in after
    notice = after.split("Le reste continue")[1].split("<")[0]
    assert "ourses" not in notice
