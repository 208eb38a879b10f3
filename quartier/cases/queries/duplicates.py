"""Files that may be about the same household."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q, QuerySet
from rapidfuzz import fuzz

from quartier.cases.models import Case, Request
from quartier.lib.text import folded
from quartier.people.models import Person
from quartier.team.models import Organisation

# Open files of one neighbourhood that are compared by name and address: those are sealed, so each is opened.
COMPARED = 60
ALIKE = 85


@dataclass
class Seen:
    """What is known of a household while somebody types. Keyed hashes, and words as typed; empty when unknown."""

    phones: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    names: list[str] = field(default_factory=list)
    address: str = ""
    area: int = 0


@dataclass(frozen=True)
class Duplicate:
    """A file that may be about the same household, and why: `phone`, `email`, `address`, `name`."""

    case: Case
    why: tuple[str, ...]


def possible_duplicates(
    organisation: Organisation, seen: Seen, *, but: UUID | None = None, limit: int = 5
) -> list[Duplicate]:
    """Files of the organisation that may be about the household, the likeliest first. Three queries.

    By number or mail address: every file, of who needs help and of who asked. By address or name: files of the
    same neighbourhood with something still open.
    """
    found: dict[UUID, Duplicate] = {}
    for case in _by_contact(organisation, seen)[: limit * 4]:
        indexes = {case.person.phone_index, case.asked_by.phone_index} & seen.phones
        found[case.pk] = Duplicate(case, ("phone",) if indexes else ("email",))
    if seen.area and (seen.address.strip() or any(seen.names)):
        for case in _around(organisation, seen.area):
            why = _alike(case, seen)
            if why:
                before = found[case.pk].why if case.pk in found else ()
                found[case.pk] = Duplicate(case, tuple(dict.fromkeys((*before, *why))))
    found.pop(but, None) if but else None
    likely = sorted(found.values(), key=lambda one: one.case.opened_at, reverse=True)
    return sorted(likely, key=lambda one: -len(one.why))[:limit]


def _files(organisation: Organisation) -> QuerySet[Case]:
    return Case.objects.filter(organisation=organisation, merged_into=None).select_related(
        "person", "asked_by"
    )


def _by_contact(organisation: Organisation, seen: Seen) -> QuerySet[Case]:
    phones, emails = seen.phones - {""}, seen.emails - {""}
    if not phones and not emails:
        return Case.objects.none()
    people = list(
        Person.objects.filter(organisation=organisation)
        .filter(Q(phone_index__in=phones) | Q(email_index__in=emails))
        .values_list("pk", flat=True)[:50]
    )
    same = Q(person__in=people) | Q(asked_by__in=people)
    return _files(organisation).filter(same).order_by("-opened_at", "-pk")


def _around(organisation: Organisation, area: int) -> Iterable[Case]:
    here = Request.objects.filter(organisation=organisation, closed_at=None, area=area)
    return _files(organisation).filter(pk__in=here.values("case")).order_by("-opened_at", "-pk")[:COMPARED]


def _alike(case: Case, seen: Seen) -> list[str]:
    why = []
    if seen.address.strip() and case.address and same_words(seen.address, case.address):
        why.append("address")
    if any(name.strip() and same_words(name, case.person.name) for name in seen.names):
        why.append("name")
    return why


def same_words(one: str, other: str) -> bool:
    """Words in any order, accents and small slips forgiven; house numbers must agree."""
    left, right = folded(one), folded(other)
    numbers = [{word for word in text.split() if any(c.isdigit() for c in word)} for text in (left, right)]
    return numbers[0] == numbers[1] and fuzz.token_sort_ratio(left, right) >= ALIKE


def open_requests(people: Iterable[UUID], limit: int = 20) -> list[Request]:
    """What is still open for these people, as who needs help or who asked; the oldest first."""
    ids = list(people)
    return list(
        Request.objects.filter(case__in=Case.objects.filter(Q(person__in=ids) | Q(asked_by__in=ids)))
        .exclude(state=Request.State.CLOSED)
        .select_related("case__person")
        .order_by("waiting_since", "pk")[:limit]
    )


def last_files(people: Iterable[UUID], limit: int = 5) -> list[Case]:
    """Files of these people, as who needs help or who asked; the newest first."""
    ids = list(people)
    return list(
        Case.objects.filter(Q(person__in=ids) | Q(asked_by__in=ids), merged_into=None)
        .select_related("person")
        .order_by("-opened_at", "-pk")[:limit]
    )


def by_reference(organisation: Organisation, reference: str) -> Case | None:
    """The file with this reference, however it was typed."""
    tidy = "".join(reference.upper().split())
    if not 4 <= len(tidy) <= 8:
        return None
    return Case.objects.filter(organisation=organisation, reference=tidy).first()
