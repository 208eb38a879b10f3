"""Signing out ends the shift, and asks first where somebody would be left."""

import pytest
from django.urls import reverse

from quartier.cases.models import Request
from quartier.console.tests.test_own_work import line
from quartier.team.access import of_account
from quartier.telephony import actions
from quartier.telephony.models import Wish

__all__ = ["line"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def presses(signed_in, lotte):
    """What comes of the button that signs out: the page, and whether they are still signed in."""

    def press(name="line_sign_out", **data):
        client = signed_in(lotte)
        answer = client.post(reverse(name), data, follow=True)
        return answer.content.decode().replace("\u00a0", " "), "_auth_user_id" in client.session

    return press


def is_off(account):
    return Wish.objects.filter(account=account, what="off").exists()


def test_whoever_leaves_nothing_is_out_at_once(presses, line, lotte):
    assert presses()[1] is False
    assert not is_off(lotte)


def test_on_a_call_it_asks_and_nobody_is_dropped(presses, line, lotte):
    line.on(lotte, "fr")
    call = line.calls()
    line.talks(call, lotte)
    said, still_in = presses()
    assert still_in
    assert "You are on a call." in said
    assert reverse("line_call", args=[call]) in said
    assert not is_off(lotte)


def test_while_it_only_rings_nobody_is_on_a_call(presses, line, lotte):
    line.on(lotte, "fr")
    line.rings(line.calls(), lotte)
    said, still_in = presses()
    assert still_in
    assert "You are on a call." not in said
    assert "You are still on the line." in said


def test_on_ones_own_phone_the_call_is_heard_on(presses, line, lotte):
    line.on(lotte, "fr")
    call = line.calls()
    line.talks(call, lotte)
    assert "they will no longer hear you" in presses()[0]
    line.stands(lotte, "in_call", call=call, own=True)
    said = presses()[0]
    assert "You are on a call." in said
    assert "they will no longer hear you" not in said
    assert "no calls will ring on your phone or browser" in said


def test_the_yes_is_about_the_call_that_was_shown(presses, line, lotte):
    line.on(lotte, "fr")
    line.rings(first := line.calls(), lotte)
    assert 'name="call"' not in presses()[0]
    # It was answered before the yes was pressed.
    line.talks(first, lotte)
    said, still_in = presses("sign_out", sure="yes")
    assert still_in
    assert "You are on a call." in said
    assert f'name="call" value="{first}"' in said
    line.ends(first, lotte)
    line.talks(second := line.calls("+3220001428"), lotte)
    assert presses("sign_out", sure="yes", call=str(first))[1] is True
    assert not is_off(lotte)
    assert presses("sign_out", sure="yes", call=str(second))[1] is False
    assert is_off(lotte)


@pytest.mark.parametrize("name", ["line_sign_out", "sign_out"])
def test_on_the_line_it_asks_from_every_page_and_the_yes_ends_the_shift(presses, line, lotte, name):
    line.on(lotte, "fr")
    said, still_in = presses(name)
    assert still_in
    assert "You are still on the line." in said
    assert f'action="{reverse("sign_out")}"' in said
    assert presses("sign_out", sure="yes")[1] is False
    assert is_off(lotte)


def test_whoever_has_just_said_that_they_are_there_is_asked_too(presses, line, lotte):
    actions.wish(actor=of_account(lotte), what="on", details={"languages": ["fr"]})
    said, still_in = presses()
    assert still_in
    assert "You are still on the line." in said
    assert presses("sign_out", sure="yes")[1] is False
    assert [each.what for each in actions.take_wishes()] == ["on", "off"]


def test_with_something_still_theirs_it_asks(presses, line, lotte, asked):
    request = asked("groceries").requests[0]
    Request.objects.filter(pk=request.pk).update(state=Request.State.HUMAN, taken_by=lotte)
    said, still_in = presses()
    assert still_in
    assert "This is still yours:" in said
    assert reverse("request_page", args=[request.pk]) in said
    assert presses("sign_out", sure="yes")[1] is False
    # They were not on the line, and wish nothing of it.
    assert not is_off(lotte)


def test_a_volunteer_signs_out_as_ever(client, signed_in, bram):
    signed_in(bram).post(reverse("sign_out"))
    assert "_auth_user_id" not in client.session
