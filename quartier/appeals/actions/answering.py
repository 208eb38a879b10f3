"""Yes, no or later to an appeal: what a yes changes at once, and how it is taken back."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from quartier.appeals import queries, rules
from quartier.appeals.actions.ledger import changed
from quartier.appeals.models import Appeal, Invitation, RoleWish
from quartier.lib import choices, clock
from quartier.people import actions as people
from quartier.team.access import Actor, system

OPEN = (Appeal.State.OPEN, Appeal.State.ENOUGH)


@transaction.atomic
def answer(*, actor: Actor, invitation: Invitation, said: str) -> Invitation:
    """`said`: `yes`, `no` or `later`. A yes does at once what was asked. Another answer takes the one before back; the
    same one again, or one to an appeal that is over, changes nothing."""
    said = Invitation.State(said)
    appeal, row = _locked(invitation)
    if said == Invitation.State.SENT or row.state == said or appeal.state not in OPEN:
        return row
    _undo(actor, row, appeal)
    now = clock.now()
    row.state, row.answered_at = said, now
    if said == Invitation.State.YES:
        _do(actor, row, appeal, now)
    elif (rests := _break_of(appeal, said, now)) is not None:
        people.pause(actor=actor, volunteer=row.volunteer, until=rests.until)
    row.save()
    changed(actor, said, appeal)
    _end_if_enough(appeal, now)
    return row


@dataclass(frozen=True)
class AnsweredBreak:
    """A break that an answer begins. `until`: its end; `None`: when they say so."""

    until: date | None


def _break_of(appeal: Appeal, said: str, now: datetime) -> AnsweredBreak | None:
    """The break that this answer means, if it means one."""
    if said == Invitation.State.NO and appeal.purpose in {Appeal.Purpose.STILL, Appeal.Purpose.QUIET}:
        return AnsweredBreak(None)
    if said == Invitation.State.LATER and appeal.purpose == Appeal.Purpose.QUIET:
        return AnsweredBreak(now.astimezone(appeal.organisation.zone).date() + rules.BREAK_FOR)
    return None


@transaction.atomic
def take_back(*, actor: Actor, invitation: Invitation) -> Invitation:
    """As if they had not answered: what a yes has changed is as it was, unless they have changed it since."""
    appeal, row = _locked(invitation)
    if row.state == Invitation.State.SENT:
        return row
    _undo(actor, row, appeal)
    row.state, row.answered_at = Invitation.State.SENT, None
    row.save()
    changed(actor, "take_back", appeal)
    return row


def end_farther(now: datetime, limit: int = 100) -> int:
    """Whose month in another neighbourhood is over goes as far as before. Returns how many. Idle, it only looks."""
    return _end_farther(now, limit) if Invitation.objects.filter(until__lte=now).exists() else 0


@transaction.atomic
def _end_farther(now: datetime, limit: int) -> int:
    rows = Invitation.objects.select_for_update(of=("self",), skip_locked=True)
    over = list(
        rows.select_related("organisation", "volunteer").filter(until__lte=now).order_by("until")[:limit]
    )
    for row in over:
        # One that has just ended may have changed what this one goes back to.
        row.refresh_from_db(fields=["was"])
        _go_as_before(system(row.organisation), row)
        row.until = None
        row.save(update_fields=["until"])
    return len(over)


def _locked(invitation: Invitation) -> tuple[Appeal, Invitation]:
    """The appeal's row first, everywhere: two who answer at once wait for each other."""
    appeal = (
        Appeal.objects.select_for_update(of=("self",))
        .select_related("organisation", "incident")
        .get(pk=invitation.appeal_id)
    )
    row = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("volunteer__person", "organisation")
        .get(pk=invitation.pk)
    )
    return appeal, row


def _do(actor: Actor, row: Invitation, appeal: Appeal, now: datetime) -> None:
    volunteer = row.volunteer
    match appeal.purpose:
        case Appeal.Purpose.PLACE:
            wished = volunteer.radius_m + queries.short_m(volunteer, appeal)
            row.became = min(-(-wished // 500) * 500, people.FARTHEST_M)
            row.was, _kinds = people.change_readiness(actor=actor, volunteer=volunteer, radius_m=row.became)
            row.until = now + rules.FARTHER_FOR
        case Appeal.Purpose.KIND:
            row.became = choices.kind(appeal.kind).mask
            _metres, row.was = people.change_readiness(actor=actor, volunteer=volunteer, add=row.became)
        case Appeal.Purpose.EVENT if appeal.incident is not None:
            row.became = choices.mask(choices.KINDS, rules.taken_on(appeal.incident.kinds))
            _metres, row.was = people.change_readiness(actor=actor, volunteer=volunteer, add=row.became)
        case Appeal.Purpose.ROLE if not _has(row, appeal):
            RoleWish.objects.update_or_create(
                volunteer=volunteer,
                role=appeal.role,
                defaults={
                    "organisation": row.organisation,
                    "invitation": row,
                    "state": RoleWish.State.WAITING,
                    "at": now,
                    "settled_by": None,
                    "settled_at": None,
                },
            )
        case Appeal.Purpose.STILL | Appeal.Purpose.QUIET:
            if volunteer.state == volunteer.State.PAUSED:
                people.resume(actor=actor, volunteer=volunteer)


def _has(row: Invitation, appeal: Appeal) -> bool:
    """Whether somebody of the team has said yes to it before."""
    accepted = RoleWish.objects.filter(role=appeal.role, state=RoleWish.State.ACCEPTED)
    return accepted.filter(volunteer=row.volunteer).exists()


def _go_as_before(actor: Actor, row: Invitation) -> None:
    """The radius as it was, unless they have changed it since. Where another appeal has widened it further, that one
    will go back to what it was before both."""
    assert row.was is not None
    further = Invitation.objects.filter(volunteer=row.volunteer, until__isnull=False, was=row.became)
    if not further.exclude(pk=row.pk).update(was=row.was):
        people.change_readiness(
            actor=actor, volunteer=row.volunteer, radius_m=row.was, only_from=row.became or 0
        )


def _undo(actor: Actor, row: Invitation, appeal: Appeal) -> None:
    if _break_of(appeal, row.state, clock.now()) is not None:
        people.resume(actor=actor, volunteer=row.volunteer)
    if row.state != Invitation.State.YES:
        return
    if row.until is not None and row.was is not None:
        _go_as_before(actor, row)
    elif (
        appeal.purpose in {Appeal.Purpose.KIND, Appeal.Purpose.EVENT}
        and row.was is not None
        and row.became is not None
    ):
        people.change_readiness(actor=actor, volunteer=row.volunteer, drop=row.became & ~row.was)
    elif appeal.purpose == Appeal.Purpose.ROLE:
        RoleWish.objects.filter(
            volunteer=row.volunteer, role=appeal.role, state=RoleWish.State.WAITING
        ).update(state=RoleWish.State.WITHDRAWN)
    row.was = row.became = row.until = None


def _end_if_enough(appeal: Appeal, now: datetime) -> None:
    if appeal.state == Appeal.State.OPEN and queries.tally(appeal).yes >= appeal.wanted:
        appeal.state, appeal.ended_at, appeal.next_at = Appeal.State.ENOUGH, now, None
        appeal.save(update_fields=["state", "ended_at", "next_at"])
        changed(system(appeal.organisation), "enough", appeal)
