"""What was begun, and who reached us before."""

from collections.abc import Iterable

from quartier.intake.models import Contact, Draft
from quartier.people.models import Person
from quartier.team.access import Actor

# The drafts of an account that are looked at for what was begun: each call has one.
MAX_DRAFTS_READ = 200


def is_begun(draft: Draft) -> bool:
    """Whether somebody has typed in it: one is there for each call, before anything is."""
    return draft.call_id is None or draft.version > 0 or bool((draft.answers or {}).get("other"))


def open_drafts(actor: Actor, form: str, limit: int = 20) -> list[Draft]:
    """The actor's own drafts of a form that were begun and not sent yet, the newest first."""
    if actor.account is None:
        return []
    rows = Draft.objects.filter(
        account=actor.account, organisation=actor.organisation, form=form, submitted_at=None
    )
    found = rows.order_by("-updated_at", "-pk")[:MAX_DRAFTS_READ]
    return [each for each in found if is_begun(each)][:limit]


def last_contacts(people: Iterable[Person], limit: int = 5) -> list[Contact]:
    """The last times these people reached us, with who took it; the newest first."""
    return list(
        Contact.objects.filter(person__in=list(people))
        .select_related("taken_by", "person", "case_contact__case")
        .order_by("-at", "-pk")[:limit]
    )
