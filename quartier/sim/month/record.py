"""What a month has left behind, read once: the audit, the messages, and the rows that they speak of."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from quartier.audit.models import Entry
from quartier.cases.models import Request
from quartier.matching.models import Offer
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.promises.models import Promise, PromiseNotice
from quartier.team.models import Organisation
from quartier.visits.models import Assignment

# Rows of one step can differ by so much.
STEP_TOLERANCE = timedelta(minutes=1)
OFFER_TEMPLATES = ("offer", "offer_remote")


def said_at(message: Message) -> datetime:
    """When its words were made: a receipt of the night that goes out in the morning has those of the morning."""
    return datetime.fromisoformat(message.made_of["made_for"]) if message.made_of else message.created_at


def ids(message: Message) -> list[UUID]:
    """The rows that the key of a message names."""
    found = []
    for part in message.key.split(":"):
        try:
            found.append(UUID(part))
        except ValueError:
            continue
    return found


class MonthRecord:
    """One organisation's month. In `doubled` (from, until) the clock showed each moment twice."""

    def __init__(self, organisation: Organisation, doubled: tuple[datetime, datetime] | None = None) -> None:
        self.organisation = organisation
        self._doubled = doubled

    @cached_property
    def messages(self) -> list[Message]:
        """Every message that went out, in order."""
        rows = Message.objects.filter(organisation=self.organisation, state__in=Message.GONE_OUT)
        return list(rows.select_related("person").order_by("created_at", "pk"))

    @cached_property
    def entries(self) -> dict[UUID, list[Entry]]:
        """The audit, by what it is about."""
        found: dict[UUID, list[Entry]] = defaultdict(list)
        rows = Entry.objects.filter(organisation_id=self.organisation.pk, subject_id__isnull=False)
        for row in rows.order_by("at", "pk").iterator():
            assert row.subject_id is not None
            found[row.subject_id].append(row)
        return found

    @cached_property
    def requests(self) -> dict[UUID, Request]:
        rows = Request.objects.filter(organisation=self.organisation)
        rows = rows.select_related("case__person", "case__asked_by", "series")
        return {row.pk: row for row in rows.order_by("created_at", "pk")}

    @cached_property
    def visits(self) -> dict[UUID, Assignment]:
        rows = Assignment.objects.filter(organisation=self.organisation)
        return {row.pk: row for row in rows.select_related("volunteer__person").order_by("accepted_at", "pk")}

    @cached_property
    def offers(self) -> dict[UUID, list[Offer]]:
        """Offers of which somebody was told, by request."""
        found: dict[UUID, list[Offer]] = defaultdict(list)
        for row in Offer.made.filter(organisation=self.organisation).order_by("created_at", "pk"):
            found[row.request_id].append(row)
        return found

    @cached_property
    def first_asked(self) -> dict[UUID, datetime]:
        """When a neighbour was asked first, by offer: one that is made again has the moment of the last time, and each
        time its message."""
        rows = Message.objects.filter(organisation=self.organisation, template__in=OFFER_TEMPLATES)
        found: dict[UUID, datetime] = {}
        for row in rows.only("key", "created_at").order_by("created_at"):
            for offer_id in ids(row):
                found.setdefault(offer_id, row.created_at)
        return found

    @cached_property
    def promises(self) -> list[Promise]:
        rows = Promise.objects.filter(organisation=self.organisation)
        return list(rows.select_related("person", "renewed_from").order_by("made_at", "pk"))

    @cached_property
    def notices(self) -> dict[tuple[str, UUID], list[PromiseNotice]]:
        """Who of the team was told of a promise, by what it is about; whoever could not be reached was not told."""
        found: dict[tuple[str, UUID], list[PromiseNotice]] = defaultdict(list)
        rows = PromiseNotice.objects.filter(organisation=self.organisation, unreachable=False)
        for row in rows.select_related("promise__renewed_from").order_by("at"):
            found[row.promise.subject_kind, row.promise.subject_id].append(row)
        return found

    @cached_property
    def notices_by_batch(self) -> dict[UUID, list[PromiseNotice]]:
        found: dict[UUID, list[PromiseNotice]] = defaultdict(list)
        for rows in self.notices.values():
            for row in rows:
                found[row.batch].append(row)
        return found

    @cached_property
    def dead(self) -> dict[UUID, datetime]:
        """Who has died, and when we were told."""
        rows = Person.objects.filter(organisation=self.organisation, died_at__isnull=False)
        return {pk: at for pk, at in rows.values_list("pk", "died_at") if at is not None}

    def until(self, moment: datetime) -> datetime:
        """What was written at this moment can speak of what happened until then."""
        if self._doubled is not None and self._doubled[0] <= moment < self._doubled[1]:
            return self._doubled[1] + STEP_TOLERANCE
        return moment + STEP_TOLERANCE

    def done(
        self, subject: UUID | None, verbs: Collection[str], message: Message, **details: Collection[str]
    ) -> bool:
        """Whether the audit holds one of these about it, before this message was written, with one of the values of
        each detail."""
        until = self.until(message.created_at)
        return any(
            entry.verb in verbs
            and entry.at <= until
            and all(entry.details.get(name) in values for name, values in details.items())
            for entry in self.entries.get(subject, ())  # type: ignore[arg-type]
        )

    def last(self, subject: UUID, verbs: Collection[str], until: datetime) -> Entry | None:
        """The last of these about it."""
        found = [each for each in self.entries.get(subject, ()) if each.verb in verbs and each.at <= until]
        return found[-1] if found else None
