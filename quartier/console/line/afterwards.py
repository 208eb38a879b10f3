"""What came of a call: nothing more, a promise to ring back, another service, or what the group calls it. Said by
whoever had it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from quartier.console.intake import parsing
from quartier.console.intake.boxes import LineField
from quartier.intake.models import Draft
from quartier.lib import clock
from quartier.team.access import Actor
from quartier.team.models import Organisation
from quartier.telephony import queries
from quartier.telephony.models import CallNote

CAME = [
    ("nothing", gettext_lazy("Nothing more is needed")),
    ("callback", gettext_lazy("We call back")),
    ("referred", gettext_lazy("Referred to another service")),
    ("listened", gettext_lazy("They wanted to talk")),
    ("wrong", pgettext_lazy("what came of a call", "A wrong number")),
    ("handed", pgettext_lazy("what came of a call", "Handed to a colleague")),
]
HANDED = "handed"
# Only of a call in which one was sent. It has no key: it is chosen already, and the keys of the others stay theirs.
REQUEST = "request"
REQUEST_LABEL = gettext_lazy("A request was written down")
# The same in the history of calls, where a request that was taken stands too.
NOTED = dict(CAME) | {REQUEST: REQUEST_LABEL}
# With these keys a code is chosen.
MAX_KEYS = 9
SOON = timedelta(hours=1)
FARTHEST = timedelta(days=60)


@dataclass(frozen=True)
class CodeLabel:
    """A code of the group in the language of the page. `labels`: of its own codes, by language."""

    code: str
    label: str
    is_active: bool = True
    labels: dict[str, str] | None = None


def code_labels(organisation: Organisation) -> list[CodeLabel]:
    """Every code that can be chosen or was, in the order of the group; those of ours that it has not moved at the end.
    One query."""
    ours = dict(CAME)
    found = [
        CodeLabel(row.code, str(ours.pop(row.code)), row.is_active)
        if row.code in ours
        else CodeLabel(row.code, _label(row.labels), row.is_active, row.labels)
        for row in queries.wrap_up_codes(organisation)
    ]
    return found + [CodeLabel(code, str(label)) for code, label in ours.items()]


def _label(labels: dict[str, str]) -> str:
    """In the language of the page, else in the first one that the group wrote it in."""
    return labels.get(get_language() or "") or next(iter(labels.values()), "")


def history_labels(codes: Sequence[CodeLabel]) -> dict[str, str]:
    """What a call is called in a list, by its code."""
    return {code: str(label) for code, label in NOTED.items()} | {each.code: each.label for each in codes}


class AfterwardsForm(forms.Form):
    """`came` decides what else is needed: a time, or a service."""

    use_required_attribute = False
    # What it demands depends on what came of the call; that it must be said is marked.
    marks_optional = False
    prefix = "after"

    came = forms.ChoiceField(
        label=gettext_lazy("What was the result?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the result of the call.")},
    )
    at = LineField(
        label=pgettext_lazy("a call back", "At what time?"),
        help_text=gettext_lazy("As 15.30. Without a time: in an hour."),
        limit=20,
    )
    day = LineField(
        label=pgettext_lazy("a call back", "On what day?"),
        help_text=gettext_lazy("As 12/1. Without a day: today."),
        limit=20,
    )
    service = LineField(label=gettext_lazy("To which service?"), limit=120)
    # Of the entry of the callback list for which they were called; another time that is promised settles it too.
    reached = forms.BooleanField(
        label=gettext_lazy("Reached: off the list to call back"), required=False, initial=True
    )
    note = LineField(label=gettext_lazy("For the next person who talks to them"), limit=2000, lines=True)

    def __init__(
        self,
        *given: Any,
        now: datetime,
        zone: Any,
        codes: Sequence[CodeLabel],
        requested: str = "",
        **named: Any,
    ) -> None:
        super().__init__(*given, **named)
        self.now, self.zone = now, zone
        chosen = self.initial.get("came", "")
        offered = [each for each in codes if each.is_active or each.code == chosen]
        came = self.fields["came"]
        assert isinstance(came, forms.ChoiceField)
        # With the key that chooses it.
        self.offered = [
            (each.code, each.label, key if key <= MAX_KEYS else 0) for key, each in enumerate(offered, 1)
        ]
        if REQUEST in (chosen, requested):
            self.offered.insert(0, (REQUEST, str(REQUEST_LABEL), 0))
        came.choices = [(code, label) for code, label, _key in self.offered]
        self.due_at = self._promised_at() or now + SOON

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("came") == "callback":
            self._when(data)
        if data.get("came") == "referred" and not data.get("service") and "service" not in self.errors:
            self.add_error("service", _("Say which service, so that the next person knows."))
        return data

    def _saved(self, name: str) -> str:
        return str(self.initial.get(name) or "")

    def _promised_at(self) -> datetime | None:
        """The moment that was promised when the time was first saved: a note that is written on does not move it."""
        due = self._saved("due") if self._saved("came") == "callback" else ""
        return datetime.fromisoformat(due) if due else None

    def _when(self, data: dict[str, Any]) -> None:
        text, on = data.get("at", ""), data.get("day", "")
        if self._promised_at() is not None and (text, on) == (self._saved("at"), self._saved("day")):
            return
        self.due_at = self.now + SOON
        if not text and not on:
            return
        local = self.now.astimezone(self.zone)
        time = parsing.clock_time(text) if text else local.time().replace(hour=9, minute=0)
        if time is None:
            self.add_error("at", _("Enter the time as 15.30 or 15:30."))
            return
        date = parsing.day(on, local.date()) if on else local.date()
        if date is None:
            self.add_error("day", _("Enter the day as 12/1/2027."))
            return
        due = datetime.combine(date, time.replace(second=0, microsecond=0), tzinfo=self.zone)
        if due < self.now and not on:
            due += timedelta(days=1)
        if not self.now - timedelta(minutes=1) <= due <= self.now + FARTHEST:
            self.add_error("day" if on else "at", _("This time has passed, or is too far ahead."))
            return
        self.due_at = due


def form_for(
    actor: Actor,
    data: Any = None,
    *,
    codes: Sequence[CodeLabel],
    note: CallNote | None = None,
    was_handed: bool = False,
    taken: Sequence[Draft] = (),
) -> AfterwardsForm:
    """The form as it was saved, or with what was sent. `was_handed`: the actor gave the call to a colleague, which is
    what came of it until they say something else; only then is it offered. `taken`: the requests that were sent during
    the call, which say more than anything else that came of it."""
    answers = (note.answers or {}) if note else {}
    is_own = any(each.account_id == actor.id for each in taken)
    came = (note.code if note else "") or _came_by_itself(was_handed=was_handed, taken=taken, is_own=is_own)
    offers_it = was_handed or came == HANDED
    codes = [each for each in codes if each.code != HANDED or offers_it]
    initial = {**answers, "came": came}
    return AfterwardsForm(
        data,
        initial=initial,
        now=clock.now(),
        zone=actor.organisation.zone,
        codes=codes,
        requested=REQUEST if taken else "",
    )


def _came_by_itself(*, was_handed: bool, taken: Sequence[Draft], is_own: bool) -> str:
    """What came of the call before its operator says anything. `is_own`: the actor sent one of the requests."""
    if taken and (is_own or not was_handed):
        return REQUEST
    return HANDED if was_handed else ""
