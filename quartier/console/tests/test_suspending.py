"""Who may suspend whom."""

import pytest

pytestmark = pytest.mark.django_db


def test_nobody_suspends_themselves_nor_whoever_heads_the_group(signed_in, sara, youssef, nadia):
    for each, role in ((youssef, "coordinator"), (nadia, "admin")):
        each.person.account.roles.create(organisation=each.organisation, name=role)
    coordinator, head = youssef.person.account, nadia.person.account
    for who, whom, may in (
        (coordinator, youssef, False),
        (coordinator, nadia, False),
        (head, nadia, False),
        (sara, nadia, True),
    ):
        browser, address = signed_in(who), f"/en/console/volunteers/{whom.pk}/"
        assert ('commandfor="suspend"' in browser.get(address).content.decode()) == may
        answer = browser.post(f"{address}do/", {"do": "suspend", "words": "x"})
        assert answer.status_code == (302 if may else 404)
        whom.refresh_from_db()
        assert (whom.state == "suspended") == may
