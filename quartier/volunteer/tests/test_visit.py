"""The visit on the same link: steps, times, and what is gone when it is over."""

from datetime import timedelta

import pytest

from quartier.audit.models import Entry
from quartier.cases.models import Request
from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.team.access import system
from quartier.visits import actions
from quartier.visits.models import Assignment
from quartier.volunteer.tests.planted import PLANTED, state

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def mine(client, opened, links):
    """Youssef has said yes; this is his link."""
    client.post(links["Youssef"], {"do": "yes"})
    return links["Youssef"]


def read(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def nothing_planted_in(page):
    found = [planted for planted in PLANTED if planted in page]
    assert not found


def test_each_look_is_written_down(client, mine):
    before = Entry.objects.filter(verb="assignment.look").count()
    read(client, mine)
    read(client, mine)
    looks = Entry.objects.filter(verb="assignment.look")
    assert looks.count() == before + 2
    assert looks.first().subject_id == Assignment.objects.get().id


def test_the_way_to_the_door_is_there_as_long_as_the_address(client, mine):
    assert 'href="geo:0,0?q=Rue%20du%20Page%2042' in read(client, mine)
    page = client.post(mine, {"do": "failed", "failure": "nobody_home"}, follow=True).content.decode()
    assert "geo:" not in page


def test_on_the_way_then_done_and_the_address_is_gone(client, mine, opened):
    page = client.post(mine, {"do": "on_way"}, follow=True).content.decode()
    assert "Rue du Page 42" in page
    client.post(mine, {"do": "on_way"})
    assert Message.objects.filter(template="on_way").count() == 1
    for _ in range(2):
        page = client.post(mine, {"do": "done"}, follow=True).content.decode()
        nothing_planted_in(page)
    assert Message.objects.filter(template="helped").count() == 1
    assert state(opened) == (Request.State.CLOSED, 1)
    # Nothing brings it back.
    for do in ("yes", "no", "on_way", "failed", "time"):
        nothing_planted_in(client.post(mine, {"do": do, "failure": "other"}, follow=True).content.decode())
    assert Assignment.objects.get().state == "done"


@pytest.mark.parametrize(
    ("failure", "after", "told"),
    [
        ("nobody_home", Request.State.HUMAN, "not_met"),
        ("wrong_place", Request.State.HUMAN, "not_met"),
        ("cannot_go", Request.State.OPEN, "looking_again"),
        ("other", Request.State.OPEN, "looking_again"),
    ],
)
def test_what_did_not_work_is_looked_for_again(client, mine, opened, failure, after, told):
    page = client.post(mine, {"do": "failed", "failure": failure}, follow=True).content.decode()
    nothing_planted_in(page)
    assert state(opened) == (after, 0)
    # Whoever waits hears what was so: nobody is looked for before one of the team has called.
    assert Message.objects.order_by("created_at", "pk").last().template == told
    # A slip of the thumb: it can be taken back while nobody else goes.
    assert 'value="yes"' in page
    assert "Rue du Page 42" in client.post(mine, {"do": "yes"}, follow=True).content.decode()
    assert state(opened) == (Request.State.COVERED, 1)


@pytest.mark.parametrize("failure", ["", "no_show", "gold", "\x00", "x" * 4000])
def test_a_failure_that_nobody_can_say(client, mine, failure):
    client.post(mine, {"do": "failed", "failure": failure})
    assert Assignment.objects.get().state == "accepted"


def test_another_time_is_told_to_who_waits(client, mine):
    told = Message.objects.filter(template="someone_comes").count()
    start = int((clock.now() + timedelta(hours=2)).timestamp())
    for _ in range(2):
        client.post(mine, {"do": "time", "when": f"{start}-{start + 3600}"})
    assert Assignment.objects.get().comes_from.timestamp() == start
    assert Message.objects.filter(template="someone_comes").count() == told + 1


@pytest.mark.parametrize("when", ["", "x", "1-2", "99999999999-99999999999", "4000000000-4000003600"])
def test_a_time_that_is_none_is_said(client, mine, when):
    before = Assignment.objects.get().comes_until
    response = client.post(mine, {"do": "time", "when": when})
    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()
    assert Assignment.objects.get().comes_until == before


def test_a_day_after_the_time_the_address_is_hidden_but_it_can_still_be_done(client, mine):
    late = Assignment.objects.get().comes_until
    with clock.stopped_at(late + timedelta(hours=1)):
        assert "Rue du Page 42" in read(client, mine)
    with clock.stopped_at(late + timedelta(hours=25)):
        nothing_planted_in(read(client, mine))
        nothing_planted_in(client.post(mine, {"do": "time", "when": "1-2"}).content.decode())
        client.post(mine, {"do": "done"})
    assert Assignment.objects.get().state == "done"


def test_who_did_not_come_reads_it(client, mine, opened):
    with clock.stopped_at(Assignment.objects.get().comes_until + timedelta(hours=4)):
        actions.find_no_shows(clock.now())
        nothing_planted_in(read(client, mine))


def test_called_off_means_nothing_is_left_to_see(client, mine, opened, organisation):
    actions.end_request(actor=system(organisation), request=opened, closure="withdrawn")
    nothing_planted_in(read(client, mine))


def test_a_shared_phone_is_said(client, mine, opened):
    assert "Demandez à parler à" not in read(client, mine)
    marie = Person.objects.get(pk=opened.case.person_id)
    marie.phone_is_shared = True
    marie.save()
    page = read(client, mine)
    assert "tel:+3220001427" in page
    assert "Demandez à parler à Marie Peeters" in page


def test_words_from_outside_stay_words(client, mine, opened):
    request = Request.objects.get(pk=opened.pk)
    request.details = '<script>alert(1)</script>\n"><img src=x>'
    request.save()
    page = read(client, mine)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.fixture
def both_have_phones(mine, opened, organisation):
    """Each has a number of their own, which call control knows them by."""
    volunteer = Assignment.objects.get().volunteer.person
    for person, number in ((volunteer, "+3220001491"), (opened.case.person, "+3220001492")):
        person.phone, person.phone_index = number, blind("phone", organisation.pk, number)
        person.phone_is_shared = False
        person.save()
    return opened.case.person


def test_with_a_line_nobody_sees_the_others_number(client, mine, both_have_phones, settings, organisation):
    assert "02 000 14 92" in read(client, mine).replace("\u00a0", " ")
    settings.LINE_WSS = "wss://line.example.org"
    page = read(client, mine).replace("\u00a0", " ")
    assert "000 14 92" not in page
    assert "+3220001492" not in page
    assert f"tel:{organisation.phone}" in page
    assert "nous vous mettons en relation" in page


def test_a_shared_phone_is_called_directly_also_with_a_line(client, mine, both_have_phones, settings):
    settings.LINE_WSS = "wss://line.example.org"
    Person.objects.filter(pk=both_have_phones.pk).update(phone_is_shared=True)
    assert "+3220001492" in read(client, mine)


@pytest.mark.parametrize(
    ("language", "planned"),
    [("fr", "\xa0: votre visite"), ("nl", ": uw bezoek"), ("de", ": Ihr Besuch"), ("en", ": your visit")],
)
def test_nobody_is_waiting_who_has_not_heard(client, mine, language, planned):
    """The team has still to call; and whoever is on the way comes now, whatever day was agreed."""
    url = mine.replace("/fr/", f"/{language}/")
    start = clock.now() + timedelta(hours=24)
    visit = Assignment.objects.all()
    visit.update(told_at=None, comes_from=start, comes_until=start + timedelta(hours=1))
    title = heading(read(client, url))
    assert planned in title
    assert not title.endswith(planned)
    visit.update(told_at=clock.now())
    assert planned not in heading(read(client, url))
    actions.on_my_way(actor=system(visit.get().organisation), assignment=visit.get())
    assert heading(read(client, url)).endswith(planned)


def heading(page):
    return page.split("<h1>")[1].split("</h1>")[0].strip()
