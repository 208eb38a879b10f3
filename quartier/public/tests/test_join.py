"""Becoming a volunteer, through the pages."""

import re

import pytest

from quartier.lib import choices
from quartier.messaging.models import Message
from quartier.people.models import SignInCode, Volunteer

pytestmark = pytest.mark.django_db

ANSWERS = {
    "where": {"where": "Ixelles"},
    "what": {"kinds": ["groceries", "talk"], "languages": ["fr"]},
    "when": {"always": "on", "travel": "bike", "radius_m": "2000", "capacity": "1", "budget": "2"},
    "who": {
        "name": "Sofia Renard",
        "email": "sofia@example.org",
        "phone": "",
        "channel": "email",
        "language": "fr",
        "charter": "on",
    },
}


def without_draft(page):
    return re.sub(r"\bd=[0-9a-f]{32}", "", page.content.decode())


@pytest.fixture
def joining(client, places, organisation, tuesday):
    def walk(language="fr", answers=ANSWERS):
        url = f"/{language}/join/"
        for name, words in answers.items():
            assert client.get(url).status_code == 200
            answer = client.post(url, words)
            assert answer.status_code == 302, (name, answer.content.decode()[2000:5000])
            url, last = answer["Location"], url
        return url, last

    return walk


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_four_pages_and_on_the_list(joining, client, language):
    done, _last = joining(language)
    assert client.get(done).status_code == 200
    volunteer = Volunteer.objects.get()
    assert (volunteer.kinds, volunteer.languages) == (
        choices.mask(choices.KINDS, ["groceries", "talk"]),
        choices.mask(choices.LANGUAGES, ["fr"]),
    )
    assert (volunteer.postcode, volunteer.radius_m, volunteer.slots) == ("1050", 2000, choices.ALL_SLOTS)
    assert Message.objects.get().template == "welcome"


def test_sent_again_changes_nothing(joining, client):
    done, last = joining()
    assert client.post(last, ANSWERS["who"])["Location"] == done
    assert Volunteer.objects.count() == 1
    assert Message.objects.count() == 1


def test_who_is_known_reads_the_same_page_and_gets_a_code(joining, client):
    first, _last = joining()
    words = without_draft(client.get(first))
    again = {**ANSWERS, "what": {"kinds": ["dog"], "languages": ["nl"]}}
    second, _last = joining(answers=again)
    assert without_draft(client.get(second)) == words
    volunteer = Volunteer.objects.get()
    assert volunteer.kinds == choices.mask(choices.KINDS, ["groceries", "talk"])
    assert SignInCode.objects.filter(person=volunteer.person).count() == 1


def test_the_charter_is_asked(joining, client):
    last, _before = joining(answers={name: ANSWERS[name] for name in ("where", "what", "when")})
    page = client.post(last, {**ANSWERS["who"], "charter": ""})
    assert 'class="oops"' in page.content.decode()
    assert "Sofia Renard" in page.content.decode()
    assert not Volunteer.objects.exists()


def test_who_is_kept_from_joining_reads_the_same_page_and_hears_it_by_their_own_address(
    joining, client, thomas
):
    from quartier.team.access import of_account
    from quartier.trust import actions as trust

    done, _last = joining()
    usual = without_draft(client.get(done))
    Volunteer.objects.all().delete()
    trust.block(actor=of_account(thomas), email="maria@example.org", words="Des plaintes.")
    blocked = {**ANSWERS, "who": {**ANSWERS["who"], "name": "Maria", "email": "Maria@example.org"}}
    done, _last = joining(answers=blocked)
    assert without_draft(client.get(done)) == usual
    assert not Volunteer.objects.exists()
    message = Message.objects.get(template="not_joined")
    assert message.to == "Maria@example.org"
    assert "/fr/objection/" in message.body
