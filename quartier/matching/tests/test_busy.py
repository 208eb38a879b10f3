"""Two waves at once, on a database where they do not wait for each other."""

import threading

import pytest
from django.db import connection, transaction

from quartier.cases.models import Request
from quartier.lib import clock
from quartier.matching import actions
from quartier.matching.actions.waves import HELD_BY_OTHERS
from quartier.people.models import Volunteer

pytestmark = pytest.mark.django_db(transaction=True)


def test_volunteers_held_by_another_wave_use_up_no_step(tuesday, asked, youssef, nadia):
    if not connection.features.has_select_for_update_skip_locked:
        pytest.skip("waves wait for each other on SQLite")
    request = asked("groceries").requests[0]
    held, go_on = threading.Event(), threading.Event()

    def hold():
        try:
            with transaction.atomic():
                list(Volunteer.objects.select_for_update())
                held.set()
                go_on.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert held.wait(30)
        assert actions.send_wave(request_id=request.pk) == []
    finally:
        go_on.set()
        thread.join()
    request.refresh_from_db()
    assert (request.state, request.wave) == (Request.State.OPEN, 0)
    assert request.next_at == tuesday + HELD_BY_OTHERS
    with clock.stopped_at(request.next_at):
        assert len(actions.send_wave(request_id=request.pk)) == 2
