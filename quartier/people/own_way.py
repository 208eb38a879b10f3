"""Who is meant by a number or a mail address that several share: a family has one mailbox, and each their own mobile.

A file hangs on the way by which its codes come: a mobile of one's own, or else the mail address. Whoever comes by
another way is somebody else, unless the name is the same too.
"""

from collections.abc import Sequence

from quartier.lib import phone
from quartier.lib.text import folded
from quartier.people.models import Person
from quartier.team.models import Organisation

# So many of one mailbox get a code each: a family, not everybody who ever typed the address.
MAX_OF_ONE_MAILBOX = 6
_COLUMNS = ("phone_index", "email_index")


def own_way(number: str, marks: dict[str, str]) -> tuple[str, str]:
    """Column and hash of the way by which codes come to whoever has this number (E.164, or '') and these hashes."""
    column = "phone_index" if phone.is_mobile(number) or not marks["email_index"] else "email_index"
    return column, marks[column]


def _marks_of(person: Person) -> dict[str, str]:
    return {column: getattr(person, column) for column in _COLUMNS}


def is_same_name(one: str, other: str) -> bool:
    """Whether one of the names stands in the other: "Anna" is "Anna Renard", and "Bert Renard" is not."""
    here, there = set(folded(one).split()), set(folded(other).split())
    return bool(here and there) and (here <= there or there <= here)


def is_same(person: Person, name: str, number: str, marks: dict[str, str]) -> bool:
    """Whether somebody who is known is the one who gives this name, number and hashes."""
    if own_way(number, marks)[1] and own_way(number, marks) == own_way(person.phone, _marks_of(person)):
        return True
    shared = any(value and value == getattr(person, column) for column, value in marks.items())
    return shared and is_same_name(person.name, name)


def accounts_at(organisation: Organisation, column: str, hashes: Sequence[str]) -> list[Person]:
    """Whoever can sign in and has one of these numbers (`phone_index`) or addresses (`email_index`), oldest first."""
    found: list[Person] = []
    wanted = sorted({each for each in hashes if each})
    people = Person.objects.filter(organisation=organisation, account__is_active=True)
    for start in range(0, len(wanted), 500):
        rows = people.filter(**{f"{column}__in": wanted[start : start + 500]})
        found += rows.select_related("account").order_by("created_at", "id")
    return found


def known_as(organisation: Organisation, name: str, number: str, marks: dict[str, str]) -> Person | None:
    """Who can sign in already and is the one who gives this name, number and hashes."""
    for column in _COLUMNS:
        for person in accounts_at(organisation, column, [marks[column]]):
            if is_same(person, name, number, marks):
                return person
    return None


def has_way_of_another(person: Person, number: str, marks: dict[str, str]) -> bool:
    """Whether with this number and these hashes their codes would come by the way of somebody else's."""
    column, value = own_way(number, marks)
    others = accounts_at(person.organisation, column, [value])
    return any(
        each.pk != person.pk and own_way(each.phone, _marks_of(each)) == (column, value) for each in others
    )


def has_own_mobile(person: Person) -> bool:
    """Whether codes can come to a mobile."""
    return bool(person.phone) and phone.is_mobile(person.phone)


def shares_mailbox(person: Person) -> bool:
    """Whether somebody else signs in with the same mail address, and this one has a mobile of their own. Whoever came
    later has shown nothing: they take the mail from nobody whose number is not proven."""
    if not person.email_index or person.phone_is_shared or not has_own_mobile(person):
        return False
    others = Person.objects.filter(
        organisation=person.organisation_id, email_index=person.email_index, account__is_active=True
    )
    if not person.is_phone_proven:
        others = others.filter(created_at__lte=person.created_at)
    return others.exclude(pk=person.pk).exists()
