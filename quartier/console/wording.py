"""What our messages say: ours or the group's own words, in every language that it speaks, shown as they arrive."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from quartier.appeals.models import Appeal
from quartier.appeals.rules import ROLE_NAMES, ROLES
from quartier.console.wording_when import WHEN
from quartier.followup.queries import LadderHistory, tally_words
from quartier.followup.rules import OCCASIONS
from quartier.incidents.shipped import TEMPLATES as TEMPLATES_OF_INCIDENTS
from quartier.lib import clock, emergency, sms
from quartier.messaging import saying, wording
from quartier.messaging.providers.email.letter import footer
from quartier.messaging.who_waits import WaitingPerson
from quartier.messaging.words import ANSWERED_IN_WORDS, TEMPLATES, Words
from quartier.people.lately import KnownFact, last_met_words
from quartier.team.access import Actor
from quartier.team.models import Organisation
from quartier.visits.rules import CODE_WORDS

LABELS = {
    "text": gettext_lazy("Text message"),
    "answer": gettext_lazy("Text message that can be answered with yes or no"),
    "subject": gettext_lazy("Subject of the email"),
    "mail": gettext_lazy("The email"),
}
IN_WORDS_LABEL = gettext_lazy("Text message that can be answered with the words in capital letters")
ROWS = {"text": 3, "answer": 3, "mail": 11}
COUNT = {
    "one": gettext_lazy("1 SMS: {units} of {room} characters."),
    "many": gettext_lazy("{segments} SMS: {units} characters."),
    "because": gettext_lazy("Because of {letters}, one SMS holds only 70 characters instead of 160."),
}
ROOM = {"GSM-7": 160, "UCS-2": 70}
# Links in the examples are as long as real ones.
ASKED, OFFERED = ("status", "Zt4wVb8nQk2mXr6cLh9pTd3fYs7gJe5a"), ("offer_link", "Kq7vX2mTz9RfHd4sWb8nLc")
PAGES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(WHEN[0][1], ASKED),
    **dict.fromkeys(("welcome", "role_given", "role_training", "appeal_break"), ("volunteer_home",)),
    "push_test": ("home_of_role",),
    "news": ("ask",),
    "risk_heard": ("alert", str(UUID(int=0x6F1C27AE90D34B5C8E21F7A6B4D80953))),
    **dict.fromkeys(
        (
            "dangers",
            "visit_alarm",
            "line_stopped",
            "line_away",
            "line_blind",
            "line_back",
            "risk_written",
            "concern_danger",
            "concern_raised",
            "concern_waits",
            "companion_worry",
            "companion_check",
            "companion_check_waits",
            "companion_glass",
        ),
        ("alert", str(UUID(int=0x6F1C27AE90D34B5C8E21F7A6B4D80953))),
    ),
    "concern_answered": ("concern_follow", "Zt4wVb8nQk2mXr6cLh9pTd3fYs7gJe5a"),
    "not_joined": ("objection",),
    "duty_gap": ("duty",),
    "callback_moved": ("line_callbacks",),
    **dict.fromkeys(("duty_begin", "duty_new", "duty_new_sector", "duty_end", "wake"), ("board",)),
    **dict.fromkeys(("team_urgent", "team_waiting", "team_soon", "team_broken"), ("board",)),
    **dict.fromkeys(("team_overdue", "team_together"), ("board",)),
    **dict.fromkeys(("after_visit", "after_call", "after_failed"), ("after", OFFERED[1])),
    **dict.fromkeys(
        ("check_heat", "check_blackout", "check_lockdown", "check_missed"), ("check", OFFERED[1])
    ),
    "check_help": ("check_call", str(UUID(int=0x6F1C27AE90D34B5C8E21F7A6B4D80953))),
    **dict.fromkeys(
        ("check_to_call", "campaign_over"), ("campaign", str(UUID(int=0x6F1C27AE90D34B5C8E21F7A6B4D80953)))
    ),
    "morning": ("home_of_role",),
    "check_unreached": ("campaign", str(UUID(int=0x6F1C27AE90D34B5C8E21F7A6B4D80953))),
    "after_bad": ("request_page", str(UUID(int=0x6F1C27AE90D34B5C8E21F7A6B4D80953))),
}
BY_CALL = frozenset(
    {
        "someone_calls",
        "call_ahead",
        "after_call",
        "offer_remote",
        "caller_cannot",
        "call_accepted",
        "call_reminder",
        "call_given_on",
        "call_cancelled",
        "call_moved",
    }
)
_ADDRESS = re.compile(r"https?://\S+")


class Part(forms.CharField):
    """The text, the subject or the mail in one language. What was typed is kept as it was."""

    def __init__(self, part: str, default: Words, language: str, hosts: set[str]) -> None:
        self.part, self.default, self.hosts = part, default, hosts
        attrs = {"lang": language, "data-part": part, "autocomplete": "off"}
        widget = (
            forms.TextInput(attrs) if part == "subject" else forms.Textarea({**attrs, "rows": ROWS[part]})
        )
        super().__init__(label=LABELS[part], widget=widget)

    def clean(self, value: Any) -> str:
        text = wording.tidy(self.part, str(value or ""))
        try:
            wording.check(self.part, text, self.default, self.hosts)
        except wording.NotSo as error:
            raise forms.ValidationError(error.reasons) from error
        return text


class WordsForm(forms.Form):
    """One template in one language."""

    use_required_attribute = False

    def __init__(self, *given: Any, template: str, language: str, hosts: set[str], **named: Any) -> None:
        super().__init__(*given, **named)
        self.language, self.default = language, wording.ours(template, language)
        for part in LABELS:
            if getattr(self.default, part):
                self.fields[part] = Part(part, self.default, language, hosts)
        if template in ANSWERED_IN_WORDS:
            self.fields["answer"].label = IN_WORDS_LABEL

    def words(self) -> Words:
        """What a valid form says."""
        return Words(**{part: self.cleaned_data.get(part, "") for part in LABELS})

    def typed(self) -> dict[str, str]:
        """Each part as it stands in its box now, without what cannot be sent."""
        return {name: wording.tidy(name, str(self[name].value() or "")) for name in self.fields}


@dataclass
class Spoken:
    """A template in one language, for the page: the boxes with what each takes, what can be filled in, and how it
    arrives: `bubbles` on a phone; `mail` in paragraphs, each with its words and the address of its button."""

    form: WordsForm
    name: str
    foot: str
    open: str
    samples: dict[str, str]
    boxes: list[tuple[BoundField, str]] = field(default_factory=list)
    fill: list[tuple[str, Any]] = field(default_factory=list)
    bubbles: list[tuple[str, str]] = field(default_factory=list)
    subject: str = ""
    mail: list[tuple[str, str]] = field(default_factory=list)
    asks_for_money: bool = False

    def __post_init__(self) -> None:
        typed = self.form.typed()
        said = {part: wording.filled(text, self.samples) for part, text in typed.items()}
        for part in typed:
            is_text = part in {"text", "answer"}
            self.boxes.append((self.form[part], counted(typed[part], self.samples) if is_text else ""))
            if is_text:
                self.bubbles.append((part, sms.plain(said[part])))
        part = "answer" if "answer" in typed else "text"
        self.fill = [
            (f"{{{name}}}", wording.MEANINGS.get(name, name))
            for name in wording.possible(part, self.form.default)
        ]
        self.subject, self.mail = said["subject"], paragraphs(said.get("mail", said["text"]))
        self.asks_for_money = any(wording.asks_for_money(text) for text in typed.values())


def counted(text: str, samples: Mapping[str, str]) -> str:
    """How many SMS a text takes with these values, and why. (`wording.js` says the same while it is typed.)"""
    said = sms.plain(wording.filled(wording.tidy("text", text), samples))
    size = sms.size(said)
    line = str(COUNT["one" if size.segments == 1 else "many"])
    if size.encoding == "UCS-2":
        line += f" {COUNT['because']}"
    letters = [each for each in dict.fromkeys(said) if each not in sms.GSM | sms.GSM_DOUBLE]
    values = {
        "segments": str(size.segments),
        "units": str(size.units),
        "room": str(ROOM[size.encoding]),
        "letters": " ".join(letters[:3]),
    }
    return wording.filled(line, values)


def paragraphs(text: str) -> list[tuple[str, str]]:
    """A mail as it is drawn: an address alone on the last line of a paragraph is a button."""
    found = []
    for block in text.split("\n\n"):
        *lines, last = block.strip().split("\n")
        if _ADDRESS.fullmatch(last.strip()):
            found.append(("\n".join(lines), last.strip()))
        elif last:
            found.append(("\n".join([*lines, last]), ""))
    return found


def samples(organisation: Organisation, language: str, template: str) -> dict[str, str]:
    """Values such as there are, in this language."""
    now = clock.now().astimezone(organisation.zone)
    tomorrow = (now + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)
    due_at, where = now + timedelta(hours=3), ("1050", "Ixelles")
    waiting = [WaitingPerson("Marie", now, "call", due_at, ("board",), "groceries", where)]
    with translation.override(language):
        values: dict[str, Any] = {
            "code": "481502",
            "name": "Sofia",
            "word": CODE_WORDS[language][0],
            "reference": "K7M4PX",
            "number": "42",
            "place": ("1050", "Ixelles"),
            "metres": 820,
            "cents": 1250,
            "kind": "talk" if template in BY_CALL else "groceries",
            "window": (tomorrow, tomorrow + timedelta(hours=1)),
            "by": (now + timedelta(hours=3)).replace(minute=0, second=0, microsecond=0),
            "begins": tomorrow,
            "until": tomorrow,
            "since": now - timedelta(days=10),
            "page": PAGES.get(template, OFFERED),
            "waiting": waiting,
            "unreached": ["Albert"],
            "sector": "1050 1060",
            "elsewhere": 2,
            "dangers": [(name, {"page": ("board",)}) for name in ("risk_written", "concern_danger")],
            "sections": [("broken", waiting)],
            "new": "3",
            "spans": [(tomorrow, tomorrow + timedelta(hours=1))],
            "rests": ((now + timedelta(days=3)).date(), (now + timedelta(days=10)).date()),
            "next_day": (now + timedelta(days=11)).date(),
            "rule": "FREQ=WEEKLY;BYDAY=TU",
            "words": _("I am at the door."),
            "role": (ROLE_NAMES if template.startswith("role_") else ROLES)[Appeal.Role.OPERATOR],
            "note": "",
            "advice": "",
            "asked": 7,
            "service": "Centre de guidance",
            "its_number": "02 000 91 00",
            "other": "Nadia",
            "subjects": _("I am at the door."),
            "names": "Albert, Rosa",
            "occasion": OCCASIONS[0].name,
            "clock": (now + timedelta(hours=3)).replace(minute=0, second=0, microsecond=0),
            "ladder": f"Albert: {LadderHistory(calls=2, callers=('Thomas',))}",
            "tally": tally_words({"fine": 30, "needs_help": 2, "alerted": 1}, ["Albert"]),
            "seen": last_met_words([KnownFact(now - timedelta(days=4), "visited", "Amina")]),
            "numbers": ", ".join(
                f"{each.written} ({each.meaning})"
                for each in emergency.numbers(organisation.country, language, short=True)
            ),
            "event": (
                TEMPLATES_OF_INCIDENTS["heatwave"].asks
                if template == "appeal_event"
                else TEMPLATES_OF_INCIDENTS["heatwave"].announce
            ),
        }
        ready = saying.ready(organisation, values, now)
        return ready | {
            "offers": f"42: {ready['what']}, {ready['where']}. 43: {ready['what']}, {ready['when']}.",
            "list": f"{ready['What']}, {ready['where']}, {ready['when']}\n{ready['link']}",
        }


@dataclass(frozen=True)
class Row:
    """A template in the list. `own`: some language has the group's own words; `ours_in`: those that have not."""

    name: str
    when: Any
    text: str
    own: bool
    ours_in: str


