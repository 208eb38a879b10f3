"""Somebody who knows a name and a number, and nothing else of that person, gets no farther than what they ask."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.html import strip_tags

from quartier.cases import actions as cases
from quartier.cases.models import Case, CaseContact, Request, StatusLink
from quartier.cases.rules import Wanted
from quartier.followup import actions as followup
from quartier.followup.models import Member
from quartier.intake import actions as intake
from quartier.lib import clock
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.people import queries
from quartier.people.actions import Who
from quartier.people.models import Person
from quartier.people.proven_phone import prove_phone
from quartier.public.tests.conftest import ANSWERS, PERSON
from quartier.team.access import of_account, system

pytestmark = pytest.mark.django_db

MOBILE, TYPED = "+32470123456", "0470 12 34 56"
REACH = {"name": "Marie Peeters", "channel": "text", "phone": TYPED, "email": ""}
LINK = re.compile(r"/(?:fr|nl|de|en)/status/[^/\s]+/")
OWN_PAGES = ["check-ins", "called", "told"]
NOTE = "Oxygène, seule, clé sous le pot bleu"


def words(response):
    return strip_tags(response.content.decode())


@pytest.fixture
def sent(answering):
    """Fills in the form with this way of being reached, in a browser of its own; returns the receipt's address."""

    def fill(language="fr", reach=REACH, **more):
        browser = Client()
        check = answering(language, ANSWERS | {"reach": reach} | more, browser=browser)
        browser.post(check, {"consent": "on"})
        return browser, browser.get(check.replace("/check/", "/done/")).context["url"].split("testserver")[1]

    return fill


@pytest.fixture
def marie(sent):
    """She has asked once, by the form, and holds the link that came to her phone."""
    sent()
    person = Person.objects.get()
    return person, by_message()


def by_message():
    """The link in the newest message that has one."""
    bodies = [letter.body for letter in Message.objects.order_by("-created_at", "-pk")]
    return next(LINK.search(body)[0] for body in bodies if LINK.search(body))


def agreed(person, case):
    about = followup.Agreed(("heat",), Member.Consent.CALL, clock.now().date(), notes=NOTE)
    return followup.agree(actor=system(person.organisation), person=person, agreed=about, case=case)


def test_whoever_asks_for_the_first_time_uses_the_page_of_the_receipt_at_once(sent):
    browser, page = sent()
    one = Request.objects.order_by("created_at").first()
    assert browser.get(page).status_code == 200
    assert browser.get(f"{page}{one.pk}/time/").status_code == 200
    assert browser.post(f"{page}{one.pk}/cancel/").status_code == 302
    one.refresh_from_db()
    assert one.closure == Request.Closure.WITHDRAWN


def test_the_message_brings_a_link_of_its_own_which_opens_everything(sent, client):
    _browser, page = sent()
    mine = by_message()
    assert mine != page
    assert client.get(mine).status_code == 200
    for name in OWN_PAGES:
        assert client.get(f"{mine}{name}/").status_code == 200


@pytest.mark.parametrize("name", OWN_PAGES)
@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_the_page_of_a_receipt_opens_nothing_that_is_a_persons_own(marie, sent, name, language):
    person, _mine = marie
    agreed(person, Case.objects.get())
    browser, page = sent(language)
    assert StatusLink.objects.filter(person=person, is_proven=False).count() == 2
    answer = browser.get(f"{page}{name}/")
    assert answer.status_code == 403
    assert NOTE not in words(answer)
    assert (
        browser.post(f"{page}{name}/", {"do": "leave", "channel": "call", "language": "de"}).status_code
        == 403
    )
    assert Member.objects.get().left_at is None
    person.refresh_from_db()
    assert (person.channel, person.language) == ("text", "fr")
    # They see what they have asked.
    assert browser.get(page).status_code == 200


