"""What was written arrives on the simulated phones and in the simulated mailboxes."""

import pytest

from quartier.matching import actions as matching
from quartier.messaging.delivery import deliver
from quartier.messaging.models import SandboxDelivery


@pytest.mark.django_db
def test_a_whole_conversation_arrives_in_the_sandbox(tuesday, youssef, asked):
    opened = asked("groceries", urgency="day")
    matching.send_wave(request_id=opened.requests[0].pk)
    while deliver():
        pass
    boxes = SandboxDelivery.objects.order_by("at", "id")
    assert {(box.person.name, box.subject.split()[0]) for box in boxes} == {
        ("Marie Peeters", "Nous"),
        ("Youssef", "Courses"),
    }
