"""Finding people again."""

from quartier.lib.crypto import blind
from quartier.people.models import Person
from quartier.team.models import Organisation


def known(organisation: Organisation, *, phone_index: str, email_index: str, name: str) -> Person | None:
    """The person with this name and with every number and address that is given; a household can share them."""
    given = {"phone_index": phone_index, "email_index": email_index}
    given = {column: value for column, value in given.items() if value}
    if not given:
        return None
    alike = Person.objects.filter(organisation=organisation, **given).order_by("-created_at", "-id")[:10]
    same = [person for person in alike if person.name.casefold() == name.strip().casefold()]
    return min(same, key=lambda person: person.account_id is None, default=None)


def with_account(organisation: Organisation, *, phone_index: str, email_index: str) -> Person | None:
    """Who can sign in with this number or this address."""
    people = Person.objects.filter(organisation=organisation, account__is_active=True).select_related(
        "account"
    )
    for column, value in (("phone_index", phone_index), ("email_index", email_index)):
        if value and (found := people.filter(**{column: value}).order_by("created_at", "id").first()):
            return found
    return None


def by_phone(organisation: Organisation, e164: str, limit: int = 5) -> list[Person]:
    """Everybody known under a number, the newest first."""
    index = blind("phone", organisation.id, e164)
    if not index:
        return []
    return list(
        Person.objects.filter(organisation=organisation, phone_index=index).order_by("-created_at", "-id")[
            :limit
        ]
    )


def to_sign_in(organisation: Organisation, *, phone: str = "", email: str = "") -> Person | None:
    """Whose account a number (E.164) or a mail address opens."""
    return with_account(
        organisation,
        phone_index=blind("phone", organisation.id, phone),
        email_index=blind("email", organisation.id, email.lower()),
    )


def by_email(organisation: Organisation, address: str, limit: int = 5) -> list[Person]:
    """Everybody known under a mail address, the newest first."""
    index = blind("email", organisation.id, address.strip().lower())
    if not index:
        return []
    return list(
        Person.objects.filter(organisation=organisation, email_index=index).order_by("-created_at")[:limit]
    )
