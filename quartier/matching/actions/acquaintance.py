"""Who knows whom: continuity is kindness, and a door that opens more easily."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from quartier.matching.models import Acquaintance
from quartier.people.models import Person, Volunteer


@transaction.atomic
def they_met(*, person: Person, volunteer: Volunteer, at: datetime) -> None:
    """One more visit that was done."""
    pair = Acquaintance.objects.filter(person=person, volunteer=volunteer)
    counted = pair.update(visits=F("visits") + 1, last_at=Greatest(F("last_at"), Value(at)))
    if not counted:
        row = Acquaintance(
            organisation_id=volunteer.organisation_id,
            person=person,
            volunteer=volunteer,
            visits=1,
            last_at=at,
        )
        if not Acquaintance.objects.bulk_create([row], ignore_conflicts=True):
            pair.update(visits=F("visits") + 1)


def never_met(*, person: Person, volunteer: Volunteer) -> None:
    """The last visit that was counted was none."""
    pair = Acquaintance.objects.filter(person=person, volunteer=volunteer)
    if not pair.filter(visits__gt=1).update(visits=F("visits") - 1):
        pair.delete()


def they_missed(*, person: Person, volunteer: Volunteer) -> None:
    """Somebody did not come, without a word: they are asked like everybody else again."""
    Acquaintance.objects.filter(person=person, volunteer=volunteer).delete()


def known_to(person_id: UUID, most: int) -> list[UUID]:
    """The volunteers who know this person, those who came most often first."""
    known = Acquaintance.objects.filter(person=person_id).order_by("-visits", "-last_at")
    return list(known.values_list("volunteer_id", flat=True)[:most])
