"""Reading money: what is open, what is odd, sums of a month."""

from collections import defaultdict
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum

from quartier.expenses import rules
from quartier.expenses.access import RECEIPTS, with_laid_out
from quartier.expenses.models import Expense, LedgerEntry, Looked
from quartier.expenses.rules import Fact, Oddity
from quartier.lib import clock
from quartier.team.models import Organisation
from quartier.visits.models import Assignment

MOST = 200


def of_request(request_id: UUID) -> list[Expense]:
    """What was paid on the visits of a request, the newest first, with receipts (without their pictures)."""
    rows = with_laid_out(Expense.objects.filter(assignment__request_id=request_id))
    return list(
        rows.select_related("volunteer__person").prefetch_related(RECEIPTS).order_by("-said_at", "-pk")
    )


def _shown(rows: QuerySet[Expense]) -> QuerySet[Expense]:
    return rows.select_related(
        "volunteer__person",
        "person",
        "assignment__request__case__person",
        "assignment__request__case__asked_by",
    ).prefetch_related(RECEIPTS)


def some(organisation: Organisation, keys: list[UUID]) -> dict[UUID, Expense]:
    """These expenses, by key."""
    rows = Expense.objects.filter(organisation=organisation, pk__in=keys[:MOST])
    return {each.pk: each for each in _shown(rows)}


def oddities(organisation: Organisation, now: datetime) -> list[Oddity]:
    """What is odd in the last weeks and nobody has looked at, by the rules."""
    rows = (
        Expense.objects.filter(
            organisation=organisation, state__in=Expense.COUNTS, said_at__gt=now - rules.WATCHED
        )
        .order_by("said_at", "pk")
        .values_list("pk", "volunteer_id", "person_id", "cents", "said_at")
    )
    known = list(rows)
    pictures: dict[UUID, set[str]] = defaultdict(set)
    seen = (
        Expense.objects.filter(organisation=organisation, said_at__gt=now - rules.WATCHED)
        .filter(receipts__isnull=False)
        .values_list("pk", "receipts__fingerprint")
    )
    for pk, fingerprint in seen:
        pictures[pk].add(fingerprint)
    visits = _visits(organisation, now) if known else {}
    facts = [
        Fact(
            pk,
            volunteer,
            person,
            cents,
            at,
            pk in pictures,
            frozenset(pictures.get(pk, set()) - {""}),
            visits.get((volunteer, person), 1),
        )
        for pk, volunteer, person, cents, at in known
    ]
    looked = set(Looked.objects.filter(organisation=organisation).values_list("key", flat=True))
    return [each for each in rules.oddities(facts, organisation.visit_cap_cents) if each.key not in looked]


def _visits(organisation: Organisation, now: datetime) -> dict[tuple[UUID, UUID], int]:
    """How often each volunteer was at each person's, with money or without."""
    rows = (
        Assignment.objects.filter(organisation=organisation, accepted_at__gt=now - rules.WATCHED)
        .exclude(state__in=[Assignment.State.CANCELLED, Assignment.State.FAILED])
        .values_list("volunteer_id", "request__case__person_id")
        .annotate(times=Count("pk"))
    )
    return {(volunteer, person): times for volunteer, person, times in rows}


def bounds(organisation: Organisation, month: date) -> tuple[datetime, datetime]:
    """From when until when a month lasts where the organisation is."""
    begins = datetime(month.year, month.month, 1, tzinfo=organisation.zone)
    following = (month.year + month.month // 12, month.month % 12 + 1)
    return begins, datetime(*following, 1, tzinfo=organisation.zone)


def sums(organisation: Organisation, month: date) -> dict[str, int]:
    """Of a month, in cents: `laid_out` as the volunteers said, `decided` (by how much coordinators changed it),
    `paid_back`, `by_fund`; and `open`, what volunteers still get today."""
    begins, ends = bounds(organisation, month)
    lines = LedgerEntry.objects.filter(organisation=organisation, at__gte=begins, at__lt=ends)
    party, why = LedgerEntry.Party, LedgerEntry.Why
    # A correction before what was confirmed last is one by the volunteer.
    decided = Q(why=why.CORRECTED, expense__agreed_by=Expense.Agreed.DECIDED, at__gte=F("expense__asked_at"))
    said = Q(why__in=[why.LAID_OUT, why.CORRECTED]) & ~decided
    found = lines.aggregate(
        laid_out=Sum("cents", filter=said & Q(source=party.VOLUNTEER), default=0)
        - Sum("cents", filter=said & Q(target=party.VOLUNTEER), default=0),
        decided=Sum("cents", filter=decided & Q(source=party.VOLUNTEER), default=0)
        - Sum("cents", filter=decided & Q(target=party.VOLUNTEER), default=0),
        paid_back=Sum("cents", filter=Q(source=party.PERSON, why=why.PAID_BACK), default=0)
        - Sum("cents", filter=Q(target=party.PERSON, why=why.GIVEN_BACK), default=0),
        by_fund=Sum("cents", filter=Q(source=party.FUND), default=0)
        - Sum("cents", filter=Q(target=party.FUND), default=0),
    )
    open_ = Expense.objects.filter(
        organisation=organisation,
        state__in=[Expense.State.ASKED, Expense.State.AGREED, Expense.State.DISPUTED],
    ).aggregate(all=Sum("cents", default=0) - Sum("paid_cents", default=0) - Sum("fund_cents", default=0))
    return {**found, "open": int(open_["all"] or 0)}


def months(organisation: Organisation, limit: int = 24) -> list[date]:
    """The months in which something stands in the book, the newest first; this one always."""
    this = clock.now().astimezone(organisation.zone).date().replace(day=1)
    first = (
        LedgerEntry.objects.filter(organisation=organisation)
        .order_by("at", "pk")
        .values_list("at", flat=True)
        .first()
    )
    found = [this]
    while first is not None and found[-1] > first.astimezone(organisation.zone).date() and len(found) < limit:
        last = found[-1]
        found.append(date(last.year - (last.month == 1), (last.month - 2) % 12 + 1, 1))
    return found


def lines_of(organisation: Organisation, month: date) -> QuerySet[LedgerEntry]:
    """The lines of the book of a month, in their order."""
    begins, ends = bounds(organisation, month)
    rows = LedgerEntry.objects.filter(organisation=organisation, at__gte=begins, at__lt=ends)
    return rows.select_related(
        "expense__volunteer__person", "expense__person", "expense__assignment__request__case"
    ).order_by("at", "pk")
