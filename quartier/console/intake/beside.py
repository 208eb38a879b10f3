"""What is known beside the form: who is calling, what is open for them, files that may be the same."""

import contextlib
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from quartier.cases import queries as cases
from quartier.cases.models import Case, Request
from quartier.console.intake.known_address import known_address
from quartier.intake import queries as intake
from quartier.intake.models import Contact
from quartier.lib import phone
from quartier.lib.crypto import blind
from quartier.people import queries as people
from quartier.people.access import looked
from quartier.people.models import Person
from quartier.places.models import Place
from quartier.team.access import Actor


@dataclass
class Beside:
    """What stands beside the form."""

    e164: str = ""
    people: list[Person] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    files: list[Case] = field(default_factory=list)
    duplicates: list[cases.Duplicate] = field(default_factory=list)
    caller: str = ""
    case: str = ""

    @property
    def chosen_file(self) -> Case | None:
        """The file of the household that is chosen, among those shown."""
        shown = [*self.files, *(one.case for one in self.duplicates)]
        return next((file for file in shown if str(file.pk) == self.case), None)

    @property
    def known_address(self) -> str:
        """Where a request goes as long as this household is chosen."""
        return known_address(self.chosen_file) if self.chosen_file else ""


def beside(actor: Actor, answers: dict[str, Any]) -> Beside:
    """Everything known of what was typed so far. At most eight queries; each person found is looked at, and that
    is written down."""
    organisation = actor.organisation
    found = Beside(caller=str(answers.get("caller") or ""), case=str(answers.get("case") or ""))
    with contextlib.suppress(phone.NotANumber):
        found.e164 = phone.parse(str(answers.get("phone") or ""), organisation.country)
    if found.e164:
        found.people = people.by_phone(organisation, found.e164)
    for person in found.people:
        looked(actor, "person", person.pk)
    ids = [person.pk for person in found.people]
    if ids:
        found.requests = cases.open_requests(ids)
        found.contacts = intake.last_contacts(found.people)
        found.files = cases.last_files(ids)
    known = {file.pk for file in found.files}
    found.duplicates = [
        each
        for each in cases.possible_duplicates(organisation, _seen(actor, answers))
        if each.case.pk not in known
    ]
    if found.case and found.case not in {str(pk) for pk in known} | {
        str(d.case.pk) for d in found.duplicates
    }:
        found.files += _chosen(actor, found.case)
    return found


def _chosen(actor: Actor, text: str) -> list[Case]:
    try:
        pk = UUID(text)
    except ValueError:
        return []
    return list(Case.objects.select_related("person").filter(pk=pk, organisation=actor.organisation))


def _seen(actor: Actor, answers: dict[str, Any]) -> cases.Seen:
    organisation = actor.organisation
    phones = set()
    for name in ("phone", "person_phone"):
        try:
            number = phone.parse(str(answers.get(name) or ""), organisation.country)
        except phone.NotANumber:
            continue
        phones.add(blind("phone", organisation.id, number))
    email = str(answers.get("email") or "").lower()
    area = 0
    try:
        place = Place.objects.filter(pk=UUID(str(answers.get("place_choice") or ""))).first()
        area = place.area if place else 0
    except ValueError:
        pass
    name = "person_name" if answers.get("for_other") else "caller_name"
    return cases.Seen(
        phones=phones,
        emails={blind("email", organisation.id, email)} - {""},
        names=[str(answers.get(name) or "")],
        address=str(answers.get("address") or ""),
        area=area,
    )
