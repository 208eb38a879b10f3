"""Making promises, keeping and breaking them. Telling people is for the rooms above: `messaging` for the person,
`duty` for the team."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from quartier.audit import actions as audit
from quartier.lib import clock
from quartier.people.models import Person
from quartier.promises import rules
from quartier.promises.models import Promise
from quartier.promises.rules import PromiseSpec
from quartier.team.models import Account, Organisation

Outcome = Promise.Outcome
MAX_TRIES = 5


def make_promise(*, organisation: Organisation, spec: PromiseSpec) -> Promise:
    """Write down what is promised, in the transaction of the words that promise it.

    It takes the place of what was promised about the same thing before. Promised again in the same words, it is the
    same promise. Raises `ValueError` for an hour that is past.
    """
    now = clock.now()
    if spec.due_at <= now:
        raise ValueError("a promise is for an hour that is still to come")
    for _ in range(MAX_TRIES):
        try:
            with transaction.atomic():
                return _make(organisation, spec, now)
        except IntegrityError:
            # Somebody else promised the same at this moment: look at theirs.
            continue
    raise IntegrityError("cannot write down a promise")


def _make(organisation: Organisation, spec: PromiseSpec, now: datetime) -> Promise:
    before = _open(spec.subject_kind, spec.subject_id)
    for row in before:
        if (row.kind, row.due_at, row.person_id) == (spec.kind, spec.due_at, spec.person and spec.person.pk):
            if spec.needs_team and not row.needs_team:
                _give_to_team(row, now)
            if spec.told_by == Promise.ToldBy.MESSAGE != row.told_by:
                row.told_by = Promise.ToldBy.MESSAGE
            row.complaint_id = spec.complaint_id or row.complaint_id
            row.save(update_fields=["told_by", "complaint_id"])
            return row
    last = before[-1] if before else None
    for row in before:
        _end(row, Outcome.RENEWED, now)
    was_late = last is not None and last.outcome == Outcome.BROKEN
    promise = Promise(
        organisation=organisation,
        person=spec.person,
        kind=Promise.Kind(spec.kind),
        subject_kind=spec.subject_kind,
        subject_id=spec.subject_id,
        told_by=Promise.ToldBy(spec.told_by),
        urgent=spec.urgent,
        needs_team=spec.needs_team,
        owner=spec.owner or (last.owner if last else None),
        made_at=now,
        waiting_since=last.waiting_since if last else spec.waiting_since or now,
        due_at=spec.due_at,
        renewed_from=last,
        complaint_id=spec.complaint_id or (last.complaint_id if last else None),
        times_broken=last.times_broken + was_late if last else 0,
    )
    if last is not None and last.needs_team and spec.needs_team:
        # The team knows of it already.
        promise.team_told_at = last.team_told_at
    promise.next_at = rules.next_look(promise)
    promise.save(force_insert=True)
    _record(promise, "promise.make", kind=str(promise.kind))
    return promise


def keep_promises(*, subject_kind: str, subject_id: UUID, complaints: bool = True) -> int:
    """What was promised about this has happened. Returns how many promises that ends; whose hour has passed, is broken
    all the same. `complaints`: also what is owed for a complaint; a visit does not keep that."""
    return _end_all(subject_kind, subject_id, Outcome.KEPT, complaints=complaints)


def withdraw_promises(*, subject_kind: str, subject_id: UUID, complaints: bool = True) -> int:
    """This is over: nothing of it is owed any more. Returns how many promises that ends. `complaints`: as above."""
    return _end_all(subject_kind, subject_id, Outcome.WITHDRAWN, complaints=complaints)


def break_promises(*, subject_kind: str, subject_id: UUID) -> int:
    """Their hour has passed, and none takes their place: whoever waits is asked something else. Returns how many."""
    return _end_all(subject_kind, subject_id, Outcome.BROKEN)


@transaction.atomic
def give_to_team(*, subject_kind: str, subject_id: UUID) -> bool:
    """From now on only somebody of the team can keep what is promised about this. False when nothing is."""
    rows, now = _open(subject_kind, subject_id), clock.now()
    for row in rows:
        if not row.needs_team:
            _give_to_team(row, now)
    return bool(rows)


@transaction.atomic
def give_to_search(*, subject_kind: str, subject_id: UUID) -> None:
    """Neighbours are asked: the search keeps it, or the team hears of it again."""
    for row in _open(subject_kind, subject_id):
        row.needs_team, row.team_told_at, row.warned_at = False, None, None
        row.next_at = rules.next_look(row)
        row.save(update_fields=["needs_team", "team_told_at", "warned_at", "next_at"])


@transaction.atomic
def give_to_account(*, subject_kind: str, subject_id: UUID, account: Account | None) -> None:
    """This one of the team owes it from now on, and knows it."""
    now = clock.now()
    for row in _open(subject_kind, subject_id):
        row.owner = account
        row.team_told_at = row.team_told_at or now
        row.next_at = rules.next_look(row)
        row.save(update_fields=["owner", "team_told_at", "next_at"])


@transaction.atomic
def change_urgency(*, subject_kind: str, subject_id: UUID, urgent: bool) -> None:
    """It is urgent now, or no longer: whoever is still to be told hears so by that."""
    for row in _open(subject_kind, subject_id):
        row.urgent, row.next_at = urgent, rules.next_look(row)
        row.save(update_fields=["urgent", "next_at"])


@transaction.atomic
def team_was_told(*, subject_kind: str, subject_id: UUID) -> None:
    """The team has heard of it in other words already, so nobody is told once more before it is nearly due."""
    now = clock.now()
    for row in _open(subject_kind, subject_id):
        row.team_told_at = row.team_told_at or now
        row.next_at = rules.next_look(row)
        row.save(update_fields=["team_told_at", "next_at"])


@transaction.atomic
def renew_promise(*, promise: Promise, due_at: datetime) -> Promise | None:
    """They hear in time that nothing is new yet, and until when they hear again: this one is kept. `None` when it was
    not open any more, or its hour has passed: then it is for `break_promise`."""
    now = clock.now()
    row = Promise.objects.select_for_update().filter(pk=promise.pk, outcome="", due_at__gte=now).first()
    if row is None:
        return None
    _end(row, Outcome.KEPT, now)
    kind = Promise.Kind.NEWS if row.person_id else row.kind
    return _follow(row, now, kind=kind, due_at=due_at)


@transaction.atomic
def break_promise(
    *, promise: Promise, due_at: datetime, kind: str, needs_team: bool = True
) -> Promise | None:
    """Its hour has passed. Returns the promise that takes its place; `None` when it was not open any more.

    `needs_team`: whether somebody of the team must keep that one, or the search does.
    """
    now = clock.now()
    row = Promise.objects.select_for_update().filter(pk=promise.pk, outcome="", due_at__lte=now).first()
    if row is None:
        return None
    _end(row, Outcome.BROKEN, now)
    return _follow(
        row,
        now,
        kind=Promise.Kind(kind),
        due_at=due_at,
        needs_team=needs_team,
        times_broken=row.times_broken + 1,
        # They hear that it was broken, and with that of the new one.
        team_told_at=now,
    )


@transaction.atomic
def follow_promise(*, promise: Promise, due_at: datetime, kept_at: datetime) -> Promise | None:
    """It was kept at this moment, and nobody was reached: the team owes the same once more by this hour, and knows it;
    no hour is told yet. What was done after its hour was done late. `None` when it was not open any more."""
    now = clock.now()
    row = Promise.objects.select_for_update().filter(pk=promise.pk, outcome="").first()
    if row is None:
        return None
    _end(row, Outcome.KEPT, now, kept_at)
    return _follow(
        row,
        now,
        due_at=due_at,
        told_by=Promise.ToldBy.NOBODY,
        needs_team=True,
        times_broken=row.times_broken + 1 if row.outcome == Outcome.BROKEN else 0,
        team_told_at=now,
    )


def _follow(row: Promise, now: datetime, **changes: Any) -> Promise:
    """The promise that comes after this one, of the same thing to the same person, but for the `changes`."""
    kept = (
        "organisation_id",
        "person_id",
        "kind",
        "subject_kind",
        "subject_id",
        "complaint_id",
        "told_by",
        "urgent",
        "needs_team",
    )
    values = {name: getattr(row, name) for name in (*kept, "owner_id", "waiting_since")}
    following = Promise(**(values | changes), made_at=now, renewed_from=row)
    following.next_at = rules.next_look(following)
    following.save(force_insert=True)
    _record(following, "promise.make", kind=str(following.kind))
    return following


@transaction.atomic
def give_back_to_team(*, promise: Promise) -> None:
    """Whoever owed it is not of the team any more: whoever is on duty owes it, and hears of it anew."""
    row = Promise.objects.select_for_update(of=("self",)).filter(pk=promise.pk, outcome="").first()
    if row is None:
        return
    row.owner = None
    row.save(update_fields=["owner"])
    if row.needs_team:
        _give_to_team(row, clock.now())
    _record(row, "promise.give_back", kind=str(row.kind))


@transaction.atomic
def bind_to_complaint(*, subject_kind: str, subject_id: UUID, complaint_id: UUID) -> None:
    """What is owed about this is owed for this complaint from now on."""
    for row in _open(subject_kind, subject_id):
        row.complaint_id = complaint_id
        row.save(update_fields=["complaint_id"])


@transaction.atomic
def withdraw_all_to(*, person: Person) -> int:
    """They have died: nothing is owed to them any more. Returns how many promises that ends."""
    rows = Promise.objects.select_for_update(of=("self",)).filter(person=person, outcome="")
    now, found = clock.now(), list(rows.order_by("made_at", "pk"))
    for row in found:
        _end(row, Outcome.WITHDRAWN, now)
    return len(found)


@transaction.atomic
def owe_to(*, subject_kind: str, subject_id: UUID, person: Person) -> None:
    """Whoever was promised it cannot be told any more: the team owes it to this person now, who was told no hour."""
    for row in _open(subject_kind, subject_id):
        row.person, row.told_by = person, Promise.ToldBy.NOBODY
        row.save(update_fields=["person", "told_by"])


def was_told(*, promise: Promise, person_id: UUID) -> None:
    """A message names its hour to whom it was promised. Where it was told to nobody so far, now it is."""
    if promise.told_by != Promise.ToldBy.NOBODY or promise.person_id != person_id:
        return
    promise.told_by = Promise.ToldBy.MESSAGE
    promise.save(update_fields=["told_by"])


def _give_to_team(row: Promise, now: datetime) -> None:
    row.needs_team, row.team_told_at, row.warned_at, row.next_at = True, None, None, now
    row.save(update_fields=["needs_team", "team_told_at", "warned_at", "next_at"])


@transaction.atomic
def _end_all(
    subject_kind: str, subject_id: UUID, outcome: Promise.Outcome, *, complaints: bool = True
) -> int:
    now = clock.now()
    rows = [row for row in _open(subject_kind, subject_id) if complaints or row.complaint_id is None]
    for row in rows:
        _end(row, outcome, now)
    return len(rows)


def _open(subject_kind: str, subject_id: UUID) -> list[Promise]:
    """The open ones about this, locked, in the caller's transaction."""
    rows = Promise.objects.select_for_update(of=("self",)).filter(
        subject_kind=subject_kind, subject_id=subject_id, outcome=""
    )
    return list(rows.order_by("made_at", "pk"))


