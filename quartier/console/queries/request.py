"""One request: what happened, who was asked, who could be asked now."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count

from quartier.audit.queries import of_subject
from quartier.cases.models import Request
from quartier.lib import choices
from quartier.matching import rules
from quartier.matching.actions.offering import reasons
from quartier.matching.models import Offer
from quartier.matching.planning.way import cap_of, way_of
from quartier.matching.planning.why import NotAsked, near_and_not_asked, sought_by
from quartier.matching.queries import nearest, slots_left
from quartier.people.models import Volunteer
from quartier.people.queries import not_now
from quartier.team.models import Account
from quartier.trust.rules import EXPERIENCED
from quartier.visits.models import Assignment

RANKED = 12
NOT_ASKED = 8
SHOWN = 50


@dataclass
class Step:
    """Something that happened: `code` says what, `values` with what."""

    at: datetime
    code: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass
class Ranked:
    """A volunteer who could be asked, in the order of `matching.queries.nearest`, and what put them there.

    why       codes and values, see `matching.actions.offering.reasons`; here also `answers`: how many yeses to how
              many offers
    metres    `None` for help by phone
    later_m   so much farther away they count, because they were asked today or seldom say yes
    budget    offers a day that they may get; asked_today of them are used
    likely    how likely a yes is, 0 to 1
    """

    volunteer: Volunteer
    why: list[list[object]]
    metres: int | None
    later_m: int
    asked_today: int
    budget: int
    likely: float


def offers_of(request: Request) -> list[Offer]:
    """Everybody who was asked, wave by wave. One query."""
    return list(
        Offer.made.filter(request=request)
        .select_related("volunteer__person", "by_hand_of")
        .order_by("wave", "created_at", "distance_m", "pk")
    )


def assignments_of(request: Request) -> list[Assignment]:
    """Everybody who said yes, the last one first. One query."""
    return list(
        Assignment.objects.filter(request=request)
        .select_related("volunteer__person")
        .order_by("-accepted_at", "-pk")
    )


def ranked(request: Request, now: datetime) -> list[Ranked]:
    """Who would be asked now if every wave went at once, in the order of asking. At most nine queries."""
    organisation = request.organisation
    policy, settings = way_of(organisation)
    cap = cap_of(policy, settings)
    found = nearest(request, limit=RANKED + NOT_ASKED, radius_m=rules.farthest_m(request), budget=cap)
    out = not_now(
        organisation,
        now,
        window=(request.window_from, request.window_until),
        urgent=request.urgency == Request.Urgency.NOW,
        among=[each.volunteer_id for each in found],
    )
    found = [each for each in found if each.volunteer_id not in out]
    if request.for_experienced:
        able = Volunteer.objects.filter(pk__in=[each.volunteer_id for each in found], doors__gte=EXPERIENCED)
        known = set(able.values_list("pk", flat=True))
        found = [each for each in found if each.volunteer_id in known]
    found = found[:RANKED]
    ids = [each.volunteer_id for each in found]
    volunteers = {
        volunteer.pk: volunteer for volunteer in Volunteer.objects.filter(pk__in=ids).select_related("person")
    }
    before = Counter(dict(_helped_before(request, ids)))
    bits = slots_left(request)
    today = now.astimezone(organisation.zone).date()
    rows = []
    for each in found:
        volunteer = volunteers.get(each.volunteer_id)
        if volunteer is None:
            continue
        why = [one for one in reasons(request, volunteer, each.metres) if one[0] not in {"near", "free"}]
        slot = _slot(volunteer.slots & bits, max(request.window_from, now).astimezone(organisation.zone))
        if slot is not None:
            why.append(["slot", slot])
        if organisation.learns and volunteer.offers_lately:
            why.append(["answers", [volunteer.yes_lately, volunteer.offers_lately]])
        if before[volunteer.pk]:
            why.insert(0, ["known", before[volunteer.pk]])
        rows.append(
            Ranked(
                volunteer,
                why,
                each.metres,
                later_m=int(each.cost) - each.metres if each.metres is not None else 0,
                asked_today=rules.had_today(volunteer, today),
                budget=min(volunteer.budget, cap),
                likely=rules.likely(
                    volunteer, each.metres, today, learns=organisation.learns, prior=settings.prior
                ),
            )
        )
    return rows


def not_asked(request: Request) -> list[NotAsked]:
    """The nearest whom no wave asks now, and why. At most two queries."""
    return near_and_not_asked(sought_by(request, radius_m=rules.farthest_m(request)), NOT_ASKED)


def _helped_before(request: Request, ids: list[UUID]) -> list[tuple[UUID, int]]:
    done = Assignment.objects.filter(
        volunteer__in=ids, state=Assignment.State.DONE, request__case__person=request.case.person_id
    )
    return list(done.order_by().values_list("volunteer").annotate(count=Count("pk")))


def _slot(bits: int, start: datetime) -> int | None:
    """The slot of the week among these bits that comes first from `start` on, a local time."""
    count = 7 * len(choices.PARTS)
    over = sum(closes <= start.hour for _name, _opens, closes in choices.PARTS)
    first = start.weekday() * len(choices.PARTS) + over
    return next((slot % count for slot in range(first, first + count) if bits >> slot % count & 1), None)


# What the audit tells that no row does: who decided.
DECISIONS = {
    "request.take": "taken",
    "request.change": "changed",
    "request.ask_human": "human",
    "request.look_again": "again",
    "request.reopen": "reopened",
    "request.close": "closed",
}


def decisions(request: Request) -> list[Step]:
    """What was decided about the request, by whom. Two queries."""
    entries = list(
        of_subject(request.organisation_id, request.pk).filter(verb__in=DECISIONS).order_by("-at")[:SHOWN]
    )
    accounts = Account.objects.filter(pk__in={entry.actor_id for entry in entries if entry.actor_id})
    names = {account.pk: account.name for account in accounts}
    return [
        Step(
            entry.at,
            DECISIONS[entry.verb],
            {"who": names.get(entry.actor_id, "") if entry.actor_id else "", **entry.details},
        )
        for entry in entries
    ]


def history(request: Request, offers: list[Offer], assignments: list[Assignment]) -> list[Step]:
    """What happened, the latest first: from the rows themselves, and who decided from the audit."""
    steps = [Step(request.created_at, "asked"), *decisions(request)]
    waves = Counter((offer.wave, bool(offer.by_hand_of_id), offer.created_at) for offer in offers)
    for (wave, by_hand, at), count in waves.items():
        named = next(
            o for o in offers if (o.wave, bool(o.by_hand_of_id), o.created_at) == (wave, by_hand, at)
        )
        if by_hand:
            who = named.by_hand_of.name if named.by_hand_of else ""
            steps.append(Step(at, "by_hand", {"name": named.volunteer.person.name, "who": who}))
        else:
            steps.append(Step(at, "wave", {"wave": wave, "count": count}))
    for offer in offers:
        if offer.state == Offer.State.DECLINED and offer.answered_at:
            values = {"name": offer.volunteer.person.name, "reason": offer.decline_reason}
            steps.append(Step(offer.answered_at, "no", values))
    for visit in assignments:
        name = {"name": visit.volunteer.person.name}
        steps.append(Step(visit.accepted_at, "yes", name))
        if visit.told_at and visit.told_at > visit.accepted_at:
            steps.append(Step(visit.told_at, "told", name))
        if visit.on_way_at:
            steps.append(Step(visit.on_way_at, "on_way", name))
        if visit.ended_at:
            steps.append(Step(visit.ended_at, visit.state, name | {"failure": visit.failure}))
    order = {"closed": 0, "asked": 9}
    return sorted(steps, key=lambda step: (-step.at.timestamp(), order.get(step.code, 5)))
