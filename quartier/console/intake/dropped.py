"""A form that was discarded by mistake comes back: its words wait in the session of whoever pressed, sealed, for half
an hour. Only the last one."""

import json
from typing import Any

from django.db import transaction
from django.http import HttpRequest, QueryDict

from quartier.intake import actions as intake
from quartier.intake.models import Draft
from quartier.lib import clock, kept

DROPPED_KEY = "dropped_intake"


def keep_dropped(request: HttpRequest, draft: Draft) -> bool:
    """Keep what was typed; `False` where it is too long, or nothing was."""
    words = QueryDict(mutable=True)
    if draft.submitted_at is None and draft.answers:
        words["answers"] = json.dumps(draft.answers)
    return kept.keep(request.session, "", words, clock.now(), key=DROPPED_KEY)


def dropped_answers(request: HttpRequest) -> dict[str, Any] | None:
    """What was typed in the form that was discarded last; `None`: nothing can be undone."""
    found = kept.read(request.session, clock.now(), key=DROPPED_KEY)
    return dict(json.loads(dict(found[1])["answers"])) if found else None


@transaction.atomic
def restore_dropped(request: HttpRequest, form: str) -> Draft | None:
    """The form again, with all its words; once."""
    answers, actor = dropped_answers(request), request.actor  # type: ignore[attr-defined]
    kept.forget(request.session, key=DROPPED_KEY)
    if answers is None:
        return None
    draft = intake.start_draft(organisation=actor.organisation, form=form, actor=actor)
    return intake.save_draft(draft_id=draft.pk, answers=answers)
