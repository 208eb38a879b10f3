"""How and when somebody wants to be told things, and when they are away: read, and changed by them or by the team. (A
file of its own beside `actions`, which says who somebody is.)"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from quartier.audit import actions as audit
from quartier.lib import clock
from quartier.people import rules
from quartier.people.models import Away, Person, Volunteer, Wishes
from quartier.people.rules import Quiet
from quartier.team.access import Actor

A_QUERY = 500


@dataclass(frozen=True)
class Said:
    """What somebody says on one page. Raises `ValueError` for hours that are none or too long."""

    quiet: Quiet | None = None
    urgent: bool = False
    rhythm: str = Wishes.Rhythm.EACH
    daily_at: time = time(18)

    def __post_init__(self) -> None:
        if self.quiet is not None and not rules.LONGEST_QUIET >= self.quiet.lasts > timedelta():
            raise ValueError("quiet hours last up to sixteen hours")
        Wishes.Rhythm(self.rhythm)


def of(person: Person) -> Wishes:
    """What this person wishes; a row that is not kept holds the defaults."""
    row = Wishes.objects.filter(person=person).first()
    return row or Wishes(organisation_id=person.organisation_id, person=person, changed_at=clock.now())


def of_all(people: Iterable[UUID]) -> dict[UUID, Wishes]:
    """The wishes of those of these people (ids) who have any. One query for each 500."""
    asked, found = sorted(set(people)), dict[UUID, Wishes]()
    for start in range(0, len(asked), A_QUERY):
        rows = Wishes.objects.filter(person__in=asked[start : start + A_QUERY])
        found |= {row.person_id: row for row in rows}
    return found


def of_people(people: Iterable[Person]) -> dict[UUID, Wishes]:
    """As `of_all`; where they were read with the person (`select_related`), they are not asked for again."""
    asked, found = [], dict[UUID, Wishes]()
    for person in people:
        if not Person.wishes.is_cached(person):
            asked.append(person.pk)
        elif (row := getattr(person, "wishes", None)) is not None:
            found[person.pk] = row
    return found | of_all(asked)


def quiet_of(wish: Wishes | None) -> Quiet | None:
    """The quiet hours of somebody's own."""
    if wish is None or wish.quiet_from is None or wish.quiet_until is None:
        return None
    return Quiet(wish.quiet_from, wish.quiet_until)


def mails_at(wish: Wishes | None) -> tuple[time, ...]:
    """The hours at which mails come together; none where each comes by itself."""
    if wish is None or wish.rhythm == Wishes.Rhythm.EACH:
        return ()
    return rules.FEW_AT if wish.rhythm == Wishes.Rhythm.FEW else (wish.daily_at,)


@transaction.atomic
def wish(*, actor: Actor, person: Person, said: Said) -> Wishes:
    """From now on, messages to this person obey this."""
    start, end = said.quiet or (None, None)
    return _keep(
        actor,
        person,
        quiet_from=start,
        quiet_until=end,
        urgent=said.urgent,
        rhythm=said.rhythm,
        daily_at=said.daily_at,
    )


@transaction.atomic
def put_in_order(*, actor: Actor, person: Person, order: Iterable[str]) -> Wishes:
    """The ways to this person, the one tried first in front. Codes that nobody knows are left out."""
    named = [code for code in dict.fromkeys(order) if code in rules.CHANNELS]
    row = _keep(actor, person, order=named)
    first = next((code for code in named if code in Person.Channel.values), person.channel)
    if person.channel not in {Person.Channel.CALL, first}:
        # What was told of one way alone says the same.
        person.channel = first
        person.save(update_fields=["channel"])
    return row


@transaction.atomic
def speak(*, actor: Actor, person: Person, language: str, channel: str = "") -> None:
    """The language in which this person is written to; `channel`: how they are told things first of all."""
    wanted = {"language": language} | ({"channel": channel} if channel else {})
    changed = {name: value for name, value in wanted.items() if getattr(person, name) != value}
    chosen_anew(person, channel or person.channel)
    for name, value in changed.items():
        setattr(person, name, value)
    if changed:
        person.save(update_fields=list(changed))
        _note(actor, "person.wish", "person", person.pk, changed=sorted(changed))


def chosen_anew(person: Person, channel: str) -> None:
    """Another way is chosen to be told things first: an order that was chosen before says so no more. Called before the
    person is changed."""
    if person.channel != channel:
        Wishes.objects.filter(person=person).update(order=[])


