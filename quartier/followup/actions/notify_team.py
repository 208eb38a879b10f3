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
from django.utils.translation import ngettext

from quartier.followup.actions.ledger import changed, tell_coordinators
from quartier.followup.models import Campaign, CheckIn
from quartier.followup.queries.ladder import LadderHistory, ladder_histories, tally_words
from quartier.followup.rules import OCCASIONS
from quartier.messaging.saying import LIST_SEPARATOR
from quartier.team.access import system

State = CheckIn.State
NEWS_INTERVAL = timedelta(hours=1)
MAX_NAMES = 3
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


def tell_over(campaign: Campaign) -> None:
    """Everybody was asked, and how it stands."""
    states: dict[str, int] = {}
    for state in campaign.check_ins.values_list("state", flat=True):
        states[state] = states.get(state, 0) + 1
    values = {
        "occasion": OCCASION_NAMES[campaign.occasion],
        "tally": lazy(tally_words, str)(states),
        "page": ("campaign", campaign.pk),
    }
    tell_coordinators(campaign.organisation, "campaign_over", str(campaign.pk), values)


def names_words(names: Sequence[str]) -> str:
    """`Albert, Rosa, Zoé and 4 more`, in the language that is active."""
    return _and_more(list(names[:MAX_NAMES]), len(names) - MAX_NAMES, ", ")


def ladder_words(rows: Sequence[tuple[str, LadderHistory]]) -> str:
    """Who was not reached, each with what was done, in the language that is active."""
    said = [_("{name} ({done})").format(name=name, done=history) for name, history in rows[:MAX_NAMES]]
    return _and_more(said, len(rows) - MAX_NAMES, str(LIST_SEPARATOR))


def _and_more(said: list[str], more: int, between: str) -> str:
    words = between.join(said)
    if more <= 0:
        return words
    return ngettext("{words} and {count} more", "{words} and {count} others", more).format(
        words=words, count=more
    )
