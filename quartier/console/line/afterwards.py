"""What came of a call: nothing more, a promise to ring back, another service. Said by whoever had it."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from quartier.console.intake import parsing
from quartier.console.intake.form import Line
from quartier.lib import clock
from quartier.team.access import Actor

CAME = [
    ("nothing", gettext_lazy("Nothing more is needed")),
    ("callback", gettext_lazy("We call back")),
    ("referred", gettext_lazy("Referred to another service")),
    ("listened", gettext_lazy("They wanted to talk")),
    ("wrong", pgettext_lazy("what came of a call", "A wrong number")),
]
# The same in the history of calls, where a request that was taken stands too.
NOTED = dict(CAME) | {"request": gettext_lazy("A request was taken")}
SOON = timedelta(hours=1)
FARTHEST = timedelta(days=60)


class AfterwardsForm(forms.Form):
    """`came` decides what else is needed: a time, or a service."""

    use_required_attribute = False
    prefix = "after"

    came = forms.ChoiceField(
        label=gettext_lazy("What came of it?"),
        choices=CAME,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what came of the call.")},
    )
    at = Line(
        label=pgettext_lazy("a call back", "At what time?"),
        help_text=gettext_lazy("As 15.30. Without a time: in an hour."),
        limit=20,
    )
    day = Line(
        label=pgettext_lazy("a call back", "On what day?"),
        help_text=gettext_lazy("As 12/1. Without a day: today."),
        limit=20,
    )
    service = Line(label=gettext_lazy("To which service?"), limit=120)
    note = Line(label=gettext_lazy("For whoever speaks with them next"), limit=2000, lines=True)

    def __init__(self, *given: Any, now: datetime, zone: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.now, self.zone = now, zone
        self.due_at = now + SOON

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("came") == "callback":
            self._when(data)
        if data.get("came") == "referred" and not data.get("service") and "service" not in self.errors:
            self.add_error("service", _("Say to which service, so that the next one knows."))
        return data

    def _when(self, data: dict[str, Any]) -> None:
        text, on = data.get("at", ""), data.get("day", "")
        if not text and not on:
            return
        local = self.now.astimezone(self.zone)
        time = parsing.clock_time(text) if text else local.time().replace(hour=9, minute=0)
        if time is None:
            self.add_error("at", _("Write the time as 15.30 or 15:30."))
            return
        date = parsing.day(on, local.date()) if on else local.date()
        if date is None:
            self.add_error("day", _("Write the day as 12/1/2027."))
            return
        due = datetime.combine(date, time.replace(second=0, microsecond=0), tzinfo=self.zone)
        if due < self.now and not on:
            due += timedelta(days=1)
        if not self.now - timedelta(minutes=1) <= due <= self.now + FARTHEST:
            self.add_error("day" if on else "at", _("This time is over, or too far away."))
            return
        self.due_at = due


def form_for(actor: Actor, data: Any = None) -> AfterwardsForm:
    """The form, empty or with what was sent."""
    return AfterwardsForm(data, now=clock.now(), zone=actor.organisation.zone)
