"""Writing down what was seen, signing the charter, and the level that follows from both."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.http import Http404

from quartier.audit import actions as audit
from quartier.lib import clock
from quartier.people.models import Volunteer
from quartier.team.access import Actor, system
from quartier.team.models import Organisation, Role
from quartier.trust import queries, rules
from quartier.trust.models import Sighting, Signature


class NotSeen(ValueError):
    """A day to come, or one that is over before it begins; or one's own paper."""


@dataclass(frozen=True)
class Paper:
    """What was seen: `kind` and `model` as in `Sighting`, on which day, and until when the paper says that it holds."""

    kind: str
    model: str = ""
    seen_on: date | None = None
    valid_until: date | None = None


@transaction.atomic
def saw(*, actor: Actor, volunteer: Volunteer, paper: Paper) -> Sighting:
    """A coordinator has seen it. Nobody sees their own. Raises `NotSeen`, `Http404`."""
    _coordinates(actor)
    today = clock.now().astimezone(volunteer.organisation.zone).date()
    seen_on = paper.seen_on or today
    until = paper.valid_until or rules.holds_until(paper.kind, seen_on)
    if seen_on > today or (until is not None and until < seen_on) or volunteer.person.account_id == actor.id:
        raise NotSeen
    _lock(volunteer)
    row = Sighting.objects.create(
        organisation=volunteer.organisation,
        volunteer=volunteer,
        kind=Sighting.Kind(paper.kind),
        model=Sighting.Model(paper.model) if paper.kind == Sighting.Kind.EXTRACT else "",
        seen_by=actor.account,
        seen_on=seen_on,
        valid_until=until,
        recorded_at=clock.now(),
    )
    _note(actor, "volunteer.seen", volunteer, kind=row.kind, model=row.model)
    refresh(actor=actor, volunteer=volunteer)
    return row


@transaction.atomic
def take_back(*, actor: Actor, volunteer: Volunteer, sighting_id: UUID) -> None:
    """It was written down by mistake, or does not hold any more. Raises `Http404`."""
    _coordinates(actor)
    _lock(volunteer)
    found = Sighting.objects.filter(pk=sighting_id, volunteer=volunteer).first()
    if found is None:
        raise Http404
    if found.taken_back_at is None:
        found.taken_back_at = clock.now()
        found.save(update_fields=["taken_back_at"])
        _note(actor, "volunteer.not_seen", volunteer, kind=found.kind, model=found.model)
    refresh(actor=actor, volunteer=volunteer)


@transaction.atomic
def sign(*, actor: Actor, volunteer: Volunteer, language: str) -> None:
    """The volunteer signs the charter as it is now. Twice is once."""
    _lock(volunteer)
    _row, new = Signature.objects.get_or_create(
        volunteer=volunteer,
        version=rules.CHARTER_VERSION,
        defaults={
            "organisation": volunteer.organisation,
            "language": language[:2],
            "signed_at": clock.now(),
        },
    )
    if new:
        _note(actor, "volunteer.sign", volunteer, version=rules.CHARTER_VERSION, language=language[:2])
    refresh(actor=actor, volunteer=volunteer)


def refresh(*, actor: Actor, volunteer: Volunteer) -> int:
    """The level that follows from what holds today, in the caller's transaction; a change is written down."""
    today = clock.now().astimezone(volunteer.organisation.zone).date()
    level = queries.standing(volunteer, today).level
    before = Volunteer.objects.values_list("level", flat=True).get(pk=volunteer.pk)
    if before != level:
        Volunteer.objects.filter(pk=volunteer.pk).update(level=level)
        volunteer.level = level
        _note(actor, "volunteer.level", volunteer, before=before, now=level)
    return level


def expire(today: date, limit: int = 500) -> int:
    """Whose level rested on something that does not hold any more has a lower one. Returns how many."""
    over = Sighting.objects.filter(valid_until__lt=today, taken_back_at=None, volunteer__level__gt=0)
    count = 0
    for pk in over.values_list("volunteer", flat=True).distinct().order_by("volunteer")[:limit]:
        with transaction.atomic():
            volunteer = (
                Volunteer.objects.select_related("organisation").select_for_update(of=("self",)).get(pk=pk)
            )
            before = volunteer.level
            count += refresh(actor=system(volunteer.organisation), volunteer=volunteer) != before
    return count


@transaction.atomic
def vet(*, actor: Actor, wish: bool) -> None:
    """Whether this group asks volunteers only for help of their level. Raises `Http404` for who does not head it."""
    if not actor.has(Role.Name.ADMIN):
        raise Http404
    Organisation.objects.filter(pk=actor.organisation.pk).update(vets=wish)
    actor.organisation.vets = wish
    audit.record(
        organisation_id=actor.organisation.pk,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb="organisation.vets",
        subject_kind="organisation",
        subject_id=actor.organisation.pk,
        details={"wish": wish},
    )


@transaction.atomic
def pair_first(*, actor: Actor, wish: bool) -> None:
    """Whether who goes to a door for the first time goes with somebody experienced. Raises `Http404` for who does not
    head the group. It holds for whoever says yes from now on."""
    if not actor.has(Role.Name.ADMIN):
        raise Http404
    Organisation.objects.filter(pk=actor.organisation.pk).update(pairs_first=wish)
    actor.organisation.pairs_first = wish
    audit.record(
        organisation_id=actor.organisation.pk,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb="organisation.pairs",
        subject_kind="organisation",
        subject_id=actor.organisation.pk,
        details={"wish": wish},
    )


def _lock(volunteer: Volunteer) -> None:
    Volunteer.objects.select_for_update().get(pk=volunteer.pk)


def _coordinates(actor: Actor) -> None:
    if not actor.has(Role.Name.COORDINATOR, Role.Name.ADMIN):
        raise Http404


def _note(actor: Actor, verb: str, volunteer: Volunteer, **details: object) -> None:
    audit.record(
        organisation_id=volunteer.organisation_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=verb,
        subject_kind="volunteer",
        subject_id=volunteer.pk,
        details=details,
    )
