"""Who wants no more offers says so with one click in their mail program (RFC 8058), by an empty letter, or on a page.

The key in the address is made of the person and a secret, so nothing is kept for it, and nobody guesses another's.
"""

import base64
import hmac
import logging
import re
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from quartier.lib.crypto import blind
from quartier.messaging import stops
from quartier.messaging.models import Message
from quartier.people import actions as people
from quartier.people import queries as people_queries
from quartier.people.models import Person, Volunteer
from quartier.team.access import link, system
from quartier.team.queries import origin_of

log = logging.getLogger(__name__)
# What volunteers agreed to get now and then; everything else answers something that the reader did.
NOW_AND_THEN = frozenset({"offer", "offer_remote", "welcome"})
_KEY = re.compile(r"[A-Za-z0-9_-]{44}")


def key_of(person: Person) -> str:
    """44 characters that can stand in an address and in a subject."""
    name = base64.urlsafe_b64encode(person.pk.bytes).decode().rstrip("=")
    return name + blind("no more offers", person.organisation_id, str(person.pk))[:22]


def by_key(key: str) -> Person | None:
    """Whose key this is."""
    if not _KEY.fullmatch(key):
        return None
    pk = UUID(bytes=base64.urlsafe_b64decode(f"{key[:22]}=="))
    person = Person.objects.select_related("organisation").filter(pk=pk).first()
    return person if person and hmac.compare_digest(key_of(person), key) else None


def in_subject(subject: str) -> Person | None:
    """Whom a letter is about whose subject we have prepared ourselves."""
    match = re.search(rf"\bstop\s+({_KEY.pattern})(?![A-Za-z0-9_-])", subject, re.IGNORECASE)
    return by_key(match[1]) if match else None


def is_now_and_then(message: Message) -> bool:
    """Whether a message is one of these, or one of them stands in it with others."""
    if message.template == "digest":
        return message.gathered.filter(template__in=NOW_AND_THEN).exists()
    return message.template in NOW_AND_THEN


def page(message: Message) -> str:
    """The address of the page, in the message's language."""
    with translation.override(message.language):
        return f"{origin_of(message.organisation)}{reverse('no_more_offers', args=[key_of(message.person)])}"


def headers(message: Message) -> dict[str, str]:
    """For mail programs, which show a button of their own."""
    if not is_now_and_then(message):
        return {}
    subject = quote(f"stop {key_of(message.person)}")
    by_mail = f"<mailto:{settings.DEFAULT_FROM_EMAIL}?subject={subject}>"
    if not settings.ORIGIN.startswith("https:"):
        return {"List-Unsubscribe": by_mail}
    return {
        "List-Unsubscribe": f"<{page(message)}>, {by_mail}",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def gets_offers(person: Person) -> bool:
    """Whether offers may come now."""
    return Volunteer.objects.filter(person=person, state=Volunteer.State.ACTIVE).exists()


@transaction.atomic
def no_more_offers(*, person: Person) -> bool:
    """From now on none comes, by whatever way; what they have promised stays. False when that was so before."""
    waiting = Message.objects.filter(person=person, template__in=NOW_AND_THEN)
    waiting.filter(state__in=Message.WAITING).update(state=Message.State.CANCELLED)
    mine = Volunteer.objects.select_for_update().filter(person=person)
    volunteer = mine.filter(state__in=[Volunteer.State.ACTIVE, Volunteer.State.PAUSED]).first()
    if volunteer is None or (volunteer.state == Volunteer.State.PAUSED and volunteer.paused_until is None):
        return False
    people.pause(actor=link(person.organisation, person.pk), volunteer=volunteer, until=None)
    return True


@transaction.atomic
def offers_again(*, person: Person) -> bool:
    """The same person wants them again. False when nothing was stopped."""
    volunteer = Volunteer.objects.filter(person=person, state=Volunteer.State.PAUSED).first()
    if volunteer is None:
        return False
    people.resume(actor=link(person.organisation, person.pk), volunteer=volunteer)
    return True


@transaction.atomic
def complained(*, message: Message) -> None:
    """Somebody has told their provider that a mail of ours is unwanted: the same as STOP, and nothing is answered."""
    here = message.organisation
    to = message.to.strip().lower()
    known = people_queries.by_email(here, to, limit=people_queries.MOST_OF_ONE_WAY) or [message.person]
    index = blind("email", here.pk, to)
    if stops.is_stopped(here, index, []):
        return
    mine = Volunteer.objects.filter(person__in=known, state=Volunteer.State.ACTIVE).select_related("person")
    active = list(mine)
    for volunteer in active:
        people.pause(actor=system(here), volunteer=volunteer, until=None)
        own = [volunteer.person]
        stops.stop(organisation=here, index="", people=own, paused=volunteer, beside=known)
    stops.stop(organisation=here, index=index, people=known)
    log.warning("message %s was reported as unwanted: nothing more goes to that address", message.pk)