_VERBS = {
    Outcome.KEPT: "promise.keep",
    Outcome.BROKEN: "promise.break",
    Outcome.RENEWED: "promise.renew",
    Outcome.WITHDRAWN: "promise.withdraw",
}


def _end(row: Promise, outcome: Promise.Outcome, now: datetime, kept_at: datetime | None = None) -> None:
    """`kept_at`: when it was done, where that is seen only later; else now."""
    at = kept_at or now
    latest = row.due_at
    if outcome == Outcome.KEPT and not row.needs_team:
        latest += rules.WORKER_TAKES
    if outcome in {Outcome.KEPT, Outcome.RENEWED} and latest < at:
        outcome = Outcome.BROKEN
    row.outcome, row.ended_at, row.next_at = outcome, now, None
    if outcome == Outcome.KEPT:
        row.kept_at = at
    elif outcome == Outcome.BROKEN:
        row.broken_at = now
    row.save(update_fields=["outcome", "ended_at", "next_at", "kept_at", "broken_at"])
    _record(row, _VERBS[outcome], kind=str(row.kind))


def _record(promise: Promise, verb: str, **details: object) -> None:
    audit.record(
        organisation_id=promise.organisation_id,
        verb=verb,
        subject_kind=promise.subject_kind,
        subject_id=promise.subject_id,
        details={**details, "promise": promise.pk},
    )
