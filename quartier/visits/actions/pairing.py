"""A first visit is made in two, where the group wants that: somebody new goes with somebody who knows the way.

Whoever has never been at a door and says yes opens one more place, which only somebody experienced may take. Everything
here happens under the lock of the request's row (decision 0007), with the counts of places as for all others.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.http import Http404

from quartier.audit import actions as audit
from quartier.cases import actions as cases
from quartier.cases.models import Request
from quartier.cases.rules import NotPossible
from quartier.lib import clock
from quartier.live import actions as live
from quartier.matching import actions as matching
from quartier.people.models import Volunteer
from quartier.team.access import Actor, system
from quartier.team.models import Role
from quartier.trust.rules import EXPERIENCED, is_experienced, is_new
from quartier.visits.actions import ledger
from quartier.visits.models import Assignment
from quartier.visits.queries import is_namesake

# Nobody experienced is found, and it begins so soon: a coordinator decides. Neighbours had so long to say yes, unless
# the time is nearly over.
TOLD_BEFORE, ASKED_FOR = timedelta(hours=1), timedelta(hours=1)


def may_come(request: Request, volunteer: Volunteer) -> bool:
    """Whether a place that is free is one for this volunteer. The request's row is locked."""
    return not request.for_experienced or is_experienced(volunteer.doors)


def make_room(request: Request, volunteer: Volunteer) -> None:
    """Somebody new has just taken the last place: there is one more, for somebody experienced."""
    if (
        request.organisation.pairs_first
        and not request.remote
        and request.pair == Request.Pair.NONE
        and is_new(volunteer.doors)
        and not any(is_experienced(each.volunteer.doors) for each in _going(request))
    ):
        changed = Request.objects.filter(pk=request.pk, accepted=F("needed"))
        if changed.update(needed=F("needed") + 1, pair=Request.Pair.PLACE):
            request.refresh_from_db(fields=["needed", "accepted", "pair"])


def refresh(request: Request) -> None:
    """Whoever has come or gone: whether the extra place is still needed, and whether it is for somebody experienced.
    What is covered by that is covered; what was done, closed. The request's row is locked."""
    if request.state == Request.State.CLOSED:
        return
    if not request.pair and not request.for_experienced and not request.organisation.pairs_first:
        return
    going = _going(request)
    request.refresh_from_db(fields=["needed", "accepted", "pair", "for_experienced", "state"])
    new = any(is_new(each.volunteer.doors) for each in going)
    guided = any(is_experienced(each.volunteer.doors) for each in going)
    free = request.needed - request.accepted
    if request.pair == Request.Pair.PLACE and not new and free:
        request.needed, request.pair, free = request.needed - 1, Request.Pair.NONE, free - 1
    was = request.for_experienced
    request.for_experienced = (
        new
        and not guided
        and free == 1
        and not request.remote
        and request.pair != Request.Pair.WAIVED
        and (request.pair == Request.Pair.PLACE or request.organisation.pairs_first)
    )
    request.save(update_fields=["needed", "pair", "for_experienced"])
    if not free:
        _covered(request, going)
    elif request.for_experienced and not was:
        # It is not theirs any more: nobody says yes in vain.
        matching.withdraw_offers(request=request, but_of=Q(volunteer__doors__gte=EXPERIENCED))
        request.next_at, request.wave = clock.now(), 0
        if request.state == Request.State.OPEN:
            request.save(update_fields=["next_at", "wave"])


def _covered(request: Request, going: list[Assignment]) -> None:
    if request.state not in {Request.State.OPEN, Request.State.HUMAN}:
        return
    now = clock.now()
    request.state, request.why_human, request.next_at = Request.State.COVERED, "", None
    request.covered_at, request.priority = now, 0
    request.save(update_fields=["state", "why_human", "next_at", "covered_at", "priority"])
    matching.withdraw_offers(request=request)
    if not going:
        cases.close_request(
            actor=system(request.organisation), request=request, closure=Request.Closure.FULFILLED
        )


def _going(request: Request) -> list[Assignment]:
    rows = Assignment.objects.filter(request=request, state__in=Assignment.ACTIVE)
    return list(rows.select_related("volunteer__person").order_by("accepted_at", "id"))


# ---- who goes with whom ----


def partner_of(assignment: Assignment) -> Assignment | None:
    """With whom somebody new goes, and whom somebody experienced takes along; `None` where they go as always."""
    request = assignment.request
    if request.remote or not (request.pair == Request.Pair.PLACE or request.organisation.pairs_first):
        return None
    mine = assignment.volunteer.doors
    if not is_new(mine) and not is_experienced(mine):
        return None
    wanted = is_experienced if is_new(mine) else is_new
    others = (each for each in _going(request) if each.pk != assignment.pk and wanted(each.volunteer.doors))
    return next(others, None)


def waits(assignment: Assignment) -> bool:
    """Whether this one is new, and nobody experienced goes with them yet: then they do not go alone."""
    return (
        assignment.request.for_experienced
        and assignment.state in Assignment.ACTIVE
        and is_new(assignment.volunteer.doors)
    )


