"""The console offers only ways that lead somewhere, and says how people are really told."""

import pytest

from quartier.console.concerns import Trusted
from quartier.console.intake.form import IntakeForm
from tests.leaving import MOBILE, codes
from tests.leaving import has as has

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


def test_the_console_offers_what_there_is(has, organisation):
    has(mail=True)
    assert codes(IntakeForm(organisation=organisation)) == ["call", "email"]
    form = Trusted({"name": "Ida", "phone": MOBILE, "email": ""}, country="BE")
    assert "email" in form.errors
    has(mail=True, texts=True)
    assert codes(IntakeForm(organisation=organisation)) == ["call", "text", "email"]
    assert Trusted({"name": "Ida", "phone": MOBILE, "email": ""}, country="BE").is_valid()


def test_what_is_said_of_a_saved_request_is_how_they_are_told(has, client, lotte, asked):
    case = asked("groceries", channel="text").case
    case.person.phone = "+32470123456"
    case.person.save()
    client.force_login(lotte)
    has(texts=True)
    page = client.get(f"/fr/console/cases/{case.pk}/").content.decode()
    has(mail=True)
    other = client.get(f"/fr/console/cases/{case.pk}/").content.decode()
    assert ("par SMS" in page, "par SMS" in other, "par un appel" in other) == (True, False, True)
