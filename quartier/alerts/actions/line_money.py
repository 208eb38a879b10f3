"""Coordinators hear when the line's money of a day is nearly spent, and when it is."""

from datetime import datetime

from django.db import transaction

from quartier.alerts import queries, rules
from quartier.messaging import actions as messaging
from quartier.messaging.actions import Letter
from quartier.messaging.models import Message
from quartier.team.models import Organisation
from quartier.telephony import queries as line


def tell_line_money(now: datetime) -> int:
    """Tell coordinators of each cap of the line that is nearly or wholly used up today, once a day for each level.
    Returns how many messages were written."""
    written = 0
    for organisation in Organisation.objects.exclude(phone=""):
        money = line.money_today(organisation, now)
        caps = (("out", money.spent, money.cap), ("own", money.own_spent, money.own_cap))
        for name, spent, cap in caps:
            if level := rules.money_level(spent, cap):
                written += _tell_money(organisation, name, level, now)
    return written


@transaction.atomic
def _tell_money(organisation: Organisation, name: str, level: int, now: datetime) -> int:
    day = now.astimezone(organisation.zone).date().isoformat()
    key = f"line_money:{name}:{level}:{day}"
    if Message.objects.filter(organisation=organisation, key__startswith=f"{key}:").exists():
        return 0
    template = f"line_money_{name}" + ("_spent" if level == rules.MONEY_LEVELS[-1] else "")
    written = 0
    for person in queries.ladder(organisation, None):
        letter = Letter(person, template, f"{key}:{person.pk}", {"page": ("line_callbacks",)})
        written += messaging.write(organisation=organisation, letter=letter) is not None
    return written
