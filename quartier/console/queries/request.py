"""One request: what happened, who was asked, who could be asked now."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Count, ExpressionWrapper

from quartier.audit.queries import of_subjects
from quartier.cases.models import CaseContact, Request
from quartier.lib import choices
from quartier.matching import rules
from quartier.matching.actions.offering import reasons
from quartier.matching.models import REACHED, UNANSWERED, Offer
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
SHOWN = 200


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
    """Everybody who was asked, or was to be and no message reaches them (`is_reached`), wave by wave. One query."""
    return list(
        Offer.made.filter(request=request)
        .annotate(is_reached=ExpressionWrapper(REACHED, BooleanField()))
        .select_related("volunteer__person", "by_hand_of")
        .order_by("wave", "created_at", "distance_m", "pk")
    )


def was_asked(offer: Offer) -> bool:
    """Whether anything came to this volunteer: an offer of `offers_of`."""
    return bool(offer.is_reached) and not is_standing(offer)  # type: ignore[attr-defined]


def is_to_be_called(offer: Offer) -> bool:
    """Whether one of the team has to call this volunteer, since no message reaches them."""
    return offer.state in UNANSWERED and not is_standing(offer) and not was_asked(offer)


def is_standing(offer: Offer) -> bool:
    """Whether a regular's visit hangs on it by itself: they were not asked, and have answered nothing."""
    return not offer.wave and not offer.by_hand_of_id and not offer.message_id


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
        # Whoever can be asked at any time has not said that they are free at this one.
        if slot is not None and volunteer.slots != choices.ALL_SLOTS:
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


CALLED_OFF, NOT_TOLD = "called_off", "not_told"
# What the audit tells that no row does: who decided.
DECISIONS = {
    "request.take": "taken",
    "request.give_back": "given_back",
    # Of whom it was taken by mistake has it again.
    "request.undo_take": "given_back",
    "request.change": "changed",
    "request.ask_human": "human",
    "request.look_again": "again",
    "request.reopen": "reopened",
    "request.close": "closed",
    "request.contact": "contact",
    "request.undo_contact": "not_called",
    "request.danger_alert": "danger_alert",
    "request.danger_none": "danger_none",
    "request.call_off": CALLED_OFF,
    # In the same words as of a visit.
    "request.undo_call_off": NOT_TOLD,
}


ACCEPTED, UNDONE, UNTOLD = "assignment.accept", "assignment.undo", "assignment.undo_told"
UNDONE_DONE = "assignment.undo_done"
# What somebody of the team does with a visit, for the volunteer or beside them: by what the row of the visit shows.
PRESSED = {
    "assignment.told": "told",
    "assignment.done": "done",
    "assignment.failed": "failed",
}


@dataclass
class Decisions:
    """What was decided about the request. By the id of an assignment: who of the team wrote down the yes (`noted`), and
    who took it back, when (`undone`). By that id and the step (`PRESSED`): who of the team pressed it last
    (`pressed`), empty where the volunteer did."""

    steps: list[Step]
    noted: dict[UUID, str]
    undone: dict[UUID, tuple[str, datetime]]
    pressed: dict[tuple[UUID, str], str]


def decisions(request: Request, assignments: list[Assignment]) -> Decisions:
    """What was decided about the request and its visits, by whom. Two queries."""
    volunteers = {each.pk: each.volunteer.person.account_id for each in assignments}
    entries = list(
        of_subjects(request.organisation_id, [request.pk, *volunteers])
        .filter(verb__in=[*DECISIONS, *PRESSED, ACCEPTED, UNDONE, UNTOLD, UNDONE_DONE])
        .order_by("-at")[:SHOWN]
    )
    accounts = Account.objects.filter(pk__in={entry.actor_id for entry in entries if entry.actor_id})
    names = {account.pk: account.name for account in accounts}
    found = Decisions([], {}, {}, {})
    for entry in entries:
        who = names.get(entry.actor_id, "") if entry.actor_id else ""
        if entry.subject_id is None:
            continue
        if entry.verb in DECISIONS:
            found.steps.append(Step(entry.at, DECISIONS[entry.verb], {"who": who, **entry.details}))
        elif entry.verb == UNDONE:
            found.undone[entry.subject_id] = (who, entry.at)
        elif entry.verb in {UNTOLD, UNDONE_DONE}:
            code = NOT_TOLD if entry.verb == UNTOLD else "not_done"
            found.steps.append(Step(entry.at, code, {"who": who}))
        else:
            is_team = entry.actor_kind == "account" and entry.actor_id != volunteers.get(entry.subject_id)
            if entry.verb != ACCEPTED:
                # The last one counts: pressed, taken back, and pressed by the volunteer, it is theirs.
                found.pressed.setdefault((entry.subject_id, PRESSED[entry.verb]), who if is_team else "")
            elif is_team:
                found.noted[entry.subject_id] = who
    return found