def test_whoever_comes_first_sees_nothing_of_what_the_person_says_later(sent, client):
    stranger, page = sent()
    person = Person.objects.get()
    agreed(person, Case.objects.get())
    assert NOTE not in words(stranger.get(f"{page}check-ins/"))
    actor = system(person.organisation)
    contact = intake.record_contact(actor=actor, person=person, channel="phone")
    wanted = [Wanted("transport", 1, details="Chez l’oncologue")]
    cases.add_requests(actor=actor, case=Case.objects.get(), contact=contact, wanted=wanted)
    answer = stranger.get(page)
    assert answer.status_code == 404
    assert "oncologue" not in words(answer)
    assert "oncologue" in words(client.get(by_message()))


def test_whoever_comes_first_with_an_address_of_their_own_gets_nothing_of_hers(sent):
    sent(reach=REACH | {"channel": "email", "email": "stranger@example.org"})
    first = Person.objects.get()
    sent()
    assert Case.objects.exclude(person=first).get().person.email == ""
    assert "stranger@example.org" not in [letter.to for letter in Message.objects.exclude(person=first)]


def test_who_has_spoken_with_the_team_is_known_by_the_number_alone(sent, organisation, thomas):
    both = Who("Marie Peeters", phone=MOBILE, email="marie@example.org", channel="text", noted_by_team=True)
    known = people.record_person(organisation=organisation, who=both)
    assert queries.may_be_of_another(known, {"phone_index": known.phone_index, "email_index": ""})
    intake.record_contact(actor=of_account(thomas), person=known, channel="phone")
    sent()
    assert Person.objects.filter(phone_index=known.phone_index).count() == 1


@pytest.mark.parametrize("said", [{"channel": "call"}, {"channel": "call", "shared": "on"}])
def test_a_form_never_changes_how_a_known_person_is_reached(marie, sent, said):
    person, _mine = marie
    sent("de", REACH | said)
    person.refresh_from_db()
    assert Person.objects.count() == 1
    assert (person.channel, person.language, person.phone_is_shared) == ("text", "fr", False)


def test_somebody_else_who_asks_for_a_known_person_changes_nothing_of_theirs(marie, answering, client):
    person, _mine = marie
    order = {name: ANSWERS[name] for name in ANSWERS if name != "reach"}
    reach = {"name": "Anna Peeters", "channel": "email", "phone": "", "email": "anna@example.org"}
    for_her = PERSON | {"name": "Marie Peeters", "phone": TYPED}
    check = answering(
        "nl", order | {"for": {"whom": "other"}, "person": for_her, "reach": reach}, browser=client
    )
    client.post(check, {"consent": "on"})
    assert Case.objects.exclude(asked_by=person).get().person == person
    person.refresh_from_db()
    assert (person.channel, person.language) == ("text", "fr")


def test_the_person_hears_that_somebody_asked_in_their_name(marie, sent):
    person, _mine = marie
    before = Message.objects.filter(person=person).count()
    _browser, page = sent(reach=REACH | {"channel": "call"})
    (letter,) = Message.objects.filter(person=person).order_by("pk")[before:]
    assert (letter.channel, letter.to) == ("text", MOBILE)
    assert page.split("/")[3] not in letter.body


def test_who_says_that_others_use_the_phone_is_spoken_with_before_anything_is_written(marie, sent):
    person, _mine = marie
    before = Message.objects.filter(person=person).count()
    sent(reach=REACH | {"channel": "call", "shared": "on"})
    assert Message.objects.filter(person=person).count() == before
    case = Case.objects.order_by("-opened_at", "-pk").first()
    assert {one.state for one in case.requests.all()} == {Request.State.HUMAN}
    said = CaseContact.objects.get(case=case).contact.words
    assert "d’autres personnes utilisent aussi ce téléphone" in said


def test_whoever_asks_again_sees_the_new_request(marie, sent, client):
    person, first = marie
    browser, page = sent()
    assert browser.get(page).status_code == 200
    assert by_message() != first
    assert client.get(by_message()).status_code == 200
    assert client.get(f"{by_message()}told/").status_code == 200
    assert Case.objects.filter(person=person).count() == 2