def show(request: HttpRequest) -> HttpResponse:
    """Every template: when it is sent, what it says, and whose words these are."""
    organisation = _organisation(request)
    spoken = wording.languages(organisation)
    names, own = dict(settings.LANGUAGES), wording.kept(organisation)
    language = next((code for code in spoken if code == get_language()), spoken[0])
    # Some templates share their example.
    examples: dict[Any, dict[str, str]] = {}

    def row(name: str, when: Any) -> Row:
        words = own.get((name, language)) or wording.ours(name, language)
        left = [str(names[code]) for code in spoken if (name, code) not in own]
        kind = name in BY_CALL, PAGES.get(name, OFFERED)
        if kind not in examples:
            examples[kind] = samples(organisation, language, name)
        text = wording.filled(str(words.text), examples[kind])
        return Row(name, when, text, len(left) < len(spoken), ", ".join(left))

    groups = [(title, [row(name, when) for name, when in group.items()]) for title, group in WHEN]
    return render(request, "console/wordings.html", {"groups": groups, "language": language})


def one(request: HttpRequest, template: str) -> HttpResponse:
    """One template in all languages; sent, it is shown as it would arrive, kept, or ours again."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if template not in TEMPLATES:
        raise Http404
    organisation = _organisation(request)
    own = wording.kept(organisation)
    made: list[WordsForm] = []
    for code in wording.languages(organisation):
        ours = wording.ours(template, code)
        now = own.get((template, code)) or ours
        made.append(
            WordsForm(
                request.POST or None,
                template=template,
                language=code,
                hosts=wording.own_hosts(organisation),
                prefix=code,
                initial={part: getattr(now, part) or getattr(ours, part) for part in LABELS},
            )
        )
    if request.method == "POST":
        do = request.POST.get("do")
        if do not in {"save", "preview", "ours"}:
            raise Http404
        if do == "ours":
            wording.drop(actor=actor, template=template)
            messages.success(request, _("Back to the standard wording."))
            return redirect("wording", template)
        is_right = not any([form.errors for form in made])  # noqa: C419 (each form says what is wrong)
        if is_right and do == "save":
            words = {form.language: form.words() for form in made}
            changed = wording.keep(actor=actor, template=template, words=words)
            said = (
                _("Saved. From now on the message is in your words.")
                if changed
                else _("Nothing has changed.")
            )
            messages.success(request, said)
            return redirect("wording", template)
    return _drawn(request, template, made, is_own=any(name == template for name, _code in own))


def _drawn(request: HttpRequest, template: str, made: list[WordsForm], *, is_own: bool) -> HttpResponse:
    organisation, names = _organisation(request), dict(settings.LANGUAGES)
    spoken = []
    for form in made:
        code = form.language
        with translation.override(code):
            foot, opened = footer(organisation), _("Open the page")
        values = samples(organisation, code, template)
        spoken.append(Spoken(form, str(names[code]), foot, opened, values))
    context = {
        "template": template,
        "when": next((group[template] for _title, group in WHEN if template in group), template),
        "is_own": is_own,
        "spoken": spoken,
        "found": [
            {
                "to": form[name].id_for_label,
                "text": _("%(where)s: %(wrong)s")
                % {"where": f"{names[form.language]}, {form[name].label}", "wrong": reasons[0]},
            }
            for form in made
            for name, reasons in form.errors.items()
        ],
        "data": {
            "gsm": "".join(sorted(sms.GSM)),
            "double": "".join(sorted(sms.GSM_DOUBLE)),
            "plain": {chr(sign): plain for sign, plain in sms.PLAIN.items()},
            "room": ROOM,
            "count": {name: str(line) for name, line in COUNT.items()},
            "values": {one.form.language: one.samples for one in spoken},
            "open": {one.form.language: one.open for one in spoken},
        },
    }
    return render(request, "console/wording.html", context, status=422 if context["found"] else 200)


def _organisation(request: HttpRequest) -> Organisation:
    return Organisation.objects.get(pk=request.actor.organisation.pk)  # type: ignore[attr-defined]
