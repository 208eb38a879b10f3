"""The gate to what a volunteer may see: before a yes the need, after it the address, each look written down."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, QuerySet
from django.http import Http404

from quartier.cases.models import StatusLink
from quartier.lib import clock
from quartier.lib.ids import token_hash
from quartier.matching.models import Offer
from quartier.people import queries as people
from quartier.people.access import looked
from quartier.people.models import Volunteer
from quartier.team.access import Actor
from quartier.telephony import queries as telephony
from quartier.visits import rules
from quartier.visits.actions.ledger import first_name, whom_to_reach
from quartier.visits.models import Assignment, Regular

ANSWERING = (
    "organisation_id",
    "request__organisation__time_zone",
    "request__window_from",
    "request__window_until",
    "request__kind",
    "request__urgency",
    "request__reopened",
    "volunteer__person_id",
    "volunteer__state",
)


@dataclass(frozen=True)
class Details:
    """What only the volunteer who goes may see, and only while the visit is active. `line`: the group's number, by
    which the two reach each other; then neither sees the other's, and `phone` is empty. `answers`: the first name of
    whoever answers there, or is to be asked by the team."""

    name: str
    address: str
    phone: str
    notes: str
    wish: str
    phone_is_shared: bool
    line: str = ""
    situation: str = ""
    answers: str = ""


def offer_by_token(token: str) -> Offer:
    """The offer behind the link in a message; raises `Http404`. A suspended volunteer's links open nothing."""
    return _opened(_offers(), token)


def offer_to_answer(token: str) -> Offer:
    """The same offer for whoever has read it and only answers: what a yes or no asks of it, and nothing of what a page
    shows."""
    read = Offer.objects.select_related("request__organisation", "volunteer").only(*ANSWERING)
    return _opened(read, token)


def _opened(offers: QuerySet[Offer], token: str) -> Offer:
    offer = offers.filter(token_hash=token_hash(token)).first()
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
            "request__case__asked_by",
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


def visit_by_link(link: StatusLink, assignment_id: UUID) -> Assignment:
    """A visit to the household of this private link; raises `Http404`."""
    found = (
        Assignment.objects.select_related(
            "request__case__person", "request__case__asked_by", "request__organisation", "volunteer__person"
        )
        .filter(pk=assignment_id, request__case=link.case_id)
        .first()
    )
    if found is None:
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


def noted_look(actor: Actor, assignment: Assignment) -> None:
    """Write down that somebody looked at what is theirs to see of a visit."""
    looked(actor, "assignment", assignment.id)


def details_for(actor: Actor, assignment: Assignment) -> Details | None:
    """Name, address, phone and notes for who goes there; `None` once the visit is over. The look is written down."""
    if not rules.may_see_details(assignment, clock.now()):
        return None
    case = assignment.request.case
    looked(actor, "assignment", assignment.id)
    number = assignment.request.organisation.phone
    reached = whom_to_reach(case)
    by_line = number and reached.phone and telephony.reaches_by_line(assignment.id, clock.now())
    return Details(
        name=case.person.name,
        address=case.address,
        phone="" if by_line else case.person.phone,
        line=number if by_line else "",
        notes=case.access_notes,
        wish=assignment.request.details,
        situation=assignment.request.situation,
        phone_is_shared=case.person.phone_is_shared,
        answers=first_name(reached),
    )


def _offers() -> QuerySet[Offer]:
    """With what a page shows of each; `is_apart`: these two are never to be brought together."""
    is_apart = people.kept_apart(OuterRef("volunteer"), OuterRef("request__case__person"))
    return Offer.objects.select_related(
        "request__case", "request__organisation", "request__series", "request__incident",
        "volunteer__person", "organisation",
    ).annotate(is_apart=is_apart)  # fmt: skip
