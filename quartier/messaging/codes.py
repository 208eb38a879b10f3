"""The short numbers by which a text is answered: "YES 42". (A file of its own: written by `actions` with the text,
read by `conversation` when the answer comes.)"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.messaging import providers
from quartier.messaging.models import Code
from quartier.people.models import Person
from quartier.team.models import Organisation

# For so long at least the same number means nothing else to the same phone.
KEPT = timedelta(days=14)
# Never an hour or a day of the month, nor anything like 112.
SHORT, LONG = range(32, 100), range(200, 1000)
# With more than this many of the short ones in use, a long one is easier to tell apart.
MOST_SHORT = 40
# Two who write to the same phone at once may choose the same; then one of them chooses again.
ROUNDS = 8


@dataclass(frozen=True)
class Asked:
    """Somebody to whom a text is written about something (an offer's id), and until when it can be answered."""

    person: Person
    about: UUID
    until: datetime | None = None


def _phone(person: Person) -> str:
    """By what the numbers of a phone are kept apart; who has none, and answers in a chat, stands for one."""
    return person.phone_index or blind("person", person.organisation_id, str(person.pk))


def can_be_answered() -> bool:
    """Whether answers to texts reach us at all."""
    return providers.can_be_answered()


def give(
    *, organisation: Organisation, person: Person, about: UUID, until: datetime | None = None
) -> int | None:
    """The number for one text, in the caller's transaction; the one given before, if it was. `None` as below."""
    return give_all(organisation=organisation, asked=[Asked(person, about, until)]).get(about)


@transaction.atomic
def give_all(*, organisation: Organisation, asked: Sequence[Asked]) -> dict[UUID, int]:
    """A number for each text, by what it is about; three statements for many, as long as nobody is in the way.

    Left out is who has had hundreds of texts within days: there is the link for them.
    """
    now = clock.now()
    given: dict[UUID, int] = {}
    waiting = list(asked)
    for _round in range(ROUNDS):
        if not waiting:
            return given
        rows = _rows(organisation, waiting)
        _forget(rows, now)
        used = _Used(row for row in rows if row.until > now)
        fresh: list[Code] = []
        for each in waiting:
            index = _phone(each.person)
            until = max(each.until or now, now + KEPT)
            known = used.known.get((index, each.about))
            if known is not None:
                Code.objects.filter(pk=known.pk).update(until=until, person=each.person)
                given[each.about] = known.number
                continue
            number = used.choose(index, each.person.pk)
            if number is None:
                continue
            fresh.append(
                Code(
                    organisation=organisation,
                    person=each.person,
                    phone_index=index,
                    number=number,
                    about=each.about,
                    until=until,
                )
            )
        # In one order everywhere, so that two at once wait for each other instead of crosswise.
        fresh.sort(key=lambda code: (code.phone_index, code.number))
        Code.objects.bulk_create(fresh, ignore_conflicts=True)
        kept = set(_in_chunks(fresh))
        given |= {code.about: code.number for code in fresh if code.pk in kept}
        waiting = [each for each in waiting if each.about not in given]
    return given


def _in_chunks(codes: Sequence[Code]) -> Iterable[UUID]:
    for start in range(0, len(codes), 500):
        keys = [code.pk for code in codes[start : start + 500]]
        yield from Code.objects.filter(pk__in=keys).values_list("pk", flat=True)


def _rows(organisation: Organisation, asked: Sequence[Asked]) -> list[Code]:
    found: dict[UUID, Code] = {}
    for start in range(0, len(asked), 250):
        some = asked[start : start + 250]
        same = Q(phone_index__in=[_phone(each.person) for each in some])
        same |= Q(person__in=[each.person.pk for each in some])
        found |= {row.pk: row for row in Code.objects.filter(same, organisation=organisation)}
    return list(found.values())


def _forget(rows: Iterable[Code], now: datetime) -> None:
    old = [row.pk for row in rows if row.until <= now]
    if old:
        Code.objects.filter(pk__in=old, until__lte=now).delete()


class _Used:
    """Which numbers each phone and each person has now."""

    def __init__(self, rows: Iterable[Code]) -> None:
        self.known: dict[tuple[str, UUID], Code] = {}
        self._numbers: dict[str | UUID, set[int]] = {}
        for row in rows:
            self.known[row.phone_index, row.about] = row
            for owner in (row.phone_index, row.person_id):
                self._numbers.setdefault(owner, set()).add(row.number)

    def choose(self, index: str, person_id: UUID) -> int | None:
        mine = self._numbers.setdefault(index, set())
        theirs = self._numbers.setdefault(person_id, set())
        used = mine | theirs
        short = [number for number in SHORT if number not in used]
        free = short if len(SHORT) - len(short) < MOST_SHORT else [each for each in LONG if each not in used]
        if not free:
            return None
        number = secrets.choice(free)
        mine.add(number)
        theirs.add(number)
        return number


def find(organisation: Organisation, people: Iterable[Person], number: int) -> Code | None:
    """What this number means to these people: of the phone that they have now, or given to them before it changed."""
    by_person = {person.pk: person for person in people}
    rows = Code.objects.filter(
        organisation=organisation, person__in=list(by_person), number=number, until__gt=clock.now()
    )
    return min(
        rows.select_related("person"),
        key=lambda row: row.phone_index != by_person[row.person_id].phone_index,
        default=None,
    )


def forget_old(now: datetime) -> int:
    """Delete numbers that mean nothing any more. Returns how many."""
    return Code.objects.filter(until__lte=now).delete()[0]
