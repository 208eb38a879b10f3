"""How she says she is, on the scale that was chosen for her."""

import json

from django.db import transaction
from django.http import Http404

from quartier.companions import scales
from quartier.companions.actions.ledger import changed, locked
from quartier.companions.actions.notebook import place
from quartier.companions.models import Mood, Pairing
from quartier.companions.rules import NotPossible
from quartier.lib import clock, crypto
from quartier.team.access import Actor


@transaction.atomic
def note_mood(*, actor: Actor, pairing: Pairing, answers: list[int]) -> Mood:
    """The listener has asked her, by the scale chosen for her. Sealed as a note is. Raises `Http404` for anybody else,
    `NotPossible` sooner than that scale allows, and once the notebook is emptied; `ValueError` for what is no answer.
    """
    row = locked(pairing.pk)
    if actor.account is None or row.listener.account_id != actor.id:
        raise Http404
    score = scales.scored(row.scale, answers)
    now, scale = clock.now(), scales.SCALES[row.scale]
    if not row.key or row.moods.filter(scale=row.scale, at__gt=now - scale.every).exists():
        raise NotPossible
    mood = Mood(organisation_id=row.organisation_id, pairing=row, scale=row.scale, at=now)
    words = json.dumps({"scale": row.scale, "answers": answers, "score": score})
    mood.sealed = crypto.seal_with(row.key, words.encode(), place(mood, row))
    mood.save(force_insert=True)
    changed(actor, "notebook.mood", "pairing", row.pk)
    return mood


@transaction.atomic
def choose_scale(*, actor: Actor, pairing: Pairing, scale: str) -> None:
    """By what she is asked from now on; what she has said by the other one stays. Raises `Http404` but for her listener
    and a supervisor."""
    row = locked(pairing.pk)
    is_own = actor.account is not None and row.listener.account_id == actor.id
    if scale not in Pairing.Scale.values or not (is_own or actor.has("supervisor")):
        raise Http404
    if row.scale != scale:
        row.scale = Pairing.Scale(scale)
        row.save(update_fields=["scale"])
        changed(actor, "pairing.scale", "pairing", row.pk, scale=scale)
