"""Who wants nothing more from us. (A file of its own: asked by `actions` before each message, changed by
`conversation` when somebody writes STOP or START.)"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from quartier.lib import clock
from quartier.lib.ids import uuid7
from quartier.messaging.models import Message, Stop
from quartier.people.models import Person, Volunteer
from quartier.team.models import Organisation

# Written all the same: what they have asked for themselves a moment ago (a code, the answer to STOP), and what keeps
# somebody from harm or from a walk for nothing while a visit is under way. All else is left to a call.
DESPITE = frozenset(
    {"sign_in_code", "many_codes", "passkey_added", "passkey_removed"}
    | {"write_to_us", "stopped", "started", "still_stopped"}
    | {
        "visit_cancelled",
        "visit_moved",
        "visit_changed",
        "call_cancelled",
        "call_moved",
        "told_too_late",
        "looking_again",
        "caller_cannot",
        "not_heard",
        "on_way",
        "risk_heard",
        "dangers",
        "person_died",
    }
    | {"not_met", "not_reached"}
    | {"risk_written", "danger_numbers", "line_stopped", "line_away", "line_blind", "line_back"}
    | {"companion_worry", "companion_check", "companion_check_waits", "companion_glass", "companion_died"}
)
REPORTS_COME = timedelta(days=3)


def indexes_of(people: Iterable[Person]) -> set[str]:
    """Every number and address of these people, as keyed hashes."""
    return {index for person in people for index in (person.phone_index, person.email_index)} - {""}


def _own_indexes_of(people: Iterable[Person], beside: Iterable[Person] = ()) -> set[str]:
    """The same, without those under which somebody else is known too: in a form anybody can write another one's address
    or number beside their own. `beside`: files of whoever writes, who are nobody else."""
    people, beside = list(people), list(beside)
    mine = indexes_of(people)
    if not mine:
        return set()
    others = Person.objects.filter(
        Q(phone_index__in=mine) | Q(email_index__in=mine), organisation=people[0].organisation_id
    )
    return mine - indexes_of(others.exclude(pk__in=[each.pk for each in people + beside]))


def among(organisation: Organisation, people: Iterable[Person]) -> set[UUID]:
    """Those of these people (ids) of whom one number or address is stopped: then nothing goes to the other either."""
    people = list(people)
    asked, stopped = sorted(indexes_of(people)), set[str]()
    for start in range(0, len(asked), 500):
        rows = Stop.objects.filter(organisation=organisation, index__in=asked[start : start + 500])
        stopped |= set(rows.values_list("index", flat=True))
    return {person.pk for person in people if stopped and {person.phone_index, person.email_index} & stopped}


def is_stopped(organisation: Organisation, index: str, people: Iterable[Person]) -> bool:
    """Whether this number or address, or everybody of these people, wants nothing more. One who does is not all of
    them: anybody can have a file at it."""
    people = list(people)
    if index and Stop.objects.filter(organisation=organisation, index=index).exists():
        return True
    return bool(people) and among(organisation, people) == {person.pk for person in people}


@transaction.atomic
def stop(
    *,
    organisation: Organisation,
    index: str,
    people: list[Person],
    paused: Volunteer | None = None,
    beside: Iterable[Person] = (),
) -> int:
    """Nothing more at this number or address, nor at any other that is of these people alone (and of those `beside`
    them, who wrote it too). What waits is taken back, what is being sent is not sent again. Returns how many messages
    were taken back."""
    now, group = clock.now(), uuid7()
    wanted = sorted(_own_indexes_of(people, beside) | ({index} - {""}))
    Stop.objects.bulk_create(
        [Stop(organisation=organisation, index=each, group=group, paused=paused, at=now) for each in wanted],
        ignore_conflicts=True,
    )
    waiting = Message.objects.filter(organisation=organisation, person__in=[each.pk for each in people])
    waiting = waiting.exclude(template__in=DESPITE)
    # Nor by another way, should its provider say later that it has not arrived.
    under_way = Q(state=Message.State.SENDING) | Q(state=Message.State.SENT, sent_at__gt=now - REPORTS_COME)
    waiting.filter(under_way).update(not_after=now)
    return waiting.filter(state__in=Message.WAITING).update(state=Message.State.CANCELLED)


@transaction.atomic
def start(*, organisation: Organisation, index: str, people: list[Person]) -> list[Volunteer] | None:
    """Messages may come again, to all that one STOP had stopped. Returns the volunteers who took a break because of
    it; `None` when nothing was stopped."""
    wanted = _own_indexes_of(people) | ({index} - {""})
    rows = Stop.objects.filter(organisation=organisation)
    groups = set(rows.filter(index__in=wanted).values_list("group", flat=True))
    if not groups:
        return None
    ended = rows.filter(group__in=groups)
    paused = {row.paused.pk: row.paused for row in ended.select_related("paused") if row.paused is not None}
    ended.delete()
    return list(paused.values())
