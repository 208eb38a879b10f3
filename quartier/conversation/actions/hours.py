"""The hour that a volunteer says with their yes: taken as said, or asked again."""

from datetime import datetime

from quartier.cases.models import Request
from quartier.conversation import said_hours
from quartier.conversation.actions.offer_question import ask_about_offer
from quartier.conversation.actions.talk import Outcome, Talk
from quartier.conversation.said_hours import SaidTime
from quartier.conversation.understanding import Meaning as Meant
from quartier.conversation.understanding import Understood
from quartier.matching.models import Offer
from quartier.visits import rules

ASKED = "reply_hour"


def names_hour(talk: Talk) -> bool:
    """Whether this yes says an hour."""
    language = talk.person.language if talk.person else ""
    return said_hours.said_time(talk.row.body, language).names_hour


def window_said(talk: Talk, offer: Offer, meant: Understood) -> tuple[tuple[datetime, datetime] | None, bool]:
    """When they come who say this, or `None` where they name no hour; and whether they say one that cannot be, or that
    is not clear."""
    said = said_hours.said_time(talk.row.body, offer.volunteer.person.language, meant.codes)
    if said.is_empty:
        return None, False
    request = offer.request
    start, end, zone = max(request.window_from, talk.now), request.window_until, request.organisation.zone
    if not said.names_hour:
        return None, _is_day_unsure(said, start, end, request)
    # Of several that they say yes to, it is not clear for which one the hour is.
    several = meant.meaning == Meant.EACH and sum(yes for _number, yes in meant.answers) > 1
    window = None if several else said_hours.said_window(said, start, end, zone)
    return window, window is None


def _is_day_unsure(said: SaidTime, start: datetime, end: datetime, request: Request) -> bool:
    """Whether "on Saturday" or "in the evening" says more than the request does."""
    zone = request.organisation.zone
    day = start.astimezone(zone).date()
    if (said.weekdays or said.today or said.dates) and end.astimezone(zone).date() != day:
        return True
    if said.weekdays and day.weekday() not in said.weekdays:
        return True
    if said.dates and day.day not in said.dates:
        return True
    return said.loose and rules.is_too_long(start, end)


def is_still_needed(offer: Offer) -> bool:
    """Whether there is a place for one more: else they hear that first."""
    request = Request.objects.only("state", "accepted", "needed", "asked_over_at").get(pk=offer.request_id)
    is_open = request.state in {Request.State.OPEN, Request.State.HUMAN} and request.asked_over_at is None
    return is_open and request.accepted < request.needed


def ask(talk: Talk, offer: Offer) -> Outcome:
    """Which hour, of those for which help was asked. Nobody has been told yet."""
    return ask_about_offer(talk, offer, ASKED)
