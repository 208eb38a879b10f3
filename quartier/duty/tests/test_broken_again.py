"""A word that was broken before is told as one that still is, and not as another one that was."""

from datetime import timedelta

import pytest

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.duty import actions
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.messaging.models import Message
from quartier.promises.models import Promise
from quartier.team.access import system

pytestmark = pytest.mark.django_db


def break_next():
    """The hour that is open passes."""
    clock.set_time(Promise.objects.get(outcome="").due_at + timedelta(minutes=1))
    while actions.watch_promises(clock.now()):
        pass


def late_words(person):
    rows = Message.objects.filter(person=person, template__startswith="late_").order_by("created_at", "pk")
    return list(rows.values_list("template", flat=True))


def test_where_its_hour_was_moved_it_is_still_the_same_lateness(asked, thomas, tuesday):
    opened = asked("papers", urgency="week")
    request = opened.requests[0]
    matching.send_wave(request_id=request.pk)
    break_next()
    assert late_words(opened.case.person) == ["late_call"]
    before = Promise.objects.get(outcome="")
    cases.change_request(
        actor=system(request.organisation), request=Request.objects.get(pk=request.pk), urgency="now"
    )
    moved = Promise.objects.get(outcome="")
    assert moved.pk != before.pk
    break_next()
    assert late_words(opened.case.person) == ["late_call", "late_call_again"]
    word = Message.objects.get(template="late_call_again")
    assert "toujours pas" in word.body
