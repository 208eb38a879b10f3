"""What changes a list: who is helped (or somebody for her) writes it, who goes ticks it off."""

from dataclasses import replace

from django.db import transaction

from quartier.audit import actions as audit
from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.cases.rules import NotPossible
from quartier.lib import clock
from quartier.live import actions as live
from quartier.shopping import queries, rules
from quartier.shopping.actions import household
from quartier.shopping.models import Item, ShoppingList
from quartier.shopping.rules import Wishes
from quartier.team.access import Actor
from quartier.visits import rules as visits
from quartier.visits.actions.progress import lock
from quartier.visits.models import Assignment


@transaction.atomic
def write(*, actor: Actor, request: Request, wishes: Wishes) -> ShoppingList:
    """The list is this now; what was ticked and is still on it stays ticked. Raises `NotPossible` when it is over."""
    if request.kind not in rules.WITH_LIST:
        raise NotPossible
    wanted = rules.lines(wishes.lines, request.kind)
    changed = cases.change_request(actor=actor, request=request, details="\n".join(wanted))
    made = _of(changed)
    made.shop, made.substitutions = wishes.shop, ShoppingList.Substitutions(wishes.substitutions)
    made.budget_cents = wishes.budget_cents
    made.changed_at = clock.now()
    made.save()
    _put(made, wanted)
    if request.kind not in rules.WITH_CHOICE:
        wishes = replace(wishes, never=None)
    household.keep(actor=actor, case=changed.case, wishes=wishes)
    return made


def _of(request: Request) -> ShoppingList:
    """The list of a request that is locked; a new one says what the request said."""
    found = ShoppingList.objects.select_for_update(of=("self",)).filter(request=request).first()
    if found is None:
        shop, otherwise = queries.usual(request)
        found = ShoppingList.objects.create(
            organisation=request.organisation,
            request=request,
            shop=shop,
            substitutions=otherwise or ShoppingList.Substitutions.ASK,
            changed_at=clock.now(),
        )
        _put(found, rules.lines(request.details, request.kind))
    return found


def _put(made: ShoppingList, wanted: list[str]) -> None:
    before: dict[str, list[Item]] = {}
    for each in made.items.all():
        before.setdefault(each.words, []).append(each)
    kept = [before[words].pop(0) if before.get(words) else None for words in wanted]
    made.items.all().delete()
    Item.objects.bulk_create(
        Item(
            organisation_id=made.organisation_id,
            list=made,
            position=position,
            words=words,
            state=old.state if old else Item.State.WANTED,
            instead=old.instead if old else "",
        )
        for position, (words, old) in enumerate(zip(wanted, kept, strict=True))
    )


@transaction.atomic
def tick(*, actor: Actor, assignment: Assignment, marks: dict[str, tuple[str, str]]) -> None:
    """Who goes ticks things off: by key, the state of each and what was taken instead. Sent twice, it says the same.

    What is not on the list any more is left out. Raises `NotPossible` when the visit is over.
    """
    visit = lock(assignment)
    if not visits.may_see_details(visit, clock.now()) or visit.request.kind not in rules.WITH_LIST:
        raise NotPossible
    made = _of(visit.request)
    anew = made.visit_id != visit.pk
    items = list(made.items.all())
    shown = rules.things([(each.words, each.state, each.instead) for each in items])
    changed = False
    for item, thing in zip(items, shown, strict=True):
        usual = (Item.State.WANTED, "") if anew else (item.state, item.instead)
        state, instead = marks.get(thing.key, usual)
        if (item.state, item.instead) != (state, instead):
            item.state, item.instead = Item.State(state), instead
            item.save(update_fields=["state", "instead"])
            changed = True
    if anew:
        made.visit = visit
        made.save(update_fields=["visit"])
    if changed:
        audit.record(
            organisation_id=visit.organisation_id,
            actor_kind=actor.kind,
            actor_id=actor.id,
            verb="list.tick",
            subject_kind="assignment",
            subject_id=visit.id,
        )
        live.touch(visit.organisation_id, *cases.topics_of(visit.request.case_id))
