"""Who was called in vain in a check-in, how often and when last: on their own page and in the campaign's row."""

import pytest
from django.utils.html import strip_tags

from quartier.followup import actions
from quartier.followup.models import CheckIn
from quartier.followup.tests.conftest import agreed, pass_time  # noqa: F401
from quartier.team.access import of_account

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def row(tuesday, agreed, thomas, pass_time):  # noqa: F811
    """Somebody who has answered nothing, and whom one of us is to call."""
    agreed(1)
    actions.start(actor=of_account(thomas), plan=actions.Plan("heat"))
    pass_time(minutes=243)
    return CheckIn.objects.get(state=CheckIn.State.CALLING)


@pytest.fixture
def page(client, lotte):
    """What stands on a page of the console, as one line of words."""
    client.force_login(lotte)
    return lambda path: " ".join(strip_tags(client.get(f"/fr/console/{path}").content.decode()).split())


def both(page, row):
    return page(f"calls/check/{row.pk}/"), page(f"checks/{row.campaign_id}/")


def test_both_pages_say_how_often_and_when_last(row, page, lotte, thomas, pass_time):  # noqa: F811
    assert all("n’a répondu à" not in words for words in both(page, row))
    # Nobody has said "I call": the call was made all the same.
    actions.check_unanswered(actor=of_account(lotte), check_in=row)
    for words in both(page, row):
        assert "Personne n’a répondu à 1 appel, aujourd’hui à 15 h 03" in words
    pass_time(minutes=7)
    actions.check_unanswered(actor=of_account(thomas), check_in=row)
    for words in both(page, row):
        assert "Personne n’a répondu à 2 appels, le dernier aujourd’hui à 15 h 10" in words
    row.refresh_from_db()
    assert (row.tries, row.state) == (2, CheckIn.State.KNOCKING)
    # At whose door a neighbour is to ring can be called too.
    pass_time(minutes=5)
    actions.check_unanswered(actor=of_account(lotte), check_in=row)
    for words in both(page, row):
        assert "Personne n’a répondu à 3 appels, le dernier aujourd’hui à 15 h 15" in words


def test_pressed_twice_it_is_one_call(row, lotte):
    for _again in range(2):
        actions.check_unanswered(actor=of_account(lotte), check_in=row)
    row.refresh_from_db()
    assert (row.tries, row.state) == (1, CheckIn.State.CALLING)


def test_whoever_has_it_keeps_it(row, lotte, thomas):
    actions.claim_check(actor=of_account(thomas), check_in=row)
    actions.check_unanswered(actor=of_account(lotte), check_in=row)
    row.refresh_from_db()
    assert (row.tries, row.claimed_by) == (1, thomas)


def test_calls_before_an_answer_are_not_counted_any_more(row, page, lotte, pass_time):  # noqa: F811
    actions.check_unanswered(actor=of_account(lotte), check_in=row)
    pass_time(minutes=2)
    actions.check_answer(actor=of_account(lotte), check_in=row, fine=False, by="call")
    assert all("n’a répondu à" not in words for words in both(page, row))
    pass_time(minutes=2)
    actions.check_unanswered(actor=of_account(lotte), check_in=row)
    assert all("n’a répondu à 1 appel" in words for words in both(page, row))


def test_of_whoever_answered_no_vain_call_is_written_down(row, lotte):
    actions.check_answer(actor=of_account(lotte), check_in=row, fine=True, by="call")
    actions.check_unanswered(actor=of_account(lotte), check_in=row)
    row.refresh_from_db()
    assert (row.tries, row.state) == (0, CheckIn.State.FINE)
