"""What could not be written to somebody stands among the calls to make until one of us has said it."""

from datetime import timedelta

import pytest
from django.utils.html import strip_tags

from quartier.companions import actions
from quartier.companions.tests import scene
from quartier.duty.queries import waiting_of
from quartier.lib import clock
from quartier.promises.queries import open_about
from quartier.team.access import of_account

pytestmark = pytest.mark.django_db
CALLS = "/en/console/calls/"


def test_her_hours_and_her_pause_are_said_on_the_phone(desk, account, lotte, asked, organisation, tuesday):
    amina, case = account("Amina", "supervisor"), asked("talk", name="Anna", channel="call").case
    hadija = scene.trained(amina, account("Hadija"))
    running = scene.agree(amina, hadija, scene.propose(amina, scene.wished(lotte, case), hadija))
    assert "To tell them by phone" not in desk.get(CALLS).content.decode()
    scene.begin(hadija, running)
    owed = open_about("pairing", running.pk)
    [waiting] = waiting_of([owed])
    assert (waiting.name, waiting.promise, waiting.page) == ("Anna", "call", ("calls_out",))
    page = desk.get(CALLS).content.decode()
    assert f"/en/console/cases/{case.pk}/" in page
    assert "Say when they will be called regularly: the next time is today at 3\u00a0pm." in strip_tags(page)
    until = clock.now().astimezone(organisation.zone).date() + timedelta(days=8)
    actions.pause(actor=of_account(amina), pairing=running, until=until)
    text = strip_tags(desk.get(CALLS).content.decode())
    assert "Say that their regular calls are paused until Tuesday 19 January." in text
    text = strip_tags(desk.post(CALLS, {"told": owed.pk}, follow=True).content.decode())
    assert "paused" not in text
    assert open_about("pairing", running.pk) is None
