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
