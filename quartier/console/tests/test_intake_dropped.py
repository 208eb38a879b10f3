"""A form that was discarded by mistake is brought back."""

from datetime import timedelta

import pytest

from quartier.intake.models import Draft
from quartier.lib import clock

pytestmark = pytest.mark.django_db
TAKE = "/en/console/take/"
MARIE = {"caller_name": "Marie Peeters", "address": "Rue du Page 42", "kinds": ["groceries", "pharmacy"]}


@pytest.fixture
def desk(signed_in, lotte, places, tuesday):
    return signed_in(lotte)


def test_what_was_discarded_by_mistake_comes_back_for_half_an_hour(desk):
    address = desk.post(TAKE, {"phone": "02 000 14 99"})["Location"]
    draft = Draft.objects.get()
    desk.post(f"{address}save/", {**MARIE, "version": draft.version})
    text = desk.post(f"{address}drop/", follow=True).content.decode()
    assert "For half an hour you can undo it" in text
    assert "Discarded: Marie Peeters" in text
    assert not Draft.objects.exists()
    page = desk.post(TAKE, {"do": "undo"}, follow=True)
    assert page.context["answers"]["address"] == "Rue du Page 42"
    assert page.context["answers"]["kinds"] == ["groceries", "pharmacy"]
    # Once, and not for longer.
    desk.post(TAKE, {"do": "undo"})
    draft = Draft.objects.get()
    desk.post(f"{TAKE}{draft.pk}/drop/")
    clock.advance(timedelta(minutes=31))
    assert "Bring it back" not in desk.get(TAKE).content.decode()
    desk.post(TAKE, {"do": "undo"})
    assert not Draft.objects.exists()


def test_what_can_no_longer_be_brought_back_is_gone_from_the_session_too(desk):
    """With whatever page is asked for next."""
    address = desk.post(TAKE, {"phone": "02 000 14 99"})["Location"]
    desk.post(f"{address}save/", {**MARIE, "version": Draft.objects.get().version})
    desk.post(f"{address}drop/")
    desk.get("/en/console/")
    assert "dropped_intake" in desk.session
    clock.advance(timedelta(minutes=31))
    desk.get("/en/console/")
    assert "dropped_intake" not in str(list(desk.session.keys()))