def tell(assignment: Assignment) -> bool:
    """Say who comes, to everybody, where it is a first visit; false where it is told as always. Right after a yes."""
    if waits(assignment):
        _told(assignment, "first_comes")
        ledger.tell_volunteer(assignment, "accepted_first")
        return True
    partner = partner_of(assignment)
    if partner is None:
        return False
    # At the same time, with the same word: they stand at the door together.
    assignment.comes_from, assignment.comes_until = partner.comes_from, partner.comes_until
    assignment.code_word, assignment.announce_at = partner.code_word, partner.announce_at
    assignment.save(update_fields=["comes_from", "comes_until", "code_word", "announce_at"])
    ledger.may_call_each_other(assignment)
    _told(assignment, "pair_comes", other=_name(partner), again=str(partner.pk))
    for one, other in ((assignment, partner), (partner, assignment)):
        ledger.tell_volunteer(one, "pair_found", again=str(other.pk), other=_name(other))
    return True


def _told(assignment: Assignment, template: str, **values: Any) -> None:
    if is_namesake(assignment):
        values["also"] = "same_name"
    reached = ledger.tell(assignment, template, **values)
    assignment.told_at = clock.now() if reached else None
    assignment.save(update_fields=["told_at"])
    if reached:
        cases.person_has_heard(assignment.request)
    else:
        cases.team_must_tell(assignment.request, before=assignment.comes_from)


def tell_of_change(ended: Assignment) -> bool:
    """One of two cannot go after all, and the other is told what that means for them. True when somebody still comes
    all the same, and who is helped has heard it."""
    request = ended.request
    left = [each for each in _going(request) if each.pk != ended.pk]
    if is_new(ended.volunteer.doors):
        for each in left:
            if is_experienced(each.volunteer.doors) and request.state == Request.State.COVERED:
                _told(each, "someone_comes", again=str(ended.pk))
                ledger.tell_volunteer(each, "pair_without", again=str(ended.pk), other=_name(ended))
                return True
        return False
    for each in left:
        if waits(each):
            ledger.tell_volunteer(each, "pair_lost", again=str(ended.pk), other=_name(ended))
    return False


def same_time(actor: Actor, assignment: Assignment) -> None:
    """Who has said when takes the other one along: they hear it, and can say that it does not suit."""
    partner = partner_of(assignment)
    if partner is None:
        return
    ledger.take_back_reminder(partner)
    partner.comes_from, partner.comes_until = assignment.comes_from, assignment.comes_until
    partner.announce_at = assignment.announce_at
    partner.save(update_fields=["comes_from", "comes_until", "announce_at"])
    ledger.changed(actor, "assignment.move", partner)
    ledger.may_call_each_other(partner)
    start, end = partner.comes_from, partner.comes_until
    ledger.tell_volunteer(partner, "visit_moved", again=f"{start:%d%H%M}{end:%d%H%M}")


def _name(assignment: Assignment) -> str:
    return ledger.first_name(assignment.volunteer.person)


# ---- nobody experienced is found ----


def call_for_decision(now: datetime, limit: int = 50) -> int:
    """It begins soon, or has begun, and nobody experienced goes along: a coordinator decides. Returns how many."""
    soon = Q(assignments__comes_from__lte=now + TOLD_BEFORE, assignments__accepted_at__lte=now - ASKED_FOR)
    first = Q(pair_told_at=None) & (soon | Q(assignments__comes_until__lte=now + TOLD_BEFORE))
    again = Q(assignments__comes_from__lte=now, pair_told_at__lt=F("assignments__comes_from"))
    due = Request.objects.filter(
        first | again,
        for_experienced=True,
        state=Request.State.OPEN,
        assignments__state__in=Assignment.ACTIVE,
        assignments__volunteer__doors=0,
    )
    count = 0
    for pk in due.values_list("pk", flat=True).distinct().order_by("pk")[:limit]:
        with transaction.atomic():
            request = (
                Request.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=pk)
            )
            if request.state != Request.State.OPEN or not request.for_experienced:
                continue
            request.pair_told_at = now
            request.save(update_fields=["pair_told_at"])
            cases.ask_human(actor=system(request.organisation), request=request, why=Request.Why.PAIR)
            count += 1
    return count


@transaction.atomic
def let_go_alone(*, actor: Actor, request: Request) -> Request:
    """A coordinator knows them, and lets them go alone. Raises `NotPossible` when that is no question any more,
    `Http404` for who does not coordinate."""
    if not actor.has(Role.Name.COORDINATOR, Role.Name.ADMIN):
        raise Http404
    locked = (
        Request.objects.select_for_update(of=("self",))
        .select_related("organisation", "case__person", "case__asked_by")
        .get(pk=request.pk)
    )
    waiting = [each for each in _going(locked) if is_new(each.volunteer.doors)]
    if not locked.for_experienced or locked.state == Request.State.CLOSED or not waiting:
        raise NotPossible
    if locked.pair == Request.Pair.PLACE:
        locked.needed -= 1
    locked.pair, locked.for_experienced = Request.Pair.WAIVED, False
    locked.save(update_fields=["needed", "pair", "for_experienced"])
    for each in waiting:
        each.request = locked
        _told(each, "someone_comes", again="alone")
        ledger.tell_volunteer(each, "pair_alone")
    if locked.accepted == locked.needed:
        _covered(locked, waiting)
    audit.record(
        organisation_id=locked.organisation_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb="request.alone",
        subject_kind="request",
        subject_id=locked.pk,
    )
    live.touch(locked.organisation_id, "board", *cases.topics_of(locked.case_id))
    return locked
