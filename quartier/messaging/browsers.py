"""Browsers in which somebody is told things at once. (A file of its own beside `actions`, which offers these too.)"""

from dataclasses import dataclass, replace

from django.db import transaction

from quartier.lib import clock
from quartier.lib.crypto import blind
from quartier.messaging.models import PushSubscription
from quartier.messaging.providers.push import opened, posting
from quartier.people.models import Person
from quartier.team.models import Organisation

MOST_BROWSERS = 5


@dataclass(frozen=True)
class Browser:
    """A browser's subscription as it gives it: the address of its push service and its keys (base64url)."""

    endpoint: str
    keys: dict[str, str]
    language: str = "fr"
    device: str = ""


@transaction.atomic
def switch_push_on(*, person: Person, browser: Browser) -> PushSubscription:
    """Tell this person things in this browser from now on, and nobody else who was told in it before.

    Raises `ValueError` for what no browser gives. Of more browsers than `MOST_BROWSERS` the oldest is forgotten.
    """
    posting.checked(browser.endpoint)
    opened(browser.keys)
    row = push_in(person.organisation, browser.endpoint)
    if row is not None and row.person_id == person.pk and row.keys == browser.keys:
        return row
    if row is not None:
        row.delete()
    mine = PushSubscription.objects.filter(person=person).order_by("-created_at")
    for old in mine[MOST_BROWSERS - 1 :]:
        old.delete()
    return PushSubscription.objects.create(
        organisation=person.organisation,
        person=person,
        endpoint=browser.endpoint,
        endpoint_index=blind("push", person.organisation_id, browser.endpoint),
        keys={name: browser.keys[name] for name in ("p256dh", "auth")},
        language=browser.language,
        device=browser.device[:20],
        created_at=clock.now(),
    )


def push_in(organisation: Organisation, endpoint: str) -> PushSubscription | None:
    """The subscription with this address, if it is one of ours."""
    index = blind("push", organisation.pk, endpoint)
    return PushSubscription.objects.filter(organisation=organisation, endpoint_index=index or None).first()


@transaction.atomic
def renew_push(*, organisation: Organisation, old: str, browser: Browser) -> bool:
    """A browser has a new address: only it knows the old one. Raises `ValueError` as `switch_push_on` does."""
    row = push_in(organisation, old)
    if row is None:
        return False
    person = row.person
    row.delete()
    switch_push_on(person=person, browser=replace(browser, language=row.language, device=row.device))
    return True


def switch_push_off(*, person: Person, endpoint: str = "") -> int:
    """Tell this person nothing more in the browser with this address; without one, in none of theirs."""
    rows = PushSubscription.objects.filter(person=person)
    if endpoint:
        rows = rows.filter(endpoint_index=blind("push", person.organisation_id, endpoint))
    return rows.delete()[0]
