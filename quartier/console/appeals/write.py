"""Writing an appeal: what for, whom, our words with a sentence of one's own; how it arrives, to how many, and what it
costs, before anything is sent."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy, npgettext
from django.utils.translation import gettext as _

from quartier.appeals import actions, rules
from quartier.appeals.actions import Asked
from quartier.appeals.actions.asking import Wording, first_ones
from quartier.appeals.actions.making import described
from quartier.appeals.models import Appeal
from quartier.console.appeals import saying
from quartier.console.post import CHANNELS
from quartier.incidents import queries as incidents
from quartier.lib import cells, choices, clock, hours, sms
from quartier.lib.text import one_line
from quartier.messaging import actions as messaging
from quartier.messaging import codes, spending, wording
from quartier.messaging import saying as values
from quartier.places.queries import name_of_area, search
from quartier.team.access import Actor
from quartier.team.models import Organisation

EVENT = Appeal.Purpose.EVENT
PLACE, KIND, ROLE = Appeal.Purpose.PLACE, Appeal.Purpose.KIND, Appeal.Purpose.ROLE


class AppealForm(forms.Form):
    """What is asked for; what does not belong to the purpose is not there. `area`: the neighbourhood found before."""

    use_required_attribute = False

    place = forms.CharField(
        label=gettext_lazy("Which neighbourhood needs more volunteers?"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Say where.")},
    )
    area = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("What kind of help?"), required=False)
    role = forms.ChoiceField(
        label=gettext_lazy("What would they do?"), choices=list(rules.ROLE_NAMES.items())
    )
    incident = forms.ChoiceField(
        label=gettext_lazy("During which incident?"),
        error_messages={"required": gettext_lazy("Choose an incident that is running.")},
    )
    language = forms.ChoiceField(label=gettext_lazy("Who speaks"), required=False)
    idle_days = forms.TypedChoiceField(
        label=gettext_lazy("Without a visit for"),
        coerce=int,
        error_messages={"required": gettext_lazy("Say for how long.")},
    )
    wanted = forms.CharField(
        label=gettext_lazy("How many do you need?"),
        help_text=gettext_lazy("When this many have said yes, no one else is asked."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Say how many.")},
    )

    def __init__(self, *given: Any, purpose: str, organisation: Organisation, **named: Any) -> None:
        super().__init__(*given, **named)
        self.purpose, self.organisation = purpose, organisation
        kinds: list[tuple[str, Any]] = [(each.code, each.name) for each in choices.KINDS]
        languages = [(each.code, each.name) for each in choices.LANGUAGES]
        days = [
            (each, npgettext("without a visit", "%(count)s day", "%(count)s days", each) % {"count": each})
            for each in rules.IDLE_DAYS
        ]
        if purpose == EVENT:
            days = [(rules.EVERYBODY, _("any time, even yesterday")), *days]
        self.running = {str(each.pk): each for each in incidents.running(organisation)}
        self._choose("incident", [(pk, each.name) for pk, each in self.running.items()])
        self._choose("kind", ([("", _("Whatever is needed"))] if purpose == PLACE else []) + kinds)
        self._choose("language", [("", _("Whatever language")), *languages])
        self._choose("idle_days", days)
        self.spoken = wording.languages(organisation)
        names = dict(settings.LANGUAGES)
        for code in self.spoken:
            self.fields[f"words_{code}"] = forms.CharField(
                label=names[code],
                required=False,
                widget=forms.TextInput(attrs={"lang": code, "autocomplete": "off", "maxlength": 200}),
            )
        # Where the gazetteer has no name for a neighbourhood, the neighbourhood alone is enough.
        self.fields["place"].required = bool(self["place"].value() or not self["area"].value())
        for name in {"place", "area"} if purpose != PLACE else ():
            del self.fields[name]
        self.fields["kind"].required = purpose == KIND
        if purpose not in {PLACE, KIND}:
            del self.fields["kind"]
        if purpose != ROLE:
            del self.fields["role"]
        if purpose != EVENT:
            del self.fields["incident"]

    def _choose(self, name: str, found: Sequence[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = found

    def words_fields(self) -> list[Any]:
        """The boxes for the group's own sentence."""
        return [self[f"words_{code}"] for code in self.spoken]

    def asked(self) -> Asked:
        """What was typed, to be looked at by the room."""
        said = self.cleaned_data
        wanted = one_line(said.get("wanted", ""), 6)
        return Asked(
            purpose=self.purpose,
            wanted=int(wanted) if wanted.isascii() and wanted.isdecimal() else 0,
            area=self._area(),
            kind=said.get("kind", ""),
            role=said.get("role", ""),
            incident=self.running.get(said.get("incident", "")),
            language=said.get("language", ""),
            idle_days=said.get("idle_days", 30),
            words={code: wording.tidy("subject", said.get(f"words_{code}", "")) for code in self.spoken},
        )

    def _area(self) -> int | None:
        """The neighbourhood that was found before, if its name still stands there; else that of the place typed."""
        language = get_language() or "en"
        text, kept = one_line(self.cleaned_data.get("place", ""), 80), self.cleaned_data.get("area", "")
        if kept.isascii() and kept.isdecimal() and len(kept) <= 19:
            with suppress(ValueError):
                if not text or text == name_of_area(int(kept), language):
                    return int(kept)
        found = search(text, self.organisation.country, language, limit=1) if text else []
        # Only a place that is written, for sure or very likely: the preview names it before anybody is asked.
        return cells.area_of(found[0].cell) if found and found[0].likely else None


