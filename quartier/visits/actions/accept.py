"""One tap: "I do it". The database decides who was first, for as many places as were asked."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from quartier.cases.models import Request
from quartier.lib import clock
from quartier.matching import actions as matching
from quartier.matching.models import Offer
from quartier.people import queries as people
from quartier.people.models import Volunteer
from quartier.team.access import Actor
from quartier.visits import rules
from quartier.visits.actions import ledger, pairing
from quartier.visits.models import Assignment


class Result(StrEnum):
    """`yours`: you go (also when you had said so before). `covered`: somebody else goes already. `over`: it is
    not needed any more. `full`: you have as many visits as you can carry, or you are paused."""

    YOURS = "yours"
    COVERED = "covered"
    OVER = "over"
    FULL = "full"


@dataclass(frozen=True)
class Answer:
    """What a volunteer hears at once."""

    result: Result
    assignment: Assignment | None = None


class _Full(Exception):
    pass


def accept_offer(
    *,
    actor: Actor,
    offer: Offer,
    window: tuple[datetime, datetime] | None = None,
    beside: Assignment | None = None,
    answers_by_text: bool = False,
) -> Answer:
    """A volunteer says yes. Exactly as many as were asked for are accepted; saying it again changes nothing.

    `window`: when they come, if they say so at once; a time that is over, not asked for or too long to wait for is
    left out. Where what was asked is longer than that, they are told which part of it whoever waits hears. `beside`:
    the visit to the same person with which this is taken along. `answers_by_text`: it was said without the page, so
    they hear how a text says that they set out.
    """
    if (late := _too_late(offer)) is not None:
        return late
    try:
        with transaction.atomic():
            return _accept(actor, offer, window, beside, answers_by_text)
    except _Full:
        return Answer(Result.FULL)


def _too_late(offer: Offer) -> Answer | None:
    """Who comes after the others hears it at once, without waiting for the lock in which they still stand."""
    request = Request.objects.only("state").get(pk=offer.request_id)
    if request.state not in {Request.State.COVERED, Request.State.CLOSED}:
        return None
    if Assignment.objects.filter(
        request=request, volunteer=offer.volunteer_id, state__in=Assignment.ACTIVE
    ).exists():
        return None
    _willing(offer)
    return Answer(Result.COVERED if request.state == Request.State.COVERED else Result.OVER)


def _willing(offer: Offer) -> None:
    """Keep that the answer was yes, though it came too late: it is held in favour of who gave it."""
    late = Offer.objects.filter(pk=offer.pk, state=Offer.State.WITHDRAWN, answered_at=None)
    late.update(answered_at=clock.now())


def lock_request(request_id: UUID) -> Request:
    """The request with its row locked: it comes first, everywhere, so that two who accept wait for each other instead
    of locking crosswise."""
    return (
        Request.objects.select_for_update(of=("self",))
        .select_related("organisation", "case__person", "case__asked_by")
        .get(pk=request_id)
    )


def _accept(
    actor: Actor,
    offer: Offer,
    window: tuple[datetime, datetime] | None,
    beside: Assignment | None,
    answers_by_text: bool,
) -> Answer:
    request = lock_request(offer.request_id)
    offers = Offer.objects.select_for_update(of=("self",)).select_related("volunteer__person")
    is_apart = people.kept_apart(offer.volunteer_id, request.case.person_id)
    offer = offers.annotate(is_apart=is_apart).get(pk=offer.pk)
    mine = Assignment.objects.filter(
        request=request, volunteer=offer.volunteer, state__in=Assignment.ACTIVE
    ).first()
    if mine is not None:
        return Answer(Result.YOURS, mine)
    if request.state == Request.State.CLOSED or request.asked_over_at is not None:
        return Answer(Result.OVER)
    is_barred = offer.is_apart or not pairing.may_come(request, offer.volunteer)
    if is_barred or not take_place(request):
        Offer.objects.filter(pk=offer.pk, state__in=Offer.LIVE).update(
            state=Offer.State.WITHDRAWN, withdrawn_at=clock.now()
        )
        _willing(offer)
        return Answer(Result.COVERED)
    carried = Volunteer.objects.filter(
        pk=offer.volunteer_id, state=Volunteer.State.ACTIVE, open_count__lt=F("capacity")
    ).update(open_count=F("open_count") + 1, accepted_total=F("accepted_total") + 1)
    if not carried:
        raise _Full
    pairing.make_room(request, offer.volunteer)
    assignment = settle(request, offer, window, code_word=beside.code_word if beside else "")
    pairing.refresh(request)
    ledger.changed(actor, "assignment.accept", assignment)
    # What is taken along is told with the visit, by whoever calls.
    if beside is None and not pairing.tell(assignment):
        ledger.tell_who_comes(assignment)
        ours = (assignment.comes_from, assignment.comes_until) != window
        taken = ours and rules.is_too_long(
            max(request.window_from, assignment.accepted_at), request.window_until
        )
        template = "call_accepted" if request.remote else "accepted"
        values: dict[str, Any] = {"chosen_for_you": True} if taken else {}
        ledger.tell_volunteer(
            assignment, template, answers_by_text=answers_by_text and not request.remote, **values
        )
    return Answer(Result.YOURS, assignment)


def take_place(request: Request) -> bool:
    """Whether one of the places asked for was still free: then it is taken. The request's row is locked before."""
    free = Request.objects.filter(
        pk=request.pk, state__in=[Request.State.OPEN, Request.State.HUMAN], accepted__lt=F("needed")
    )
    return bool(free.update(accepted=F("accepted") + 1))


def settle(
    request: Request,
    offer: Offer,
    window: tuple[datetime, datetime] | None,
    *,
    regular: bool = False,
    code_word: str = "",
) -> Assignment:
    """The assignment of a place that was taken; the request is covered if that was the last one."""
    now = clock.now()
    offer.state, offer.answered_at = Offer.State.ACCEPTED, now
    offer.save(update_fields=["state", "answered_at"])
    start, end = rules.hours_of(request, window, offer.volunteer.slots, now)
    assignment = Assignment.objects.create(
        organisation=request.organisation,
        offer=offer,
        request=request,
        volunteer=offer.volunteer,
        code_word=code_word or rules.code_word(request.case.person.language),
        regular=regular,
        announce_at=rules.announce_at(start, now, request.organisation.zone, regular=regular),
        comes_from=start,
        comes_until=end,
        accepted_at=now,
    )
    request.refresh_from_db(fields=["accepted", "needed"])
    if request.accepted == request.needed:
        request.state, request.why_human, request.next_at = Request.State.COVERED, "", None
        request.covered_at, request.priority = now, 0
        request.save(update_fields=["state", "why_human", "next_at", "covered_at", "priority"])
        matching.withdraw_offers(request=request)
    ledger.may_call_each_other(assignment)
    return assignment
