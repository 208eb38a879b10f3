"""What must be known of a ride: asked beside its kind, and only where a ride is needed."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quartier.cases import rides
from quartier.cases.models import Request
from quartier.console.intake.boxes import ClockField, LineField
from quartier.console.intake.parsing import RIDE_FIELDS
from quartier.lib import clock
from quartier.team.models import Organisation


class RideFields(forms.Form):
    """Where to, from where, and at what hour one must be there. Whoever includes it says of which organisation."""

    transport_to = LineField(label=gettext_lazy("Where to"))
    transport_from = LineField(label=gettext_lazy("From where, if not from home"))
    transport_at = ClockField(label=gettext_lazy("What time they have to be there"), limit=20)

    organisation: Organisation

    @property
    def ride(self) -> list[forms.BoundField]:
        """Its fields, in the order in which one asks."""
        return [self[name] for name in RIDE_FIELDS]

    def check_ride(self, data: dict[str, Any]) -> None:
        """Without a place, an hour and a day nobody can say yes; the day of what is needed within hours is today."""
        self.ride_window: tuple[datetime, datetime] | None = None
        if rides.RIDE_KIND not in (data.get("kinds") or []):
            for name in RIDE_FIELDS:
                # What was written before another kind was chosen is no mistake.
                self.errors.pop(name, None)
            return
        if not data.get("transport_to") and "transport_to" not in self.errors:
            self.add_error("transport_to", _("Ask where they need to go."))
        day = self._day_of_ride(data)
        if "transport_at" in self.errors:
            return
        at = data.get("transport_at")
        if at is None:
            self.add_error("transport_at", _("Ask what time they have to be there."))
        elif rides.is_perhaps_afternoon(at, str(self.data.get("transport_at", ""))):
            words = _(
                "Is that at night? Write a time at night like 03:00, and one in the afternoon like 15:00."
            )
            self.add_error("transport_at", words)
        elif day is not None:
            self.ride_window = rides.fetch_window(day, at, self.organisation.zone)
            if self.ride_window[1] <= clock.now():
                self.add_error("transport_at", _("This time has passed. Ask again for the day and the time."))

    def _day_of_ride(self, data: dict[str, Any]) -> date | None:
        if "day" in self.errors:
            return None
        day: date | None = data.get("day")
        if day is None and data.get("urgency") == Request.Urgency.NOW:
            return clock.now().astimezone(self.organisation.zone).date()
        if day is None:
            self.add_error("day", _("Ask which day they need the lift."))
        return day
