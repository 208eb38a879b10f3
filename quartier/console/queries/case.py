"""A household's file: who, what, every contact, the notes, the links, and files that may be the same."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from quartier.cases.models import Case, CaseContact, Note, Request, Series, StatusLink
from quartier.cases.queries import Duplicate, Seen, possible_duplicates
from quartier.visits.models import Assignment

SHOWN = 50


@dataclass
class Asked:
    """A request of the file and who goes there."""

    request: Request
    visits: list[Assignment]


@dataclass
class File:
    """Everything that the page of a file shows. The newest first; at most 50 of each."""

    requests: list[Asked]
    contacts: list[CaseContact]
    notes: list[Note]
    links: list[StatusLink]
    duplicates: list[Duplicate]
    merged: list[Case]
    series: list[Series]


def file(case: Case) -> File:
    """Ten queries."""
    requests = list(Request.objects.filter(case=case).order_by("-created_at", "-pk")[:SHOWN])
    visits: dict[UUID, list[Assignment]] = defaultdict(list)
    active = Assignment.objects.filter(
        request__in=[request.pk for request in requests], state__in=Assignment.ACTIVE
    )
    for visit in active.select_related("volunteer__person"):
        visits[visit.request_id].append(visit)
    contacts = CaseContact.objects.filter(case=case).select_related("contact__taken_by", "contact__person")
    seen = Seen(
        phones={case.person.phone_index, case.asked_by.phone_index} - {""},
        emails={case.person.email_index, case.asked_by.email_index} - {""},
        names=[case.person.name],
        address=case.address,
        area=case.area,
    )
    return File(
        requests=[Asked(request, visits[request.pk]) for request in requests],
        contacts=list(contacts.order_by("-contact__at", "-pk")[:SHOWN]),
        notes=list(Note.objects.filter(case=case).select_related("author").order_by("-at", "-pk")[:SHOWN]),
        links=list(
            StatusLink.objects.filter(case=case, revoked_at=None)
            .select_related("person")
            .order_by("-created_at", "-pk")
        ),
        duplicates=possible_duplicates(case.organisation, seen, but=case.pk),
        merged=list(Case.objects.filter(merged_into=case)),
        series=list(Series.objects.filter(case=case).order_by("-created_at", "-pk")[:SHOWN]),
    )


def side(case: Case) -> dict[str, object]:
    """What is compared before two files become one. Two queries."""
    return {
        "case": case,
        "requests": list(Request.objects.filter(case=case).order_by("-created_at", "-pk")[:SHOWN]),
        "notes": Note.objects.filter(case=case).count(),
    }
