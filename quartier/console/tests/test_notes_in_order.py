"""Saves of a note count in the order in which they were typed."""

import pytest
from django.urls import reverse

from quartier.console.tests.test_call_notes import TYPING, line
from quartier.telephony.models import CallNote

__all__ = ["line"]
pytestmark = pytest.mark.django_db


def test_a_save_that_arrives_after_a_newer_one_of_its_page_changes_nothing(signed_in, line, lotte):
    call = line.calls()
    line.talks(call, lotte)

    def sends(note, page, revision):
        data = {"after-note": note, "page": page, "revision": revision}
        answer = signed_in(lotte).post(reverse("line_note", args=[call]), data, headers=TYPING)
        assert answer.status_code == 200
        return CallNote.objects.get(call=call).words

    assert sends("sa fille passe demain", "one", "2") == "sa fille passe demain"
    assert sends("sa fille", "one", "1") == "sa fille passe demain"
    assert sends("sa fille", "one", "2") == "sa fille passe demain"
    # Another page, or one that says nothing of it, counts as it comes.
    assert sends("sa fille", "two", "1") == "sa fille"
    assert sends("son fils", "two", "x" * 99) == "sa fille"
    assert sends("son fils", "", "") == "son fils"