@dataclass(frozen=True)
class Preview:
    """What would be sent: to how many at first and at most, by which ways, for how much; and how it arrives."""

    first: int
    most: int
    could: int
    ways: list[tuple[str, int]]
    euros: Decimal
    euros_most: Decimal
    texts: list[tuple[str, str, str]]
    wakes: Any


def new(request: HttpRequest) -> HttpResponse:
    """Without a purpose, the four to choose from. Sent, it is shown as it would arrive; then it is made."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    organisation = Organisation.objects.get(pk=actor.organisation.pk)
    given = request.POST if request.method == "POST" else request.GET
    purpose = given.get("purpose", "")
    if purpose not in saying.WHAT_FOR:
        running = incidents.running(organisation)
        cards = [
            (code, name, icon, saying.WHAT_FOR[code])
            for code, (name, icon) in saying.PURPOSES.items()
            if code in saying.WHAT_FOR and (code != EVENT or running)
        ]
        return render(request, "console/appeal_what.html", {"cards": cards})
    if request.method != "POST":
        form = AppealForm(initial=_from_link(request), purpose=purpose, organisation=organisation)
        return _drawn(request, form, None, None)
    if request.POST.get("do") not in {"preview", "send"}:
        raise Http404
    form = AppealForm(request.POST, purpose=purpose, organisation=organisation)
    if not form.is_valid():
        return _drawn(request, form, None, None)
    try:
        if request.POST["do"] == "send":
            appeal = actions.make(actor=actor, asked=form.asked())
            messages.success(request, _("The first people are asked now, or in the morning if it is night."))
            return redirect("appeal", appeal.pk)
        appeal = described(organisation, form.asked(), actor)
    except actions.NotSo as error:
        for name, words in error.wrong.items():
            form.add_error(name if name in form.fields else None, words)
        return _drawn(request, form, None, None)
    return _drawn(request, form, preview(appeal), appeal)


def _from_link(request: HttpRequest) -> dict[str, Any]:
    given = request.GET
    initial: dict[str, Any] = {name: given.get(name, "") for name in ("kind", "role", "incident", "language")}
    is_event = given.get("purpose") == EVENT
    initial |= (
        {"wanted": "10", "idle_days": rules.EVERYBODY} if is_event else {"wanted": "3", "idle_days": 30}
    )
    area = given.get("area", "")
    if area.isascii() and area.isdecimal() and len(area) <= 19:
        with suppress(ValueError):
            initial |= {"area": area, "place": name_of_area(int(area), get_language() or "en")}
    return initial


def preview(appeal: Appeal) -> Preview:
    """Everything that a coordinator should know before sending. Nothing is written."""
    now, organisation = clock.now(), appeal.organisation
    letters, could = first_ones(appeal, now)
    drafted = [each for each in messaging.drafts(organisation=organisation, letters=letters) if each]
    euros = spending.price(drafted)
    most = min(appeal.most, could)
    counts = {str(name): sum(each.channel == code for each in drafted) for code, name in CHANNELS.items()}
    wakes = hours.after_quiet(now, organisation.quiet_from, organisation.quiet_until, organisation.zone)
    return Preview(
        first=len(drafted),
        most=most,
        could=could,
        ways=[(name, count) for name, count in counts.items() if count],
        euros=euros,
        euros_most=euros / len(drafted) * most if drafted else Decimal(0),
        texts=[_arrives(appeal, code) for code in wording.languages(organisation)],
        wakes=wakes if wakes > now else None,
    )


def _arrives(appeal: Appeal, language: str) -> tuple[str, str, str]:
    """The name of the language, its code, and the text as a phone shows it."""
    said = Wording.of(appeal)
    organisation = appeal.organisation
    own = wording.of(organisation).get((said.template, language)) or wording.ours(said.template, language)
    with translation.override(language):
        page = ("appeal_link", "Kq7vX2mTz9RfHd4sWb8nLc")
        ready = values.ready(organisation, said.values | {"page": page, "number": "42"}, clock.now())
        said_by_text = own.answer if codes.can_be_answered() and own.answer else own.text
        text = sms.plain(wording.filled(str(said_by_text), ready))
    return str(dict(settings.LANGUAGES)[language]), language, text


def _drawn(
    request: HttpRequest, form: AppealForm, shown: Preview | None, appeal: Appeal | None
) -> HttpResponse:
    name, icon = saying.PURPOSES[Appeal.Purpose(form.purpose)]
    if appeal is not None and appeal.area:
        found = {"area": str(appeal.area), "place": name_of_area(appeal.area, get_language() or "en")}
        form.data = {**{name: form.data.get(name, "") for name in form.data}, **found}
    context = {
        "form": form,
        "purpose": form.purpose,
        "name": name,
        "icon": icon,
        "what_for": saying.WHAT_FOR[Appeal.Purpose(form.purpose)],
        "shown": shown,
        "appeal": appeal,
        "cooling": rules.COOLING.days,
    }
    return render(request, "console/appeal_new.html", context, status=422 if form.errors else 200)
