"""The questions about a list: asked while somebody asks for help, on the private page, and by an operator on the phone.

Allergies are data about health: nobody's are kept without a yes to a sentence (`rules.AGREE`, decision 0040).
"""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quartier.lib.text import clean, one_line
from quartier.look.rules import euros
from quartier.shopping.models import ShoppingList
from quartier.shopping.rules import Wishes, substitutions
from quartier.team.models import Organisation

NAMES = ("lines", "shop", "substitutions", "never", "budget", "agreed", "allergies")


def as_typed(wishes: Wishes) -> dict[str, Any]:
    """What stands there already, as the fields show it."""
    cents = wishes.budget_cents
    rest = f",{(cents or 0) % 100:02}" if (cents or 0) % 100 else ""
    return vars(wishes) | {"budget": "" if cents is None else f"{cents // 100}{rest}"}


class Text(forms.CharField):
    """Free words, made safe; too long ones are refused and come back whole."""

    def __init__(self, *, limit: int, lines: int = 1, **given: Any) -> None:
        self.limit, self.lines = limit, lines
        widget = forms.Textarea(attrs={"rows": lines}) if lines > 1 else forms.TextInput()
        super().__init__(widget=widget, required=False, **given)

    def to_python(self, value: Any) -> str:
        text = "" if value is None else str(value)
        made = clean(text, self.limit + 1) if self.lines > 1 else one_line(text, self.limit + 1)
        if len(made) > self.limit:
            raise forms.ValidationError(
                _("This is too long: it can be at most %(limit)s characters. We have kept what you wrote.")
                % {"limit": self.limit}
            )
        return made


class ListFields(forms.Form):
    """What is to be bought, and how; nothing of it has to be answered. A surface says how amounts are read."""

    lines = Text(
        limit=4000,
        lines=5,
        label=gettext_lazy("The list"),
        help_text=gettext_lazy("One thing on each line, and how much: “2 wholemeal loaves”."),
    )
    shop = Text(limit=200, label=gettext_lazy("The shop that you prefer"))
    substitutions = forms.ChoiceField(
        label=gettext_lazy("If something is not there"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Choose one.")},
    )
    never = Text(limit=500, label=gettext_lazy("What we should never buy"))
    budget = Text(limit=40, label=gettext_lazy("What it may cost at most, in euros"))
    # What it says stands in `prepare_list`; this names it where two drafts are compared.
    agreed = forms.BooleanField(label=gettext_lazy("Allergies may be kept"), required=False)
    allergies = Text(
        limit=500,
        lines=2,
        label=gettext_lazy("Allergies"),
        help_text=gettext_lazy("Kept only if you agree above, and for the next time too."),
    )

    def prepare_list(self, organisation: Organisation, sentence: str | Promise) -> None:
        """`sentence`: what the tick beside the allergies says."""
        self.here = organisation
        choice = self.fields["substitutions"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = list(substitutions().items())
        choice.initial = ShoppingList.Substitutions.ASK
        self.fields["agreed"].label = str(sentence)
        self.fields["budget"].widget.attrs["inputmode"] = "decimal"
        self.fields["budget"].help_text = _("A neighbour pays at most %(cap)s on one visit.") % {
            "cap": euros(organisation.visit_cap_cents)
        }

    def read_amount(self, text: str) -> int:
        """Euros as people write them, in cents; raises `ValidationError`."""
        raise NotImplementedError

    def clean_budget(self) -> str:
        text: str = self.cleaned_data["budget"]
        self.budget_cents = self.read_amount(text) if text else None
        if self.budget_cents is not None and self.budget_cents > self.here.visit_cap_cents:
            raise forms.ValidationError(
                _("That is more than a neighbour pays on one visit: %(cap)s at most.")
                % {"cap": euros(self.here.visit_cap_cents)}
            )
        return text

    def wishes(self, *, spoken: bool = False, keeps: bool = False) -> Wishes:
        """What was written. `spoken`: to somebody of the team; `keeps`: what holds for every list and was left empty
        here stays as it was."""
        data = self.cleaned_data
        return Wishes(
            data["lines"],
            data["shop"],
            data["substitutions"] or ShoppingList.Substitutions.ASK,
            data["allergies"] if data["allergies"] or not keeps else None,
            data.get("never", "") if data.get("never") or not keeps else None,
            self.budget_cents,
            agreed=data["agreed"],
            spoken=spoken,
        )

    @property
    def has_list(self) -> bool:
        """Whether anything was said at all."""
        return any(self.cleaned_data.get(name) for name in NAMES if name not in {"substitutions", "agreed"})

    @property
    def unkept(self) -> bool:
        """Whether allergies were written and the tick is missing, so that they are not kept."""
        return bool(self.cleaned_data.get("allergies")) and not self.cleaned_data.get("agreed")
