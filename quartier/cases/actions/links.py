"""Private links to a case's page."""

from django.db import transaction

from quartier.cases.actions.ledger import changed
from quartier.cases.models import Case, StatusLink
from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.lib.ids import token_hash
from quartier.people.models import Person
from quartier.team.access import Actor


def token_of(link: StatusLink) -> str:
    """The unguessable part of the link's address."""
    # 22 characters are 132 bits: as unguessable as it gets, and a text with it often fits in one segment.
    return blind("status-link", link.organisation_id, str(link.id))[:22]


@transaction.atomic
def issue_link(*, case: Case, person: Person) -> str:
    """The token of this person's link to the case: the one that works already, or a new one."""
    link = StatusLink.objects.filter(case=case, person=person, revoked_at=None).first()
    if link is None:
        link = StatusLink(
            organisation_id=case.organisation_id, case=case, person=person, created_at=clock.now()
        )
        link.token_hash = token_hash(token_of(link))
        link.save()
    return token_of(link)


@transaction.atomic
def revoke_links(*, actor: Actor, case: Case, person: Person | None = None) -> int:
    """No link to the case works any more (with `person`: none of this person's); the next message brings a new
    one. Returns how many there were."""
    links = StatusLink.objects.filter(case=case, revoked_at=None)
    if person is not None:
        links = links.filter(person=person)
    count = links.update(revoked_at=clock.now())
    changed(actor, "case.revoke_links", case, count=count)
    return count
