"""Texts and mails: what did not arrive stands there until somebody has seen to it; money and providers are shown."""

import pytest
from django.urls import reverse

from quartier.audit.models import Entry
from quartier.lib import clock
from quartier.messaging.models import Message, PostSettings, ProviderState
from quartier.messaging.tests.conftest import message  # noqa: F401 (a fixture)
from quartier.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def given_up(message, tuesday):  # noqa: F811
    return message(state="failed", error="550 no such user")


@pytest.fixture
def page(signed_in):
    def read(account):
        answer = signed_in(account).get(reverse("post"))
        assert answer.status_code == 200
        return answer.content.decode().replace("\u00a0", " ")

    return read


def test_it_says_who_what_and_why_without_the_link(page, thomas, given_up):
    words = page(thomas)
    assert "Youssef" in words
    assert "Why: 550 no such user" in words
    assert "Quoi : courses" in words
    assert "/offer/abc" not in words


def test_sent_again_it_goes_by_the_address_of_now(signed_in, thomas, given_up, youssef):
    Person.objects.filter(pk=youssef.person.pk).update(channel="email")
    person = Person.objects.get(pk=youssef.person.pk)
    person.email = "youssef.new@example.org"
    person.save()
    signed_in(thomas).post(reverse("post_act"), {"do": "again", "message": given_up.pk})
    row = Message.objects.get()
    assert (row.state, row.attempts, row.error) == ("due", 0, "")
    assert row.to in {person.phone, person.email}
    assert Entry.objects.filter(verb="message.again").exists()


def test_who_can_only_be_called_is_not_written_to(signed_in, thomas, given_up, youssef, page):
    Person.objects.filter(pk=youssef.person.pk).update(channel="call")
    assert "Send it again" not in page(thomas)
    answer = signed_in(thomas).post(reverse("post_act"), {"do": "again", "message": given_up.pk}, follow=True)
    assert "call them" in answer.content.decode()
    assert Message.objects.get().state == "failed"


def test_settled_it_leaves_the_list(signed_in, thomas, given_up, page):
    signed_in(thomas).post(reverse("post_act"), {"do": "settle", "message": given_up.pk})
    assert "Everything has arrived so far." in page(thomas)
    assert Message.objects.get().settled_by == thomas


def test_only_coordinators_and_nobody_of_elsewhere(signed_in, lotte, bram, given_up):
    assert signed_in(lotte).get(reverse("post")).status_code == 403
    answer = signed_in(bram).post(reverse("post_act"), {"do": "settle", "message": given_up.pk})
    assert answer.status_code in {403, 404}


@pytest.mark.parametrize(
    ("typed", "cents"), [("20", 2000), ("12,50", 1250), ("€ 7.5", 750), ("1 000 EUR", 100_000)]
)
def test_the_head_says_what_may_be_spent(signed_in, sara, tuesday, typed, cents):
    signed_in(sara).post(reverse("post_act"), {"do": "cap", "cap": typed})
    assert PostSettings.objects.get().daily_cents == cents


@pytest.mark.parametrize("typed", ["", "much", "-1", "12,505", "1e9", "NaN", "inf", "١٢x"])
def test_what_is_no_amount_is_said_and_kept(signed_in, sara, tuesday, typed):
    answer = signed_in(sara).post(reverse("post_act"), {"do": "cap", "cap": typed})
    assert answer.status_code == 422
    assert "Enter an amount in euros" in answer.content.decode()
    assert not PostSettings.objects.exists()


def test_how_providers_do(page, thomas, tuesday):
    ProviderState.objects.create(
        name="gammu", failures=2, broken_until=tuesday, error="no stick", changed_at=clock.now()
    )
    words = page(thomas)
    assert "does not answer" in words
    assert "no stick" in words


@pytest.mark.parametrize("what", ["again", "settle"])
def test_a_button_pressed_twice_does_it_once(signed_in, thomas, given_up, what):
    for _press in range(2):
        sent = {"do": what, "message": given_up.pk}
        answer = signed_in(thomas).post(reverse("post_act"), sent, follow=True)
        assert answer.status_code == 200
    assert "dealt with already" in answer.content.decode()
    assert Entry.objects.filter(subject_id=given_up.pk).count() == 1
