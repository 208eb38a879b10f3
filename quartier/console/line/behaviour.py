"""How the line behaves: its hours, its patience, and what it says in the group's own voice."""

import re
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django import forms
from django.conf import settings as installation
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from quartier.console.asking import Hour
from quartier.console.intake.boxes import ClockField, DayField, LineField
from quartier.lib import clock
from quartier.look.playing import played
from quartier.messaging import aloud, codes
from quartier.team import actions as team
from quartier.team.access import Actor
from quartier.team.models import Organisation
from quartier.telephony import actions as line
from quartier.telephony import prompts, queries
from quartier.telephony.actions.line import BOUNDS
from quartier.telephony.models import LineSettings
from quartier.telephony.prompts.texts import LANGUAGES, RECORDABLE, TEXTS
from quartier.telephony.rules import BadSound

# Label, hint, and how many of the column's units are one of the form's.
NUMBERS: dict[str, tuple[Any, Any, int]] = {
    "longest_wait_s": (
        gettext_lazy("Minutes someone waits at most"),
        gettext_lazy("From 1 to 60. Then they can leave a message, and we call them back."),
        60,
    ),
    "ring_s": (
        gettext_lazy("Seconds one of you is rung"),
        gettext_lazy(
            "From 5 to 60. Then the call goes to someone else, and anyone who did not answer is paused."
        ),
        1,
    ),
    "at_once": (
        gettext_lazy("How many of you are rung at once"),
        gettext_lazy("From 1 to 10. Three is usual; the first to answer has the call."),
        1,
    ),
    "wrap_up_s": (
        gettext_lazy("Seconds for the notes after a call"),
        gettext_lazy("From 1 to 1800. You can say that you are ready sooner."),
        1,
    ),
    "tries": (
        gettext_lazy("Attempts to call someone back"),
        gettext_lazy("From 1 to 20. Then a coordinator decides."),
        1,
    ),
    "keep_audio_days": (
        gettext_lazy("Days that messages and recordings are kept"),
        gettext_lazy("From 1 to 365. Then they are deleted automatically."),
        1,
    ),
    "daily_cents": (
        gettext_lazy("Euros a day for outgoing calls"),
        gettext_lazy("From 0 to 10000. Beyond that the line dials no one until the next day."),
        100,
    ),
    "own_phone_cents": (
        gettext_lazy("Euros a day for answering on your own phones"),
        gettext_lazy("From 0 to 10000. Beyond that only browsers ring until the next day."),
        100,
    ),
    "max_calls_out": (
        gettext_lazy("Outgoing calls at the same time"),
        gettext_lazy("From 1 to 500. Beyond that no one is called until one ends."),
        1,
    ),
    "max_calls_out_hour": (
        gettext_lazy("Calls one of you makes in an hour"),
        gettext_lazy("From 1 to 500. Beyond that they wait: a stolen password cannot dial without end."),
        1,
    ),
}
SPOKEN = {
    "welcome": ("emergency_short", "here", "language_key"),
    "closed": ("emergency", "closed", "closed_ring_back", "or_wait"),
    "closed_no_callback": ("emergency", "closed", "only_message"),
    "nobody_here": ("emergency", "nobody_here", "closed_ring_back", "or_wait"),
    "nobody_here_no_callback": ("emergency", "nobody_here", "only_message"),
}
# In the order in which a caller hears them; the others follow.
FIRST = [
    "welcome",
    "or_wait",
    "closed",
    "nobody_here",
    "wait",
    "ring_back",
    "hold",
    "sorry_wait",
    "leave_message",
    "we_call_back",
    "moment",
    "concern_key",
    "concern_queue",
    "concern_message",
]
WHEN = {
    "welcome": gettext_lazy("First of all"),
    "closed": gettext_lazy("When the line is closed"),
    "closed_no_callback": gettext_lazy("When the line is closed, to someone you cannot call back"),
    "nobody_here": gettext_lazy("When no one is on the line"),
    "nobody_here_no_callback": gettext_lazy("When no one is on the line, to someone you cannot call back"),
    "or_wait": gettext_lazy("After the languages of the greeting"),
    "message_key": gettext_lazy("While they wait: the key for a message"),
    "write_key": gettext_lazy("The key for a text"),
    "we_write": gettext_lazy("Before a text is sent instead"),
    "leave_message_number": gettext_lazy("Before a message, to someone whose number you do not have"),
    "wait": gettext_lazy("When no one is free yet"),
    "ring_back": gettext_lazy("While they wait: the way out"),
    "hold": gettext_lazy("While they are on hold"),
    "sorry_wait": gettext_lazy("When one of you was cut off"),
    "leave_message": gettext_lazy("Before a message"),
    "we_call_back": gettext_lazy("When we promise to call back"),
    "moment": gettext_lazy("When the line comes back"),
    "trouble": gettext_lazy("When our side is down"),
    "emergency": gettext_lazy("The emergency number"),
    "still": gettext_lazy("While they wait"),
    "masked_menu": gettext_lazy("When a neighbour and someone they help call each other"),
    "busy_other": gettext_lazy("When the other person does not answer"),
    "refused": gettext_lazy("When a call is not possible"),
    "consent_record": gettext_lazy("Before a call is recorded"),
    "concern_key": gettext_lazy("The key for a concern"),
    "concern_queue": gettext_lazy("While a worried caller waits"),
    "concern_message": gettext_lazy("Before a worried caller leaves a message"),
    "listener": gettext_lazy("To you, when a coordinator listens in"),
    "blocked": gettext_lazy("To a number you have blocked"),
}
LARGEST = 3_000_000
# The same moment, for whoever cannot be rung back.
NO_CALLBACK = "_no_callback"


