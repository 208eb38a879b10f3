"""Words about who comes that wait for the end of the night, and are not so any more before anybody has read them."""

from django.db.models import Q

from quartier.lib import clock
from quartier.messaging import actions as messaging
from quartier.messaging.models import Message
from quartier.visits.models import Assignment

COMES_TEMPLATES = ("someone_comes", "someone_calls", "first_comes", "pair_comes")


def take_back_unread(assignment: Assignment) -> bool:
    """Whether whoever waits was never told of this visit: all that was written of it still waits for its hour, and is
    taken back. Not where nothing was written: they were told on the phone, or know who comes each time. Nor what says
    beside that somebody comes for something else: nobody would tell them of that again."""
    about = Q()
    for template in COMES_TEMPLATES:
        about |= Q(key__startswith=f"{template}:{assignment.pk}:")
    written = Message.objects.filter(about, organisation=assignment.organisation_id)
    written = written.exclude(state__in=Message.NEVER_CAME)
    waits = Q(state__in=Message.WAITING, not_before__gt=clock.now())
    if not written.exists() or written.exclude(waits).exists():
        return False
    if any(says_more_than_one(each) for each in written):
        return False
    messaging.cancel(written)
    return True


def says_more_than_one(message: Message) -> bool:
    """Whether it tells of several things for which somebody comes."""
    return len((message.made_of or {}).get("values", {}).get("kinds", ())) > 1
