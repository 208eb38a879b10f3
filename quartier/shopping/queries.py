"""Reading lists: of a request, with what its household wishes; as it was written where nobody made a list of it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from quartier.cases.models import Request
from quartier.shopping import rules
from quartier.shopping.models import Household, Item, ShoppingList
from quartier.shopping.rules import Thing, Wishes
from quartier.team.models import Organisation
from quartier.visits.models import Assignment


@dataclass(frozen=True)
class Shown:
    """A list as pages show it. `visit`: whose ticks they are."""

    things: list[Thing] = field(default_factory=list)
    shop: str = ""
    substitutions: str = ""
    allergies: str = ""
    never: str = ""
    budget_cents: int | None = None
    # Since when allergies are deleted that had been kept; `None` where there are none to forget.
    forgotten_at: datetime | None = None

    @property
    def has_wishes(self) -> bool:
        return bool(
            self.shop or self.substitutions or self.allergies or self.never or self.budget_cents is not None
        )

    @property
    def is_begun(self) -> bool:
        """Whether anything was ticked."""
        return any(each.state != Item.State.WANTED for each in self.things)


def of_request(request: Request, visit: Assignment | None = None) -> Shown | None:
    """The list of a request, for somebody who has passed its gate; `None` for help without a list.

    `visit`: with what was ticked on it; else with what was ticked last. Allergies are shown to who goes as long as
    the visit is under way, and to others until the request is closed.
    """
    if request.kind not in rules.WITH_LIST:
        return None
    row = ShoppingList.objects.filter(request=request).prefetch_related("items").first()
    active = request.state != Request.State.CLOSED if visit is None else visit.state in Assignment.ACTIVE
    always = _always(request.case_id, with_allergies=active)
    if request.kind not in rules.WITH_CHOICE:
        always["never"] = ""
    if row is None:
        plain: list[tuple[str, str, str]] = [
            (line, Item.State.WANTED, "") for line in rules.lines(request.details, request.kind)
        ]
        return Shown(rules.things(plain), *usual(request), **always)
    ticked = visit is None or row.visit_id == visit.pk
    rows = [
        (each.words, each.state if ticked else Item.State.WANTED, each.instead if ticked else "")
        for each in row.items.all()
    ]
    return Shown(rules.things(rows), row.shop, row.substitutions, budget_cents=row.budget_cents, **always)


def _always(case_id: UUID, *, with_allergies: bool) -> dict[str, Any]:
    """Allergies and what is never to be bought: of this file, and of those that were merged into it, so that no allergy
    is lost by a merge."""
    rows = Household.objects.filter(Q(case_id=case_id) | Q(case__merged_into_id=case_id)).order_by(
        "changed_at"
    )
    allergies: list[str] = []
    never: list[str] = []
    for row in rows:
        if row.consent and with_allergies and row.allergies not in allergies and row.allergies:
            allergies.append(row.allergies)
        never += [row.never] if row.never and row.never not in never else []
    forgotten = [row.forgotten_at for row in rows if row.forgotten_at]
    return {
        "allergies": "\n".join(allergies),
        "never": "\n".join(never),
        "forgotten_at": max(forgotten, default=None),
    }


def usual(request: Request) -> tuple[str, str]:
    """The shop, and what to do if a thing is not there, of the household's last list of that kind; ('', '') before."""
    last = (
        ShoppingList.objects.filter(request__case_id=request.case_id, request__kind=request.kind)
        .order_by("-changed_at", "-pk")
        .first()
    )
    return (last.shop, last.substitutions) if last else ("", "")


def own_limit(request_id: UUID) -> int | None:
    """What a list may cost at most by the words of its household, in cents; `None` where they named nothing."""
    return ShoppingList.objects.filter(request_id=request_id).values_list("budget_cents", flat=True).first()


def most_cents(organisation: Organisation, own: int | None) -> int:
    """What a volunteer lays out at most on a visit: the group's limit, or the household's own where that is less."""
    return organisation.visit_cap_cents if own is None else min(own, organisation.visit_cap_cents)


def to_change(request: Request) -> Wishes:
    """What stands there now, or would for a new list. `agreed`: she agreed to what is kept of her allergies."""
    shown = of_request(request) or Shown()
    written = "\n".join(each.words for each in shown.things) or request.details
    otherwise = shown.substitutions or ShoppingList.Substitutions.ASK
    return Wishes(
        written,
        shown.shop,
        otherwise,
        shown.allergies,
        shown.never,
        shown.budget_cents,
        agreed=bool(shown.allergies),
    )
