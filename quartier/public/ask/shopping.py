"""The list, asked where groceries are needed: short, and nobody has to write one."""

from collections.abc import Iterable

from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quartier.expenses import wrong
from quartier.look.rules import euros
from quartier.public.questions import Answers, Question
from quartier.shopping.forms import NAMES, ListFields
from quartier.shopping.rules import AGREE, AGREE_FOR, Wishes, substitutions

GROCERIES = "groceries"


def is_needed(answers: Answers) -> bool:
    """Whether groceries are among what was ticked."""
    return GROCERIES in answers.get("what", {}).get("kinds", [])


class Shopping(ListFields, Question):
    """What is to be bought. What is written about allergies without the tick goes no farther than this page."""

    title = gettext_lazy("What is to be bought?")
    lead = gettext_lazy("The neighbour who goes reads it, and our team. You can change it later.")
    # On the second button: nobody has to write a list.
    skip = gettext_lazy("I tell the neighbour myself")

    def prepare(self) -> None:
        for_other = self.answers.get("for", {}).get("whom") == "other"
        self.prepare_list(self.organisation, AGREE_FOR if for_other else AGREE)
        if "list" not in self.answers:
            # A draft from before there was this page has it among the details.
            self.initial = {"lines": self.answers.get("details", {}).get(GROCERIES, "")}

    @property
    def folded(self) -> list[BoundField]:
        """What stands behind one line: most need none of it."""
        return [self[name] for name in NAMES if name != "lines"]

    @property
    def is_unfolded(self) -> bool:
        """Whether something stands there, or is wrong."""
        return any(
            box.errors or (box.value() and box.name not in {"substitutions", "agreed"}) for box in self.folded
        )

    def read_amount(self, text: str) -> int:
        return wrong.cents(text)

    def answer(self) -> Answers:
        """What was written; allergies only with the tick, else that they were not kept."""
        if not self.has_list:
            return {}
        kept = {**self.cleaned_data, "cents": self.budget_cents, "bare": self.unkept}
        if self.unkept:
            kept["allergies"] = ""
        return kept


def wishes_of(answers: Answers) -> Wishes | None:
    """The list that was written; `None` without one."""
    kept = answers.get("list", {}) if is_needed(answers) else {}
    if not kept:
        return None
    return Wishes(
        kept["lines"],
        kept["shop"],
        kept["substitutions"] or "ask",
        kept["allergies"],
        kept["never"],
        kept["cents"],
        agreed=kept["agreed"],
    )


def said(answers: Answers) -> Iterable[str]:
    """The list, to be read through before it is sent: a line each."""
    wishes = wishes_of(answers)
    if wishes is None:
        yield _("You tell the neighbour yourself.")
        return
    yield from wishes.lines.splitlines()
    for words, value in (
        (_("Shop: %(said)s"), wishes.shop),
        (_("If a thing is not there: %(said)s"), str(substitutions()[wishes.substitutions]).lower()),
        (_("Never buy: %(said)s"), wishes.never),
        (_("At most: %(said)s"), "" if wishes.budget_cents is None else euros(wishes.budget_cents)),
        (_("Allergies: %(said)s"), wishes.allergies),
    ):
        if value:
            yield words % {"said": value}
    if answers["list"]["bare"]:
        yield _("What you wrote about allergies is not kept: the tick was missing.")
