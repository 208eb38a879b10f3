"""The order of the questions, and which answers make which of them needed."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quartier.intake.models import Draft
from quartier.public.ask import again, details, forms, ride, shopping, situation
from quartier.public.ask.when import When, is_ahead
from quartier.public.questions import Answers, Flow, Step

WHAT, WHERE, WHEN, WHO = _("What"), _("Where"), _("When"), pgettext_lazy("part of a form", "Who")


def _is_visited(answers: Answers) -> bool:
    kinds = forms.kinds_of(answers)
    return not kinds or not all(kind.remote for kind in kinds)


def _has_details(answers: Answers) -> bool:
    """Shopping has a page of its own; the others share one."""
    codes = [kind.code for kind in forms.kinds_of(answers)]
    return codes != [shopping.GROCERIES]


def _says_what(answers: Answers) -> bool:
    kinds = [kind.code for kind in forms.kinds_of(answers)]
    return ("other" not in kinds or bool(answers.get("details", {}).get("other"))) and ride.is_said(answers)


def _is_when_known(answers: Answers) -> bool:
    """Whether the time that was chosen is one to go by: it is not over, and a ride has its day."""
    urgency = answers.get("when", {}).get("urgency")
    return is_ahead(answers) and not (ride.needs_day(answers) and urgency != "date")


def _can_be_reached(answers: Answers) -> bool:
    return forms.for_other(answers) or forms.can_be_called(answers)


ASK = Flow(
    form=Draft.Form.ASK,
    start="ask",
    step="ask_step",
    steps=(
        Step("for", forms.ForWhom, part=WHAT),
        Step("what", forms.What, part=WHAT),
        Step("details", details.Details, needed=_has_details, holds=_says_what, part=WHAT),
        Step("list", shopping.Shopping, needed=shopping.is_needed, part=WHAT),
        Step(
            "situation",
            situation.Situation,
            needed=lambda answers: bool(situation.asking(answers)),
            part=WHAT,
        ),
        Step("where", forms.Where, part=WHERE),
        Step("address", forms.Address, needed=_is_visited, part=WHERE),
        Step("when", When, holds=_is_when_known, part=WHEN),
        Step("again", again.Again, needed=again.is_asked, holds=again.is_ahead, part=WHEN),
        Step("languages", forms.Languages, part=WHO),
        Step("person", forms.WhoNeeds, needed=forms.for_other, holds=forms.can_be_called, part=WHO),
        Step("reach", forms.Reach, holds=_can_be_reached, part=WHO),
    ),
)
