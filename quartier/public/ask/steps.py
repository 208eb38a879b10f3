"""The order of the questions, and which answers make which of them needed."""

from quartier.intake.models import Draft
from quartier.public.ask import again, forms, shopping, situation
from quartier.public.questions import Answers, Flow, Step


def _is_visited(answers: Answers) -> bool:
    kinds = forms.kinds_of(answers)
    return not kinds or not all(kind.remote for kind in kinds)


def _has_details(answers: Answers) -> bool:
    """Shopping has a page of its own; the others share one."""
    codes = [kind.code for kind in forms.kinds_of(answers)]
    return codes != [shopping.GROCERIES]


def _says_what(answers: Answers) -> bool:
    kinds = [kind.code for kind in forms.kinds_of(answers)]
    return "other" not in kinds or bool(answers.get("details", {}).get("other"))


ASK = Flow(
    form=Draft.Form.ASK,
    start="ask",
    step="ask_step",
    steps=(
        Step("for", forms.ForWhom),
        Step("what", forms.What),
        Step("details", forms.Details, needed=_has_details, holds=_says_what),
        Step("list", shopping.Shopping, needed=shopping.is_needed),
        Step("situation", situation.Situation, needed=lambda answers: bool(situation.asking(answers))),
        Step("where", forms.Where),
        Step("address", forms.Address, needed=_is_visited),
        Step("when", forms.When, holds=forms.is_ahead),
        Step("again", again.Again, needed=again.has_day),
        Step("languages", forms.Languages),
        Step("person", forms.WhoNeeds, needed=forms.for_other),
        Step("reach", forms.Reach),
    ),
)
