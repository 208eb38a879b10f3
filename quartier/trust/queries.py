"""Where a volunteer stands."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from quartier.people.models import Volunteer
from quartier.team.models import Organisation
from quartier.trust import rules
from quartier.trust.models import Block, Objection, Sighting, Signature


@dataclass(frozen=True)
class Need:
    """One need: its code, its words, and whether it is met."""

    code: str
    words: object
    met: bool


@dataclass(frozen=True)
class Step:
    """One level with its needs; `reached`: this volunteer has it."""

    number: int
    opens: object
    needs: list[Need]
    reached: bool


@dataclass(frozen=True)
class Standing:
    """The level of today, each level with what is met and missing, what was seen, and the charter."""

    level: int
    steps: list[Step]
    sightings: list[Sighting]
    signature: Signature | None
    must_sign: bool


def standing(volunteer: Volunteer, today: date) -> Standing:
    """Where a volunteer stands today. Two queries."""
    sightings = list(
        Sighting.objects.filter(volunteer=volunteer, taken_back_at=None)
        .select_related("seen_by")
        .order_by("-seen_on", "-recorded_at")
    )
    signature = Signature.objects.filter(volunteer=volunteer).order_by("-version").first()
    seen = [rules.Seen(each.kind, each.model, each.valid_until) for each in sightings]
    met = rules.there(seen, signature.version if signature else 0, today)
    level = rules.level(met)
    steps = [
        Step(
            each.number,
            each.opens,
            [Need(code, rules.NEEDS[code], code in met) for code in each.needs],
            each.number <= level,
        )
        for each in rules.LEVELS
    ]
    return Standing(level, steps, sightings, signature, "charter" not in met)


def blocks(organisation: Organisation, today: date) -> QuerySet[Block]:
    """What holds today, the newest first."""
    return (
        Block.objects.filter(Q(until=None) | Q(until__gte=today), organisation=organisation, lifted_at=None)
        .select_related("by")
        .order_by("-since", "-pk")
    )


def is_blocked(organisation: Organisation, marks: list[str], today: date) -> bool:
    """Whether one of these keyed hashes is on the list."""
    return blocks(organisation, today).filter(mark__in=marks).exists()


def appeals(organisation: Organisation) -> QuerySet[Objection]:
    """Objections that nobody has decided on, the oldest first."""
    return (
        Objection.objects.filter(organisation=organisation, decided_at=None)
        .select_related("block__by")
        .order_by("at", "pk")
    )
