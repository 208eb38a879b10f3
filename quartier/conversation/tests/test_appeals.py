"""Yes and no to an appeal, by text, from the phone on which it came."""

import pytest

from quartier.appeals import actions
from quartier.appeals.actions import Asked
from quartier.appeals.models import Invitation
from quartier.conversation.tests.conftest import NADIA, YOUSSEF
from quartier.messaging.models import Code, Message
from quartier.people.models import Volunteer
from quartier.team.access import of_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def appeal(street, thomas):
    """Both are asked whether they would call people too."""
    Volunteer.objects.update(kinds=1)
    made = actions.make(actor=of_account(thomas), asked=Asked("kind", 2, kind="talk"))
    actions.send_wave(appeal_id=made.pk)
    return made


def number(volunteer):
    return Code.objects.get(about=Invitation.objects.get(volunteer=volunteer).pk).number


def state(volunteer):
    return Invitation.objects.get(volunteer=volunteer).state


def test_the_text_says_how_to_answer_and_a_yes_does_it(street, appeal, text, post):
    (body,) = post(YOUSSEF)
    assert f"OUI {number(street.youssef)}" in body
    row = text(YOUSSEF, f"OUI {number(street.youssef)}")
    assert row.answer.template == "appeal_yes"
    assert "/volunteer/asked/" in row.answer.body
    street.youssef.refresh_from_db()
    assert street.youssef.kinds == 1 | 1 << 6
    assert state(street.nadia) == "sent"


def test_a_no_is_noted(street, appeal, text, post):
    post()
    assert text(YOUSSEF, f"non {number(street.youssef)}").answer.template == "appeal_no"
    assert state(street.youssef) == "no"


def test_a_bare_yes_to_what_was_told_last(street, appeal, text, post):
    post()
    assert text(NADIA, "oui").answer.template == "appeal_yes"
    assert state(street.nadia) == "yes"
    assert state(street.youssef) == "sent"


def test_a_bare_yes_with_an_offer_open_is_asked_back(street, appeal, text, post):
    post()
    street.offer()
    post()
    Message.objects.filter(template="offer").update(sent_at=None)
    assert text(YOUSSEF, "oui").answer.template != "appeal_yes"
    assert state(street.youssef) == "sent"


def test_the_number_of_somebody_else_says_nothing(street, appeal, text, post):
    post()
    other = next(each for each in range(32, 100) if each not in Code.objects.values_list("number", flat=True))
    Code.objects.filter(about=Invitation.objects.get(volunteer=street.nadia).pk).update(number=other)
    assert text(YOUSSEF, f"OUI {other}").answer.template == "reply_unknown"
    assert state(street.nadia) == "sent"


def test_after_it_is_stopped_nothing_changes(street, appeal, text, post, thomas):
    post()
    actions.stop(actor=of_account(thomas), appeal=appeal)
    assert text(YOUSSEF, "oui").answer.template == "appeal_over"
    assert state(street.youssef) == "sent"


def test_who_is_still_asked_and_says_no_has_a_break(street, text, post, thomas, tuesday):
    from datetime import timedelta

    Volunteer.objects.update(created_at=tuesday - timedelta(days=90))
    made = actions.make(actor=of_account(thomas), asked=Asked("still", 2))
    actions.send_wave(appeal_id=made.pk)
    post()
    assert text(YOUSSEF, "NON").answer.template == "appeal_break"
    street.youssef.refresh_from_db()
    assert street.youssef.state == Volunteer.State.PAUSED
