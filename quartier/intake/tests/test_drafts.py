"""What is typed is kept, and becomes one thing once."""

from datetime import timedelta

import pytest

from quartier.intake import actions
from quartier.intake.models import Draft
from quartier.lib import clock
from quartier.lib.ids import uuid7

pytestmark = pytest.mark.django_db


def test_answers_add_up(organisation, tuesday):
    draft = actions.start_draft(organisation=organisation, form="ask")
    actions.save_draft(draft_id=draft.id, answers={"kinds": ["groceries"]})
    saved = actions.save_draft(draft_id=draft.id, answers={"place": "Elsene"})
    assert saved.answers == {"kinds": ["groceries"], "place": "Elsene"}
    assert saved.version == 2


def test_an_older_tab_does_not_overwrite_a_newer_one(organisation, tuesday):
    draft = actions.start_draft(organisation=organisation, form="intake")
    actions.save_draft(draft_id=draft.id, answers={"words": "new"}, version=0)
    with pytest.raises(actions.Overtaken) as caught:
        actions.save_draft(draft_id=draft.id, answers={"words": "old"}, version=0)
    assert caught.value.draft.answers == {"words": "new"}


def test_a_draft_becomes_one_result_and_forgets_the_words(organisation, tuesday):
    draft = actions.start_draft(organisation=organisation, form="ask")
    actions.save_draft(draft_id=draft.id, answers={"name": "Marie"})
    result = uuid7()
    actions.finish_draft(draft=actions.claim_draft(draft_id=draft.id), result=result, receipt={"token": "t"})
    again = actions.claim_draft(draft_id=draft.id)
    assert (again.result, again.receipt, again.answers) == (result, {"token": "t"}, {})
    with pytest.raises(actions.Overtaken):
        actions.save_draft(draft_id=draft.id, answers={"name": "Paul"})


def test_drafts_that_nobody_sent_are_deleted_after_a_week(organisation, tuesday):
    actions.start_draft(organisation=organisation, form="ask")
    with clock.stopped_at(tuesday + timedelta(days=8)):
        actions.start_draft(organisation=organisation, form="ask")
        assert actions.drop_old_drafts(7) == 1
    assert Draft.objects.count() == 1
