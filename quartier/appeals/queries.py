"""Where help is missing, who has little to do, whom an appeal could ask, and what came of it."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import cos, radians
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import GreaterThan

from quartier.appeals import rules
from quartier.appeals.models import Appeal, Invitation, RoleWish
from quartier.appeals.rules import Known
from quartier.cases.models import Request
from quartier.lib import cells, choices
from quartier.matching.actions import budget
from quartier.matching.models import Offer
from quartier.messaging.models import ChatLink, Message, PushSubscription, Received
from quartier.people.models import Person, Volunteer
from quartier.team.access import SUSPENDED_STATE
from quartier.team.models import Organisation, Role
from quartier.telephony.models import Callback
from quartier.visits.models import Assignment

METRES_A_DEGREE = 111_194.9
# Of more than so many, the first ones are looked at: far more than an appeal may ask.
LOOKED_AT = 2000
# Two neighbourhoods so many steps apart are near each other, about 10 km.
NEAR = 4


@dataclass(frozen=True)
class Gap:
    """People who wait in one neighbourhood for the same kind of help in the same languages. `idle`: volunteers near it
    who have had little to do, and speak one of them."""

    area: int
    kind: choices.Kind
    languages: int
    waiting: int
    idle: int

    @property
    def language(self) -> choices.Choice | None:
        """The language that makes it hard to find somebody, if one does."""
        if not self.languages or self.languages & ~choices.RARE_TONGUES:
            return None
        return choices.chosen(choices.LANGUAGES, self.languages)[0]


@dataclass(frozen=True)
class Idle:
    """How many active volunteers have made no visit for so many days. `never`: those never asked for anything."""

    active: int
    idle: int
    never: int


@dataclass(frozen=True)
class LineShort:
    """One language on the line: who waits to be called back in it, and operators who speak it."""

    language: choices.Choice
    waiting: int
    operators: int


@dataclass(frozen=True)
class Tally:
    """What came of an appeal so far."""

    sent: int = 0
    yes: int = 0
    no: int = 0
    later: int = 0

    @property
    def silent(self) -> int:
        return self.sent - self.yes - self.no - self.later


def _visited(since: datetime) -> Exists:
    return Exists(Assignment.objects.filter(volunteer=OuterRef("pk"), accepted_at__gt=since))


def idle_volunteers(organisation: Organisation, days: int, now: datetime) -> QuerySet[Volunteer]:
    """Active, with nothing promised, and no visit begun for so many days."""
    rows = Volunteer.objects.filter(organisation=organisation, state=Volunteer.State.ACTIVE, open_count=0)
    return rows.filter(~_visited(now - timedelta(days=days))).order_by()


def idle_count(organisation: Organisation, days: int, now: datetime) -> Idle:
    """Two queries."""
    active = Volunteer.objects.filter(organisation=organisation, state=Volunteer.State.ACTIVE).count()
    counted = idle_volunteers(organisation, days, now).aggregate(
        idle=Count("pk"), never=Count("pk", filter=Q(asked_total=0))
    )
    return Idle(active, counted["idle"], counted["never"])


def gaps(
    organisation: Organisation, now: datetime, *, days: int = 30, only_nobody: bool = False
) -> list[Gap]:
    """Where people wait whom nobody has said yes to, most first. Two queries, one when nobody waits.

    `only_nobody`: those for whom neighbours were asked in vain, and who wait for somebody of the team.
    """
    rows = Request.objects.filter(organisation=organisation, accepted=0)
    nobody = Q(state=Request.State.HUMAN, why_human__in=Request.SEARCH_ENDED)
    rows = rows.filter(nobody if only_nobody else nobody | Q(state=Request.State.OPEN))
    counted = rows.order_by().values_list("area", "kind", "languages").annotate(count=Count("pk"))
    waiting = {(area, kind, languages): count for area, kind, languages, count in counted}
    if not waiting:
        return []
    idle = _idle_by_place(organisation, days, now)
    found = [
        Gap(area, choices.kind(kind), languages, count, _near(idle, area, kind, languages))
        for (area, kind, languages), count in waiting.items()
    ]
    return sorted(found, key=lambda gap: (-gap.waiting, -gap.idle, gap.area, gap.kind.bit))


def _idle_by_place(organisation: Organisation, days: int, now: datetime) -> Counter[tuple[int, int]]:
    rows = idle_volunteers(organisation, days, now).values_list("area", "languages")
    return Counter({(area, spoken): count for area, spoken, count in rows.annotate(count=Count("pk"))})


def _near(idle: Counter[tuple[int, int]], area: int, kind: str, languages: int) -> int:
    """Idle volunteers who share a language, and are near; for help by phone, wherever they live."""
    near = None if choices.kind(kind).remote else set(cells.disk(area, NEAR))
    return sum(
        count
        for (there, spoken), count in idle.items()
        if (near is None or there in near) and (not languages or spoken & languages)
    )


def line_short(organisation: Organisation) -> list[LineShort]:
    """By language, who waits to be called back, and operators who speak it. Three queries."""
    known = {each.code: each for each in choices.LANGUAGES}
    waiting = Counter(
        dict(
            Callback.objects.filter(Callback.LISTED, organisation=organisation)
            .order_by()
            .values_list("language")
            .annotate(count=Count("pk"))
        )
    )
    operators: Counter[str] = Counter()
    there = Role.objects.filter(organisation=organisation, name=Role.Name.OPERATOR)
    there = there.filter(account__is_active=True).exclude(account__person__volunteer__state=SUSPENDED_STATE)
    languages = "account__person__language", "account__person__volunteer__languages"
    for own, spoken in there.values_list(*languages):
        for code in {own, *(each.code for each in choices.chosen(choices.LANGUAGES, spoken or 0))}:
            operators[code] += 1
    wanted = [code for code in known if waiting[code] or code in organisation.languages]
    return [LineShort(known[code], waiting[code], operators[code]) for code in wanted]


# ---- whom an appeal could ask ----


def could_be_asked(appeal: Appeal, now: datetime) -> list[Known]:
    """Everybody whom this appeal may ask now, the likeliest first. One query.

    Who cannot be written to is among them: that is seen when the messages are written.
    """
    today = now.astimezone(appeal.organisation.zone).date()
    cap = appeal.organisation.daily_budget
    found = [known(row, appeal) for row in _eligible(appeal, now, today, cap)[:LOOKED_AT]]
    asked = [
        one
        for one in found
        if rules.may_be_asked(one, today=today, now=now, cap=cap, idle_days=appeal.idle_days)
        and (appeal.purpose != Appeal.Purpose.PLACE or one.short_m)
    ]
    return rules.in_order(asked, appeal.purpose)


def with_history(rows: QuerySet[Volunteer]) -> QuerySet[Volunteer]:
    """The same with what `known` reads: when they last had an appeal, and last began a visit."""
    visits = Assignment.objects.filter(volunteer=OuterRef("pk")).order_by().values("volunteer")
    appeals = Invitation.objects.filter(volunteer=OuterRef("pk")).order_by().values("volunteer")
    return rows.annotate(
        last_visit=Subquery(visits.annotate(last=Max("accepted_at")).values("last")),
        last_appeal=Subquery(appeals.annotate(last=Max("created_at")).values("last")),
    )


def known(row: Volunteer, appeal: Appeal) -> Known:
    """A row of `with_history`, as the rules see it."""
    return Known(
        volunteer_id=row.pk,
        active=row.state == Volunteer.State.ACTIVE and row.open_count == 0,
        budget=row.budget,
        asked_on=row.asked_on,
        asked_count=row.asked_count,
        last_appeal=row.last_appeal,  # type: ignore[attr-defined]
        last_visit=row.last_visit,  # type: ignore[attr-defined]
        joined=row.created_at,
        visits=row.done_total,
        yes_share=(row.accepted_total + 1) / (row.asked_total + 4),
        travel=row.travel,
        short_m=short_m(row, appeal),
    )


def short_m(volunteer: Volunteer, appeal: Appeal) -> int:
    """Metres by which their reach falls short of the farthest door of the neighbourhood; 0 when it does not."""
    if appeal.purpose != Appeal.Purpose.PLACE or appeal.area is None:
        return 0
    metres = cells.between(volunteer.cell, appeal.area) + rules.AREA_REACH_M
    return max(0, round(metres) - volunteer.radius_m)


def _eligible(appeal: Appeal, now: datetime, today: date, cap: int) -> QuerySet[Volunteer]:
    rows = Volunteer.objects.filter(
        budget.within(today, cap),
        organisation=appeal.organisation,
        state=Volunteer.State.ACTIVE,
        open_count=0,
        person__died_at=None,
    )
    said_no = Invitation.objects.filter(
        volunteer=OuterRef("pk"),
        state=Invitation.State.NO,
        created_at__gt=now - rules.NO_IS_NO,
        appeal__purpose=appeal.purpose,
        appeal__kind=appeal.kind,
        appeal__role=appeal.role,
        **({"appeal__area": appeal.area} if appeal.area else {}),
        **({"appeal__incident": appeal.incident} if appeal.incident_id else {}),
    )
    lately = Invitation.objects.filter(volunteer=OuterRef("pk"), created_at__gt=now - rules.COOLING)
    rows = rows.exclude(Exists(said_no)).exclude(Exists(lately))
    rows = rows.filter(~_visited(now - timedelta(days=appeal.idle_days)))
    if appeal.language:
        rows = rows.filter(_has("languages", choices.mask(choices.LANGUAGES, [appeal.language])))
    # Who can only be called is not written to, and would stand in the way of the others.
    told_at_once = PushSubscription.objects.filter(person=OuterRef("person"))
    in_a_chat = ChatLink.objects.filter(person=OuterRef("person"), dead_at=None)
    rows = rows.exclude(~Exists(told_at_once), ~Exists(in_a_chat), person__channel=Person.Channel.CALL)
    order: list[Any] = ["asked_total", "pk"]
    match appeal.purpose:
        case Appeal.Purpose.PLACE:
            rows = rows.filter(_around(appeal))
            order = [_square(appeal), "pk"]
            if appeal.kind:
                rows = rows.filter(_has("kinds", choices.kind(appeal.kind).mask))
        case Appeal.Purpose.KIND:
            rows = rows.exclude(_has("kinds", choices.kind(appeal.kind).mask))
            if appeal.kind == "transport":
                rows = rows.filter(travel=choices.CAR)
        case Appeal.Purpose.ROLE:
            wished = RoleWish.objects.filter(volunteer=OuterRef("pk"), role=appeal.role)
            has = Role.objects.filter(account=OuterRef("person__account"), name=appeal.role)
            rows = rows.exclude(Exists(wished)).exclude(Exists(has)).exclude(person__account=None)
            order = ["-done_total", "pk"]
        case Appeal.Purpose.STILL | Appeal.Purpose.QUIET:
            since = now - timedelta(days=appeal.idle_days)
            rows = rows.filter(created_at__lte=since)
            if appeal.purpose == Appeal.Purpose.QUIET:
                rows = _silent(rows, since, now)
            order = ["created_at", "pk"]
    return with_history(rows).order_by(*order)


def _silent(rows: QuerySet[Volunteer], since: datetime, now: datetime) -> QuerySet[Volunteer]:
    """Those who were asked often since then, have answered and written nothing, and were not asked about a break."""
    in_time = Q(withdrawn_at__gte=F("created_at") + rules.QUIET_OFFER_TIME)
    unanswered = Q(state=Offer.State.EXPIRED) | Q(in_time, state=Offer.State.WITHDRAWN)
    offers = Offer.objects.filter(volunteer=OuterRef("pk")).order_by()
    # What never reached them, they could not answer.
    came = offers.filter(unanswered, created_at__gt=since).exclude(message__state__in=Message.NEVER_CAME)
    counted = came.values("volunteer").annotate(count=Count("pk"))
    invited = Invitation.objects.filter(volunteer=OuterRef("pk"))
    before = invited.filter(appeal__purpose=Appeal.Purpose.QUIET, created_at__gt=now - rules.QUIET_AGAIN)
    wrote = Received.objects.filter(person=OuterRef("person"), came_at__gt=since)
    heard = [*(each.filter(answered_at__gt=since) for each in (offers, invited)), wrote, before]
    rows = rows.annotate(unanswered=Subquery(counted.values("count")))
    return rows.filter(*(~Exists(each) for each in heard), unanswered__gte=rules.QUIET_OFFERS)


def _has(column: str, mask: int) -> Q:
    return Q(GreaterThan(F(column).bitand(mask), 0))


def _around(appeal: Appeal) -> Q:
    assert appeal.area is not None
    lat, lon = cells.centre(appeal.area)
    farthest = 40_000
    north = farthest / METRES_A_DEGREE
    east = farthest / (METRES_A_DEGREE * max(cos(radians(lat)), 0.01))
    return Q(lat__range=(lat - north, lat + north), lon__range=(lon - east, lon + east))


def _square(appeal: Appeal) -> Any:
    """The distance to the middle of the neighbourhood, in square degrees of latitude: to sort by."""
    assert appeal.area is not None
    lat, lon = cells.centre(appeal.area)
    narrower = cos(radians(lat)) ** 2
    return (F("lat") - lat) * (F("lat") - lat) + (F("lon") - lon) * (F("lon") - lon) * narrower


# ---- what came of it ----


def tally(appeal: Appeal) -> Tally:
    """One query."""
    counted = dict(appeal.invitations.order_by().values_list("state").annotate(count=Count("pk")))
    return _tally(counted)


def _tally(counted: dict[str, int]) -> Tally:
    said = (Invitation.State.YES, Invitation.State.NO, Invitation.State.LATER)
    return Tally(sum(counted.values()), *(counted.get(each, 0) for each in said))


def recent(organisation: Organisation, limit: int = 12) -> list[tuple[Appeal, Tally]]:
    """The last appeals, those under way first. Two queries."""
    rows = list(
        Appeal.objects.filter(organisation=organisation)
        .select_related("incident")
        .annotate(is_open=Q(state=Appeal.State.OPEN))
        .order_by("-is_open", "-created_at")[:limit]
    )
    counts: dict[UUID, dict[str, int]] = {row.pk: {} for row in rows}
    found = Invitation.objects.filter(appeal__in=rows).order_by().values_list("appeal", "state")
    for pk, state, count in found.annotate(count=Count("pk")):
        counts[pk][state] = count
    return [(row, _tally(counts[row.pk])) for row in rows]


def is_under_way(organisation: Organisation, **which: Any) -> bool:
    """Whether there is such an appeal."""
    return Appeal.objects.filter(organisation=organisation, **which).exists()


def wishes(organisation: Organisation) -> QuerySet[RoleWish]:
    """Volunteers who would like another role and wait for an answer, the first first."""
    waiting = RoleWish.objects.filter(organisation=organisation, state=RoleWish.State.WAITING)
    return waiting.select_related("volunteer__person__account").order_by("at", "pk")


def in_training(organisation: Organisation) -> QuerySet[RoleWish]:
    """Volunteers to whom a coordinator has said yes, and who do not have the role yet: the training is to be passed."""
    has = Role.objects.filter(account=OuterRef("volunteer__person__account"), name=OuterRef("role"))
    accepted = RoleWish.objects.filter(
        organisation=organisation,
        state=RoleWish.State.ACCEPTED,
        role__in=[Appeal.Role.OPERATOR, Appeal.Role.LISTENER],
    ).exclude(Exists(has))
    return accepted.select_related("volunteer__person__account").order_by("settled_at", "pk")


def wishes_of(volunteer: Volunteer) -> list[tuple[RoleWish, bool]]:
    """For the phone line and for regular calls: what this volunteer would like to do, and whether it is open to them
    (`True`). One query."""
    has = Role.objects.filter(account=volunteer.person.account_id, name=OuterRef("role"))
    rows = RoleWish.objects.filter(
        volunteer=volunteer,
        state__in=[RoleWish.State.WAITING, RoleWish.State.ACCEPTED],
        role__in=[Appeal.Role.OPERATOR, Appeal.Role.LISTENER],
    )
    return [(row, row.has) for row in rows.annotate(has=Exists(has)).order_by("at", "pk")]


def proposal(organisation: Organisation, now: datetime) -> Gap | None:
    """The neighbourhood for which it is most worth making an appeal: neighbours were asked in vain, and nobody has made
    an appeal for it lately. Its `idle` are those whom the appeal could ask now. One query when nobody waits in vain,
    else two for each of the first three."""
    for gap in gaps(organisation, now, only_nobody=True)[:3]:
        if not gap.idle or is_under_way(
            organisation, area=gap.area, kind__in=["", gap.kind.code], created_at__gt=now - rules.COOLING
        ):
            continue
        asked = Appeal(
            organisation=organisation,
            purpose=Appeal.Purpose.KIND if gap.kind.remote else Appeal.Purpose.PLACE,
            area=None if gap.kind.remote else gap.area,
            kind=gap.kind.code,
            language=gap.language.code if gap.language else "",
            wanted=1,
        )
        if could := len(could_be_asked(asked, now)):
            return replace(gap, idle=could)
    return None


def open_invitations(volunteer: Volunteer, limit: int = 3) -> list[Invitation]:
    """What appeals have asked this volunteer and is not answered, the newest first. One query."""
    rows = Invitation.objects.filter(
        volunteer=volunteer,
        state__in=[Invitation.State.SENT, Invitation.State.LATER],
        appeal__state__in=[Appeal.State.OPEN, Appeal.State.ENOUGH],
    )
    return list(rows.select_related("appeal__incident").order_by("-created_at", "-pk")[:limit])
