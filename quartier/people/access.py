"""The gate to people: scopes to the organisation, checks the role, writes down that somebody looked."""

from typing import Any
from uuid import UUID

from django.http import Http404

from quartier.audit import actions as audit
from quartier.people.models import Person, Volunteer
from quartier.team.access import TEAM, Actor


def looked(actor: Actor, kind: str, subject_id: UUID, **details: Any) -> None:
    """Write down that `actor` read personal data of this row."""
    audit.record(
        organisation_id=actor.organisation.id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=f"{kind}.look",
        subject_kind=kind,
        subject_id=subject_id,
        details=details,
    )


def person_for(actor: Actor, person_id: UUID) -> Person:
    """The person, for somebody of the team; raises `Http404` whether the row or the right is missing."""
    person = Person.objects.filter(pk=person_id, organisation=actor.organisation).first()
    if person is None or not actor.has(*TEAM):
        raise Http404
    looked(actor, "person", person.id)
    return person


def volunteer_for(actor: Actor, volunteer_id: UUID) -> Volunteer:
    """The volunteer with their person, for somebody of the team; raises `Http404`."""
    found = (
        Volunteer.objects.select_related("person", "organisation")
        .filter(pk=volunteer_id, organisation=actor.organisation)
        .first()
    )
    if found is None or not actor.has(*TEAM):
        raise Http404
    looked(actor, "volunteer", found.id)
    return found


def own_volunteer(actor: Actor) -> Volunteer:
    """The volunteer who is signed in; raises `Http404` for everybody else."""
    found = (
        Volunteer.objects.select_related("person__account", "organisation")
        .filter(person__account_id=actor.id, organisation=actor.organisation)
        .first()
        if actor.kind == "account" and actor.id is not None
        else None
    )
    if found is None:
        raise Http404
    return found
