"""What was begun, and who reached us before."""

from collections.abc import Iterable

from quartier.intake.models import Contact, Draft
from quartier.people.models import Person
from quartier.team.access import Actor


def open_drafts(actor: Actor, form: str, limit: int = 20) -> list[Draft]:
    """The actor's own drafts of a form that were not sent yet, the newest first."""
    if actor.account is None:
        return []
    return list(
        Draft.objects.filter(
            account=actor.account, organisation=actor.organisation, form=form, submitted_at=None
        ).order_by("-updated_at", "-pk")[:limit]
    )


def last_contacts(people: Iterable[Person], limit: int = 5) -> list[Contact]:
    """The last times these people reached us, with who took it; the newest first."""
    return list(
        Contact.objects.filter(person__in=list(people))
        .select_related("taken_by", "person", "case_contact__case")
        .order_by("-at", "-pk")[:limit]
    )
