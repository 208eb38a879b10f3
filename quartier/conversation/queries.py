"""Reading conversations: everything in and out, and what nobody has read yet."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from quartier.alerts.models import Alert
from quartier.cases.models import Case, CaseContact, Request
from quartier.conversation import relayed_words, understanding
from quartier.conversation.models import Danger, ToRead
from quartier.followup.models import FollowUp
from quartier.lib import clock
from quartier.lib.text import clean
from quartier.matching.models import Offer
from quartier.messaging import actions as messaging
from quartier.messaging import digest
from quartier.messaging.incoming import PAGE
from quartier.messaging.models import Message, Received
from quartier.messaging.queries import AROUND
from quartier.people.models import Person
from quartier.team.access import Actor
from quartier.team.models import Organisation
from quartier.telephony.models import Masked
from quartier.visits.actions.ledger import first_name, whom_to_reach
from quartier.visits.models import Assignment

SHOWN = 200
# The topic of a visit by which its pages hear that one of the two has written; behind it the key of the visit.
WORDS_TOPIC = "words"
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
    received = received.exclude(_around(actor, received=OuterRef("pk"))).exclude(
        _of_own_visit(actor, "about")
    )
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
        .exclude(_of_own_visit(actor, "received__about"))
        .select_related("received__person", "case", "contact")
    )


def unread(actor: Actor) -> QuerySet[ToRead]:
    """What nobody of the team has read, the oldest first."""
    return to_read(actor).filter(read_at=None).order_by("at", "pk")


def _around(actor: Actor, **where: object) -> Exists:
    """Whether words beside an alert that goes around this account are there."""
    return Exists(Danger.objects.filter(alert__around__account=actor.id, **where))


def _of_own_visit(actor: Actor, about: str) -> Exists:
    """Whether it is what was answered after a visit of this account's own: nobody reads what is said of them."""
    answers = FollowUp.objects.filter(pk=OuterRef(about), assignment__volunteer__person__account=actor.id)
    return Exists(answers)


def in_danger(alert: Alert) -> list[Danger]:
    """What was written that raised this alert, the oldest first. Whoever asks has passed the alert's gate."""
    rows = Danger.objects.filter(alert=alert).select_related("received__person", "received__organisation")
    return list(rows.order_by("at", "pk"))


# Of the words of one visit, the last ones.
MAX_VISIT_LINES = 40
# A question mark does not begin a line.
_UNBROKEN = re.compile(r" (?=[?!:;»])")


@dataclass(frozen=True)
class VisitLine:
    """Words that were passed on between the two of a visit, as the other one reads them. `waits_until`: not passed on
    before then; `is_lost`: they did not arrive."""

    at: datetime
    writer: Person
    is_mine: bool
    words: str
    waits_until: datetime | None = None
    is_lost: bool = False

    @property
    def name(self) -> str:
        """The writer's first name."""
        return first_name(self.writer)


def said_on_visits(reader: Person, visit_ids: Iterable[UUID]) -> dict[UUID, list[VisitLine]]:
    """What this person has written to the other one of these visits and has had from them, the oldest first, however it
    came. Words between the other one and somebody else of the household are not theirs. One query; the pages of a visit
    ask only while it goes on."""
    rows = (
        Received.objects.filter(
            Q(person=reader) | Q(answer__person=reader),
            organisation=reader.organisation_id,
            about__in=list(visit_ids),
            meaning=Received.Meaning.RELAYED,
            forgotten_at=None,
        )
        .exclude(person=None)
        .select_related("person", "answer")
        .order_by("-came_at", "-pk")
    )
    lines: dict[UUID, list[VisitLine]] = defaultdict(list)
    for row in reversed(rows[:MAX_VISIT_LINES]):
        lines[row.about].append(_visit_line(row, reader))  # type: ignore[index]  # filtered by it
    return lines


def _visit_line(row: Received, reader: Person) -> VisitLine:
    sent, now = row.answer, clock.now()
    words = clean(row.body, 4000)
    # What a mail quotes is passed on neither.
    words = words if row.channel == PAGE else understanding.own_words(words)
    is_mine = row.person_id == reader.pk
    held = is_mine and sent is not None and sent.state in Message.WAITING and sent.not_before > now
    lost = is_mine and sent is not None and sent.state in {Message.State.FAILED, Message.State.CANCELLED}
    return VisitLine(
        row.came_at,
        row.person,  # type: ignore[arg-type]  # those without one are left out
        is_mine,
        _UNBROKEN.sub("\N{NO-BREAK SPACE}", relayed_words.without_ways(words)),
        sent.not_before if held and sent is not None else None,
        lost,
    )


def other_of(visit: Assignment, relayed: Masked, me: Person) -> Person:
    """To whom words of `me` go. A volunteer answers whoever of the household wrote last, and nobody else reads that."""
    if me.pk != relayed.helper_id:
        return relayed.helper
    wrote = [line.writer for line in said_on_visits(me, [visit.pk])[visit.pk] if not line.is_mine]
    return wrote[-1] if wrote else _first_to_reach(visit.request.case, relayed.helped)


def other_on_page(visit: Assignment, me: Person, lines: list[VisitLine]) -> Person | None:
    """The same for a page, which has read the lines; `None` if they can only be called. No query."""
    case = visit.request.case
    if me.pk != visit.volunteer.person_id:
        other = visit.volunteer.person
    else:
        wrote = [line.writer for line in lines if not line.is_mine]
        other = wrote[-1] if wrote else _first_to_reach(case, whom_to_reach(case))
    return other if may_be_written_to(other) else None


def _first_to_reach(case: Case, reached: Person) -> Person:
    """Whom the line reaches; who asked for them, and hears how it goes, where they can only be called."""
    if case.tell_asker and not may_be_written_to(reached) and may_be_written_to(case.asked_by):
        return case.asked_by
    return reached


def may_be_written_to(person: Person) -> bool:
    """Whether a way to write to them is known. Silence that they asked for (`messaging.stops`) is not looked up."""
    if person.died_at is not None or person.channel == Person.Channel.CALL:
        return False
    return messaging.can_be_texted(person) or messaging.can_be_mailed(person)


@dataclass(frozen=True)
class Exchange:
    """What the two of a visit write to each other, for the page of one of them. `other`: to whom words go; `channel`:
    by which they get them, "" where they can only be called. `for_whom`: for whom `other` asked, if it is somebody
    else; `can_answer`: whether the answer can be written to who reads the page."""

    other: Person
    channel: str
    lines: list[VisitLine]
    for_whom: str
    can_answer: bool

    @property
    def name(self) -> str:
        """The other one's first name, if it is known."""
        return first_name(self.other)


def exchange(visit: Assignment, reader: Person) -> Exchange | None:
    """`None` once the visit has ended: then the two write nothing to each other."""
    relayed, case = open_relay(visit), visit.request.case
    if relayed is None:
        return None
    other = other_of(visit, relayed, reader)
    letter = messaging.Letter(other, "relay", f"relay:{visit.pk}", {"name": "", "words": ""})
    asked = other.pk == case.asked_by_id != case.person_id
    return Exchange(
        other,
        messaging.channel_for(organisation=reader.organisation, letter=letter),
        said_on_visits(reader, [visit.pk])[visit.pk],
        first_name(case.person) if asked else "",
        may_be_written_to(reader),
    )


def open_relay(visit: Assignment) -> Masked | None:
    """Through which the two of a visit reach each other now; `None` once it has ended, however it did."""
    rows = Masked.objects.filter(about=visit.pk, ended_at=None, until__gt=clock.now())
    return rows.select_related("helper", "helped").first()
