"""Writing offers: the row, the message, and the count against the volunteer's budget, all in one transaction."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from quartier.audit import actions as audit
from quartier.cases import actions as cases
from quartier.cases import rules as case_rules
from quartier.cases.models import Request
from quartier.cases.rules import NotPossible
from quartier.lib import cells, choices, clock, hours
from quartier.lib.crypto import blind
from quartier.lib.ids import token_hash
from quartier.live import actions as live
from quartier.matching import rules
from quartier.matching.actions import budget as spent
from quartier.matching.models import Offer
from quartier.matching.policies import fewest
from quartier.matching.queries import assumed, local_day
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.messaging.words.circumstances import KNOCK, SAME
from quartier.people import queries as people
from quartier.people import wishes
from quartier.people.models import Volunteer
from quartier.people.rules import wakes
from quartier.team.access import Actor
from quartier.trust.rules import is_experienced

WITHIN_AN_AREA_M = 1000
# Two offers whose time ends so near to each other read alike.
ABOUT_THE_SAME_TIME = timedelta(hours=12)
# What is new in an offer that is made once more, or that was planned before.
OFFERED = [
    field.name
    for field in Offer._meta.local_concrete_fields
    if field.name not in {"id", "organisation", "request", "volunteer"}
]


def token_of(offer: Offer) -> str:
    """The unguessable part of the offer's address; worked out, never stored."""
    # 22 characters are 132 bits: as unguessable as it gets, and a text with it often fits in one segment.
    return blind("offer", offer.organisation_id, str(offer.id))[:22]


def reserve(
    request: Request,
    ids: Sequence[UUID],
    today: date,
    *,
    budget: int | None,
    enough: float | None = None,
    most: int | None = None,
) -> list[Volunteer]:
    """Count one more offer against each volunteer who may still be asked, and return those, as they were before.

    Two waves at once never spend the same place of a budget: the rows are locked and looked at again. A wave
    leaves out whom another holds; without a budget somebody has chosen this volunteer, and waits the moment.
    They stand in the order of `ids`. `enough`: the likeliest first, and no more of them than it takes until one
    says yes with this probability. `most`: no more than so many in any case.
    """
    if not ids:
        # Many a wave finds nobody within its first reach.
        return []
    rows = spent.lock(ids, today, budget=budget)
    there = {volunteer.pk: volunteer for volunteer in rows}
    free = [there[pk] for pk in ids if pk in there]
    if enough is not None:
        likely = {volunteer.pk: _likely(request, volunteer, today) for volunteer in free}
        free.sort(key=lambda volunteer: -likely[volunteer.pk])
        free = free[: fewest([likely[volunteer.pk] for volunteer in free], enough)]
    free = free[:most]
    spent.count(free, today)
    return free


def unreserve_unwritten(offers: Sequence[Offer]) -> list[Offer]:
    """Give back what `reserve` counted for those whom no message reaches, and return the offers of the others. Their
    own offers stay, on their page and on that of the request, for whoever of the team calls them."""
    if unwritten := [offer.volunteer for offer in offers if offer.message is None]:
        spent.give_back(unwritten)
    return [offer for offer in offers if offer.message is not None]


def _likely(request: Request, volunteer: Volunteer, today: date) -> float:
    metres = None if request.remote else said_distance(request, volunteer)
    learns = request.organisation.learns
    return rules.likely(volunteer, metres, today, learns=learns, prior=assumed())


def write_offers(
    request: Request,
    volunteers: Sequence[Volunteer],
    *,
    wave: int,
    expires_at: datetime,
    by_hand_of: Actor | None = None,
    know_her: bool = False,
    usual: bool = False,
) -> list[Offer]:
    """One offer and one message for each volunteer, as `reserve` gave them. `know_her`: they are asked because they
    have been there before; `usual`: since they come each time, and were silent the last times.

    Who was asked before a reopening, or is planned, is asked by the same offer.
    """
    now = clock.now()
    before = {
        offer.volunteer_id: offer
        for offer in Offer.objects.filter(
            Q(round__lt=request.reopened) | Q(state=Offer.State.QUEUED),
            request=request,
            volunteer__in=volunteers,
        )
    }
    offers = [_offer(request, volunteer, wave, expires_at, now) for volunteer in volunteers]
    for offer in offers if know_her else []:
        offer.reasons.insert(0, ["known", ""])
    for offer in offers:
        if old := before.get(offer.volunteer_id):
            offer.pk = old.pk
            offer.token_hash = old.token_hash or token_hash(token_of(offer))
    twins = _offers_alike(request, [offer.volunteer_id for offer in offers])
    told = {pk for pk, old in before.items() if old.state != Offer.State.QUEUED}
    letters = [
        _letter(request, offer, again=offer.volunteer_id in told, twin=twins.get(offer.volunteer_id, ""))
        for offer in offers
    ]
    if usual:
        letters = [replace(each, values=each.values | {"usual": True}) for each in letters]
    organisation = request.organisation
    if by_hand_of is None:
        quiet = hours.after_quiet(now, organisation.quiet_from, organisation.quiet_until, organisation.zone)
        letters = [replace(each, not_before=quiet) for each in letters]
    else:
        letters = [replace(each, by_hand=True) for each in letters]
    for offer, message in zip(
        offers, messaging.write_all(organisation=organisation, letters=letters), strict=True
    ):
        offer.message = message
        offer.by_hand_of = by_hand_of.account if by_hand_of else None
    if before:
        Offer.objects.bulk_create(
            offers, update_conflicts=True, unique_fields=["request", "volunteer"], update_fields=OFFERED
        )
    else:
        Offer.objects.bulk_create(offers)
    return offers


