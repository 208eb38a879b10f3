"""Feeds of alerts: added and dropped by the head, read by a worker."""

import logging
from uuid import UUID

from django.db import transaction

from quartier.audit import actions as audit
from quartier.incidents.actions.proposing import hear_alert
from quartier.incidents.cap.fetching import Answer, NotReachable, alerts_of, fetch, is_allowed
from quartier.incidents.cap.reading import Alert, NotAnAlert, read
from quartier.incidents.models import Feed
from quartier.lib import clock
from quartier.team.access import Actor, system
from quartier.team.models import Organisation

log = logging.getLogger(__name__)
MOST = 3


class NotAllowed(ValueError):
    """The address is not https, or its host is not one of the installation's."""


class TooMany(ValueError):
    """There are as many feeds as an organisation may have."""


@transaction.atomic
def add_feed(*, actor: Actor, address: str) -> Feed:
    """Read this address from now on; the same one twice is one. Raises `NotAllowed`, `TooMany`."""
    if len(address) > 300 or not is_allowed(address):
        raise NotAllowed(address)
    Organisation.objects.select_for_update().get(pk=actor.organisation.pk)
    mine = Feed.objects.filter(organisation=actor.organisation)
    known = mine.filter(address=address).first()
    if known is not None:
        return known
    if mine.count() >= MOST:
        raise TooMany
    feed = Feed.objects.create(organisation=actor.organisation, address=address)
    _written(actor, "feed.add", feed.pk)
    return feed


@transaction.atomic
def drop_feed(*, actor: Actor, feed_id: UUID) -> bool:
    """Read it no more. False when there is none."""
    gone = Feed.objects.filter(pk=feed_id, organisation=actor.organisation).delete()[0]
    if gone:
        _written(actor, "feed.drop", feed_id)
    return bool(gone)


def read_feed(feed: Feed) -> int:
    """Read it once; how many alerts were in it. What is wrong with it is kept as `problem`, and harms nothing."""
    problem = ""
    found: list[bytes] = []
    answer = Answer(None, feed.etag, feed.modified)
    seen = list(feed.seen)
    try:
        answer = fetch(feed.address, feed.etag, feed.modified)
        if answer.body is not None:
            found, whole = alerts_of(feed.address, answer.body, seen)
            if not whole:
                # The rest comes next time, even if the feed is the same then.
                answer = Answer(answer.body)
    except NotReachable as error:
        problem = error.code
        answer = Answer(None)
    alerts: list[Alert] = []
    for body in found:
        try:
            alerts.append(read(body))
        except NotAnAlert as error:
            log.info("a feed gave something that is no alert: %s", error)
            problem = "shape"
    # In the order in which they were sent: an update follows what it updates.
    for alert in sorted(alerts, key=lambda alert: alert.sent):
        hear_alert(actor=system(feed.organisation), alert=alert, by_hand=False)
    Feed.objects.filter(pk=feed.pk).update(
        etag=answer.etag, modified=answer.modified, seen=seen, read_at=clock.now(), problem=problem
    )
    return len(alerts)


def _written(actor: Actor, verb: str, feed_id: UUID) -> None:
    audit.record(
        organisation_id=actor.organisation.pk,
        actor_kind=actor.kind,
        actor_id=actor.id,
        verb=verb,
        subject_kind="feed",
        subject_id=feed_id,
    )
