"""How and when somebody wants to be told things, as a form. (A file of its own beside `forms`: three surfaces show it,
which may not know each other.)"""

from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quartier.look.rules import clock_time
from quartier.people import wishes
from quartier.people.forms import BUDGETS, UI_LANGUAGES, times_a_day
from quartier.people.models import Person, Volunteer, Wishes
from quartier.people.rules import LONGEST_QUIET, Quiet
from quartier.people.wishes import Page, Said
from quartier.team.models import Organisation

# Quiet hours begin and end with half hours, a mail goes at a full one.
HALVES = [time(hour, minute) for hour in range(24) for minute in (0, 30)]
MAIL_HOURS = [time(hour) for hour in range(5, 24)]


def said(at: time) -> str:
    """`21 h 30`, `21.30 uur`, as it is said in the active language."""
    with timezone.override(UTC):
        return clock_time(datetime.combine(date(2000, 1, 1), at, tzinfo=UTC))


said_lazy = lazy(said, str)


def written(at: time) -> str:
    """As it stands in a form: `21:30`."""
    return f"{at:%H:%M}"


class Hour(forms.ChoiceField):
    """An hour, or none where that is one of the choices. It is always there, so that nobody is told that it may be left
    out."""

    def validate(self, value: Any) -> None:
        if value not in self.empty_values or not self.valid_value(""):
            super().validate(value)


def hour_field(label: Any, hours: list[time], nothing: str | Promise = "") -> Hour:
    """An hour of the day to choose; `nothing` is the choice of none."""
    none = [("", nothing)] if nothing else []
    return Hour(label=label, choices=[*none, *((written(each), said_lazy(each)) for each in hours)])


def quiet_in(form: forms.Form) -> Quiet | None:
    """The quiet hours that a form names by `quiet_from` and `quiet_until`; says in the form what is wrong."""
    start, end = (form.cleaned_data.get(name) or "" for name in ("quiet_from", "quiet_until"))
    if not start and not end:
        return None
    if not start or not end:
        form.add_error("quiet_until" if start else "quiet_from", _("Choose both hours, or neither."))
        return None
    quiet = Quiet(time.fromisoformat(start), time.fromisoformat(end))
    if start == end:
        form.add_error("quiet_until", _("Choose two different hours."))
    elif quiet.lasts > LONGEST_QUIET:
        form.add_error("quiet_until", _("Sixteen hours at most. For longer, take a break."))
    return quiet


class WishForm(forms.Form):
    """Quiet hours, how often, in what language; of who helps also whether they may be woken, and offers a day."""

    use_required_attribute = False
    quiet_from = hour_field(_("Nothing from"), HALVES, pgettext_lazy("an hour of one's own", "None"))
    quiet_until = hour_field(
        pgettext_lazy("the end of quiet hours", "Until"),
        HALVES,
        pgettext_lazy("an hour of one's own", "None"),
    )
    urgent = forms.BooleanField(
        label=_("When someone needs help at once, you may ask me during these hours too"), required=False
    )
    rhythm = forms.ChoiceField(
        label=_("How many emails?"),
        help_text=_("Anything that cannot wait always comes at once."),
        choices=[
            (Wishes.Rhythm.EACH, _("Each one separately")),
            (Wishes.Rhythm.FEW, _("Together, three times a day at most")),
            (Wishes.Rhythm.DAILY, _("Together, in one email a day")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how many emails.")},
    )
    daily_at = hour_field(_("What time should the one email come?"), MAIL_HOURS)
    language = forms.ChoiceField(
        label=_("In which language should we write to you?"),
        choices=UI_LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a language.")},
    )
    budget = forms.TypedChoiceField(
        label=_("How often may we ask you?"),
        help_text=_("You are free to say no every time."),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how often.")},
    )

    def __init__(
        self, data: Any = None, *, organisation: Organisation, person: Person, volunteer: Volunteer | None
    ) -> None:
        super().__init__(data, initial=_initial(wishes.of(person), person, volunteer))
        self.person = person
        spoken = set(organisation.languages or dict(UI_LANGUAGES)) | {person.language}
        self.fields["language"].choices = [each for each in UI_LANGUAGES if each[0] in spoken]  # type: ignore[attr-defined]
        if volunteer is None:
            del self.fields["urgent"], self.fields["budget"]
        else:
            # What the organisation does not allow is not offered: a choice holds.
            most = organisation.daily_budget
            numbers = sorted(each for each in {*BUDGETS, volunteer.budget} if each <= most)
            self.initial["budget"] = min(volunteer.budget, most)
            self.fields["budget"].choices = [(number, times_a_day(number)) for number in numbers]  # type: ignore[attr-defined]
        for name, hours in (("quiet_from", HALVES), ("quiet_until", HALVES), ("daily_at", MAIL_HOURS)):
            # An hour that was written elsewhere stays one of the answers.
            kept = self.initial[name]
            if kept and kept not in map(written, hours):
                at = time.fromisoformat(kept)
                self.fields[name].choices = [*self.fields[name].choices, (kept, said_lazy(at))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["quiet"] = quiet_in(self)
        if data.get("rhythm") not in {None, Wishes.Rhythm.EACH} and not self.person.email:
            self.add_error("rhythm", _("To email you, we need your address. Enter it with your number."))
        return data

    def page(self) -> Page:
        """What a valid form says; what it does not ask stays as it was."""
        data = self.cleaned_data
        said = Said(
            quiet=data["quiet"],
            urgent=bool(data.get("urgent")),
            rhythm=data["rhythm"],
            daily_at=time.fromisoformat(data["daily_at"]),
        )
        return Page(said, data["language"], budget=data.get("budget"))


def _initial(wish: Wishes, person: Person, volunteer: Volunteer | None) -> dict[str, Any]:
    return {
        "quiet_from": written(wish.quiet_from) if wish.quiet_from else "",
        "quiet_until": written(wish.quiet_until) if wish.quiet_until else "",
        "urgent": wish.urgent,
        "rhythm": wish.rhythm,
        "daily_at": written(wish.daily_at),
        "language": person.language,
        "budget": volunteer.budget if volunteer else None,
    }
