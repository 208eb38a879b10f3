"""How she says she is, on the WHO-5 scale."""

import json

from django.db import transaction
from django.http import Http404

from quartier.companions import rules
from quartier.companions.actions.ledger import changed, locked
from quartier.companions.actions.notebook import place
from quartier.companions.models import Mood, Pairing
from quartier.companions.rules import NotPossible
from quartier.lib import clock, crypto
from quartier.team.access import Actor


@transaction.atomic
def note_mood(*, actor: Actor, pairing: Pairing, answers: list[int]) -> Mood:
    """The listener has asked the five questions. Sealed as a note is. Raises `Http404` for anybody else, `NotPossible`
    sooner than two weeks after the last time, and once the notebook is emptied; `ValueError` for what is no answer."""
    score = rules.who5(answers)
    row = locked(pairing.pk)
    if actor.account is None or row.listener.account_id != actor.id:
        raise Http404
    now = clock.now()
    if not row.key or row.moods.filter(at__gt=now - rules.MOOD_EVERY).exists():
        raise NotPossible
    mood = Mood(organisation_id=row.organisation_id, pairing=row, at=now)
    words = json.dumps({"scale": "who5", "answers": answers, "score": score})
    mood.sealed = crypto.seal_with(row.key, words.encode(), place(mood, row))
    mood.save(force_insert=True)
    changed(actor, "notebook.mood", "pairing", row.pk)
    return mood
