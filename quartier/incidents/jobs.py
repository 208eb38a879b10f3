"""Feeds of alerts are read by themselves."""

import logging

from quartier.incidents import actions
from quartier.incidents.models import Feed
from quartier.lib.background import every

log = logging.getLogger(__name__)


@every(600, "incidents.feeds", atomic=False)
def read_feeds() -> int:
    """Read every feed; one that breaks leaves the others alone. Returns how many alerts there were."""
    found = 0
    for feed in Feed.objects.select_related("organisation").order_by("pk"):
        try:
            found += actions.read_feed(feed)
        except Exception:
            log.exception("a feed of alerts could not be read")
    return found
