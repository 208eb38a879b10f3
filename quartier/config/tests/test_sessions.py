"""An answer that comes late signs nobody out."""

import pytest

pytestmark = pytest.mark.django_db
COOKIE_NAME = "sessionid"


def test_an_answer_to_a_session_that_is_gone_takes_no_cookie_away(client, lotte):
    client.force_login(lotte)
    client.session.flush()
    answer = client.get("/fr/console/")
    assert answer.status_code == 302
    assert COOKIE_NAME not in answer.cookies


def test_who_signs_out_has_no_cookie_left(client, lotte):
    client.force_login(lotte)
    answer = client.post("/fr/sign-out/")
    assert answer.cookies[COOKIE_NAME]["max-age"] == 0
    assert answer["Clear-Site-Data"] == '"cache"'


def test_an_account_of_another_organisation_is_nobody_at_this_address(
    client, settings, elsewhere, lotte, bram
):
    settings.ALLOWED_HOSTS = ["testserver", elsewhere.host]
    client.force_login(lotte)
    assert client.get("/fr/console/").status_code == 200
    at_theirs = client.get("/fr/console/", headers={"host": elsewhere.host})
    assert at_theirs.status_code == 302
    assert "/sign-in/" in at_theirs["Location"]
    client.force_login(bram)
    assert client.get("/fr/console/", headers={"host": elsewhere.host}).status_code == 200
    # Nor is whoever has an address of their own somebody at the one that has none.
    assert "/sign-in/" in client.get("/fr/console/").get("Location", "")


def test_whoever_is_suspended_can_sign_out(client, youssef):
    youssef.state = "suspended"
    youssef.save(update_fields=["state"])
    client.force_login(youssef.person.account)
    page = client.get("/fr/volunteer/")
    assert page.status_code == 403
    assert 'action="/fr/sign-out/"' in page.content.decode()
    assert "csrfmiddlewaretoken" in page.content.decode()
    client.post("/fr/sign-out/")
    assert "_auth_user_id" not in client.session
