"""What the team hears of a campaign: that there is somebody to call, that somebody was not reached and what was done,
that everybody was asked. Gathered, so that a coordinator gets one message an hour and not one for each person."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from quartier.followup import access
from quartier.followup.actions.ledger import changed, tell_coordinators
from quartier.followup.models import Campaign, CheckIn
from quartier.followup.queries.ladder import (
    MAX_NAMES,
    LadderHistory,
    and_more,
    ladder_histories,
    names_words,
    tally_words,
)
from quartier.followup.rules import ESCALATE_AGAIN, OCCASIONS
from quartier.lib import hours
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.messaging.models import Message
from quartier.messaging.saying import LIST_SEPARATOR
from quartier.team.access import system

State = CheckIn.State
NEWS_INTERVAL = timedelta(hours=1)
OCCASION_NAMES = {each.code: each.name for each in OCCASIONS}
# What is told of each of these, and where on the campaign stands when it was told last.
NEWS = {
    State.CALLING: ("check_to_call", "calls_told_at"),
    State.ALERTED: ("check_unreached", "unreached_told_at"),
}


def tell_ladder_news(now: datetime) -> bool:
    """Tell coordinators of those who came to a rung since they were told last. True when somebody was told; idle, it
    only looks."""
    rested = Q()
    for state, (_template, column) in NEWS.items():
        told_at = f"campaign__{column}"
        may = Q(**{told_at: None}) | Q(**{f"{told_at}__lte": now - NEWS_INTERVAL})
        rested |= Q(state=state) & may
    news = CheckIn.objects.filter(rested).exclude(told_state=F("state"))
    # Of a campaign that rests or is over, nobody calls; whoever was not reached is told all the same.
    found = news.order_by().values_list("campaign", "state").distinct()
    told = [_tell(campaign, State(state), now) for campaign, state in list(found)]
    return any(told)


@transaction.atomic
def _tell(campaign_id: UUID, state: CheckIn.State, now: datetime) -> bool:
    template, column = NEWS[state]
    campaign = (
        Campaign.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=campaign_id)
    )
    told_at = getattr(campaign, column)
    if told_at is not None and now < told_at + NEWS_INTERVAL:
        return False
    rows = list(
        campaign.check_ins.filter(state=state)
        .exclude(told_state=state)
        .select_related("member__person")
        .order_by("since", "pk")
    )
    if not rows:
        return False
    values: dict[str, Any] = {
        "occasion": OCCASION_NAMES[campaign.occasion],
        "names": lazy(names_words, str)([row.member.person.name for row in rows]),
        "page": ("campaign", campaign.pk),
    }
    if state == State.CALLING:
        values["clock"] = min((row.next_at for row in rows if row.next_at), default=now)
        if len(rows) == 1:
            values["page"] = ("check_call", rows[0].pk)
    else:
        histories = ladder_histories(rows)
        values["ladder"] = lazy(ladder_words, str)(
            [(row.member.person.name, histories[row.pk]) for row in rows]
        )
    tell_coordinators(campaign.organisation, template, f"{campaign.pk}:{now:%Y%m%d%H%M}", values)
    CheckIn.objects.filter(pk__in=[row.pk for row in rows]).update(told_state=state)
    setattr(campaign, column, now)
    campaign.save(update_fields=[column])
    changed(
        system(campaign.organisation), f"campaign.told_{state}", "campaign", campaign.pk, people=len(rows)
    )
    return True


def escalate_unreached(now: datetime) -> bool:
    """Whoever was not reached for a day, though the coordinators know: by day the heads hear it too, with what was
    done. Once a week after that, until somebody closes it. True when somebody was told; idle, it only looks."""
    due = CheckIn.objects.filter(state=State.ALERTED, told_state=State.ALERTED, escalate_at__lte=now)
    campaigns = list(due.order_by().values_list("campaign", flat=True).distinct())
    return sum(_escalate(campaign, now) for campaign in campaigns) > 0


@transaction.atomic
def _escalate(campaign_id: UUID, now: datetime) -> bool:
    campaign = (
        Campaign.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=campaign_id)
    )
    group = campaign.organisation
    if hours.is_within(now, group.quiet_from, group.quiet_until, group.zone):
        return False
    waiting = campaign.check_ins.filter(state=State.ALERTED, told_state=State.ALERTED, escalate_at__lte=now)
    rows = list(waiting.select_related("member__person").order_by("since", "pk"))
    if not rows:
        return False
    histories = ladder_histories(rows)
    values: dict[str, Any] = {
        "occasion": OCCASION_NAMES[campaign.occasion],
        "names": lazy(names_words, str)([row.member.person.name for row in rows]),
        "ladder": lazy(ladder_words, str)([(row.member.person.name, histories[row.pk]) for row in rows]),
        "page": ("campaign", campaign.pk),
        "still": True,
    }
    tell_coordinators(group, "check_unreached", f"{campaign.pk}:{now:%Y%m%d%H%M}:still", values, heads=True)
    CheckIn.objects.filter(pk__in=[row.pk for row in rows]).update(escalate_at=now + ESCALATE_AGAIN)
    changed(system(group), "campaign.escalate", "campaign", campaign.pk, people=len(rows))
    return True


def tell_over(campaign: Campaign) -> None:
    """Everybody was asked, and how it stands: with the names of those whom nobody has called, nor seen."""
    states: dict[str, int] = {}
    for state in campaign.check_ins.values_list("state", flat=True):
        states[state] = states.get(state, 0) + 1
    unreached = campaign.check_ins.filter(state=State.ALERTED).select_related("member__person")
    rows = list(unreached.order_by("since", "pk"))
    histories = ladder_histories(rows)
    alone = [row.member.person.name for row in rows if histories[row.pk].is_left_alone]
    values = {
        "occasion": OCCASION_NAMES[campaign.occasion],
        "tally": lazy(tally_words, str)(states, alone),
        "page": ("campaign", campaign.pk),
    }
    tell_coordinators(campaign.organisation, "campaign_over", str(campaign.pk), values)


def tell_left_alone(campaign: Campaign) -> None:
    """Whoever was told that somebody calls or comes, and neither happened: they hear that, and are asked once more."""
    rows = list(campaign.check_ins.filter(state=State.ALERTED, asked__gt=0).select_related("member__person"))
    histories = ladder_histories(rows)
    went_out = Message.objects.filter(
        organisation=campaign.organisation,
        key__startswith=f"check:{campaign.pk}:",
        state__in=Message.GONE_OUT,
    )
    asked = {key.split(":")[2] for key in went_out.values_list("key", flat=True)}
    letters = [
        Letter(
            row.member.person,
            "check_missed",
            f"check_missed:{campaign.pk}:{row.pk}",
            {"since": row.since or campaign.started_at, "page": ("check", access.check_token_of(row))},
            about=row.pk,
        )
        for row in rows
        if str(row.pk) in asked
        and histories[row.pk].is_left_alone
        and not (row.member.left_at or row.member.person.died_at)
    ]
    messaging.write_all(organisation=campaign.organisation, letters=letters)


def ladder_words(rows: Sequence[tuple[str, LadderHistory]]) -> str:
    """Who was not reached, each with what was done, in the language that is active."""
    said = [_("{name} ({done})").format(name=name, done=history) for name, history in rows[:MAX_NAMES]]
    return and_more(said, len(rows) - MAX_NAMES, str(LIST_SEPARATOR))