def _offer(request: Request, volunteer: Volunteer, wave: int, expires_at: datetime, now: datetime) -> Offer:
    metres = None if request.remote else said_distance(request, volunteer)
    today = local_day(request)
    offer = Offer(
        organisation_id=request.organisation_id,
        request=request,
        volunteer=volunteer,
        state=Offer.State.SENT,
        wave=wave,
        round=request.reopened,
        distance_m=metres,
        likelihood=_likely(request, volunteer, today),
        load=volunteer.open_count,
        asked_before=rules.had_today(volunteer, today),
        reasons=reasons(request, volunteer, metres),
        created_at=now,
        expires_at=expires_at,
    )
    offer.token_hash = token_hash(token_of(offer))
    return offer


def said_distance(request: Request, volunteer: Volunteer) -> int:
    """Metres as a stranger may know them: from the middle of one neighbourhood to that of the other.

    Within one neighbourhood that would be nothing at all; two points of it are about a kilometre apart.
    """
    return max(round(cells.between(request.area, volunteer.area)), WITHIN_AN_AREA_M)


def reasons(request: Request, volunteer: Volunteer, metres: int | None) -> list[list[object]]:
    """Why this volunteer: codes and values that a screen says in the reader's language."""
    common = choices.chosen(choices.LANGUAGES, request.languages & volunteer.languages)
    why: list[list[object]] = [["kind", request.kind], ["language", common[0].code if common else ""]]
    if metres is not None:
        why.insert(0, ["near", metres])
        if volunteer.travel:
            why.append(["travel", volunteer.travel])
    # Who can be asked at any time has not said that they are often free at this one.
    if volunteer.slots != choices.ALL_SLOTS:
        why.append(["free", ""])
    if volunteer.done_total:
        why.append(["experience", volunteer.done_total])
    return why


def _offers_alike(request: Request, ids: Sequence[UUID]) -> dict[UUID, str | int]:
    """Those of these volunteers who have an open offer that reads like this one: for how many others, or `same` where
    it is for the same person, with how many there are. One query."""
    alike = Offer.made.filter(
        volunteer__in=ids,
        state__in=Offer.LIVE,
        request__kind=request.kind,
        request__remote=request.remote,
        request__case__postcode=request.case.postcode,
        request__window_until__gt=request.window_until - ABOUT_THE_SAME_TIME,
        request__window_until__lt=request.window_until + ABOUT_THE_SAME_TIME,
    )
    people: dict[UUID, Counter[UUID]] = defaultdict(Counter)
    for volunteer, person in alike.exclude(request=request).values_list("volunteer", "request__case__person"):
        people[volunteer][person] += 1
    mine = request.case.person_id
    return {
        volunteer: len(found.keys() - {mine}) or _same(found[mine]) for volunteer, found in people.items()
    }


def _same(before: int) -> str:
    """The mark of one more offer for a person for whom there are so many before it."""
    return SAME if before == 1 else f"{SAME}{before}"


