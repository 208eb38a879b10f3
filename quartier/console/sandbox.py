"""Every simulated phone and mailbox, as its owner would see it. Only where every person is invented.

(Its words and its looks stand in `messaging`, whose messages it shows.)
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from quartier.cases.models import Case
from quartier.lib import clock, phone
from quartier.lib.ids import uuid7
from quartier.lib.text import clean, one_line
from quartier.limits.actions import allow
from quartier.messaging import incoming, queries
from quartier.messaging.models import Message, Received, SandboxDelivery
from quartier.messaging.providers import heard
from quartier.messaging.providers.sandbox import Sandbox, topic
from quartier.people.models import Person, Volunteer
from quartier.places.rules import fold
from quartier.team.models import Organisation

ON_A_PAGE = 12
IN_A_BOX = 40
# So many of the newest messages are shown on a phone or in a mailbox of the overview.
SHOWN = 2
# A number shorter than this would be found in every other one.
LEAST_DIGITS = 4
# What one can write on a simulated phone: as long as it gets, and so often a minute.
MOST_LETTERS, MOST_A_MINUTE = 1600, 20


@dataclass(frozen=True)
class Written:
    """What was written on this phone."""

    body: str
    at: datetime
    to: str
    mine: bool = True


@dataclass
class Box:
    """One person's phone and mailbox. `role`: `volunteer`, `helped`, `team` or nothing; numbers as one writes them."""

    person: Person
    role: str = ""
    place: str = ""
    texts: list[SandboxDelivery | Written] = field(default_factory=list)
    mails: list[SandboxDelivery] = field(default_factory=list)

    def add(self, message: SandboxDelivery) -> None:
        (self.texts if message.channel == Message.Channel.TEXT else self.mails).append(message)

    @property
    def number(self) -> str:
        return phone.display(self.texts[0].to if self.texts else self.person.phone)


def show(request: HttpRequest) -> HttpResponse:
    """The boxes, the newest message first; those that fit a name, a number, an address or a place."""
    organisation: Organisation = request.organisation  # type: ignore[attr-defined]
    sought = one_line(request.GET.get("q", ""), 80)
    ids = list(queries.boxes(organisation))
    if sought:
        fitting = _fitting(organisation, sought)
        ids = [pk for pk in ids if pk in fitting]
    page = Paginator(ids, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "boxes": _boxes(organisation, list(page.object_list)),
        "boxes_page": page,
        "sought": sought,
        "topic": topic(organisation.id),
    }
    return render(request, "messaging/sandbox.html", context)


def box(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One person's phone and mailbox, whole. POST: what they write on that phone."""
    organisation: Organisation = request.organisation  # type: ignore[attr-defined]
    person = Person.objects.filter(pk=person_id, organisation=organisation).first()
    if person is None:
        raise Http404
    texts = queries.box(organisation, person.pk).filter(channel=Message.Channel.TEXT)
    newest = texts.first()
    number = newest.to if newest else person.phone
    too_often = False
    if request.method == "POST" and phone.is_mobile(number):
        too_often = not allow(purpose="sandbox", who=str(person.pk), limit=MOST_A_MINUTE, per_seconds=60)
        if not too_often:
            _write(organisation, number, request.POST.get("body", ""))
            return redirect(request.path)
    page = Paginator(queries.box(organisation, person.pk), IN_A_BOX).get_page(request.GET.get("page"))
    shown = _described(organisation, [person])[person.pk]
    for message in page.object_list:
        shown.add(message)
    if page.number == 1:
        shown.texts = _with_written(organisation, person, shown.texts)
    context = {
        "box": shown,
        "messages_page": page,
        "topic": topic(organisation.id),
        "can_write": phone.is_mobile(number),
        "too_often": too_often,
        "most": MOST_LETTERS,
    }
    return render(request, "messaging/sandbox_box.html", context, status=429 if too_often else 200)


def _write(organisation: Organisation, number: str, body: str) -> None:
    """As if a provider had brought it. What is empty is not sent."""
    words = clean(body, MOST_LETTERS)
    if words:
        told = heard.Incoming(str(uuid7()), Message.Channel.TEXT, number, words, clock.now())
        incoming.received(organisation, Sandbox.name, told)


def _with_written(
    organisation: Organisation, person: Person, texts: list[SandboxDelivery | Written]
) -> list[SandboxDelivery | Written]:
    """The texts and what was written on the same phone, the newest first."""
    rows = Received.objects.filter(
        organisation=organisation,
        provider=Sandbox.name,
        channel=Message.Channel.TEXT,
        sender_index=person.phone_index or "-",
    ).order_by("-came_at", "-id")
    written = [Written(row.body, row.came_at, row.sender) for row in rows[:IN_A_BOX]]
    return sorted([*texts, *written], key=lambda each: each.at, reverse=True)


def _boxes(organisation: Organisation, ids: list[UUID]) -> list[Box]:
    people = Person.objects.in_bulk(ids)
    found = _described(organisation, list(people.values()))
    for message in queries.newest_in_boxes(organisation, ids, SHOWN):
        found[message.person_id].add(message)
    return [found[pk] for pk in ids if pk in found]


def _described(organisation: Organisation, people: list[Person]) -> dict[UUID, Box]:
    """Who they are: a volunteer of which place, somebody who asked for whom, one of the team."""
    boxes = {person.pk: Box(person, "team" if person.account_id else "") for person in people}
    ids = list(boxes)
    volunteers = Volunteer.objects.filter(organisation=organisation, person_id__in=ids)
    cases = Case.objects.filter(Q(person_id__in=ids) | Q(asked_by_id__in=ids), organisation=organisation)
    for case in cases.only("person_id", "asked_by_id", "place_name").order_by("opened_at"):
        for pk in (case.person_id, case.asked_by_id):
            if pk in boxes:
                boxes[pk].role, boxes[pk].place = "helped", case.place_name
    for volunteer in volunteers.only("person_id", "place_name"):
        boxes[volunteer.person_id].role = "volunteer"
        boxes[volunteer.person_id].place = volunteer.place_name
    return boxes


def _fitting(organisation: Organisation, sought: str) -> set[UUID]:
    """People whose name, number, address or place has these words in it. Names are sealed, so each is opened:
    good enough for a demonstration, and for nothing else."""
    words = fold(sought)
    digits = "".join(filter(str.isdigit, sought)).lstrip("0")
    found: set[Any] = set()
    with_boxes = SandboxDelivery.objects.filter(organisation=organisation).values("person_id")
    for person in Person.objects.filter(pk__in=with_boxes).only("name", "phone", "email", "organisation_id"):
        by_number = len(digits) >= LEAST_DIGITS and digits in person.phone
        by_address = "@" in sought and sought.lower() in person.email.lower()
        if by_number or by_address or (words and words in fold(person.name)):
            found.add(person.pk)
    place = Q(place_name__icontains=sought) | Q(postcode__startswith=sought)
    found |= set(
        Volunteer.objects.filter(place, organisation=organisation).values_list("person_id", flat=True)
    )
    for pair in Case.objects.filter(place, organisation=organisation).values_list("person_id", "asked_by_id"):
        found |= set(pair)
    return found