def words_to_read(request: Request) -> str:
    """What they said in their own words with a request that one of us reads before neighbours are asked, else ''. One
    query where it is such a request."""
    if request.state != Request.State.HUMAN or request.why_human not in {
        Request.Why.WORDS,
        Request.Why.MODERATION,
    }:
        return ""
    said = CaseContact.objects.filter(case=request.case_id, contact__at__lte=request.created_at)
    last = said.select_related("contact").order_by("-contact__at", "-pk").first()
    return last.contact.words if last is not None else ""


def called_off_at(decided: Decisions) -> datetime | None:
    """When somebody of the team said that they had called about who is not coming, unless that was taken back."""
    steps = [step for step in decided.steps if step.code in {CALLED_OFF, NOT_TOLD}]
    last = max(steps, key=lambda step: step.at, default=None)
    return last.at if last is not None and last.code == CALLED_OFF else None


def history(
    request: Request, offers: list[Offer], assignments: list[Assignment], decided: Decisions
) -> list[Step]:
    """What happened, the latest first: from the rows themselves, and who decided from the audit."""
    steps = [Step(request.created_at, "asked"), *decided.steps]
    # Whoever comes each time was not asked, and has said nothing.
    standing = [offer for offer in offers if is_standing(offer)]
    offers = [offer for offer in offers if was_asked(offer)]
    waves = Counter((offer.wave, bool(offer.by_hand_of_id), offer.created_at) for offer in offers)
    for (wave, by_hand, at), count in waves.items():
        named = next(
            o for o in offers if (o.wave, bool(o.by_hand_of_id), o.created_at) == (wave, by_hand, at)
        )
        if by_hand:
            who = named.by_hand_of.name if named.by_hand_of else ""
            steps.append(Step(at, "by_hand", {"name": named.volunteer.person.name, "who": who}))
        else:
            steps.append(Step(at, "wave", {"count": count}))
    for offer in offers:
        if offer.state == Offer.State.DECLINED and offer.answered_at:
            values = {"name": offer.volunteer.person.name, "reason": offer.decline_reason}
            steps.append(Step(offer.answered_at, "no", values))
    for offer in standing:
        if offer.state == Offer.State.DECLINED and offer.answered_at:
            steps.append(Step(offer.answered_at, "not_this_time", {"name": offer.volunteer.person.name}))

    def pressed_by(visit: Assignment, step: str) -> dict[str, str]:
        return {"who": decided.pressed.get((visit.pk, step), "")}

    for visit in assignments:
        name = {"name": visit.volunteer.person.name}
        noted = decided.noted.get(visit.pk, "")
        steps.append(Step(visit.accepted_at, "each_time" if visit.regular else "yes", name | {"who": noted}))
        if visit.told_at and visit.told_at > visit.accepted_at:
            steps.append(Step(visit.told_at, "told", name | pressed_by(visit, "told")))
        if visit.on_way_at:
            steps.append(Step(visit.on_way_at, "on_way", name))
        if visit.pk in decided.undone:
            by, at = decided.undone[visit.pk]
            steps.append(Step(at, "undone", name | {"who": by}))
        elif visit.ended_at:
            steps.append(
                Step(
                    visit.ended_at,
                    visit.state,
                    name | {"failure": visit.failure} | pressed_by(visit, visit.state),
                )
            )
    order = {"closed": 0, "asked": 9}
    return sorted(steps, key=lambda step: (-step.at.timestamp(), order.get(step.code, 5)))
