"""On a narrow screen one is told on a phone, whatever the browser says of itself."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("data", "words"), [({"narrow": "yes"}, "phone"), ({}, "computer")])
def test_the_box_names_what_one_looks_at(client, bram, data, words):
    client.force_login(bram)
    client.defaults["SERVER_NAME"] = bram.organisation.host
    said = client.post(reverse("push"), {"do": "state", **data}).content.decode()
    assert f"Have this {words} tell me at once" in said
