"""Who could be asked for a request comes after its page."""

import pytest

from quartier.audit.models import Entry
from quartier.console.tests.test_pages import page_of, with_candidates
from quartier.team.access import of_account
from quartier.visits import actions as visits

pytestmark = pytest.mark.django_db


def test_who_could_be_asked_comes_after_the_page(
    desk, request_, youssef, thomas, django_assert_max_num_queries
):
    looks = Entry.objects.filter(verb="volunteers.look", subject_id=request_.pk)
    desk.get(page_of(request_))
    with django_assert_max_num_queries(22):
        page = desk.get(page_of(request_)).content.decode()
    part = f"{page_of(request_)}candidates/"
    assert f'hx-get="{part}"' in page
    assert f'href="{with_candidates(request_)}#who-could"' in page
    assert "Youssef" not in page
    # Their numbers are seen where they stand, and that is written down.
    assert not looks.exists()
    with django_assert_max_num_queries(21):
        found = desk.get(part)
    text = found.content.decode()
    assert "Youssef" in text
    assert "<html" not in text
    assert looks.get().details == {"count": 2}
    # Opened twice so far, and a part of it is no look of its own.
    assert Entry.objects.filter(verb="request.look", subject_id=request_.pk).count() == 2
    # The same part stands on the whole page, for whoever has no JavaScript.
    whole = desk.get(with_candidates(request_))
    assert [one.ranked for one in whole.context["ranked"]] == [one.ranked for one in found.context["ranked"]]
    assert "hx-get" not in whole.content.decode().split('id="who-could"')[0].rsplit("<section", 1)[1]
    visits.end_request(actor=of_account(thomas), request=request_, closure="withdrawn")
    assert desk.get(part).content == b""
    assert "who-could" not in desk.get(with_candidates(request_)).content.decode()
