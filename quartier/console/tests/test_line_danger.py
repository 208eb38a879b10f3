"""That danger was heard on a call says only who has heard it, or coordinates."""

import pytest
from django.urls import reverse

from quartier.console.tests.line_scene import Line
from quartier.messaging.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(organisation, settings, tuesday):
    settings.LINE_WSS = "wss://line.example.org/sip"
    return Line(organisation)


@pytest.fixture
def post(signed_in):
    def send(account, name, *args, status=302, **data):
        answer = signed_in(account).post(reverse(name, args=args), data)
        assert answer.status_code == status, answer.status_code
        return answer

    return send


def test_only_who_is_or_was_on_the_call_and_who_coordinates_says_that_danger_was_heard(
    post, line, lotte, account, thomas
):
    call, emma = line.calls(), account("Emma", "operator")
    line.talks(call, lotte)
    post(emma, "line_risk", call, status=404)
    assert not Message.objects.filter(template="risk_heard").exists()
    # Handed on, both have heard it; over, it is still theirs.
    line.talks(call, emma)
    line.moves(call, "queued")
    for each in (lotte, emma, thomas):
        post(each, "line_risk", call, status=200)


def test_whoever_is_consulted_says_that_danger_was_heard(post, line, lotte, account):
    call, emma = line.calls(), account("Emma", "operator")
    line.talks(call, lotte)
    line.stands(emma, "in_call", call=call)
    post(emma, "line_risk", call, status=200)
