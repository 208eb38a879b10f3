"""One step of the ladder for one request: ask a wave, look farther, or call a human."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from quartier.audit import actions as audit
from quartier.cases import actions as cases
from quartier.cases import rules as case_rules
from quartier.cases.models import Request
from quartier.cases.queries import (
    day_among_several,
    is_one_of_several,
    kinds_without_anyone,
    mark_at_shared_phone,
)
from quartier.lib import clock, hours
from quartier.live import actions as live
from quartier.matching import rules
from quartier.matching.actions import pace, search_end
from quartier.matching.actions.acquaintance import known_to
from quartier.matching.actions.offering import reserve, unreserve_unwritten, write_offers
from quartier.matching.models import REACHED, Offer
from quartier.matching.policies import share_of_group
from quartier.matching.queries import Candidate, assumed, local_day, nearest, offers_each, still_free
from quartier.matching.rules import Wave
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.messaging.queries import was_just_said
from quartier.people.models import Volunteer
from quartier.people.queries import not_now
from quartier.promises.models import Promise
from quartier.promises.queries import open_about
from quartier.team.access import system
from quartier.telephony.queries import is_holiday_between
from quartier.trust.rules import EXPERIENCED

# After so long it is looked again at volunteers whom other waves were just about to ask.
HELD_BY_OTHERS = timedelta(seconds=2)
# So many offers are written in one transaction; a larger wave goes on with the next one, at once.
AT_ONCE = 500
# So long after the end of a search whoever waits hears so: not in one breath with what they were told before, and not
# at all where a neighbour says yes, or one of us speaks with them, in these minutes.
END_OF_SEARCH_PAUSE = timedelta(minutes=10)
# Of more neighbours than this it is not asked whether they sleep.
MOST_LOOKED_AT = 4000


@transaction.atomic
def send_wave(*, request_id: UUID) -> list[Offer]:
    """Do what is due for an open request, and set when to look again. Returns the offers written (perhaps none).

    Harmless when nothing is due: the row is looked at again under its lock.
    """
    now = clock.now()
    request = _due(request_id, now)
    if request is None:
        return []
    organisation = request.organisation
    wakes = hours.after_quiet(now, organisation.quiet_from, organisation.quiet_until, organisation.zone)
    if wakes > now:
        pace.wait_for_morning(request, wakes)
        return []
    if (morning := case_rules.asks_from(request, now)) > now:
        # What has time is asked by day, and in the evening only while nobody minds.
        return _look_again(request, morning)
    pace.keep(request, now)
    planned, sleepers, step = _planned(request), list[datetime](), request.wave
    if not planned and (asked_first := _those_who_know_her(request, now)):
        return asked_first
    pending, plenty = _pending(request, now)
    while True:
        wave = rules.next_wave(request, organisation, now, pending, assumed(), plenty)
        if wave is None:
            return _wait_or_give_up(request, sleepers, step)
        asked = _asked_in_this_step(request, wave)
        limit = min(wave.size - asked, AT_ONCE)
        # Twice as many tell whether there are not many more than would be asked.
        sought = limit if wave.enough is not None or not wave.spares_small_groups or planned else 2 * limit
        found = _neighbours(request, wave, planned, sought, sleepers)
        most = limit if planned else _share(request, wave, limit, len(found), sought)
        ids = [each.volunteer_id for each in found]
        if wave.enough is None:
            ids = ids[:most]
        chosen = reserve(request, ids, local_day(request), budget=wave.budget, enough=wave.enough, most=most)
        if chosen:
            break
        if found:
            # Another wave holds them at this moment: that uses up no step of the ladder.
            return _look_again(request, now + HELD_BY_OTHERS)
        request.wave += 1
        if limit <= 0 or asked:
            return _look_again(request, wave.next_at)
        if wave.widest or request.remote:
            # Nobody new to ask. Those who were asked may still say yes, so the clock goes on while they can.
            if Offer.objects.filter(REACHED, request=request, state__in=Offer.LIVE).exists():
                return _look_again(request, wave.next_at)
            return _wait_or_give_up(request, sleepers, step)
    offers = write_offers(request, chosen, wave=request.wave + 1, expires_at=wave.expires_at)
    if planned:
        _let_go(request, [])
    told = unreserve_unwritten(offers)
    if not told or min(len(found), limit) == AT_ONCE < wave.size - asked:
        # Whom no message reaches uses up no step of the ladder: the next ones have their turn at once.
        request.next_at = now
    else:
        request.wave, request.next_at = request.wave + 1, wave.next_at
    request.save(update_fields=["wave", "next_at"])
    _asked(request, told, radius_m=wave.radius_m)
    return offers


def _share(request: Request, wave: Wave, limit: int, found: int, sought: int) -> int:
    """How many are asked at once: not all of a small group, so that the next request finds somebody too."""
    if not wave.spares_small_groups or found >= sought:
        return limit
    urgent = request.urgency == Request.Urgency.NOW
    return min(limit, share_of_group(found, urgent=urgent, places=request.needed - request.accepted))


def _those_who_know_her(request: Request, now: datetime) -> list[Offer]:
    """Before the first wave: who has helped this person before is asked, and the others wait a while.

    That uses up no step of the ladder. Looked at again, those are asked already, and the waves begin.
    """
    wait = rules.known_have(request, now)
    known = known_to(request.case.person_id, rules.KNOWN_FIRST * 3) if wait else []
    if wait is None or not known:
        return []
    free = still_free(
        request, known, radius_m=rules.farthest_m(request), budget=request.organisation.daily_budget
    )
    there = {each.volunteer_id for each in _reachable(request, free, [])}
    ids = [pk for pk in known if pk in there][: max(rules.KNOWN_FIRST, request.needed - request.accepted)]
    chosen = reserve(request, ids, local_day(request), budget=request.organisation.daily_budget)
    if not chosen:
        return []
    offers = write_offers(request, chosen, wave=1, expires_at=rules.expires_at(request, now), know_her=True)
    told = unreserve_unwritten(offers)
    request.next_at = now + wait if told else now
    request.save(update_fields=["next_at"])
    _asked(request, told, know_her=True)
    return offers


def _asked(request: Request, offers: list[Offer], **details: Any) -> None:
    if offers:
        audit.record(
            organisation_id=request.organisation_id,
            actor_kind="system",
            actor_id=None,
            verb="request.wave",
            subject_kind="request",
            subject_id=request.id,
            details={"wave": offers[0].wave, "offers": len(offers), **details},
        )
    live.touch(request.organisation_id, "board", f"case:{request.case_id}")


def _due(request_id: UUID, now: datetime) -> Request | None:
    """The request with its row locked, if neighbours are to be asked for it now."""
    return (
        Request.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("organisation", "case__person", "case__asked_by")
        .annotate(is_planned=Exists(Offer.objects.filter(request=OuterRef("pk"), state=Offer.State.QUEUED)))
        .filter(pk=request_id, state=Request.State.OPEN, next_at__lte=now)
        .first()
    )


def _planned(request: Request) -> list[UUID]:
    """Whom the plan for this morning has chosen, when many were due at once."""
    if not request.is_planned:  # type: ignore[attr-defined]
        return []
    offers = Offer.objects.filter(request=request, state=Offer.State.QUEUED)
    return list(offers.values_list("volunteer_id", flat=True))


def _neighbours(
    request: Request, wave: Wave, planned: list[UUID], limit: int, sleepers: list[datetime]
) -> list[Candidate]:
    """Those planned who can still be asked: that is this request's share, also when it is a small one. The best others
    when nobody is left of them. `sleepers` gets to know when those wake who are left out because they sleep."""
    if limit <= 0:
        return []
    found = still_free(request, planned, radius_m=wave.radius_m, budget=wave.budget)
    found = _reachable(request, found, sleepers)[:limit] if found else []
    if len(found) < len(planned):
        _let_go(request, [each.volunteer_id for each in found])
    return found or _nearest(request, wave, limit, sleepers)


def _nearest(request: Request, wave: Wave, limit: int, sleepers: list[datetime]) -> list[Candidate]:
    """The nearest of those who can be asked at this hour. The search knows nothing of hours, which would slow it for
    everybody: where it finds people who sleep or are away, it looks for so many more."""
    wanted = limit
    while True:
        found = nearest(request, limit=wanted, radius_m=wave.radius_m, budget=wave.budget)
        awake = _reachable(request, found, sleepers)
        if len(awake) >= limit or len(found) < wanted or wanted >= MOST_LOOKED_AT:
            return awake[:limit]
        wanted += max(limit, 2 * (len(found) - len(awake)))


def _reachable(request: Request, found: list[Candidate], sleepers: list[datetime]) -> list[Candidate]:
    out = not_now(
        request.organisation,
        clock.now(),
        window=(request.window_from, request.window_until),
        urgent=request.urgency == Request.Urgency.NOW,
        among=[each.volunteer_id for each in found],
    )
    sleepers += [wakes for wakes in out.values() if wakes is not None]
    there = [each for each in found if each.volunteer_id not in out]
    if not request.for_experienced:
        return there
    # Few requests are for them alone: the search itself need not know it.
    able = Volunteer.objects.filter(pk__in=[each.volunteer_id for each in there], doors__gte=EXPERIENCED)
    known = set(able.values_list("pk", flat=True))
    return [each for each in there if each.volunteer_id in known]


def _let_go(request: Request, all_but: list[UUID]) -> None:
    """Of the plan for this request only these stay: the others cannot be asked any more, or are not needed."""
    queued = Offer.objects.filter(request=request, state=Offer.State.QUEUED)
    queued.exclude(volunteer__in=all_but).delete()


def _pending(request: Request, now: datetime) -> tuple[list[tuple[float, datetime]], float]:
    """The offers that nobody has answered yet, if the way of asking goes by them, and how many there can be for each
    request."""
    plenty = offers_each(request.organisation, now)
    if not rules.policy_of(request.organisation).counts_pending:
        return [], plenty
    offers = Offer.objects.filter(REACHED, request=request, state__in=Offer.LIVE)
    return list(offers.values_list("likelihood", "created_at")), plenty


def _asked_in_this_step(request: Request, wave: Wave) -> int:
    """How many the transactions before this one have asked, if the wave is too large for one."""
    if wave.size <= AT_ONCE:
        return 0
    return Offer.made.filter(
        request=request, wave=request.wave + 1, round=request.reopened, by_hand_of=None
    ).count()


def _look_again(request: Request, at: datetime) -> list[Offer]:
    request.next_at = at
    request.save(update_fields=["wave", "next_at"])
    return []


def _wait_or_give_up(request: Request, sleepers: list[datetime], step: int) -> list[Offer]:
    """Nobody is left who can be asked now. Somebody who sleeps could be, if they wake before we have promised news:
    then the request stands at the same step (`step`) again. What is days away begins again in the morning, if that can
    change anything and somebody was asked today. Else a human takes it: each morning it is seen again whether
    somebody can be asked after all (`pace.resume_searches`)."""
    if sleepers and min(sleepers) <= request.promised_at:
        request.wave = step
        return _look_again(request, min(sleepers))
    now, why = clock.now(), search_end.reason(request, asleep=bool(sleepers))
    can_change = rules.is_days_away(request, now) and why in Request.SEARCH_CAN_RESUME
    if can_change and not search_end.asks_nobody_any_more(request):
        request.wave = 0
        return _look_again(request, rules.begins_again_at(request, request.organisation, now))
    _give_to_human(request, why)
    return []


def _give_to_human(request: Request, why: str) -> None:
    """`why`: how the search ended, one of `Request.SEARCH_ENDED`."""
    request.search_ended_on = local_day(request)
    request.save(update_fields=["wave", "search_ended_on"])
    actor = system(request.organisation)
    if request.for_experienced:
        # Somebody comes; who is helped is told nothing that sounds otherwise.
        cases.ask_human(actor=actor, request=request, why=Request.Why.PAIR)
        return
    cases.ask_human(actor=actor, request=request, why=why)
    told = pace.whom_to_tell(request)
    if why == Request.Why.TIME_OVER or told is None:
        # Whoever waits is asked whether it is still needed (`followup.actions.overdue`).
        return
    request.state = Request.State.HUMAN
    if cases.was_end_of_search_told(request):
        return
    kind, now, news_due_at = cases.call_or_write(told), clock.now(), request.promised_at
    template = "nobody_yet" if kind == Promise.Kind.CALL else "nobody_yet_write"
    helped = request.case.person
    # Once for all that is asked for one person; whoever asked for two hears of each, and so of each day of a series.
    day = day_among_several(request)
    once = str(request.pk if day else helped.pk)
    if was_just_said(told.pk, template, once, now):
        # Of three things that one person asked for they hear once, in the same words. An hour that they were told
        # before is not forgotten over it; of a later one they know nothing.
        before = open_about("request", request.pk)
        told_by = before.told_by if before and before.person_id == told.pk else Promise.ToldBy.NOBODY
        promise = cases.promise_about(request, kind, person=told, told_by=told_by)
        if before is not None and promise.due_at > before.due_at:
            promise.told_by = Promise.ToldBy.NOBODY
            promise.save(update_fields=["told_by"])
        return
    promise = cases.promise_about(request, kind, person=told)
    values: dict[str, Any] = {"once": once} | mark_at_shared_phone(request, told)
    # It is said once for all that they wait for.
    if day is not None:
        values |= {"kinds": [request.kind], "kinds_day": day}
    elif len(kinds := kinds_without_anyone(helped)) > 1 or is_one_of_several(request, told):
        # Of two places one may be taken: then it is not among those without anyone.
        values["kinds"] = kinds if request.kind in kinds else [request.kind, *kinds]
    if is_holiday_between(request.organisation, now, promise.due_at):
        values["also"] = "holiday"
    messaging.write(
        organisation=request.organisation,
        letter=Letter(
            told,
            template,
            cases.end_of_search_key(request, request.reopened),
            values,
            # Not after the hour by which they were to hear.
            not_before=max(now, min(now + END_OF_SEARCH_PAUSE, news_due_at)),
            promise=promise,
        ),
    )
