"""What changes incidents: opening, changing and ending them; alerts that propose one; feeds of alerts."""

from quartier.incidents.actions.feeds import NotAllowed, TooMany, add_feed, drop_feed, read_feed
from quartier.incidents.actions.opening import Opening, change_incident, end_incident, open_incident
from quartier.incidents.actions.proposing import dismiss, hear_alert

__all__ = [
    "NotAllowed", "Opening", "TooMany", "add_feed", "change_incident", "dismiss", "drop_feed", "end_incident",
    "hear_alert", "open_incident", "read_feed",
]  # fmt: skip
