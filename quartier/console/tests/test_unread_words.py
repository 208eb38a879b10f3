"""What a volunteer wrote about a visit stands on the pages of it until somebody has read it."""

import pytest
from django.utils.html import strip_tags

from quartier.audit.models import Entry
from quartier.conversation import actions
from quartier.conversation.models import ToRead
from quartier.conversation.tests.conftest import MARIE, YOUSSEF
from quartier.conversation.tests.conftest import on_phone as on_phone
from quartier.conversation.tests.conftest import post as post
from quartier.conversation.tests.conftest import street as street
from quartier.conversation.tests.conftest import text as text
from quartier.conversation.tests.test_visit_words import visit as visit
from quartier.team.access import of_account

pytestmark = pytest.mark.django_db
WORDS = "sorry ik kan morgen toch niet komen"


@pytest.mark.parametrize("page", ["requests", "cases"])
def test_words_stand_there_until_they_are_read(signed_in, thomas, visit, text, page):
    desk = signed_in(thomas)
    of = {"requests": visit.request_id, "cases": visit.request.case_id}[page]
    url = f"/fr/console/{page}/{of}/"
    assert "Personne ne l’a encore lu" not in strip_tags(desk.get(url).content.decode())
    text(YOUSSEF, WORDS)
    shown = desk.get(url).content.decode()
    assert WORDS in shown
    assert "Youssef" in shown
    assert 'class="rowlink" href="/fr/console/written/"' in shown
    row = ToRead.objects.get(read_at=None)
    assert Entry.objects.filter(verb__contains="look", subject_id=row.received_id).exists()
    actions.read(actor=of_account(thomas), to_read=row)
    notices = desk.get(url).content.decode()
    assert 'class="rowlink" href="/fr/console/written/"' not in notices


def test_what_goes_around_somebody_is_not_there(signed_in, thomas, visit, text):
    text(MARIE, "Thomas, il me frappe")
    page = signed_in(thomas).get(f"/fr/console/requests/{visit.request_id}/").content.decode()
    assert "il me frappe" not in page
