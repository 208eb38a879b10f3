"""Reading lists: of a request, with what its household wishes; as it was written where nobody made a list of it."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q

from quartier.cases.models import Request
from quartier.shopping import rules
from quartier.shopping.models import Household, Item, ShoppingList
from quartier.shopping.rules import Thing, Wishes
from quartier.visits.models import Assignment


@dataclass(frozen=True)
class Shown:
    """A list as pages show it. `visit`: whose ticks they are."""

    things: list[Thing] = field(default_factory=list)
    shop: str = ""
    substitutions: str = ""
    allergies: str = ""
    never: str = ""

    @property
    def has_wishes(self) -> bool:
        return bool(self.shop or self.substitutions or self.allergies or self.never)

    @property
    def is_begun(self) -> bool:
        """Whether anything was ticked."""
        return any(each.state != Item.State.WANTED for each in self.things)


def of_request(request: Request, visit: Assignment | None = None) -> Shown | None:
    """The list of a request, for somebody who has passed its gate; `None` for help without a list.

    `visit`: with what was ticked on it; else with what was ticked last.
    """
    if request.kind not in rules.WITH_LIST:
        return None
    row = ShoppingList.objects.filter(request=request).prefetch_related("items").first()
    always = _always(request.case_id)
    if row is None:
        plain: list[tuple[str, str, str]] = [
            (line, Item.State.WANTED, "") for line in rules.lines(request.details)
        ]
        return Shown(rules.things(plain), *usual(request), *always)
    ticked = visit is None or row.visit_id == visit.pk
    rows = [
        (each.words, each.state if ticked else Item.State.WANTED, each.instead if ticked else "")
        for each in row.items.all()
    ]
    return Shown(rules.things(rows), row.shop, row.substitutions, *always)


def _always(case_id: UUID) -> tuple[str, str]:
    """Allergies and what is never to be bought: of this file, and of those that were merged into it, so that no allergy
    is lost by a merge."""
    rows = Household.objects.filter(Q(case_id=case_id) | Q(case__merged_into_id=case_id)).order_by(
        "changed_at"
    )
    allergies: list[str] = []
    never: list[str] = []
    for row in rows:
        allergies += [row.allergies] if row.allergies and row.allergies not in allergies else []
        never += [row.never] if row.never and row.never not in never else []
    return "\n".join(allergies), "\n".join(never)


def usual(request: Request) -> tuple[str, str]:
    """The shop, and what to do if a thing is not there, of the household's last list of that kind; ('', '') before."""
    last = (
        ShoppingList.objects.filter(request__case_id=request.case_id, request__kind=request.kind)
        .order_by("-changed_at")
        .first()
    )
    return (last.shop, last.substitutions) if last else ("", "")


def to_change(request: Request) -> Wishes:
    """What stands there now, or would for a new list."""
    shown = of_request(request) or Shown()
    written = "\n".join(each.words for each in shown.things) or request.details
    otherwise = shown.substitutions or ShoppingList.Substitutions.ASK
    return Wishes(written, shown.shop, otherwise, shown.allergies, shown.never)
