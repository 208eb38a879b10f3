"""What came of what lasts, read from the database at the end."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet

from quartier.cases.models import Request, Series
from quartier.companions import access
from quartier.companions.models import CallWish, Entry, Listener, Pairing, Sign, Talk
from quartier.expenses.models import Expense, LedgerEntry, Receipt
from quartier.followup.models import FollowUp, HelperSays
from quartier.lib import clock
from quartier.shopping.models import Item
from quartier.sim.lasting import facts
from quartier.sim.lasting.after import After
from quartier.sim.lasting.again import Again
from quartier.sim.lasting.course import Lasting
from quartier.sim.lasting.listening import Listening
from quartier.sim.lasting.money import Money
from quartier.team.models import Organisation
from quartier.visits.models import Assignment, Regular

A_WEEK = timedelta(days=7)


def counted(lasting: Lasting, organisation: Organisation) -> facts.Lasting | None:
    """The facts of the parts that were played; `None` where none was."""
    if not lasting.is_played:
        return None
    return facts.Lasting(
        again=_again(lasting.again, organisation) if lasting.again else None,
        money=_money(lasting.money, organisation) if lasting.money else None,
        after=_after(lasting.after, organisation) if lasting.after else None,
        listening=_listening(lasting.listening, organisation) if lasting.listening else None,
    )


def _monday(day: date) -> str:
    return (day - timedelta(days=day.weekday())).isoformat()


def _weeks(mondays: Iterable[str]) -> list[str]:
    """All Mondays from the first to the last of these."""
    known = sorted(set(mondays))
    if not known:
        return []
    first, last = (date.fromisoformat(each) for each in (known[0], known[-1]))
    return [(first + A_WEEK * n).isoformat() for n in range((last - first).days // 7 + 1)]


def _again(part: Again, organisation: Organisation) -> facts.Again:
    series = Series.objects.filter(organisation=organisation)
    until = part.until or clock.now().astimezone(organisation.zone).date()
    each_time: dict[UUID, set[UUID]] = defaultdict(set)
    for key, volunteer in Regular.objects.filter(organisation=organisation).values_list(
        "series", "volunteer"
    ):
        each_time[key].add(volunteer)
    days = Request.objects.filter(organisation=organisation, series__isnull=False, day__lt=until)
    visited = dict(
        Assignment.objects.filter(request__in=days, state=Assignment.State.DONE).values_list(
            "request", "volunteer"
        )
    )
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for pk, key, day, state, closure in days.values_list("pk", "series", "day", "state", "closure"):
        assert key is not None
        assert day is not None
        if pk in visited:
            what = "regular" if visited[pk] in each_time[key] else "other"
        elif state == Request.State.CLOSED and closure == Request.Closure.WITHDRAWN:
            what = "left_out"
        else:
            what = "missed"
        found[_monday(day)][what] += 1
    ended = series.filter(state=Series.State.ENDED).count() - part.handed_over
    return facts.Again(
        begun=series.count(),
        with_a_regular=len(each_time),
        paused=part.rested,
        ended=ended,
        handed_over=part.handed_over,
        not_this_time=part.not_this_time,
        weeks=[facts.AgainWeek(week, **found[week]) for week in _weeks(found)],
    )


def _money(part: Money, organisation: Organisation) -> facts.Money:
    """Read from the book, line by line."""
    expenses = Expense.objects.filter(organisation=organisation)
    zone, party, why = organisation.zone, LedgerEntry.Party, LedgerEntry.Why
    weeks: dict[str, Counter[str]] = defaultdict(Counter)
    sums: Counter[str] = Counter()
    lines = LedgerEntry.objects.filter(organisation=organisation)
    for source, target, cents, reason, at in lines.values_list("source", "target", "cents", "why", "at"):
        if party.VOLUNTEER not in {source, target}:
            continue
        week = _monday(at.astimezone(zone).date())
        out = cents if source == party.VOLUNTEER else -cents
        if reason in {why.LAID_OUT, why.CORRECTED}:
            sums["advanced"] += out
            weeks[week]["advanced"] += out
            continue
        sums["fund" if party.FUND in {source, target} else "back"] -= out
        weeks[week]["back"] -= out
    items = Counter(
        Item.objects.filter(organisation=organisation, list__visit__isnull=False).values_list("state")
    )
    return facts.Money(
        visits=expenses.filter(state__in=Expense.BOOKED).count(),
        advanced=sums["advanced"],
        back=sums["back"],
        fund=sums["fund"],
        open=sums["advanced"] - sums["back"] - sums["fund"],
        receipts=Receipt.objects.filter(organisation=organisation).count(),
        over_limit=part.over_limit,
        disputes=expenses.exclude(disputed_by="").count(),
        decided=expenses.exclude(disputed_by="").exclude(state=Expense.State.DISPUTED).count(),
        odd=part.odd,
        things=items.total(),
        missing=items[(Item.State.MISSING,)],
        replaced=items[(Item.State.REPLACED,)],
        agreed=_by(expenses.exclude(agreed_by=""), "agreed_by"),
        ways=_by(expenses.exclude(way=""), "way"),
        weeks=[facts.MoneyWeek(week, **weeks[week]) for week in _weeks(weeks)],
    )


def _by(
    rows: "QuerySet[Expense] | QuerySet[FollowUp] | QuerySet[HelperSays] | QuerySet[Pairing]", name: str
) -> dict[str, int]:
    return {
        str(value): count for value, count in rows.values_list(name).annotate(n=Count("pk")).order_by(name)
    }


def _after(part: After, organisation: Organisation) -> facts.After:
    rows = FollowUp.objects.filter(organisation=organisation, asked_at__isnull=False)
    answered = rows.filter(state=FollowUp.State.ANSWERED)
    how = Counter(answered.values_list("how", flat=True))
    bad = answered.filter(is_bad=True)
    return facts.After(
        asked=rows.count(),
        answered=answered.count(),
        very_good=how[FollowUp.How.VERY_GOOD],
        good=how[FollowUp.How.GOOD],
        not_good=how[FollowUp.How.NOT_GOOD],
        not_happened=answered.filter(happened=False).count(),
        wants_call=answered.filter(wants_call=True).count(),
        bad=bad.count(),
        looked_after=bad.exclude(looked_after_at=None).count(),
        reopened=part.reopened,
        words=sum(bool(row.words) for row in answered.only("words", "organisation")),
        by=_by(answered, "by"),
        helpers=_by(HelperSays.objects.filter(organisation=organisation), "how"),
    )


def _listening(part: Listening, organisation: Organisation) -> facts.Listening:
    zone = organisation.zone
    pairs = Pairing.objects.filter(organisation=organisation)
    talks = Talk.objects.filter(organisation=organisation)
    signs = Counter(Sign.objects.filter(organisation=organisation).values_list("what", flat=True))
    weeks: dict[str, Counter[str]] = defaultdict(Counter)
    counts = {"spoken", "not_reached", "postponed", "missed"}
    for state, at in talks.filter(at__lt=clock.now()).values_list("state", "at"):
        if state in counts:
            weeks[_monday(at.astimezone(zone).date())][state] += 1
    spans = [
        (began, ended, wish)
        for began, ended, wish in pairs.values_list("began_at", "ended_at", "wish")
        if began is not None
    ]
    mondays = _weeks([*weeks, _monday(part.begins.date())])
    for week in mondays:
        weeks[week]["pairs"] = _speaking(spans, min(_week_ends(week, zone), clock.now()))
    wishes = CallWish.objects.filter(organisation=organisation)
    return facts.Listening(
        listeners=Listener.objects.filter(organisation=organisation).count(),
        wishes=wishes.count(),
        waiting=wishes.filter(state=CallWish.State.OPEN).count(),
        followed=_speaking(spans, clock.now()),
        most=max((weeks[week]["pairs"] for week in mondays), default=0),
        ever=len({wish for _began, _ended, wish in spans}),
        reminded=talks.exclude(reminded_at=None).count(),
        checks=signs[Sign.What.CHECK],
        worries=signs[Sign.What.WORRY],
        supervisions=part.meetings,
        notes=Entry.objects.filter(organisation=organisation).count(),
        endings=_by(pairs.exclude(why=""), "why"),
        moods=_moods(part, pairs),
        weeks=[facts.ListeningWeek(week, **weeks[week]) for week in mondays],
    )


def _week_ends(monday: str, zone: ZoneInfo) -> datetime:
    following = date.fromisoformat(monday) + A_WEEK
    return datetime(following.year, following.month, following.day, tzinfo=zone)


def _speaking(spans: list[tuple[datetime, datetime | None, UUID]], at: datetime) -> int:
    """How many people are called regularly at this moment, also those whose calls rest."""
    return len({wish for began, ended, wish in spans if began <= at and (ended is None or ended > at)})


def _moods(part: Listening, pairs: "QuerySet[Pairing]") -> list[list[int]]:
    """As those who supervise read them: through the one gate to notebooks."""
    found = []
    rows = pairs.filter(moods__isnull=False).distinct().select_related("organisation", "listener")
    for row in sorted(rows, key=lambda one: part.pair_number(one.pk)):
        notebook = access.notebook(part.supervisor_of(row.listener), row)
        curves = notebook.curves if notebook is not None else ()
        found += [
            [each.score for each in curve.moods]
            for curve in curves
            if curve.scale.code == Pairing.Scale.WHO5 and curve.moods
        ]
    return found
