"""The page of all simulated phones and mailboxes, through HTTP."""

from datetime import timedelta

import pytest

from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.delivery import deliver

pytestmark = pytest.mark.django_db
PAGE = "/en/console/sandbox/"


@pytest.fixture
def sent(tuesday, youssef, nadia, asked):
    opened = asked("groceries", urgency="day")
    matching.send_wave(request_id=opened.requests[0].pk)
    while deliver():
        pass
    return opened


def test_everybody_sees_what_everybody_got(client, sent):
    page = client.get(PAGE).content.decode()
    for words in (
        "Marie Peeters",
        "Youssef",
        "Nadia",
        "marie@example.org",
        "Volunteer, Ixelles",
        "Asked for help",
    ):
        assert words in page


def test_links_of_a_mail_can_be_followed(client, sent, youssef):
    page = client.get(f"{PAGE}{youssef.person_id}/").content.decode()
    assert "Courses pour quelqu" in page
    link = page.split('href="http://127.0.0.1:8000')[1].split('"')[0]
    assert link.startswith("/fr/volunteer/offer/")
    assert client.get(link).status_code == 200


@pytest.mark.parametrize(
    ("sought", "found", "not_found"),
    [
        ("youss", "Youssef", "Nadia"),
        ("02 000 14 27", "Marie", "Youssef"),
        ("MARIE@example", "Marie", "Youssef"),
        ("ixel", "Youssef", "nobody at all"),
        ("1050", "Nadia", "nobody at all"),
    ],
)
def test_one_can_search(client, sent, sought, found, not_found):
    page = client.get(PAGE, {"q": sought}).content.decode()
    boxes = page.split('id="boxes"')[1]
    assert found in boxes
    assert not_found not in boxes


def test_what_is_sought_and_not_there(client, sent):
    page = client.get(PAGE, {"q": "<b>\x00zzz", "page": "99"}).content.decode()
    assert "No one with this name" in page
    assert "<b>zzz" not in page


def test_texts_are_on_a_phone(client, sent, organisation, volunteer):
    from quartier.messaging import actions
    from quartier.messaging.actions import Letter
    from quartier.people.models import Person

    person = Person.objects.get(pk=volunteer("Karim").person_id)
    person.phone, person.channel = "+32400001428", "text"
    person.save()
    actions.write(organisation=organisation, letter=Letter(person, "sign_in_code", "k", {"code": "123456"}))
    deliver()
    page = client.get(PAGE).content.decode()
    assert "0400 00 14 28" in page
    assert 'class="bubble"' in page
    assert "123456" in page


def test_the_newest_is_first_and_the_number_of_queries_does_not_grow(
    client, sent, organisation, volunteer, tuesday, django_assert_max_num_queries
):
    from quartier.messaging import actions
    from quartier.messaging.actions import Letter

    for number in range(30):
        person = volunteer(f"V{number:02}").person
        with clock.stopped_at(tuesday + timedelta(minutes=number + 1)):
            letter = Letter(person, "sign_in_code", f"{number}", {"code": "123456"})
            actions.write(organisation=organisation, letter=letter)
            deliver()
    with django_assert_max_num_queries(10):
        page = client.get(PAGE).content.decode()
    boxes = page.split('id="boxes"')[1]
    assert boxes.index("V29") < boxes.index("V28")
    assert "V05" not in boxes
    assert "V05" in client.get(PAGE, {"page": 3}).content.decode()


def test_another_organisation_sees_nothing_of_it(client, sent, elsewhere, youssef, settings):
    settings.ALLOWED_HOSTS = ["gent.example.org"]
    other = {"HTTP_HOST": "gent.example.org"}
    page = client.get(PAGE, **other).content.decode()
    assert "Youssef" not in page
    assert client.get(f"{PAGE}{youssef.person_id}/", **other).status_code == 404


def test_it_is_there_only_where_people_are_invented(client, sent, settings):
    settings.DEMO = settings.DEBUG = False
    assert client.get(PAGE).status_code == 404


def test_it_listens_to_a_topic_that_needs_no_sign_in(client, sent, organisation):
    from quartier.live import rules
    from quartier.messaging.providers.sandbox import topic

    assert rules.is_link(topic(organisation.id))
    assert f'data-live="{topic(organisation.id)}"' in client.get(PAGE).content.decode()
