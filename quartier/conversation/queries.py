"""Reading conversations: everything in and out, and what nobody has read yet."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from quartier.alerts.models import Alert
from quartier.cases.models import Case, CaseContact, Request
from quartier.conversation.models import Danger, ToRead
from quartier.matching.models import Offer
from quartier.messaging import digest
from quartier.messaging.models import Message, Received
from quartier.messaging.queries import AROUND
from quartier.people.models import Person
from quartier.team.access import Actor
from quartier.team.models import Organisation
from quartier.visits.models import Assignment

SHOWN = 200
# What we write to whoever is in danger.
SAID = ("said", "heard", "danger_numbers")


@dataclass(frozen=True)
class Line:
    """One message. `incoming`: somebody wrote to us; then `template` is empty and `state` is its meaning, or `new`.
    `cost` in euros, `reason` why it failed or goes another way, `arrived_at` where its provider has said so,
    `tried_by` channels and providers before this one. `to_read`: of this room, unread. `together`: it went in one mail
    with others, whose state is its own."""

    at: datetime
    incoming: bool
    channel: str
    state: str
    words: str
    person: Person | None
    template: str = ""
    subject: str = ""
    cost: Decimal = Decimal(0)
    reason: str = ""
    arrived_at: datetime | None = None
    tried_by: str = ""
    id: UUID | None = None
    about: UUID | None = None
    to_read: UUID | None = None
    together: bool = False


def thread(
    actor: Actor,
    *,
    request_id: UUID | None = None,
    case_id: UUID | None = None,
    person_id: UUID | None = None,
    limit: int = SHOWN,
) -> list[Line]:
    """Every message in and out of a request, a file or a person, the newest first; at most `limit`.

    Of a request or a file: with those who are helped and who asked for them, and with every volunteer about it.
    Whoever asks has passed the gate of that row (`cases.access`, `people.access`). What goes around them is not there.
    """
    organisation = actor.organisation
    if person_id is not None:
        sent = Q(person=person_id)
        came = Q(person=person_id)
    else:
        sent, came = _of_file(organisation, request_id, case_id)
    messages = Message.objects.filter(sent, organisation=organisation).exclude(template__in=AROUND)
    # What stood together in one mail is told message by message, each where it belongs.
    messages = messages.exclude(template=digest.TEMPLATE).select_related("person", "digest")
    theirs = _around(actor, received__person=OuterRef("person"), at__lte=OuterRef("created_at"))
    messages = messages.exclude(theirs, template__in=SAID)
    received = Received.objects.filter(came, organisation=organisation, forgotten_at=None).select_related(
        "person", "to_read"
    )
    received = received.exclude(_around(actor, received=OuterRef("pk")))
    lines = [_sent(each) for each in messages.order_by("-created_at", "-pk")[:limit]]
    lines += [_came(each) for each in received.order_by("-came_at", "-pk")[:limit]]
    return sorted(lines, key=lambda line: line.at, reverse=True)[:limit]


def _of_file(organisation: Organisation, request_id: UUID | None, case_id: UUID | None) -> tuple[Q, Q]:
    """Which messages, and which of what came, belong to a file, or to one request of it."""
    requests = Request.objects.filter(organisation=organisation)
    if request_id is not None:
        case_id = requests.filter(pk=request_id).values_list("case_id", flat=True).first()
    case = Case.objects.filter(pk=case_id, organisation=organisation).first() if case_id else None
    if case is None:
        return Q(pk__in=[]), Q(pk__in=[])
    requests = requests.filter(pk=request_id) if request_id else requests.filter(case=case)
    ids = list(requests.values_list("pk", flat=True))
    offers = dict(Offer.made.filter(request__in=ids).values_list("pk", "message_id"))
    visits = list(Assignment.objects.filter(request__in=ids).values_list("pk", "volunteer__person_id"))
    # `about` of what was relayed, and the keys under which messages were written, name what they are about.
    sent = Q(pk__in=[message for message in offers.values() if message])
    for visit, person in visits:
        sent |= Q(person=person, key__contains=str(visit))
    near = [*offers, *(visit for visit, _person in visits), case.pk]
    came = Q(about__in=near) | Q(to_read__case=case)
    answers = Received.objects.filter(organisation=organisation, about__in=near).exclude(answer=None)
    sent |= Q(pk__in=list(answers.values_list("answer_id", flat=True)))
    household = {case.person_id, case.asked_by_id}
    contacts = list(CaseContact.objects.filter(case=case).values_list("contact_id", flat=True))
    since = case.opened_at
    sent |= Q(person__in=household, created_at__gte=since)
    sent |= Q(key__in=[f"received:{contact}" for contact in contacts])
    came |= Q(person__in=household, came_at__gte=since)
    return sent, came


def _sent(message: Message) -> Line:
    # Where it stands: by itself, or as the mail in which it went.
    mail = message.digest or message
    return Line(
        at=mail.sent_at or message.created_at,
        incoming=False,
        channel=message.channel,
        state=mail.state,
        words=message.body,
        person=message.person,
        template=message.template,
        subject=message.subject,
        cost=message.cost,
        reason=mail.error,
        arrived_at=mail.delivered_at,
        together=message.digest is not None,
        tried_by=message.tried_by,
        id=message.pk,
    )


def _came(row: Received) -> Line:
    waiting = getattr(row, "to_read", None)
    return Line(
        at=row.came_at,
        incoming=True,
        channel=row.channel,
        state=row.meaning or row.state,
        words=row.body,
        person=row.person,
        id=row.pk,
        about=row.about,
        to_read=waiting.pk if waiting is not None and waiting.read_at is None else None,
    )


def to_read(actor: Actor) -> QuerySet[ToRead]:
    """What the team must read, or has read, and does not go around this account; with what was written, by whom, and
    its file."""
    return (
        ToRead.objects.filter(organisation=actor.organisation)
        .exclude(_around(actor, received=OuterRef("received")))
        .select_related("received__person", "case", "contact")
    )


def unread(actor: Actor) -> QuerySet[ToRead]:
    """What nobody of the team has read, the oldest first."""
    return to_read(actor).filter(read_at=None).order_by("at", "pk")


def _around(actor: Actor, **where: object) -> Exists:
    """Whether words beside an alert that goes around this account are there."""
    return Exists(Danger.objects.filter(alert__around__account=actor.id, **where))


def in_danger(alert: Alert) -> list[Danger]:
    """What was written that raised this alert, the oldest first. Whoever asks has passed the alert's gate."""
    rows = Danger.objects.filter(alert=alert).select_related("received__person", "received__organisation")
    return list(rows.order_by("at", "pk"))