def _letter(request: Request, offer: Offer, *, again: bool = False, twin: str | int = "") -> Letter:
    """`again`: this volunteer was asked for it before; `twin`: and is asked for the same too (`_offers_alike`)."""
    former = case_rules.former_hour_of_ride(request)
    marks: dict[str, object] = {
        name: mark for name, mark in (("again", again), ("twin", twin), ("former_hour", former)) if mark
    }
    return Letter(
        offer.volunteer.person,
        "offer_remote" if request.remote else "offer",
        f"offer:{offer.id}:{request.reopened}" if request.reopened else f"offer:{offer.id}",
        {
            "kind": KNOCK if request.unasked else request.kind,
            "place": (request.case.postcode, request.case.place_name),
            "metres": offer.distance_m or 0,
            "window": (request.window_from, request.window_until),
            "page": ("offer_link", token_of(offer)),
        }
        | marks,
        not_after=offer.expires_at,
        about=offer.id,
        urgent=request.urgency == Request.Urgency.NOW,
    )


def _open_again(request: Request, offer: Offer, actor: Actor, now: datetime) -> None:
    """An offer that ended without a visit can be answered again, and its volunteer is told so once more."""
    if offer.state == Offer.State.ACCEPTED and offer.assignments.filter(ended_at=None).exists():
        return
    ended = offer.state not in Offer.LIVE
    # Of this round of the search: its waves do not ask once more.
    offer.round = request.reopened
    offer.state, offer.decline_reason = Offer.State.SENT, ""
    offer.answered_at = offer.withdrawn_at = None
    offer.expires_at = _answered_by(request, offer.volunteer, now)
    offer.by_hand_of = actor.account
    if ended:
        twin = _offers_alike(request, [offer.volunteer_id]).get(offer.volunteer_id, "")
        letter = _letter(request, offer, again=True, twin=twin)
        again = f"{letter.key}:{now:%y%m%d%H%M}"
        letter = replace(letter, key=again, by_hand=True)
        offer.message = messaging.write(organisation=request.organisation, letter=letter)
    offer.save()


def _answered_by(request: Request, volunteer: Volunteer, now: datetime) -> datetime:
    """Until when an offer made by hand can be answered: who sleeps is told when they wake."""
    wish = wishes.of(volunteer.person)
    may_wake = wish.urgent and request.urgency == Request.Urgency.NOW
    quiet = None if may_wake else wishes.quiet_of(wish)
    return rules.expires_at(request, wakes(now, quiet, request.organisation.zone))


@transaction.atomic
def offer_by_hand(*, actor: Actor, request: Request, volunteer: Volunteer) -> Offer:
    """A coordinator asks this volunteer, whatever the budget says; in quiet hours of their own, when these are over.
    Asked again, the old offer is opened again. What nobody has read yet stays with the team: nobody else is asked.

    Raises `NotPossible` when the request is covered or over, or the volunteer is paused, gone or suspended,
    or is not experienced where somebody experienced is looked for, or these two are kept apart.
    """
    now = clock.now()
    locked = (
        Request.objects.select_for_update(of=("self",))
        .select_related("organisation", "case")
        .get(pk=request.pk)
    )
    if locked.state not in {Request.State.OPEN, Request.State.HUMAN}:
        raise NotPossible
    if locked.for_experienced and not is_experienced(volunteer.doors):
        raise NotPossible
    if people.are_kept_apart(volunteer, locked.case.person_id):
        raise NotPossible
    unread = locked.why_human if locked.state == Request.State.HUMAN else ""
    if locked.window_until <= now:
        # Whoever is asked could not go any more: one of the team has found out that it is still needed.
        locked = cases.look_again(actor=actor, request=locked)
    chosen = reserve(locked, [volunteer.pk], local_day(locked), budget=None)
    if not chosen:
        raise NotPossible
    offer = (
        Offer.made.select_for_update(of=("self",))
        .select_related("volunteer__person")
        .filter(request=locked, volunteer=volunteer)
        .first()
    )
    if offer is not None:
        _open_again(locked, offer, actor, now)
    else:
        (offer,) = write_offers(
            locked,
            chosen,
            wave=locked.wave,
            expires_at=_answered_by(locked, chosen[0], now),
            by_hand_of=actor,
        )
    unreserve_unwritten([offer])
    if unread in Request.UNREAD:
        # One is asked for it; everybody only once somebody of the team has read or heard what it is about.
        locked.state, locked.why_human, locked.next_at = Request.State.HUMAN, unread, None
    else:
        locked.state, locked.why_human = Request.State.OPEN, ""
        wait = rules.next_wave(locked, locked.organisation, now, prior=assumed())
        locked.next_at = wait.next_at if wait else rules.expires_at(locked, now)
    locked.save(update_fields=["state", "why_human", "next_at"])
    audit.record(
        organisation_id=locked.organisation_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb="offer.by_hand",
        subject_kind="offer",
        subject_id=offer.id,
    )
    live.touch(locked.organisation_id, "board", f"case:{locked.case_id}")
    return offer
