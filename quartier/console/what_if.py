"""What if: one thing different, and how the open requests and those of the last week would stand then.

Everything stands in the address, so a result can be sent to a colleague. Nothing is written.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quartier.console import outlook
from quartier.console.asking import NAMES
from quartier.console.intake.boxes import LineField
from quartier.console.place_choice import CHOICE, PlaceAround, choice_links, place_around
from quartier.console.queries import what_if as read
from quartier.engine import warming
from quartier.lib import choices, clock
from quartier.lib.text import one_line
from quartier.matching.planning.answer import answer
from quartier.matching.planning.way import way_of
from quartier.matching.planning.whatif import Change, What
from quartier.matching.policies import POLICIES
from quartier.team.models import Organisation

KILOMETRE = 1000


@dataclass(frozen=True)
class Offered:
    """One change that can be tried: what its button says, and the number it takes (label, from, to, usual)."""

    name: str | Promise
    label: str | Promise = ""
    least: int = 0
    most: int = 0
    usual: int = 0
    unit: int = 1


OFFERED = {
    What.JOIN: Offered(
        gettext_lazy("More volunteers"), gettext_lazy("How many volunteers sign up there?"), 1, 5000, 50
    ),
    What.REACH: Offered(
        gettext_lazy("Look further at once"),
        gettext_lazy("How far should we look from the first wave on, in kilometres?"), 1, 60, 10, KILOMETRE,
    ),
    What.GO: Offered(
        gettext_lazy("Volunteers go further"),
        gettext_lazy("How far does every volunteer go at least, in kilometres?"), 1, 60, 10, KILOMETRE,
    ),
    What.BUDGET: Offered(
        gettext_lazy("More or fewer requests"),
        gettext_lazy("How many requests a day at most for each volunteer? Anyone who agreed to fewer gets fewer."),
        1, 10, 1,
    ),
    What.CAPACITY: Offered(
        gettext_lazy("More visits at once"), gettext_lazy("How many more visits could each take?"), 1, 10, 1
    ),
    What.POLICY: Offered(gettext_lazy("Another way of asking")),
}  # fmt: skip


class Asked(forms.Form):
    """What the address says. `change` decides which boxes there are."""

    use_required_attribute = False
    place = LineField(label=gettext_lazy("Where?"), limit=80)
    amount = forms.IntegerField(required=False)
    policy = forms.ChoiceField(
        label=gettext_lazy("How should neighbours be asked instead?"),
        choices=list(NAMES.items()),
        required=False,
    )
    kind = forms.ChoiceField(label=gettext_lazy("What do they do?"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("What do they speak?"), required=False)

    def __init__(self, data: Any, *, what: What, organisation: Organisation, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.what, offered = what, OFFERED[what]
        same = ("", _("the same as the people who live there"))
        for name, group in (("kind", choices.KINDS), ("language", choices.LANGUAGES)):
            self.fields[name].choices = [same, *[(each.code, each.name) for each in group]]  # type: ignore[attr-defined]
        amount = self.fields["amount"]
        amount.label = str(offered.label)
        amount.widget.attrs |= {"min": offered.least, "max": offered.most}
        for name in ("amount", "policy", *(["place"] if what is What.JOIN else [])):
            self.fields[name].required = True
        self.fields["place"].error_messages["required"] = _("Say where they would sign up.")
        self.fields["place"].help_text = (
            _("A postcode or a place.") if what is What.JOIN else _("Empty: everywhere.")
        )
        unused = {"amount"} if what is What.POLICY else {"policy"}
        for name in unused | (set() if what is What.JOIN else {"kind", "language"}):
            del self.fields[name]
        if what is What.POLICY:
            today = way_of(organisation)[0].name
            others = [each for each in NAMES.items() if each[0] != today]
            self.fields["policy"].choices = others  # type: ignore[attr-defined]

    def clean_amount(self) -> int:
        offered, amount = OFFERED[self.what], self.cleaned_data["amount"]
        if not offered.least <= amount <= offered.most:
            raise forms.ValidationError(
                _("A number from %(least)s to %(most)s.") % {"least": offered.least, "most": offered.most}
            )
        return int(amount)

    def change(self, where: tuple[float, float] | None) -> Change:
        """What is different. Only of a valid form."""
        data = self.cleaned_data
        return Change(
            self.what,
            amount=data.get("amount", 0) * OFFERED[self.what].unit,
            policy=POLICIES[data["policy"]] if data.get("policy") else None,
            where=where,
            kinds=choices.mask(choices.KINDS, [data["kind"]]) if data.get("kind") else 0,
            languages=choices.mask(choices.LANGUAGES, [data["language"]]) if data.get("language") else 0,
        )


def show(request: HttpRequest) -> HttpResponse:
    """The question, and its answer at once: what is not said yet is taken as usual."""
    warming.load_soon()
    organisation: Organisation = request.actor.organisation  # type: ignore[attr-defined]
    given: dict[str, Any] = request.GET.dict()
    what = What(given["change"]) if given.get("change") in {each.value for each in What} else What.JOIN
    text = one_line(given.get("place", ""), 80)
    around = place_around(text, given.get(CHOICE, ""), organisation) if text else PlaceAround()
    here = (
        read.here_at(around.found)
        if around.found
        else None
        if text
        else read.area_of_link(given.get("area", ""))
    )
    if here is None and what is What.JOIN and not given.get("place"):
        here = read.neediest(organisation, clock.now())
    given["place"] = given.get("place") or (here.name if here else "")
    if what is not What.POLICY:
        given["amount"] = given.get("amount") or str(OFFERED[what].usual)
    # Nobody waits anywhere, and nothing was said yet: a question, not a mistake.
    open_question = what is What.JOIN and not given["place"] and "place" not in request.GET
    form = Asked(None if open_question else given, what=what, organisation=organisation, initial=given)
    if what is What.POLICY and not given.get("policy"):
        given["policy"] = form.fields["policy"].choices[0][0]  # type: ignore[attr-defined]
    if here is None and form.is_valid() and given["place"]:
        unknown = _("We do not know this place. Enter a postcode or a name.")
        form.add_error("place", around.question or unknown)
    context: dict[str, Any] = {
        "form": form,
        "what": what,
        "changes": [_link(each, offered, what, here) for each, offered in OFFERED.items()],
        "usual": NAMES[way_of(organisation)[0].name],
        "place": here.name if here else "",
        "choices": choice_links(request, around.choices),
        "choice": here.choice if here else "",
    }
    if form.is_valid():
        where = here.point if here else None
        found = answer(organisation, form.change(where), clock.now(), where)
        context["groups"] = [outlook.shown(found.open, "open"), outlook.shown(found.week, "week")]
    return render(request, "console/what_if.html", context, status=422 if form.errors else 200)


def _link(each: What, offered: Offered, now: What, here: read.Here | None) -> dict[str, Any]:
    words = {
        "change": each.value,
        "place": here.name if here else "",
        CHOICE: here.choice if here else "",
    }
    given = urlencode({name: value for name, value in words.items() if value})
    return {"name": offered.name, "href": f"{reverse('what_if')}?{given}", "current": each == now}
