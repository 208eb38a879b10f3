"""The gate to what a volunteer may see: before a yes the need, after it the address, each look written down."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from quartier.lib import clock
from quartier.lib.ids import token_hash
from quartier.matching.models import Offer
from quartier.people.access import looked
from quartier.people.models import Volunteer
from quartier.team.access import Actor
from quartier.telephony import queries as telephony
from quartier.visits import rules
from quartier.visits.models import Assignment, Regular


@dataclass(frozen=True)
class Details:
    """What only the volunteer who goes may see, and only while the visit is active. `line`: the group's number, by
    which the two reach each other; then neither sees the other's, and `phone` is empty."""

    name: str
    address: str
    phone: str
    notes: str
    wish: str
    phone_is_shared: bool
    line: str = ""
    situation: str = ""


def offer_by_token(token: str) -> Offer:
    """The offer behind the link in a message; raises `Http404`. A suspended volunteer's links open nothing."""
    offer = _offers().filter(token_hash=token_hash(token)).first()
    if offer is None or offer.volunteer.state == Volunteer.State.SUSPENDED:
        raise Http404
    return offer


def offer_for(actor: Actor, volunteer: Volunteer, offer_id: UUID) -> Offer:
    """One of this volunteer's own offers; raises `Http404`."""
    offer = _offers().filter(pk=offer_id, volunteer=volunteer, organisation=actor.organisation).first()
    if offer is None or offer.volunteer.state == Volunteer.State.SUSPENDED:
        raise Http404
    return offer


def visit_of(offer: Offer) -> Assignment | None:
    """The last visit that came of this offer, if any; the offer itself passed its gate before."""
    return (
        Assignment.objects.select_related(
            "request__case__person",
            "request__organisation",
            "request__series",
            "request__incident",
            "volunteer__person",
            "offer",
            "watch",
        )
        .filter(offer=offer)
        .order_by("-accepted_at", "-id")
        .first()
    )


def assignment_for(actor: Actor, volunteer: Volunteer, assignment_id: UUID) -> Assignment:
    """One of this volunteer's own visits; raises `Http404`, also for somebody who is suspended."""
    found = (
        Assignment.objects.select_related(
            "request__case__person", "request__organisation", "volunteer__person"
        )
        .filter(pk=assignment_id, volunteer=volunteer, organisation=actor.organisation)
        .first()
    )
    if found is None or found.volunteer.state == Volunteer.State.SUSPENDED:
        raise Http404
    return found


def regular_for(actor: Actor, volunteer: Volunteer, regular_id: UUID) -> Regular:
    """What this volunteer does each time; raises `Http404`, also once it is over or for somebody who is suspended."""
    found = (
        Regular.objects.select_related("series__case", "series__organisation", "volunteer__person")
        .filter(pk=regular_id, volunteer=volunteer, organisation=actor.organisation, ended_at=None)
        .first()
    )
    if found is None or found.volunteer.state == Volunteer.State.SUSPENDED:
        raise Http404
    return found


def details_for(actor: Actor, assignment: Assignment) -> Details | None:
    """Name, address, phone and notes for who goes there; `None` once the visit is over. The look is written down."""
    if not rules.may_see_details(assignment, clock.now()):
        return None
    case = assignment.request.case
    looked(actor, "assignment", assignment.id)
    number = assignment.request.organisation.phone
    by_line = number and case.person.phone and telephony.reaches_by_line(assignment.id, clock.now())
    return Details(
        name=case.person.name,
        address=case.address,
        phone="" if by_line else case.person.phone,
        line=number if by_line else "",
        notes=case.access_notes,
        wish=assignment.request.details,
        situation=assignment.request.situation,
        phone_is_shared=case.person.phone_is_shared,
    )


def _offers() -> QuerySet[Offer]:
    return Offer.objects.select_related(
        "request__case", "request__organisation", "request__series", "request__incident",
        "volunteer__person", "organisation",
    )  # fmt: skip
