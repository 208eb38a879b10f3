"""Who acts: one small object that every gate and every action receives."""

from dataclasses import dataclass, field
from uuid import UUID

from django.http import Http404

from quartier.team.models import Account, Organisation, Role

# A volunteer's state in `people`, which stands above this room.
SUSPENDED_STATE = "suspended"
TEAM = frozenset({Role.Name.OPERATOR, Role.Name.COORDINATOR, Role.Name.ADMIN})


@dataclass(frozen=True)
class Actor:
    """Somebody or something that acts for an organisation.

    `kind` is `account`, `link` (the holder of a private link) or `system`; `id` says which one.
    """

    organisation: Organisation
    kind: str
    id: UUID | None = None
    account: Account | None = None
    roles: frozenset[str] = field(default_factory=frozenset)

    def has(self, *names: str) -> bool:
        """Whether the actor has one of these roles."""
        return bool(self.roles.intersection(names))


def only_at(here: Organisation, organisation_id: UUID) -> None:
    """A private link opens at the address of its own organisation alone; raises `Http404`."""
    if here.id != organisation_id:
        raise Http404


def system(organisation: Organisation) -> Actor:
    """The machine itself: the matcher, the worker, the import of demonstration data."""
    return Actor(organisation, "system")


def link(organisation: Organisation, person_id: UUID) -> Actor:
    """Somebody who holds a private link that was sent to this person."""
    return Actor(organisation, "link", person_id)


def of_account(account: Account) -> Actor:
    """The actor behind a signed-in account, with its roles. Whoever is suspended has none, whatever the tables hold,
    until that is lifted."""
    held = account.roles.exclude(account__person__volunteer__state=SUSPENDED_STATE)
    roles = frozenset(held.values_list("name", flat=True))
    return Actor(account.organisation, "account", account.id, account, roles)


def is_suspended(account: Account) -> bool:
    """Whether the team has put a stop to all that this one does."""
    return Account.objects.filter(pk=account.pk, person__volunteer__state=SUSPENDED_STATE).exists()