class LineForm(forms.Form):
    """The hours of the organisation and its `LineSettings`."""

    use_required_attribute = False

    opens = Hour(
        label=pgettext_lazy("opening hours", "The line opens at"),
        error_messages={"required": gettext_lazy("Say when the line opens.")},
    )
    closes = Hour(
        label=pgettext_lazy("opening hours", "and closes at"),
        help_text=gettext_lazy("Enter the same time twice to be open day and night."),
        error_messages={"required": gettext_lazy("Say when the line closes.")},
    )
    open_on_holidays = forms.BooleanField(label=gettext_lazy("Open on public holidays"), required=False)
    records = forms.BooleanField(
        label=gettext_lazy("Calls may be recorded"),
        help_text=gettext_lazy(
            "Only a call that one of you wants to keep, and only if the caller agrees by pressing a key. "
            "Say on your pages what you keep, why, and for how long."
        ),
        required=False,
    )
    reads_aloud = forms.BooleanField(
        label=gettext_lazy("The line reads our messages to people who want to be called"),
        help_text=gettext_lazy(
            "It calls them, and says nothing until they press a key. People who do not answer are on the "
            "callback list after three attempts."
        ),
        required=False,
    )
    may_dial = LineField(
        label=gettext_lazy("Numbers the line may call"),
        help_text=gettext_lazy(
            "How they begin, as +32 +33. Empty: those of your country. Expensive numbers are never called."
        ),
        limit=300,
    )
    texts_missed = forms.BooleanField(
        label=gettext_lazy("Reply to callers by text"),
        help_text=gettext_lazy(
            "Anyone with a mobile who hung up before one of you answered is told that you saw the call; "
            "and while they wait, callers can press a key to get a text and write instead."
        ),
        required=False,
    )
    closed_day = DayField(
        label=gettext_lazy("Closed until this day"),
        help_text=gettext_lazy("Empty: according to the hours."),
        limit=20,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    closed_time = ClockField(label=pgettext_lazy("closed until", "at"), limit=20)

    def __init__(self, *given: Any, organisation: Organisation, **named: Any) -> None:
        super().__init__(*given, **named)
        self.organisation = organisation
        for name, (label, hint, unit) in NUMBERS.items():
            least, most = (round(each / unit) for each in BOUNDS[name])
            wrong = _("“%(label)s”: a whole number from %(least)s to %(most)s.") % {
                "label": label,
                "least": max(least, 0),
                "most": most,
            }
            self.fields[name] = forms.IntegerField(
                label=label,
                help_text=hint,
                min_value=max(least, 0),
                max_value=most,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
                error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
            )

    def clean_may_dial(self) -> list[str]:
        begins: list[str] = self.cleaned_data["may_dial"].replace(",", " ").replace(";", " ").split()
        if not all(re.fullmatch(r"\+[1-9][0-9]{0,14}", each) for each in begins):
            raise forms.ValidationError(_("Enter how the numbers begin, each with a plus: +32 +33."))
        return list(dict.fromkeys(begins))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.closed_until = None
        if data.get("closed_day") and not self.errors:
            at = data.get("closed_time") or data.get("opens") or time(0)
            until = datetime.combine(data["closed_day"], at, tzinfo=self.organisation.zone)
            if until <= clock.now():
                self.add_error(
                    "closed_day", _("This date has passed. Choose a later one, or leave it empty.")
                )
            self.closed_until = until
        return data

    def values(self) -> dict[str, Any]:
        """What `change_line` takes."""
        data = self.cleaned_data
        numbers = {name: data[name] * unit for name, (_label, _hint, unit) in NUMBERS.items()}
        # Where no texts are sent it is not asked, and stays as it was.
        texts = {"texts_missed": data["texts_missed"]} if codes.can_be_answered() else {}
        return {
            **numbers,
            **texts,
            "open_on_holidays": data["open_on_holidays"],
            "records": data["records"],
            "may_dial": data["may_dial"],
            "closed_until": self.closed_until,
        }


@dataclass(frozen=True)
class Prompt:
    """What the line says at one moment in one language. `own`: recorded by the group; `heard`: can be played."""

    name: str
    language: str
    language_name: str
    words: str
    own: bool
    heard: bool


def show(request: HttpRequest) -> HttpResponse:
    """The page; sent, the line behaves so from the next call on."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    organisation = Organisation.objects.get(pk=actor.organisation.pk)
    if request.POST.get("do") == "resume_dialling":
        if line.resume_dialling(actor=actor):
            messages.success(request, _("Outgoing calls are allowed again, within a few seconds."))
        return redirect("line_settings")
    if request.method == "POST":
        form = LineForm(request.POST, organisation=organisation)
        if form.is_valid():
            with transaction.atomic():
                team.change_opening_hours(
                    organisation=organisation,
                    opens=form.cleaned_data["opens"],
                    closes=form.cleaned_data["closes"],
                )
                line.change_line(actor=actor, **form.values())
                aloud.switch(organisation, on=form.cleaned_data["reads_aloud"] and queries.can_read())
            messages.success(request, _("This applies from the next call on."))
            return redirect("line_settings")
    else:
        form = LineForm(initial=_chosen(organisation), organisation=organisation)
    context = {
        "form": form,
        "numbers": [form[name] for name in NUMBERS],
        "prompts": said_by(organisation),
        "is_open": queries.is_open(organisation, clock.now()),
        "stopped_at": queries.settings_of(organisation).dialling_stopped_at,
        "can_record": queries.can_record(),
        "can_read": queries.can_read(),
        "money": queries.money_today(organisation, clock.now()),
        "can_text": codes.can_be_answered(),
    }
    return render(request, "console/line_settings.html", context, status=422 if form.errors else 200)


def _chosen(organisation: Organisation) -> dict[str, Any]:
    row: LineSettings = queries.settings_of(organisation)
    values: dict[str, Any] = {
        "opens": organisation.opens,
        "closes": organisation.closes,
        "open_on_holidays": row.open_on_holidays,
        "records": row.records,
        "may_dial": " ".join(row.may_dial),
        "texts_missed": row.texts_missed,
        "reads_aloud": aloud.reads(organisation.pk),
        **{name: round(getattr(row, name) / unit) for name, (_label, _hint, unit) in NUMBERS.items()},
    }
    if row.closed_until is not None and row.closed_until > clock.now():
        local = row.closed_until.astimezone(organisation.zone)
        values |= {"closed_day": local.date(), "closed_time": f"{local:%H:%M}"}
    return values


def said_by(organisation: Organisation) -> list[tuple[str, str, list[Prompt]]]:
    """What can be recorded: name, when it is heard, and the sentence in each language of the group."""
    own = {(row.name, row.language) for row, _sound in queries.own_prompts(organisation)}
    names = [*FIRST, *sorted(RECORDABLE - {*FIRST, "music", "still"})]
    languages = [code for code in organisation.languages if code in LANGUAGES]
    spoken = dict(installation.LANGUAGES)
    return [
        (
            name,
            str(WHEN[name]),
            [
                Prompt(
                    name,
                    code,
                    str(spoken.get(code, code)),
                    _sentence(organisation, name, code, key),
                    (name, code) in own,
                    (name, code) in own or name.removesuffix(NO_CALLBACK) in prompts.NAMES,
                )
                for key, code in enumerate(languages, 1)
            ],
        )
        for name in names
    ]


def _sentence(organisation: Organisation, name: str, language: str, key: int) -> str:
    values = {"name": organisation.name, "key": str(key)}
    return " ".join(
        str(getattr(TEXTS[part], language)).format(**values) for part in SPOKEN.get(name, (name,))
    )


def said(request: HttpRequest, prompt: str, spoken: str) -> HttpResponse:
    """Hear what the line says; sent, another recording is kept, or the group's own is taken back."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if prompt not in RECORDABLE or spoken not in LANGUAGES:
        raise Http404
    if request.method == "GET":
        return played(request, _sound(actor.organisation, prompt, spoken))
    if request.POST.get("do") == "drop":
        line.drop_prompt(actor=actor, name=prompt, language=spoken)
        messages.success(request, _("The computer voice says it again."))
        return redirect("line_settings")
    given = request.FILES.get("sound")
    try:
        if given is None or (given.size or 0) > LARGEST:
            raise BadSound("missing, or too large")
        line.keep_prompt(actor=actor, name=prompt, language=spoken, sound=given.read())
    except BadSound:
        return HttpResponse(
            _("This recording cannot be used. Record it again, in a minute and a half at most."), status=422
        )
    messages.success(request, _("Your recording is used from the next call on."))
    return redirect("line_settings")


def _sound(organisation: Organisation, name: str, language: str) -> bytes:
    """The group's recording, else what the machine says; raises `Http404` where there is none."""
    for row, sound in queries.own_prompts(organisation):
        if (row.name, row.language) == (name, language):
            return sound
    group = prompts.Group(
        installation.INSTALLATION.home / "line",
        str(organisation.id),
        organisation.name,
        tuple(organisation.languages),
        organisation.opens,
        organisation.closes,
    )
    prompt, may_ring = name.removesuffix(NO_CALLBACK), not name.endswith(NO_CALLBACK)
    try:
        return prompts.sound(prompt, language, organisation=group, ring_back=may_ring).path.read_bytes()
    except (KeyError, prompts.NoVoice) as error:
        raise Http404 from error
