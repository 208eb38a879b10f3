"""Volunteers: a list read page by page without counting it, and one of them with what was asked and done."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from quartier.lib import cells, choices
from quartier.matching.models import Offer
from quartier.people.models import Exclusion, Volunteer
from quartier.team.models import Organisation
from quartier.visits.models import Assignment

A_PAGE = 40
# Of neighbourhoods around the place that is looked for.
NEAR_RINGS = 2
SHOWN = 30


@dataclass(frozen=True)
class Chosen:
    """Filters of the list; empty or 0 leaves one out. `place`: a cell around which to look."""

    state: str = ""
    kind: str = ""
    language: str = ""
    place: int = 0
    after: UUID | None = None


@dataclass
class Listed:
    """One page; `after` leads to the next one, `None` at the end."""

    volunteers: list[Volunteer]
    after: UUID | None
    # By volunteer, how far from the place that was chosen (m); empty without one.
    metres: dict[UUID, float] = field(default_factory=dict)


def listed(organisation: Organisation, chosen: Chosen) -> Listed:
    """The newest first, continued by key, so that the last page costs as much as the first: one query. Around a place
    the nearest first: two."""
    rows = Volunteer.objects.filter(organisation=organisation).select_related("person")
    if chosen.state:
        rows = rows.filter(state=chosen.state)
    if chosen.kind:
        rows = rows.annotate(can=F("kinds").bitand(choices.kind(chosen.kind).mask)).filter(can__gt=0)
    if chosen.language:
        mask = choices.mask(choices.LANGUAGES, [chosen.language])
        rows = rows.annotate(speaks=F("languages").bitand(mask)).filter(speaks__gt=0)
    if chosen.place:
        return _nearest(rows.filter(area__in=cells.disk(cells.area_of(chosen.place), NEAR_RINGS)), chosen)
    if chosen.after:
        rows = rows.filter(pk__lt=chosen.after)
    found = list(rows.order_by("-pk")[: A_PAGE + 1])
    more = len(found) > A_PAGE
    return Listed(found[:A_PAGE], found[A_PAGE - 1].pk if more else None)


def _nearest(rows: QuerySet[Volunteer], chosen: Chosen) -> Listed:
    """A page of them, the nearest first. Of all that fit only key and cell are read, then the rows of the page."""
    metres = {pk: cells.between(chosen.place, cell) for pk, cell in rows.order_by().values_list("pk", "cell")}
    order = sorted(metres, key=lambda pk: (metres[pk], pk))
    begin = order.index(chosen.after) + 1 if chosen.after in metres else 0
    page = order[begin : begin + A_PAGE]
    found = rows.in_bulk(page)
    after = page[-1] if begin + A_PAGE < len(order) else None
    return Listed([found[pk] for pk in page if pk in found], after, metres)


@dataclass
class History:
    """What a volunteer was asked and did, the newest first, and with whom they are never brought together."""

    visits: list[Assignment]
    offers: list[Offer]
    exclusions: list[Exclusion]


def history(volunteer: Volunteer) -> History:
    """Three queries."""
    return History(
        visits=list(
            Assignment.objects.filter(volunteer=volunteer)
            .select_related("request__case__person")
            .order_by("-accepted_at", "-pk")[:SHOWN]
        ),
        offers=list(
            Offer.made.filter(volunteer=volunteer)
            .select_related("request__case")
            .order_by("-created_at", "-pk")[:SHOWN]
        ),
        exclusions=list(Exclusion.objects.filter(volunteer=volunteer).select_related("person")),
    )


def by_kind(organisation: Organisation) -> dict[str, int]:
    """How many active volunteers do each kind of help, by its code. One query."""
    rows = Volunteer.objects.filter(organisation=organisation, state=Volunteer.State.ACTIVE)
    bits = {f"bit_{kind.code}": F("kinds").bitand(kind.mask) for kind in choices.KINDS}
    counts = {kind.code: Count("pk", Q(**{f"bit_{kind.code}__gt": 0})) for kind in choices.KINDS}
    return {code: count or 0 for code, count in rows.alias(**bits).aggregate(**counts).items()}
