"""One mail instead of many, for who wishes so: what was held for it is gathered when its hour has come. (A file of its
own beside `actions`, which writes each message, and `delivery`, which sends this one as any other.)

A message that is gathered stays what it is, for its request and for the team; where it stands is where its mail stands.
"""

import logging
import re
from datetime import datetime
from uuid import UUID

from django.db import transaction

from quartier.lib import clock
from quartier.live import actions as live
from quartier.messaging import actions, rewording, rules
from quartier.messaging.models import Message
from quartier.people.models import Person

log = logging.getLogger(__name__)
TEMPLATE, NIGHT_TEMPLATE = "digest", "morning"
# So many people at once, and so many messages in one mail; what is left makes the next one.
AT_ONCE, MOST = 100, 40
# A text names so many of the things that waited.
MAX_SUBJECTS = 3
_LINK = re.compile(r"https?://\S+")


def gather(now: datetime) -> int:
    """Write the mails whose hour has come. Returns how many people get one."""
    held = Message.objects.filter(state=Message.State.HELD, not_before__lte=now).order_by()
    waiting = list(held.values_list("person_id", flat=True).distinct()[:AT_ONCE])
    return sum(_gather(person_id, now) for person_id in waiting)


@transaction.atomic
def _gather(person_id: UUID, now: datetime) -> bool:
    """One person's mail: only if the rows are still held once they are ours, so that nothing stands in two."""
    rows = Message.objects.filter(person=person_id, state=Message.State.HELD, not_before__lte=now)
    found = list(rows.select_for_update(of=("self",), skip_locked=True).order_by("created_at", "pk")[:MOST])
    late = [each.pk for each in found if rules.is_too_late(each.not_after, now)]
    Message.objects.filter(pk__in=late, state=Message.State.HELD).update(state=Message.State.CANCELLED)
    left = [each for each in found if each.pk not in late]
    if not left:
        return False
    for each in left:
        if rewording.make_again(each, now):
            each.save(update_fields=["template", "subject", "body", "made_of"])
    ours = Message.objects.filter(pk__in=[each.pk for each in left], state=Message.State.HELD)
    if len(left) == 1:
        return ours.update(state=Message.State.DUE) == 1
    person = Person.objects.select_related("organisation").get(pk=person_id)
    # What was too much for one night is told by the way that somebody is usually told things.
    held_back = any(each.error == rules.CEILING for each in left)
    template = NIGHT_TEMPLATE if held_back else TEMPLATE
    letter = actions.Letter(
        person,
        template,
        f"{template}:{left[0].pk}",
        {
            "list": "\n\n".join(map(line, left)),
            "subjects": "; ".join(dict.fromkeys(map(_about, left[:MAX_SUBJECTS]))),
            "page": ("home_of_role",),
        },
        by="" if held_back else Message.Channel.EMAIL,
    )
    mail = actions.write(organisation=person.organisation, letter=letter)
    if mail is None or not Message.objects.filter(pk=mail.pk).exists():
        # No address any more, nothing wanted any more, or written before: each goes its own way.
        return ours.update(state=Message.State.DUE) > 0
    ours.update(state=Message.State.GATHERED, digest=mail)
    live.touch(person.organisation_id, "messages")
    return True


def line(message: Message) -> str:
    """One message in the mail: what it is about, and the address behind it, which becomes a button."""
    links = _LINK.findall(message.body)
    return "\n".join([_about(message), *links[-1:]])


def _about(message: Message) -> str:
    """What a message is about; a text has no subject, so its words without the address."""
    return message.subject or _LINK.sub("", message.body).strip(" .:\n")


def take_apart(*, message: Message, token: UUID | None, why: str) -> bool:
    """A mail with several in it does not get through: each goes on by the person's next way. False where one has none,
    or when it is not ours any more. In the caller's transaction; `token` as for `detours.fall_back`."""
    found = list(Message.objects.filter(digest=message).select_for_update(of=("self",)))
    person = Person.objects.get(pk=message.person_id)
    ways = [
        next((way for way in actions.ways_of(person, each.template) if way[0] != message.channel), None)
        for each in found
    ]
    if not found or not all(ways):
        return False
    states = [Message.State.SENDING] if token else [Message.State.SENT]
    ours = Message.objects.filter(pk=message.pk, state__in=states, claim=token)
    error = f"{message.channel}: {why}"[:300]
    if not ours.update(state=Message.State.CANCELLED, claim=None, claimed_until=None, error=error):
        return False
    now = clock.now()
    for each, way in zip(found, filter(None, ways), strict=True):
        each.state, each.digest, each.not_before = Message.State.DUE, None, now
        each.tried_by, each.error = message.channel, error
        each.subject, each.body = actions.worded(way[0], each.subject, each.body)
        each.channel, each.to = way
        each.save()
    log.warning("message %s (%s) is taken apart: %s", message.pk, message.template, why)
    return True
