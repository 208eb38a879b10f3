"""A family has one mailbox: each of them joins with a mobile of their own, and has a file of their own."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from quartier.lib import choices, clock
from quartier.lib.crypto import blind
from quartier.messaging import detours, stops
from quartier.messaging.delivery import deliver
from quartier.messaging.models import Message, SandboxDelivery
from quartier.people import own_way
from quartier.people.models import Person, Volunteer
from quartier.people.queries import to_sign_in

pytestmark = pytest.mark.django_db

MAILBOX = "renard@example.org"
ANNA = {"name": "Anna Renard", "phone": "", "email": MAILBOX}
BERT = {"name": "Bert Renard", "phone": "0470 12 34 56", "email": MAILBOX}
BERTS_NUMBER = "+32470123456"


@pytest.fixture
def join(places, organisation, tuesday):
    """Somebody joins in a browser of their own, which stands on the page that asks for the code."""

    def walk(reach, kinds=("groceries",)):
        browser, url = Client(), "/fr/join/"
        for words in ({"where": "Ixelles"}, {"kinds": list(kinds)}, {**reach, "charter": "on"}):
            answer = browser.post(url, words)
            assert answer.status_code == 302, answer.content.decode()[2000:5000]
            url = answer["Location"]
        browser.done = url
        return browser

    return walk


def newest_code(person):
    message = Message.objects.filter(template="sign_in_code", person=person).order_by("-id")[0]
    return re.search(r"\d{6}", message.body)[0], message


def volunteer(name):
    rows = Volunteer.objects.select_related("person__account")
    return next(row for row in rows if row.person.name == name)


def signed_in_as(browser):
    return browser.session.get("_auth_user_id")


def test_two_of_one_mailbox_both_join_each_with_their_own_file_name_and_code(join):
    anna, bert = join(ANNA), join(BERT, kinds=("dog",))
    hers, his = volunteer("Anna Renard"), volunteer("Bert Renard")
    assert hers.kinds != his.kinds
    code, message = newest_code(his.person)
    assert (message.channel, message.to) == ("text", BERTS_NUMBER)
    her_code, hers_came_by = newest_code(hers.person)
    assert (hers_came_by.channel, hers_came_by.to) == ("email", MAILBOX)
    # The code of one opens nothing of the other's.
    if code != her_code:
        bert.post(bert.done, {"code": her_code})
        assert signed_in_as(bert) is None
    bert.post(bert.done, {"code": code})
    anna.post(anna.done, {"code": her_code})
    assert signed_in_as(bert) == str(his.person.account_id)
    assert signed_in_as(anna) == str(hers.person.account_id)
    page = bert.get("/fr/volunteer/").content.decode()
    assert "Bert" in page
    assert "Anna" not in page


def test_it_holds_in_the_other_order(join):
    """Bert comes first: who then gives the mailbox alone is not taken for him, and no code goes to his phone."""
    join(BERT)
    join(ANNA)
    hers = volunteer("Anna Renard")
    assert hers.person != volunteer("Bert Renard").person
    assert newest_code(hers.person)[1].to == MAILBOX


def test_who_joins_again_is_known_by_name_also_with_a_new_number(join):
    join(ANNA)
    join({**ANNA, "name": "Anna", "phone": "0470 12 34 99"})
    (row,) = Volunteer.objects.all()
    # The code goes the way that is written down, never to a number that somebody has just typed.
    assert newest_code(row.person)[1].to == MAILBOX
    row.person.refresh_from_db()
    assert row.person.phone == ""


def test_the_same_number_is_the_same_file_whatever_the_name(join):
    join(BERT)
    join({**BERT, "name": "Mallory", "email": "mallory@example.org"})
    assert Volunteer.objects.get().person.name == "Bert Renard"


def test_a_mailbox_alone_is_one_file(join):
    """Nothing would keep two files apart that open with codes in one mailbox."""
    join(ANNA)
    join({**ANNA, "name": "Carl Renard"})
    assert Volunteer.objects.get().person.name == "Anna Renard"


def test_whoever_has_no_way_of_their_own_is_asked_for_one_and_opens_nobodys_page(join, tuesday):
    join(ANNA)
    with clock.stopped_at(tuesday + timedelta(minutes=2)):
        carl = join({**ANNA, "name": "Carl Renard"}, kinds=("dog",))
    # Before the code the page says nothing of who is known.
    assert "Anna" not in carl.get(carl.done).content.decode()
    code, _message = newest_code(volunteer("Anna Renard").person)
    asked = carl.post(carl.done, {"code": code})
    assert signed_in_as(carl) is None
    page = carl.get(asked["Location"]).content.decode()
    assert "Anna est déjà sur la liste avec cette adresse e-mail" in page
    assert "Carl est une autre personne" in page
    own = carl.post(carl.done, {"who": "other"})["Location"]
    carl.post(carl.done, {"who": "known"})
    assert signed_in_as(carl) is None
    form = carl.get(own)
    assert form.context["form"]["name"].value() == "Carl Renard"
    assert not form.context["form"].errors
    done = carl.post(own, {"name": "Carl Renard", "phone": BERTS_NUMBER, "charter": "on"})["Location"]
    his = volunteer("Carl Renard")
    assert his.kinds == choices.kind("dog").mask
    carl.post(done, {"code": newest_code(his.person)[0]})
    assert signed_in_as(carl) == str(his.person.account_id)


def test_the_same_one_under_another_name_opens_their_page_without_another_code(join, tuesday):
    join(ANNA)
    with clock.stopped_at(tuesday + timedelta(minutes=2)):
        ania = join({**ANNA, "name": "Ania R"})
    ania.post(ania.done, {"code": newest_code(volunteer("Anna Renard").person)[0]})
    ania.post(ania.done, {"who": "known"})
    assert signed_in_as(ania) == str(volunteer("Anna Renard").person.account_id)


def test_the_question_who_it_is_waits_no_longer_than_a_code(join, tuesday):
    join(ANNA)
    with clock.stopped_at(tuesday + timedelta(minutes=2)):
        carl = join({**ANNA, "name": "Carl Renard"})
    carl.post(carl.done, {"code": newest_code(volunteer("Anna Renard").person)[0]})
    with clock.stopped_at(tuesday + timedelta(minutes=30)):
        carl.post(carl.done, {"who": "known"})
        assert "Anna" not in carl.get(f"{carl.done}&said=other").content.decode()
    assert signed_in_as(carl) is None


def test_the_question_who_it_is_opens_nothing_without_the_code(join):
    join(ANNA)
    carl = join({**ANNA, "name": "Carl Renard"})
    carl.post(carl.done, {"who": "known"})
    assert signed_in_as(carl) is None
    assert "Anna" not in carl.get(f"{carl.done}&said=other").content.decode()


def test_the_number_of_the_house_is_shared_as_well(join):
    house = "02 000 14 27"
    join({"name": "Anna Renard", "phone": house, "email": "anna@example.org"})
    join({"name": "Bert Renard", "phone": house, "email": "bert@example.org"})
    assert Person.objects.filter(account__isnull=False).count() == 2
    assert newest_code(volunteer("Bert Renard").person)[1].to == "bert@example.org"


def test_signing_in_with_the_mailbox_each_gets_their_own_code(join):
    join(ANNA)
    join(BERT)
    hers, his = volunteer("Anna Renard").person, volunteer("Bert Renard").person
    browser = Client()
    clock.advance(timedelta(minutes=1))
    browser.post("/fr/sign-in/", {"to": MAILBOX.upper()})
    (code, message), (her_code, _hers) = newest_code(his), newest_code(hers)
    assert message.channel == "text"
    browser.post("/fr/sign-in/code/", {"code": code})
    assert signed_in_as(browser) == str(his.account_id)
    other = Client()
    clock.advance(timedelta(minutes=1))
    other.post("/fr/sign-in/", {"to": BERTS_NUMBER})
    assert newest_code(hers)[0] == her_code, "she gets no code for his number"
    other.post("/fr/sign-in/code/", {"code": newest_code(his)[0]})
    assert signed_in_as(other) == str(his.account_id)


def test_a_code_never_falls_back_into_the_mailbox_of_both(join):
    join(ANNA)
    join(BERT)
    code, message = newest_code(volunteer("Bert Renard").person)
    message.state = Message.State.SENT
    message.save()
    assert not detours.fall_back(message=message, token=None, why="refused")
    message.refresh_from_db()
    assert message.channel == "text"
    while deliver():
        pass
    assert not any(row.to == MAILBOX and code in row.body for row in SandboxDelivery.objects.all())


def test_his_own_mailbox_is_a_way_for_his_code_as_before(join):
    join({**BERT, "email": "bert@example.org"})
    _code, message = newest_code(volunteer("Bert Renard").person)
    message.state = Message.State.SENT
    message.save()
    assert detours.fall_back(message=message, token=None, why="refused")
    message.refresh_from_db()
    assert message.to == "bert@example.org"


def test_whoever_joins_with_the_address_of_another_takes_no_way_of_theirs(join, thomas):
    """Nothing is shown by typing an address: the one who had it keeps it, for codes and for everything else."""
    his = thomas.person
    his.phone, his.phone_index = BERTS_NUMBER, blind("phone", his.organisation_id, BERTS_NUMBER)
    his.save()
    clock.advance(timedelta(minutes=1))
    join({"name": "Mallory", "phone": "0470 99 88 77", "email": his.email})
    assert not own_way.shares_mailbox(his)
    hers = volunteer("Mallory").person
    assert own_way.shares_mailbox(hers)
    stops.stop(organisation=his.organisation, index=hers.phone_index, people=[hers])
    assert stops.among(his.organisation, [his, hers]) == {hers.pk}


def test_stop_of_one_of_a_mailbox_is_no_stop_of_the_other(join):
    join(ANNA)
    join(BERT)
    hers, his = volunteer("Anna Renard").person, volunteer("Bert Renard").person
    group = his.organisation
    stops.stop(organisation=group, index=his.phone_index, people=[his])
    assert stops.among(group, [hers, his]) == {his.pk}
    # By the mailbox itself it is both of them who are written to there.
    stops.stop(organisation=group, index=hers.email_index, people=[hers])
    assert hers.pk in stops.among(group, [hers, his])
    assert stops.start(organisation=group, index=his.phone_index, people=[his]) is not None
    assert hers.pk in stops.among(group, [hers])


def test_the_number_of_a_house_opens_both_and_says_so(join, organisation):
    house = "02 000 14 27"
    join({"name": "Anna Renard", "phone": house, "email": "anna@example.org"})
    join({"name": "Bert Renard", "phone": house, "email": "bert@example.org"})
    found = to_sign_in(organisation, phone="+3220001427")
    assert [each.name for each in found] == ["Anna Renard", "Bert Renard"]
