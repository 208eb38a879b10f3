"""Beginning a campaign, letting it rest, ending it. What it would cost is known before anything is sent."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.http import Http404

from quartier.cases.models import Request
from quartier.followup import access, queries
from quartier.followup.actions.ledger import changed
from quartier.followup.actions.notify_team import tell_left_alone, tell_over
from quartier.followup.models import Campaign, CheckIn
from quartier.followup.rules import CAMPAIGN_BOUNDS, ESCALATE_AFTER, OCCASIONS
from quartier.incidents.models import Incident
from quartier.lib import clock
from quartier.lib.ids import token_hash, uuid7
from quartier.matching.models import REACHED, Offer
from quartier.messaging import actions as messaging
from quartier.messaging import spending
from quartier.messaging.actions import Letter
from quartier.messaging.models import Message
from quartier.team.access import Actor, system
from quartier.team.models import Organisation


@dataclass(frozen=True)
class Plan:
    """Whom to ask, and in what rhythm; as the fields of `Campaign`. Raises `ValueError` out of bounds."""

    occasion: str
    postcodes: tuple[str, ...] = ()
    asks: int = 2
    answer_minutes: int = 120
    call_minutes: int = 120
    knock_minutes: int = 180
    per_minute: int = 20
    incident: Incident | None = None

    def __post_init__(self) -> None:
        if self.occasion not in {each.code for each in OCCASIONS}:
            raise ValueError("occasion")
        for name, (least, most) in CAMPAIGN_BOUNDS.items():
            if not least <= getattr(self, name) <= most:
                raise ValueError(name)


class RunsAlready(Exception):
    """There is one for this occasion."""


class NobodyThere(Exception):
    """Nobody agreed to be called for this, there."""


@dataclass(frozen=True)
class Estimate:
    """How many people; how many by a message, and how many only by a call; euros if everybody is asked each time.
    `knockers`: neighbours near them who could knock; `alone`: people near whom there is none; `callers`: who of the
    team can call."""

    people: int
    written_to: int
    called: int
    euros: Decimal
    knockers: int = 0
    alone: int = 0
    callers: tuple[str, ...] = ()


def estimate(organisation: Organisation, plan: Plan) -> Estimate:
    """What it would take, before anything is sent."""
    members = list(queries.members_for(organisation, plan.occasion, plan.postcodes))
    letters = [
        Letter(each.person, f"check_{plan.occasion}", "", {"page": ("check", "x" * 22)}, about=each.pk)
        for each in members
    ]
    drafted = [each for each in messaging.drafts(organisation=organisation, letters=letters) if each]
    euros = spending.price(drafted) * plan.asks
    knockers, alone = queries.who_could_knock(organisation, members)
    callers = queries.who_could_call(organisation)
    return Estimate(
        len(members), len(drafted), len(members) - len(drafted), euros, knockers, alone, tuple(callers)
    )


@transaction.atomic
def start(*, actor: Actor, plan: Plan) -> Campaign:
    """Begin. Raises `RunsAlready`, `NobodyThere`, and `Http404` for who may not."""
    if not actor.has(*access.READERS):
        raise Http404
    now = clock.now()
    members = list(queries.members_for(actor.organisation, plan.occasion, plan.postcodes))
    if not members:
        raise NobodyThere
    campaign = Campaign(
        organisation=actor.organisation,
        occasion=plan.occasion,
        incident=plan.incident,
        postcodes=list(plan.postcodes),
        next_at=now,
        started_by=actor.account,
        started_at=now,
        **{name: getattr(plan, name) for name in CAMPAIGN_BOUNDS},
    )
    Campaign.objects.bulk_create([campaign], ignore_conflicts=True)
    if not Campaign.objects.filter(pk=campaign.pk).exists():
        raise RunsAlready
    rows = [
        CheckIn(id=uuid7(), organisation=actor.organisation, campaign=campaign, member=each, next_at=now)
        for each in members
    ]
    for row in rows:
        row.token_hash = token_hash(access.check_token_of(row))
    CheckIn.objects.bulk_create(rows, batch_size=500)
    changed(actor, "campaign.start", "campaign", campaign.pk, occasion=plan.occasion, people=len(rows))
    return campaign


@transaction.atomic
def pause(*, actor: Actor, campaign: Campaign) -> Campaign:
    """Nobody is asked any more until it goes on; answers are still taken."""
    return _become(actor, campaign, Campaign.State.RUNNING, Campaign.State.PAUSED)


@transaction.atomic
def resume(*, actor: Actor, campaign: Campaign) -> Campaign:
    """It goes on where it was."""
    return _become(actor, campaign, Campaign.State.PAUSED, Campaign.State.RUNNING)


def _become(actor: Actor, campaign: Campaign, before: str, after: str) -> Campaign:
    row = _locked(actor, campaign)
    if row.state == before:
        row.state = Campaign.State(after)
        row.next_at = clock.now() if after == Campaign.State.RUNNING else None
        row.save(update_fields=["state", "next_at"])
        changed(actor, f"campaign.{after}", "campaign", row.pk)
    return row


@transaction.atomic
def end(*, actor: Actor, campaign: Campaign, call: bool = False) -> Campaign:
    """Nobody is asked any more. A neighbour who goes still goes, and who needs help stays on the list. `call`: whoever
    has not answered is not reached yet, so the team calls them; else nobody does."""
    row = _locked(actor, campaign)
    if row.state != Campaign.State.ENDED:
        count = _leave_to_team(row) if call else 0
        _end(actor, row, to_call=count)
    return row


def _leave_to_team(row: Campaign) -> int:
    """Whoever has not answered joins those who were not reached: on the list of calls. Returns how many."""
    now = clock.now()
    silent = queries.silent_in(row).filter(member__left_at=None, member__person__died_at=None)
    keys = list(silent.values_list("pk", flat=True))
    # Whoever answers at this very moment has answered.
    return CheckIn.objects.filter(pk__in=keys, state__in=queries.SILENT_STATES).update(
        state=CheckIn.State.ALERTED,
        next_at=None,
        since=Coalesce("since", Value(now)),
        escalate_at=now + ESCALATE_AFTER,
    )


def end_when_asked(campaign: Campaign) -> bool:
    """End a campaign in which nobody is left to ask, and say so, to whoever was left alone too. False while somebody
    climbs still, or a neighbour may yet ring at a door."""
    may_be_seen = Q(
        state=CheckIn.State.ALERTED,
        request__state__in=[Request.State.OPEN, Request.State.COVERED],
        request__window_until__gt=clock.now(),
    ) | Q(
        # All who are near were asked, and none of them has answered yet.
        Exists(
            Offer.made.filter(
                REACHED,
                request=OuterRef("request"),
                # Whose offer has expired can still say yes.
                state__in=[Offer.State.SENT, Offer.State.EXPIRED],
                request__window_until__gt=clock.now(),
            )
        ),
        state=CheckIn.State.ALERTED,
        request__state=Request.State.HUMAN,
    )
    if campaign.check_ins.filter(Q(state__in=CheckIn.CLIMBING) | may_be_seen).exists():
        return False
    with transaction.atomic():
        row = (
            Campaign.objects.select_for_update(of=("self",))
            .select_related("organisation")
            .get(pk=campaign.pk)
        )
        if row.state != Campaign.State.RUNNING:
            return False
        _end(system(row.organisation), row)
        tell_over(row)
        tell_left_alone(row)
    return True


def _end(actor: Actor, row: Campaign, **details: int) -> None:
    row.state, row.ended_at, row.next_at = Campaign.State.ENDED, clock.now(), None
    row.save(update_fields=["state", "ended_at", "next_at"])
    queries.silent_in(row).update(state=CheckIn.State.ENDED, next_at=None, claimed_by=None)
    due = Message.objects.filter(organisation=row.organisation, key__startswith=f"check:{row.pk}:")
    messaging.cancel(list(due.filter(state__in=[Message.State.DUE, Message.State.UNKNOWN])))
    changed(actor, "campaign.ended", "campaign", row.pk, **details)


def _locked(actor: Actor, campaign: Campaign) -> Campaign:
    found = (
        Campaign.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .filter(pk=campaign.pk, organisation=actor.organisation)
        .first()
    )
    if found is None or not actor.has(*access.READERS):
        raise Http404
    return found
