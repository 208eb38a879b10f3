"""What is said right after somebody has asked for help."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from quartier.lib import clock
from quartier.public.tests.conftest import ANSWERS

pytestmark = pytest.mark.django_db

UNREAD = {name: words for name, words in ANSWERS.items() if name != "list"} | {
    "what": {"kinds": ["other"]},
    "details": {"other": "Changer une ampoule"},
}
NIGHT = datetime(2026, 11, 25, 2, 30, tzinfo=ZoneInfo("Europe/Brussels"))


def test_at_night_nobody_is_said_to_read_it_now_but_by_when_they_hear(answering, client):
    with clock.stopped_at(NIGHT):
        page = answering(answers=UNREAD)
        client.post(page, {"consent": "on"})
        shown = client.get(page.replace("/check/", "/done/")).content.decode()
    assert "Quelqu’un de l’équipe le lit d’abord" in shown
    assert "maintenant" not in shown.partition("<footer")[0]
    assert "Vous aurez de nos nouvelles aujourd’hui avant 9" in shown
