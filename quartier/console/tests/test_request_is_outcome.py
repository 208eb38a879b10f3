"""A request that was sent during a call is what came of it: nothing else has to be said of the call."""

import re

import pytest
from django.urls import reverse

from quartier.console.tests.test_call_notes import TYPING, line, page
from quartier.intake.models import Draft
from quartier.lib import clock
from quartier.team.access import of_account
from quartier.telephony import actions
from quartier.telephony.models import Call, CallNote

__all__ = ["line", "page"]
pytestmark = pytest.mark.django_db


def talked(line, account, sender=None):
    """A call that is over. `sender`: who sent a request during it."""
    call = line.calls()
    line.talks(call, account)
    if sender is not None:
        sends(line, call, sender)
    line.ends(call, account)
    return call


def sends(line, call, account):
    row = Call.objects.get(pk=call)
    now = clock.now()
    Draft.objects.create(
        organisation=line.organisation,
        call=row,
        account=account,
        answers={},
        created_at=now,
        updated_at=now,
        submitted_at=now,
    )
    actions.note_call(actor=of_account(account), call=row, noted="request")


def chosen(said):
    tags = re.findall(r'<input type="radio" name="after-came".*?>', said, re.DOTALL)
    return [re.search(r'value="(\w+)"', tag)[1] for tag in tags if " checked" in tag]


def test_a_request_is_what_came_of_the_call_without_a_word_of_the_operator(page, signed_in, line, lotte):
    call = talked(line, lotte, sender=lotte)
    assert chosen(page(lotte, "line_call", call)) == ["request"]
    sent = signed_in(lotte).post(
        reverse("line_note", args=[call]), {"after-came": "request", "after-note": "", "ready": "yes"}
    )
    assert sent.status_code == 302
    assert CallNote.objects.get(call=call).code == "request"
    assert Call.objects.get(pk=call).noted == "request"


def test_a_request_is_no_outcome_of_a_call_in_which_none_was_sent(page, signed_in, line, lotte):
    call = talked(line, lotte)
    said = page(lotte, "line_call", call)
    assert not chosen(said)
    assert 'value="request"' not in said
    refused = signed_in(lotte).post(reverse("line_note", args=[call]), {"after-came": "request"})
    assert refused.status_code == 422


def test_whoever_sent_it_may_say_something_else_and_keeps_the_keys_of_the_others(
    page, signed_in, line, lotte
):
    call = talked(line, lotte, sender=lotte)
    assert 'value="nothing" data-code-key="1"' in re.sub(r"\s+", " ", page(lotte, "line_call", call))
    signed_in(lotte).post(
        reverse("line_note", args=[call]), {"after-came": "callback", "after-at": "15.30"}, headers=TYPING
    )
    assert chosen(page(lotte, "line_call", call)) == ["callback"]


def test_whoever_handed_the_call_on_and_sent_nothing_handed_it_on(page, line, lotte, thomas):
    call = line.calls()
    line.talks(call, lotte)
    actions.wish(actor=of_account(lotte), what="transfer", call=call, to=thomas.pk)
    line.takes()
    line.talks(call, thomas)
    sends(line, call, thomas)
    line.ends(call, thomas)
    assert chosen(page(lotte, "line_call", call)) == ["handed"]
    assert chosen(page(thomas, "line_call", call)) == ["request"]
