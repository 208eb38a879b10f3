"""The list, asked where groceries are needed: short, and nobody has to write one."""

from collections.abc import Iterable

from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quartier.expenses import wrong
from quartier.look.rules import euros
from quartier.public.questions import Answers, Question
from quartier.shopping.forms import NAMES, ListFields
from quartier.shopping.queries import Shown
from quartier.shopping.rules import AGREE, AGREE_FOR, Wishes, substitutions

GROCERIES = "groceries"
ALLERGIES_NEED_YES = gettext_lazy(
    "You have written allergies. Tick this box so that the person who shops is told. Without the tick we may not keep "
    "them; then empty the box “Allergies”."
)


def is_needed(answers: Answers) -> bool:
    """Whether groceries are among what was ticked."""
    return GROCERIES in answers.get("what", {}).get("kinds", [])


class Shopping(ListFields, Question):
    """What is to be bought. What is written about allergies without the tick goes no farther than this page, which asks
    for one or the other: whoever wrote them would think that they are known."""

    title = gettext_lazy("What should we buy?")
    lead = gettext_lazy("The neighbour who goes will read it, and so will our team.")
    # On the second button: nobody has to write a list.
    skip = gettext_lazy("I’ll tell the neighbour myself")

    def prepare(self) -> None:
        for_other = self.answers.get("for", {}).get("whom") == "other"
        self.prepare_list(self.organisation, AGREE_FOR if for_other else AGREE)
        if "list" not in self.answers:
            # A draft from before there was this page has it among the details.
            self.initial = {"lines": self.answers.get("details", {}).get(GROCERIES, "")}

    def clean(self) -> Answers:
        cleaned = super().clean() or self.cleaned_data
        if self.unkept:
            self.add_error("agreed", str(ALLERGIES_NEED_YES))
        return cleaned

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

    def may_wait(self) -> bool:
        """Allergies without the tick are not even put aside."""
        return not self.unkept

    def answer(self) -> Answers:
        """What was written."""
        return {**self.cleaned_data, "cents": self.budget_cents} if self.has_list else {}


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
    yield from said_beside(wishes)


def said_beside(wishes: Wishes | Shown) -> Iterable[str]:
    """What was said of a list beside it: how it is to be bought."""
    otherwise = substitutions().get(wishes.substitutions, "")
    for words, value in (
        (_("Shop: %(said)s"), wishes.shop),
        (_("If something is not there: %(said)s"), otherwise.lower()),
        (_("Never buy: %(said)s"), wishes.never),
        (_("At most: %(said)s"), "" if wishes.budget_cents is None else euros(wishes.budget_cents)),
        (_("Allergies: %(said)s"), wishes.allergies),
    ):
        if value:
            yield words % {"said": value}