@pytest.mark.parametrize("keeps_hers", [True, False])
def test_files_become_one_and_the_strangers_link_ends(marie, sent, client, thomas, keeps_hers):
    _person, mine = marie
    hers = Case.objects.get()
    stranger, page = sent()
    other = Case.objects.exclude(pk=hers.pk).get()
    keep, away = (hers, other) if keeps_hers else (other, hers)
    before = Message.objects.filter(template="page_again").count()
    with clock.stopped_at(clock.now() + timedelta(minutes=5)):
        cases.merge_cases(actor=of_account(thomas), keep=keep, other=away)
    assert stranger.get(page).status_code == 404
    letters = Message.objects.filter(template="page_again")
    assert letters.count() == before + 1
    assert letters.get().to == MOBILE
    assert client.get(mine).status_code == 200
    assert client.get(LINK.search(letters.get().body)[0]).status_code == 200
    assert not StatusLink.objects.filter(is_proven=False, revoked_at=None).exists()


def test_who_asked_once_for_another_household_does_not_read_the_file_that_is_kept(
    asked, organisation, client, thomas
):
    keep, other = asked(), asked("dog")
    anna = people.record_person(organisation=organisation, who=Who("Anna", email="anna@example.org"))
    link = cases.issue_link(case=other.case, person=anna)
    cases.merge_cases(actor=of_account(thomas), keep=keep.case, other=other.case)
    assert client.get(f"/fr/status/{link}/").status_code == 404
    assert client.get(f"/fr/status/{other.token}/").status_code == 200


LANDLINE = {"name": "Marie Peeters", "channel": "call", "phone": "02 000 14 27", "email": ""}


def test_who_cannot_be_written_to_keeps_the_page_of_the_receipt_after_a_call(sent, thomas):
    """It is the only page they have; it shows what was asked there, and nothing of what was said on the phone."""
    browser, page = sent(reach=LANDLINE)
    case, asked = Case.objects.get(), Request.objects.order_by("pk").first()
    person = case.person
    actor = of_account(thomas)
    with clock.stopped_at(clock.now() + timedelta(minutes=5)):
        contact = intake.record_contact(actor=actor, person=person, channel="phone")
        wanted = [Wanted("transport", 1, details="Chez l’oncologue")]
        (told,) = cases.add_requests(actor=actor, case=case, contact=contact, wanted=wanted)
        answer = browser.get(page)
    assert answer.status_code == 200
    assert "Vous nous avez parlé depuis" in words(answer)
    assert case.reference in words(answer)
    for secret in ("oncologue", "Transport", "trajet"):
        assert secret not in words(answer)
    for own in (
        f"{told.pk}/time/",
        f"{told.pk}/cancel/",
        f"{asked.pk}/cancel/",
        f"{asked.pk}/list/",
        "tell/",
        *(f"{each}/" for each in OWN_PAGES),
    ):
        assert browser.get(f"{page}{own}").status_code == 403, own
        assert browser.post(f"{page}{own}", {"do": "yes"}).status_code == 403, own
    assert not Request.objects.filter(state="closed").exists()
    # What comes into the file by itself ends it, as every such page.
    contact = intake.record_contact(actor=system(person.organisation), person=person, channel="web")
    cases.add_requests(actor=system(person.organisation), case=case, contact=contact, wanted=wanted)
    assert browser.get(page).status_code == 404


def test_a_word_on_the_phone_that_asks_for_nothing_changes_nothing_of_the_page(sent, thomas):
    browser, page = sent(reach=LANDLINE)
    case = Case.objects.get()
    person = case.person
    with clock.stopped_at(clock.now() + timedelta(minutes=5)):
        cases.hear(actor=of_account(thomas), case=case, person=person, channel="phone", words="Merci")
        assert "Annuler" in words(browser.get(page))


STRANGERS = {"name": "Marie Peeters", "channel": "text", "phone": "0470 65 43 21", "email": ""}
STRANGERS_MOBILE = "+32470654321"


