"""Watching over who goes alone: until when, whether all is well, and help called without a word."""

from datetime import datetime, timedelta

from django.db import transaction

from quartier.alerts import actions as alerts
from quartier.alerts.models import Alert
from quartier.audit import actions as audit
from quartier.lib import clock
from quartier.lib.text import one_line
from quartier.people.models import Volunteer
from quartier.team.access import Actor, system
from quartier.visits import rules
from quartier.visits.actions import ledger
from quartier.visits.actions.progress import lock
from quartier.visits.models import Assignment, OwnWord, Watch


@transaction.atomic
def watch(*, actor: Actor, assignment: Assignment, minutes: int, at_door: bool = False) -> Watch | None:
    """The volunteer goes in alone and says for how long (one of `rules.STAYS`), or needs longer. `at_door`: they are
    there. `None` when the visit is over. An alert that was raised stays the team's."""
    locked = lock(assignment)
    if locked.state not in Assignment.ACTIVE or minutes not in rules.STAYS:
        return None
    now, row = clock.now(), _row(locked)
    row.until, row.asked_at, row.out_at = now + timedelta(minutes=minutes), None, None
    if at_door and row.at_door_at is None:
        row.at_door_at = now
    row.save()
    ledger.changed(actor, "watch.until", locked, minutes=minutes)
    return row


@transaction.atomic
def out_again(*, actor: Actor, assignment: Assignment) -> Watch | None:
    """The volunteer is out and well: nobody asks any more. An alert that was raised is closed by the team alone, since
    this button can be pressed by somebody else."""
    locked = lock(assignment)
    row = Watch.objects.filter(assignment=locked).first()
    if row is None or row.out_at is not None:
        return row
    row.out_at = clock.now()
    row.save(update_fields=["out_at"])
    ledger.changed(actor, "watch.out", locked)
    return row


@transaction.atomic
def needs_help(*, actor: Actor, assignment: Assignment, at: datetime) -> Watch | None:
    """Help is called without a word: the team is told at once, and nothing shows on the volunteer's phone. Pressed
    again it is the same alert; closed before, it is open again. `at`: when it was pressed. `None` for a visit that is
    long over."""
    locked = lock(assignment)
    if not rules.may_see_details(locked, at):
        return None
    row = _row(locked)
    # The last time counts: pressed by mistake the day before, it says nothing of where they are now.
    row.quiet_at = max(at, row.quiet_at or at)
    if row.alert is None:
        row.alert = _raise(system(locked.request.organisation), locked)
        row.save()
        _note(actor, "watch.quiet", row)
        alerts.tell_first(alert=row.alert)
    else:
        row.save()
        alerts.again(actor=system(locked.request.organisation), alert=row.alert)
    return row


def ask_overdue(now: datetime, limit: int = 100) -> int:
    """Ask those whose time is over whether all is well, once. Returns how many."""
    due = Watch.objects.filter(until__lte=now, asked_at=None, out_at=None, alert=None)
    count = 0
    for found in due.select_related("assignment")[:limit]:
        with transaction.atomic():
            locked = lock(found.assignment)
            row = Watch.objects.select_for_update().get(pk=found.pk)
            if row.until is None or row.until > now or row.asked_at or row.out_at or row.alert_id:
                continue
            row.asked_at = now
            row.save(update_fields=["asked_at"])
            ledger.tell_volunteer(locked, "watch_over", again=f"{row.until:%d%H%M%S}")
            ledger.changed(system(locked.request.organisation), "watch.ask", locked)
            count += 1
    return count


def raise_overdue(now: datetime, limit: int = 100) -> int:
    """Who was asked and said no word: the team is told. Returns how many."""
    due = Watch.objects.filter(asked_at__lte=now - rules.SILENCE, out_at=None, alert=None)
    count = 0
    for found in due.select_related("assignment")[:limit]:
        with transaction.atomic():
            locked = lock(found.assignment)
            row = Watch.objects.select_for_update().get(pk=found.pk)
            if row.asked_at is None or row.asked_at > now - rules.SILENCE or row.out_at or row.alert_id:
                continue
            row.alert = _raise(system(locked.request.organisation), locked)
            row.save(update_fields=["alert"])
            _note(system(locked.request.organisation), "watch.silent", row)
            alerts.tell_first(alert=row.alert)
            count += 1
    return count


@transaction.atomic
def agree_word(*, actor: Actor, volunteer: Volunteer, word: str) -> None:
    """The word by which the team knows on the phone that all is well; an empty one takes it back."""
    word = one_line(word, 40)
    if word:
        OwnWord.objects.update_or_create(
            volunteer=volunteer,
            defaults={"organisation": volunteer.organisation, "word": word, "since": clock.now()},
        )
    else:
        OwnWord.objects.filter(volunteer=volunteer).delete()
    audit.record(
        organisation_id=volunteer.organisation_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb="volunteer.own_word",
        subject_kind="volunteer",
        subject_id=volunteer.pk,
    )


def _row(locked: Assignment) -> Watch:
    row = Watch.objects.select_for_update().filter(assignment=locked).first()
    return row or Watch(organisation_id=locked.organisation_id, assignment=locked)


def _raise(actor: Actor, locked: Assignment) -> Alert:
    return alerts.open_alert(actor=actor, kind=Alert.Kind.VISIT, raised_by=locked.volunteer.person.account)


def _note(actor: Actor, verb: str, row: Watch) -> None:
    """Not by the ledger: pages that show the visit, the volunteer's too, stay as they are."""
    audit.record(
        organisation_id=row.organisation_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=verb,
        subject_kind="assignment",
        subject_id=row.assignment_id,
    )
