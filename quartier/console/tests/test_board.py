import pytest

pytestmark = pytest.mark.django_db


def test_first(tuesday, signed_in, thomas, asked):
    asked("groceries")
    asked("other", name="Jan")
    r = signed_in(thomas).get("/fr/console/")
    assert r.status_code == 200, r.content.decode()[:3000]
    print(r.content.decode())
