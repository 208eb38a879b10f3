"""What is to be sent, and what could not be."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Max, Q, QuerySet, Window
from django.db.models.functions import Now, RowNumber

from quartier.lib.literal import literals
from quartier.messaging import rules
from quartier.messaging.models import Message, PushSubscription, SandboxDelivery
from quartier.team.models import Organisation

# What somebody waits for at a screen or at the door goes before what can wait a minute.
FIRST = (
    *(
        "risk_heard",
        "dangers",
        "risk_written",
        "danger_numbers",
        "visit_alarm",
        "line_stopped",
        "line_away",
        "line_blind",
        "line_back",
        "concern_danger",
        "companion_worry",
        "companion_check",
        "companion_check_waits",
        "watch_over",
        "check_help",
        "team_urgent",
        "wake",
        "sign_in_code",
        "many_codes",
        "page_again",
        "write_to_us",
    ),
    *(
        "on_way",
        "visit_cancelled",
        "call_cancelled",
        "someone_comes",
        "someone_calls",
        "accepted",
        "call_accepted",
    ),
)
# What goes around somebody of the team, or may name it, stands on no list of messages: it is seen to where the concern
# is (0030).
AROUND = ("dangers", "concern_danger", "concern_raised", "concern_waits", "concern_answered")


# Whoever read so long ago what a message says, about another thing that they asked for, does not read it once more.
JUST_SAID = timedelta(minutes=30)


def was_just_said(person_id: UUID, template: str, once: str, now: datetime) -> bool:
    """Whether a message in the same words, which says once for several what it says (`once` of its values), went out
    to this person in these minutes."""
    rows = Message.objects.filter(
        person=person_id, template=template, state__in=Message.GONE_OUT, sent_at__gt=now - JUST_SAID
    )
    return any((row.made_of or {}).get("values", {}).get("once") == once for row in rows)


def was_any_written(*, organisation: Organisation, keys: Sequence[str], since: datetime) -> bool:
    """Whether a letter with one of these keys was written since then, and not taken back."""
    rows = Message.objects.filter(organisation=organisation, key__in=keys, created_at__gte=since)
    return rows.exclude(state=Message.State.CANCELLED).exists()


def due(now: datetime) -> QuerySet[Message]:
    """Messages whose turn it is: those that wait, those whose outcome is unknown, and those whose sender is lost
    (its lease has run out by the database's clock). Those of one moment, as all of a night at eight, go in the order
    in which they were written."""
    waiting = Q(state__in=[Message.State.DUE, Message.State.UNKNOWN])
    lost = Q(state=Message.State.SENDING, claimed_until__lt=Now())
    return Message.objects.filter(
        waiting | lost,
        # As the index says it, so that SQLite reads that alone.
        state__in=literals([Message.State.DUE, Message.State.SENDING, Message.State.UNKNOWN]),
        not_before__lte=now,
    ).order_by("not_before", "pk")


def with_push(people: Iterable[UUID]) -> set[UUID]:
    """Those of these people (ids) whom a browser of theirs tells things at once."""
    asked, found = sorted(set(people)), set()
    for start in range(0, len(asked), 500):
        rows = PushSubscription.objects.filter(person_id__in=asked[start : start + 500])
        found |= set(rows.values_list("person_id", flat=True))
    return found


def failed(organisation: Organisation) -> QuerySet[Message]:
    """Messages that were given up and that nobody has seen to, the newest first: somebody of the team must call
    instead."""
    return (
        Message.objects.filter(organisation=organisation, state=Message.State.FAILED, settled_at=None)
        .exclude(template__in=AROUND)
        .select_related("person")
        .order_by("-created_at", "-pk")
    )


def unsettled(organisation: Organisation) -> int:
    """How many messages are still on their way."""
    waiting = Message.objects.filter(
        organisation=organisation, state__in=[*Message.WAITING, Message.State.SENDING]
    )
    return waiting.exclude(template__in=AROUND).count()


def waiting_for_money(organisation: Organisation) -> int:
    """How many messages wait until tomorrow because today's money is spent."""
    waiting = Message.objects.filter(organisation=organisation, state=Message.State.DUE, error=rules.SPENT)
    return waiting.exclude(template__in=AROUND).count()


def boxes(organisation: Organisation) -> QuerySet[SandboxDelivery, UUID]:
    """The people whose simulated phone or mailbox holds something (their ids), the newest message first."""
    received = SandboxDelivery.objects.filter(organisation=organisation).values("person_id")
    return (
        received.annotate(newest=Max("at"))
        .order_by("-newest", "person_id")
        .values_list("person_id", flat=True)
    )


def newest_in_boxes(organisation: Organisation, people: list[UUID], limit: int) -> list[SandboxDelivery]:
    """The newest `limit` messages of each channel in the boxes of these people, the newest first."""
    place = Window(
        RowNumber(), partition_by=[F("person_id"), F("channel")], order_by=[F("at").desc(), F("id").desc()]
    )
    found = SandboxDelivery.objects.filter(organisation=organisation, person_id__in=people)
    return list(found.annotate(place=place).filter(place__lte=limit).order_by("-at", "-id"))


def box(organisation: Organisation, person_id: UUID) -> QuerySet[SandboxDelivery]:
    """Everything in one person's boxes, the newest first."""
    return SandboxDelivery.objects.filter(organisation=organisation, person_id=person_id).order_by(
        "-at", "-id"
    )
