"""What the holder of a private link can send."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from quartier.cases import rides, rules
from quartier.cases.models import Request
from quartier.lib import clock, phone
from quartier.messaging import actions as messaging
from quartier.people import wishes
from quartier.people.forms import UI_LANGUAGES
from quartier.people.models import Person
from quartier.people.wish_form import HALVES, hour_field, quiet_in, written
from quartier.public.ask import days, ride
from quartier.public.ask.forms import for_other
from quartier.public.ask.kinds import HINTS, HINTS_FOR_OTHER
from quartier.public.ask.when import When, urgency_of
from quartier.public.questions import Question, Words
from quartier.team.models import Organisation
from quartier.visits.rules import THANKS

# The field of the hour at which one must be there.
AT = "at"


class Time(When):
    """Another time for one request. Of a ride the hour is asked too: somebody has to be at the door before it."""

    title = _("When does it suit?")
    # The page says what is noted until now.
    says_when = True

    @classmethod
    def of_request(cls, data: Any, request: Request) -> "Time":
        """The form for this request, and for a ride what is known of it."""
        if request.kind != ride.RIDE_KIND:
            return cls(data, organisation=request.organisation, answers={})
        answers = {"what": {"kinds": [request.kind]}}
        return cls(data, organisation=request.organisation, answers=answers, initial=_fetched(request))

    def prepare(self) -> None:
        super().prepare()
        self.fields["urgency"].label = self.title
        if ride.is_alone(self.answers):
            self.fields[AT] = ride.fields()[ride.AT]

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data.get(AT, "")
        if typed and (wrong := ride.hour_error(typed)):
            self.add_error(AT, str(wrong))
        elif typed:
            # Whether it is over is known of the hour, not of the day alone.
            self.answers = {**self.answers, "details": {ride.AT: typed}}
        return super().clean()

    def window_of(self, request: Request) -> tuple[tuple[datetime, datetime], str]:
        """The time that was chosen, and how urgent that is."""
        now, answer = clock.now(), self.answer()
        at = ride.window({**self.answers, "when": answer}, request.organisation)
        if at and self.window:
            self.window = at
            answer = self.answer()
        urgency = urgency_of(answer, now)
        start, end = self.window or (None, None)
        wanted = rules.Wanted(request.kind, request.languages, urgency, "", start, end)
        return rules.window(now, wanted, request.organisation), urgency


def _fetched(request: Request) -> dict[str, Any]:
    """The day and the hour of a ride that lies ahead, as the form shows them."""
    zone = request.organisation.zone
    known = rides.read_ride(request.details)
    at = rides.arrival_of((request.window_from, request.window_until), zone) or (known.at if known else None)
    shown: dict[str, Any] = {AT: f"{at:%H:%M}"} if at else {}
    if request.window_until > clock.now():
        shown["day"] = request.window_until.astimezone(zone).date().isoformat()
    return shown


class RideDetails(Question):
    """Where a ride goes, from where and at what hour: the words that the neighbour reads are made of it."""

    title = _("Where to, and when?")
    more = Words(
        max_length=2000,
        lines=True,
        required=False,
        label=_("Anything else?"),
        help_text=HINTS[ride.RIDE_KIND],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    day: date
    before: time

    @classmethod
    def of_request(
        cls, data: Any, request: Request, known: rides.RideWords, *, is_other: bool
    ) -> "RideDetails":
        initial = {
            ride.TO: known.end,
            ride.FROM: known.start,
            ride.AT: f"{known.at:%H:%M}",
            "more": known.more,
        }
        answers = {"for": {"whom": "other" if is_other else "me"}}
        form = cls(data, organisation=request.organisation, answers=answers, initial=initial)
        form.day, form.before = request.window_until.astimezone(request.organisation.zone).date(), known.at
        return form

    def prepare(self) -> None:
        other_is_helped = for_other(self.answers)
        self.fields |= ride.fields(for_other=other_is_helped)
        if other_is_helped:
            self.fields["more"].help_text = HINTS_FOR_OTHER[ride.RIDE_KIND]
        self.order_fields([ride.TO, ride.FROM, ride.AT, "more"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        typed = data.get(ride.AT, "")
        if typed and (wrong := ride.hour_error(typed)):
            self.add_error(ride.AT, str(wrong))
        elif typed and self.window and self.window[1] <= clock.now() + days.MIN_NOTICE:
            self.add_error(ride.AT, _("It is too late for that today. Choose a later time, or another day."))
        return data

    @property
    def window(self) -> tuple[datetime, datetime] | None:
        """When somebody is at the door for the hour that was written; `None` where it stays as it was."""
        at = ride.hour_in(self.cleaned_data[ride.AT])
        if at is None or at == self.before:
            return None
        return rides.fetch_window(self.day, at, self.organisation.zone)

    def details(self) -> str:
        """The ride in words."""
        return ride.in_words(self.cleaned_data | {ride.RIDE_KIND: self.cleaned_data["more"]})


class List(Question):
    """Another list, or other details."""

    title = _("What is needed?")
    details = Words(
        max_length=2000,
        lines=True,
        required=False,
        label=title,
        help_text=_("Only the neighbour who helps you reads this, and our team."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class EachTime(List):
    """What is needed each time from now on."""

    title = _("What is needed each time?")

    def prepare(self) -> None:
        self.fields["details"].label = self.title


class Tell(Question):
    """A thank you, or what was not right."""

    title: str | Promise = _("What would you like to tell us?")
    # What the button says.
    go = pgettext_lazy("a concern", "Send it")
    words = Words(
        max_length=2000,
        lines=True,
        label=title,
        help_text=_("Our team reads it."),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write a few words.")},
    )
    pass_on = forms.BooleanField(
        required=False,
        help_text=_("Phone numbers and links are left out."),
    )
    thanks = forms.ChoiceField(
        required=False,
        help_text=_("The person who came to you will read it on their own page, without your name."),
        choices=[*THANKS.items(), ("", _("I would rather write something"))],
        widget=forms.RadioSelect,
    )
    call = forms.BooleanField(required=False, label=_("Something is wrong. Please call me."))

    def prepare(self) -> None:
        name = self.answers.get("helped")
        if not name:
            del self.fields["thanks"], self.fields["pass_on"]
            return
        # A thank-you comes first: most have nothing else to say, and would write it where the team alone reads it.
        self.order_fields(["thanks", "words", "pass_on", "call"])
        thanks = gettext("Say thank you to %(name)s") % {"name": name}
        self.fields["thanks"].label = self.title = thanks
        self.fields["words"].label = gettext("In your own words")
        self.fields["pass_on"].label = gettext("Pass these words on to %(name)s, without my name") % {
            "name": name
        }
        if self.data.get("thanks"):
            self.fields["words"].required = False


class Told(Question):
    """How the holder of the link wants to be told things, in what language, and at which hours not."""

    title = _("How should we tell you?")
    channel = forms.ChoiceField(
        label=title,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how we should tell you.")},
    )
    language = forms.ChoiceField(
        label=_("In which language?"),
        choices=UI_LANGUAGES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a language.")},
    )
    quiet_from = hour_field(_("Nothing from"), HALVES, pgettext_lazy("an hour of one's own", "None"))
    quiet_until = hour_field(
        pgettext_lazy("the end of quiet hours", "Until"),
        HALVES,
        pgettext_lazy("an hour of one's own", "None"),
    )

    def __init__(self, data: Any = None, *, organisation: Organisation, person: Person) -> None:
        self.person, self.wish = person, wishes.of(person)
        quiet = wishes.quiet_of(self.wish)
        initial: dict[str, Any] = {"channel": person.channel, "language": person.language}
        if quiet is not None:
            initial |= {"quiet_from": written(quiet.start), "quiet_until": written(quiet.end)}
        super().__init__(data, organisation=organisation, answers={}, initial=initial)

    def prepare(self) -> None:
        person, country = self.person, self.organisation.country
        # A number is not broken over two lines.
        shown = (
            phone.display(person.phone, country).replace(" ", "\N{NO-BREAK SPACE}") if person.phone else ""
        )
        ways, number = [], {"to": shown}
        if messaging.can_be_texted(person):
            ways.append(("text", _("By text, to %(to)s") % number))
        if messaging.can_be_mailed(person):
            ways.append(("email", _("By email, to %(to)s") % {"to": person.email}))
        if person.phone:
            ways.append(("call", _("By a call, at %(to)s") % number))
        self.fields["channel"].choices = ways  # type: ignore[attr-defined]
        if not ways:
            # Nothing that they gave can be used now: how they are told stays as it was.
            del self.fields["channel"]
        spoken = set(self.organisation.languages) | {person.language}
        self.fields["language"].choices = [each for each in UI_LANGUAGES if each[0] in spoken]  # type: ignore[attr-defined]
        self.fields["quiet_from"].help_text = _(
            "Hours when you would rather hear nothing. If someone is on the way to you, we’ll tell you all "
            "the same."
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["quiet"] = quiet_in(self)
        return data

    def page(self) -> wishes.Page:
        """What a valid form says; what it does not ask stays as it was."""
        data, was = self.cleaned_data, self.wish
        said = wishes.Said(data["quiet"], was.urgent, was.rhythm, was.daily_at)
        return wishes.Page(said, data["language"], channel=data.get("channel", ""))


class Cancel(Question):
    """Nothing to fill in: only the button."""

    def answer(self) -> dict[str, Any]:
        return {}
