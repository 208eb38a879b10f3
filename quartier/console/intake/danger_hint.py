"""Words of danger in what an operator types: pointed out beside the form, by the rules for what people write to us.
Nothing is raised by itself: the operator hears the caller, and decides, once before the form is sent."""

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language

from quartier.console.intake.parsing import KEPT
from quartier.console.queries.danger import danger_heard_on
from quartier.conversation import danger
from quartier.incidents.rules import field_name
from quartier.incidents.shipped import TEMPLATES
from quartier.intake.models import Draft
from quartier.lib import choices, emergency
from quartier.team.access import Actor

# Where the caller's own words are written.
TYPED_FIELDS = (
    "words",
    "access_notes",
    *(f"detail_{kind.code}" for kind in choices.KINDS),
    *(field_name(each, asked) for each in TEMPLATES.values() for asked in each.questions),
)


# What an operator answers before a form with words of danger is sent.
ALERT, NO_DANGER = "alert", "none"


def words_of_danger(answers: Mapping[str, Any]) -> str:
    """The answers with signs of danger in them, a line each; '' without."""
    typed = (str(answers.get(name) or "")[:KEPT] for name in TYPED_FIELDS)
    return "\n".join(words for words in typed if words and danger.signs(words))


def is_to_be_asked(actor: Actor, draft: Draft, answers: Mapping[str, Any], given: str) -> bool:
    """Whether it is asked before sending if somebody is in danger: not again once it was answered (`given`), or once
    the team was told of this very call."""
    if given in {ALERT, NO_DANGER} or not words_of_danger(answers):
        return False
    return draft.call is None or danger_heard_on(actor, draft.call) is None


def danger_hint(
    actor: Actor, draft: Draft, answers: Mapping[str, Any], *, asks: bool = False
) -> dict[str, Any] | None:
    """What the hint shows: the numbers, and the call on which the team can be told; `None` without words of danger.
    `asks`: the form was sent, and goes on once it is answered."""
    if not words_of_danger(answers):
        return None
    call = draft.call
    is_own = call is not None and call.operator_id == actor.id
    return {
        "numbers": emergency.numbers(actor.organisation.country, get_language() or "en", short=True),
        "call": call if is_own else None,
        "asks": asks,
    }


def danger_hint_html(actor: Actor, draft: Draft, answers: Mapping[str, Any], *, asks: bool = False) -> str:
    """The same for a script that has just saved, or sent; '' without words of danger."""
    hint = danger_hint(actor, draft, answers, asks=asks)
    return render_to_string("console/intake_danger.html", {"typed_danger": hint}).strip() if hint else ""
