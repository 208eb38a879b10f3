"""How a search ended without a yes: the one true reason, for the team and for whoever waits."""

from datetime import datetime, time

from django.db.models import Count, ExpressionWrapper, F, FloatField, Q, QuerySet
from django.db.models.functions import Least

from quartier.cases.models import Request
from quartier.lib import cells, clock
from quartier.matching import rules
from quartier.matching.models import REACHED, UNANSWERED, Offer
from quartier.matching.planning.way import cap_of, way_of
from quartier.matching.planning.why import east_and_north
from quartier.matching.queries import METRES_A_DEGREE, local_day, nearest, slots_left
from quartier.people.models import Exclusion, Volunteer
from quartier.people.queries import not_now
from quartier.trust.rules import EXPERIENCED

# Of so many it is asked first whether they can be disturbed; of no more than this.
LOOKED_AT, MAX_LOOKED_AT = 60, 4000


def reason(request: Request, *, asleep: bool) -> Request.Why:
    """Why no neighbour is asked (any more). `asleep`: some could be, but are not to be disturbed at this hour.

    At most three queries; the others only where nobody was asked at all.
    """
    if request.window_until <= clock.now():
        return Request.Why.TIME_OVER
    if was_anybody_asked(request):
        return Request.Why.NOBODY
    if asleep:
        return Request.Why.ASLEEP
    # Someone could come, but no message reaches them: the page of the request says whom to call.
    unreached = Offer.made.filter(request=request, round=request.reopened, state__in=UNANSWERED)
    return Request.Why.NOBODY if unreached.exists() else _why_nobody_could_be_asked(request)


def was_anybody_asked(request: Request) -> bool:
    """Whether a neighbour was asked for it, and has not said yes."""
    return _asked_for(request).exclude(state=Offer.State.ACCEPTED).exists()


def can_ask_anyone(request: Request) -> bool:
    """Whether a search that begins now asks somebody, or waits for somebody who sleeps and wakes before the hour that
    was promised. At most five queries, unless very many sleep."""
    policy, settings = way_of(request.organisation)
    radius_m, budget = rules.farthest_m(request), cap_of(policy, settings)
    wanted = LOOKED_AT
    while True:
        found = nearest(request, limit=wanted, radius_m=radius_m, budget=budget)
        able = [each.volunteer_id for each in found]
        if request.for_experienced:
            known = Volunteer.objects.filter(pk__in=able, doors__gte=EXPERIENCED).values_list("pk", flat=True)
            able = list(known)
        out = not_now(
            request.organisation,
            clock.now(),
            window=(request.window_from, request.window_until),
            urgent=request.urgency == Request.Urgency.NOW,
            among=able,
        )
        waking = [wakes for wakes in out.values() if wakes is not None]
        if len(out) < len(able) or (waking and min(waking) <= request.promised_at):
            return True
        if len(found) < wanted or wanted >= MAX_LOOKED_AT:
            return False
        wanted *= 8


def count_asked(request: Request) -> int:
    """How many neighbours were asked for it so far."""
    return _asked_for(request).count()


def _asked_for(request: Request) -> "QuerySet[Offer]":
    """Whoever comes each time was not asked: their offer hangs there by itself. Nor was whoever no message reaches."""
    return Offer.made.filter(REACHED, Q(wave__gt=0) | Q(by_hand_of__isnull=False), request=request)


def asks_nobody_any_more(request: Request) -> bool:
    """Whether a search that goes on for days has asked nobody today, though it began before: it has come to its end for
    now, and "we are looking" would not be true. Where somebody comes and only somebody experienced is looked for
    beside them, nobody waits for that word."""
    morning = datetime.combine(local_day(request), time(), tzinfo=request.organisation.zone)
    if request.for_experienced or request.searched_since >= morning:
        return False
    return not Offer.made.filter(REACHED, request=request, created_at__gte=morning).exists()


def _why_nobody_could_be_asked(request: Request) -> Request.Why:
    """What is missing, from what nobody can change today to what tomorrow changes by itself. One query."""
    offers_kind = Q(does__gt=0)
    fits = offers_kind & Q(speaks__gt=0, free__gt=0, level__gte=request.level, open_count__lt=F("capacity"))
    today, cap = local_day(request), request.organisation.daily_budget
    used_up = Q(asked_on=today, asked_count__gte=Least(F("budget"), cap)) | Q(
        asked_on=today, asked_count__gte=max(cap - 1, 1)
    )
    counted = _near(request).aggregate(
        near=Count("pk"),
        kind=Count("pk", filter=offers_kind),
        fit=Count("pk", filter=fits),
        used_up=Count("pk", filter=fits & used_up),
    )
    if not counted["near"]:
        return Request.Why.NONE_NEAR
    if not counted["kind"]:
        return Request.Why.NONE_KIND
    return Request.Why.BUDGET if counted["used_up"] else Request.Why.NONE_FIT


def _near(request: Request) -> QuerySet[Volunteer]:
    """Everybody active who would go there, whatever they offer; for help by phone, everybody."""
    apart = Exclusion.objects.filter(person=request.case.person_id).values("volunteer")
    rows = (
        Volunteer.objects.filter(organisation=request.organisation_id, state=Volunteer.State.ACTIVE)
        .exclude(person__in=[request.case.person_id, request.case.asked_by_id])
        .exclude(pk__in=apart)
        .annotate(
            does=F("kinds").bitand(request.kinds),
            speaks=F("languages").bitand(request.languages),
            free=F("slots").bitand(slots_left(request)),
        )
    )
    if request.remote:
        return rows
    farthest = rules.farthest_m(request)
    east, north = east_and_north(request)
    degrees = farthest / METRES_A_DEGREE
    strips = range(cells.strip_of(request.lat - degrees), cells.strip_of(request.lat + degrees) + 1)
    return rows.annotate(
        square=ExpressionWrapper(north * north + east * east, FloatField()),
        own=ExpressionWrapper(F("radius_m") * 1.0 * F("radius_m"), FloatField()),
    ).filter(strip__in=strips, square__lte=Least(F("own"), float(farthest) ** 2))
