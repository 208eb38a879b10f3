"""Two needs of one person at one time: whoever goes for one may take the other along, in one yes."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.lib import choices, clock
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.team.access import Actor
from quartier.visits import rules
from quartier.visits.actions import ledger
from quartier.visits.actions.accept import Answer, Result, accept_offer
from quartier.visits.models import Assignment
from quartier.visits.queries import given_back

# More than this nobody carries on one way.
MOST_BESIDE = 3


def needed_beside(offer: Offer) -> list[Request]:
    """What else this person waits for at the same time, and this volunteer said that they can do. One query."""
    asked, me = offer.request, offer.volunteer
    if asked.remote or asked.unasked or asked.organisation.pairs_first:
        return []
    others = (
        Request.objects.filter(
            case_id=asked.case_id,
            state=Request.State.OPEN,
            remote=False,
            unasked=False,
            level__lte=me.level,
            window_from__lt=asked.window_until,
            window_until__gt=max(asked.window_from, clock.now()),
        )
        .exclude(pk=asked.pk)
        .exclude(pk__in=Offer.objects.filter(volunteer=me, state=Offer.State.DECLINED).values("request"))
        .exclude(pk__in=given_back().filter(volunteer=me).values("request"))
        .order_by("created_at", "pk")
    )
    able = (
        each for each in others if me.kinds & choices.kind(each.kind).mask and each.languages & me.languages
    )
    return list(able)[:MOST_BESIDE]


class NotTakenAlong(StrEnum):
    """Why what was ticked is not taken along: somebody else was quicker, it is not needed any more, this volunteer has
    as many visits as they wished, or it is needed at other hours than the visit."""

    COVERED = "covered"
    OVER = "over"
    FULL = "full"
    HOURS = "hours"


@transaction.atomic
def accept_with(
    *,
    actor: Actor,
    offer: Offer,
    window: tuple[datetime, datetime] | None,
    wanted: Collection[UUID],
) -> tuple[Answer, NotTakenAlong | None]:
    """Say yes, and take along what was ticked of `needed_beside`, at the same hours and with the same word. Whoever
    waits is told of all of it at once. The second is why something was not taken, if so."""
    if wanted:
        # In one order, so that two who take the same two the other way round do not wait for each other for ever.
        keys = [offer.request_id, *wanted]
        rows = Request.objects.filter(pk__in=keys, case=offer.request.case_id).order_by("pk")
        list(rows.select_for_update().values_list("pk", flat=True))
    waited = cases.is_call_expected(offer.request, wanted)
    answer = accept_offer(actor=actor, offer=offer, window=window)
    if answer.assignment is None or not wanted:
        return answer, None
    chosen = [each for each in needed_beside(offer) if each.pk in wanted]
    missed = _why_gone(offer, wanted) if len(chosen) < len(wanted) else None
    taken = []
    for request in chosen:
        got = _take(actor, answer.assignment, request)
        if isinstance(got, NotTakenAlong):
            missed = missed or got
        else:
            taken.append(got)
    if taken:
        ledger.take_back_alone(answer.assignment)
        ledger.tell_together(answer.assignment, taken, no_call=waited)
    return answer, missed


def _take(actor: Actor, assignment: Assignment, request: Request) -> Assignment | NotTakenAlong:
    volunteer, hours = assignment.volunteer, (assignment.comes_from, assignment.comes_until)
    if not rules.is_asked_for(request, *hours, clock.now()):
        return NotTakenAlong.HOURS
    live = Offer.objects.filter(request=request, volunteer=volunteer, state__in=Offer.LIVE).first()
    beside = live or matching.standing_offer(request=request, volunteer=volunteer)
    answer = accept_offer(actor=actor, offer=beside, window=hours, beside=assignment)
    if answer.result == Result.YOURS and answer.assignment is not None:
        return answer.assignment
    if live is None:
        # It was made for this yes alone.
        made = Offer.objects.filter(pk=beside.pk, state__in=Offer.LIVE)
        made.update(state=Offer.State.WITHDRAWN, withdrawn_at=clock.now())
    return NotTakenAlong(answer.result)


def _why_gone(offer: Offer, wanted: Collection[UUID]) -> NotTakenAlong:
    left = Request.objects.filter(pk__in=wanted, case=offer.request.case_id)
    return NotTakenAlong.COVERED if left.filter(state=Request.State.COVERED).exists() else NotTakenAlong.OVER


def carried_beside(assignment: Assignment) -> list[Assignment]:
    """What the same volunteer brings to the same person on the same way. One query."""
    rows = Assignment.objects.filter(
        volunteer=assignment.volunteer_id,
        request__case=assignment.request.case_id,
        state__in=Assignment.ACTIVE,
        comes_from__lt=assignment.comes_until,
        comes_until__gt=assignment.comes_from,
    ).exclude(pk=assignment.pk)
    return list(rows.select_related("request", "offer").order_by("accepted_at", "pk"))


def told_with(assignment: Assignment) -> list[Assignment]:
    """What was taken along with it: the same hours and the same word."""
    return [
        each
        for each in carried_beside(assignment)
        if (each.comes_from, each.comes_until, each.code_word)
        == (assignment.comes_from, assignment.comes_until, assignment.code_word)
    ]
