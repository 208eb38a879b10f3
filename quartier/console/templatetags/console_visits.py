"""The hours of a visit before anybody has agreed to any."""

from datetime import datetime

from django import template

from quartier.cases.models import Request
from quartier.lib import clock
from quartier.people.models import Volunteer
from quartier.visits import rules

register = template.Library()


@register.simple_tag
def hours_by_default(asked: Request, volunteer: Volunteer) -> tuple[datetime, datetime] | None:
    """Which hours we say to both where this volunteer says yes and no hour is named; `None` where what was asked is no
    longer than anybody can wait."""
    now = clock.now()
    if not rules.is_too_long(max(asked.window_from, now), asked.window_until):
        return None
    return rules.hours_of(asked, None, volunteer.slots, now)