@pytest.fixture
def two_files(marie, sent, thomas):
    """Hers, and one that somebody has opened in her name with a number of their own."""
    hers = Case.objects.get()
    sent(reach=STRANGERS)
    return hers, Case.objects.exclude(pk=hers.pk).get(), of_account(thomas)


def news_of(case):
    """To which number it goes how it is with what was asked."""
    return cases.whom_to_tell(Case.objects.get(pk=case.pk)).phone


def test_where_files_become_one_news_go_to_the_number_that_is_known(two_files, client):
    hers, strangers, actor = two_files
    theirs = by_message()
    intake.record_contact(actor=actor, person=hers.person, channel="phone")
    kept = cases.merge_cases(actor=actor, keep=strangers, other=hers)
    assert (kept.pk, kept.person, kept.asked_by) == (strangers.pk, hers.person, hers.asked_by)
    assert client.get(theirs).status_code == 404, "went to the number of the stranger"
    assert news_of(kept) == MOBILE


def test_a_number_that_nobody_knows_is_called_before_files_become_one(two_files, client, thomas):
    hers, strangers, actor = two_files
    with pytest.raises(cases.NotConfirmed):
        cases.merge_cases(actor=actor, keep=strangers, other=hers)
    client.force_login(thomas)
    page = f"/fr/console/cases/{strangers.pk}/merge/"
    shown = client.get(f"{page}?with={hers.pk}").content.decode()
    assert shown.count("Je leur ai parlé") == 2, "of neither it is known"
    form = {"with": hers.pk, "keep": strangers.pk}
    again = client.post(page, form, follow=True)
    assert "Rien n’a été réuni" in words(again)
    assert "Je leur ai parlé" in words(again)
    # What was ticked beside the other one says nothing of this.
    client.post(page, form | {"spoken": hers.pk})
    assert not Case.objects.filter(merged_into__isnull=False).exists()
    client.post(page, form | {"spoken": strangers.pk})
    hers.refresh_from_db()
    assert hers.merged_into == strangers
    assert news_of(strangers) == STRANGERS_MOBILE


def test_beside_a_number_that_is_known_too_the_coordinator_can_say_whose_this_one_is(
    two_files, client, thomas
):
    hers, strangers, actor = two_files
    intake.record_contact(actor=actor, person=hers.person, channel="phone")
    client.force_login(thomas)
    page = f"/fr/console/cases/{strangers.pk}/merge/"
    assert (
        "J’ai parlé aux personnes de ce dossier-ci" in client.get(f"{page}?with={hers.pk}").content.decode()
    )
    client.post(page, {"with": hers.pk, "keep": strangers.pk, "spoken": strangers.pk})
    hers.refresh_from_db()
    assert hers.merged_into == strangers
    assert news_of(strangers) == STRANGERS_MOBILE


def test_who_is_known_hears_of_both_and_nothing_is_asked(two_files, client, thomas):
    hers, strangers, actor = two_files
    theirs = by_message()
    prove_phone(person=hers.person, number_index=hers.person.phone_index, how="call")
    client.force_login(thomas)
    shown = client.get(f"/fr/console/cases/{hers.pk}/merge/?with={strangers.pk}").content.decode()
    assert "Je leur ai parlé" not in shown
    assert "c’est leur numéro que nous connaissons" in shown
    kept = cases.merge_cases(actor=actor, keep=hers, other=strangers)
    assert kept.person == hers.person
    assert client.get(theirs).status_code == 404


def test_closing_the_page_of_a_receipt_leaves_the_persons_own_open(marie, sent, client):
    browser, page = sent()
    mine = by_message()
    browser.post(f"{page}close/")
    assert browser.get(page).status_code == 404
    assert client.get(mine).status_code == 200


def test_the_link_that_is_sent_again_is_the_persons_own(sent, client):
    _browser, page = sent()
    client.post("/fr/sign-in/", {"to": TYPED})
    (letter,) = Message.objects.filter(template="page_again")
    assert page.split("/")[3] not in letter.body
    assert client.get(f"{by_message()}told/").status_code == 200