@transaction.atomic
def ask_at_most(*, actor: Actor, volunteer: Volunteer, budget: int) -> None:
    """Offers a day that this volunteer agrees to, from 1 to 10. Raises `ValueError`."""
    if not 1 <= budget <= 10:
        raise ValueError(budget)
    if volunteer.budget != budget:
        volunteer.budget = budget
        volunteer.save(update_fields=["budget"])
        _note(actor, "volunteer.edit", "volunteer", volunteer.pk)


@dataclass(frozen=True)
class Page:
    """All that one page asks for. `budget`: of a volunteer; `channel`: "" leaves it as it is."""

    said: Said
    language: str
    channel: str = ""
    budget: int | None = None


@transaction.atomic
def write_down(*, actor: Actor, person: Person, page: Page, volunteer: Volunteer | None = None) -> None:
    """What somebody has said on one page, of themselves or for whom they have on the phone."""
    wish(actor=actor, person=person, said=page.said)
    speak(actor=actor, person=person, language=page.language, channel=page.channel)
    if volunteer is not None and page.budget is not None:
        ask_at_most(actor=actor, volunteer=volunteer, budget=page.budget)


def _keep(actor: Actor, person: Person, **wanted: Any) -> Wishes:
    # Two at once: the second one waits, and changes what the first has left.
    Person.objects.select_for_update(of=("self",)).filter(pk=person.pk).first()
    row = of(person)
    changed = sorted(name for name, value in wanted.items() if getattr(row, name) != value)
    if not changed:
        return row
    for name in changed:
        setattr(row, name, wanted[name])
    row.changed_at = clock.now()
    row.save()
    _note(actor, "person.wish", "person", person.pk, changed=changed)
    return row


def _note(actor: Actor, verb: str, kind: str, pk: UUID, **details: Any) -> None:
    audit.record(
        organisation_id=actor.organisation.id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=verb,
        subject_kind=kind,
        subject_id=pk,
        details=details,
    )


# Away


class TooMany(ValueError):
    """So many times ahead nobody can look over any more."""


@transaction.atomic
def go_away(*, actor: Actor, volunteer: Volunteer, starts_on: date, ends_on: date) -> Away:
    """No offers from the first day to the last one, both included, and none for that time. Said twice, it is said
    once; what touches or overlaps becomes one. Raises `ValueError` for days that are none, `TooMany`."""
    today = clock.now().astimezone(actor.organisation.zone).date()
    if not (
        today <= ends_on
        and starts_on <= ends_on <= starts_on + rules.LONGEST_AWAY
        and starts_on <= today + rules.AHEAD
    ):
        raise ValueError("no days to be away on")
    Volunteer.objects.select_for_update(of=("self",)).filter(pk=volunteer.pk).first()
    a_day = timedelta(days=1)
    mine = Away.objects.filter(volunteer=volunteer, ends_on__gte=today)
    near = list(mine.filter(starts_on__lte=ends_on + a_day, ends_on__gte=starts_on - a_day))
    whole = next((row for row in near if row.starts_on <= starts_on and ends_on <= row.ends_on), None)
    if whole is not None:
        return whole
    if mine.count() - len(near) >= rules.MOST_AWAY:
        raise TooMany
    row = Away.objects.create(
        organisation=actor.organisation,
        volunteer=volunteer,
        starts_on=min([starts_on, *(each.starts_on for each in near)]),
        ends_on=max([ends_on, *(each.ends_on for each in near)]),
        created_at=clock.now(),
    )
    Away.objects.filter(pk__in=[each.pk for each in near]).delete()
    _note(actor, "volunteer.away", "volunteer", volunteer.pk)
    return row


@transaction.atomic
def stay(*, actor: Actor, volunteer: Volunteer, away_id: UUID) -> bool:
    """They are there after all. False when that was so before."""
    if not Away.objects.filter(pk=away_id, volunteer=volunteer).delete()[0]:
        return False
    _note(actor, "volunteer.stay", "volunteer", volunteer.pk)
    return True


def times_away(volunteer: Volunteer, today: date) -> list[Away]:
    """When they are away, from today on; the next one first."""
    return list(Away.objects.filter(volunteer=volunteer, ends_on__gte=today).order_by("starts_on"))


def forget_old(today: date) -> int:
    """Nobody needs to know any more who was away. Returns how many."""
    return Away.objects.filter(ends_on__lt=today - timedelta(days=30)).delete()[0]
