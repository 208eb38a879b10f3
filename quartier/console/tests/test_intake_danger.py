"""Words of danger in what an operator types are pointed out, with the numbers and a way to tell the team; nothing is
raised by itself."""

import pytest
from django.urls import reverse

from quartier.alerts.models import Alert
from quartier.console.tests.line_scene import Line
from quartier.intake.models import Draft

pytestmark = pytest.mark.django_db
CALM = "She has no bread left."


@pytest.fixture
def desk(signed_in, lotte, places, tuesday):
    return signed_in(lotte)


def saved(client, draft, **typed):
    draft.refresh_from_db()
    answer = client.post(reverse("intake_save", args=[draft.pk]), {"version": draft.version, **typed})
    return answer.json()["danger"]


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("words", "Elle veut mourir"),
        ("detail_groceries", "Ze wil niet meer leven"),
        ("access_notes", "It smells of gas in the stairwell"),
        ("words", "Sie will nicht mehr leben"),
    ],
)
def test_words_of_danger_are_pointed_out_with_the_numbers(desk, field, words):
    desk.post("/en/console/take/", {"phone": "02 000 14 99"})
    draft = Draft.objects.get()
    assert saved(desk, draft, **{field: CALM}) == ""
    hint = saved(desk, draft, **{field: words})
    assert "These words may mean that someone is in danger." in hint
    assert 'href="tel:112"' in hint
    assert reverse("concern_tell") in hint
    page = desk.get(reverse("intake_page", args=[draft.pk])).content.decode()
    assert "These words may mean that someone is in danger." in page
    assert saved(desk, draft, **{field: CALM}) == ""
    assert not Alert.objects.exists()


def test_on_a_call_one_press_tells_the_team(desk, lotte, organisation, settings):
    settings.LINE_WSS = "wss://line.example.org/sip"
    line = Line(organisation)
    call = line.calls()
    line.talks(call, lotte)
    address = reverse("line_call", args=[call])
    assert 'id="typed-danger"' in desk.get(address).content.decode()
    draft = Draft.objects.get()
    assert f'hx-post="{reverse("line_risk", args=[call])}"' in saved(desk, draft, words="Elle veut mourir")
    assert not Alert.objects.exists()
    desk.post(reverse("line_risk", args=[call]))
    assert Alert.objects.get().call_id == call
