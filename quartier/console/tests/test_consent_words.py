"""What is read out before a request is taken fits whom the help is for, and is recorded as what it is."""

import re

import pytest

from quartier.console.tests.test_intake import MARIE, begin, typed
from quartier.intake.models import Contact


@pytest.fixture
def desk(signed_in, lotte, places, tuesday):
    return signed_in(lotte)


FOR_GEORGES = {"for_other": "on", "person_name": "Georges Maes", "relation": "son père", "tell": "asker"}


@pytest.mark.django_db
def test_for_somebody_else_another_sentence_is_read_out_and_recorded(desk):
    address = begin(desk)
    own = desk.get(address).content.decode()
    assert re.search(r'data-consent="own">Puis-je noter votre nom, votre adresse', own)
    assert re.search(r'data-consent="other"[^>]* hidden>', own)
    desk.post(f"{address}save/", typed(desk, address, **FOR_GEORGES))
    other = desk.get(address).content.decode()
    assert re.search(r'data-consent="own" hidden>', other)
    assert re.search(
        r'data-consent="other"[^>]*[^n]>Puis-je noter votre nom et, pour Georges Maes, le nom', other
    )
    sent = desk.post(address, typed(desk, address, **MARIE, **FOR_GEORGES))
    assert sent.status_code == 302, sent.context and sent.context["form"].errors
    assert Contact.objects.get().consent == "spoken-other-1"
