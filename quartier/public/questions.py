"""One question a page: the machinery that asking for help and becoming a volunteer share.

Answers are kept in a draft, under the name of their question. Every answer is sent by itself, checked, and kept
before the next question is shown; what is wrong comes back with the words as they were typed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse, translate_url
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from quartier.intake import actions as intake
from quartier.intake.models import Draft
from quartier.lib import phone
from quartier.lib.text import clean, one_line
from quartier.public import drafts
from quartier.team.models import Organisation

Answers = dict[str, Any]


class Words(forms.CharField):
    """Free text, made safe to store. `lines`: it may have several."""

    def __init__(self, *, max_length: int, lines: bool = False, **given: Any) -> None:
        self.lines = lines
        too_long = _(
            "This is too long: it can be at most %(limit_value)d characters. We have kept what you wrote."
        )
        given.setdefault("error_messages", {}).setdefault("max_length", too_long)
        super().__init__(max_length=max_length, strip=True, **given)
        # The browser must not cut off silently what somebody pastes.
        self.widget.attrs.pop("maxlength", None)

    def to_python(self, value: Any) -> str:
        text = "" if value is None else str(value)
        longest = (self.max_length or 0) + 1
        return clean(text, longest) if self.lines else one_line(text, longest)


class PhoneNumber(forms.CharField):
    """A number as people write it; E.164 once it is clean. Form and organisation give the country, and their `line`,
    which is nobody's own phone."""

    country = "BE"
    line = ""
    reader = phone.Reader.IS_HELPED

    def validate(self, value: Any) -> None:
        """Whether a number is needed depends on the other answers: the form says so."""

    def to_python(self, value: Any) -> str:
        text = one_line("" if value is None else str(value), 60)
        if not text:
            return ""
        try:
            number = phone.parse(text, self.country)
        except phone.NotANumber:
            raise forms.ValidationError(
                _(
                    "We cannot read this number. Is a digit missing? For a number from another country, "
                    "begin with + and the country code: +33…"
                )
            ) from None
        if why := phone.why_not_own(number, self.line, self.reader):
            raise forms.ValidationError(why)
        return number


class Mail(forms.EmailField):
    """A mail address."""

    def __init__(self, **given: Any) -> None:
        wrong = _("This email address is not complete. It should look like name@example.org.")
        super().__init__(error_messages={"invalid": wrong}, **given)

    def validate(self, value: Any) -> None:
        """Whether an address is needed depends on the other answers: the form says so."""

    def to_python(self, value: Any) -> str:
        return one_line("" if value is None else str(value), 321)


class Question(forms.Form):
    """One page. `title` is its question; fields may carry `icons`, `texts`, `group` and `width` for drawing."""

    use_required_attribute = False
    title: str | Promise = ""
    lead: str | Promise = ""
    # What a second button says that goes on just as well, with nothing written; '': there is none.
    skip: str | Promise = ""
    # What the page asks back about answers that are no mistake; '': they are taken.
    asks: str = ""

    def __init__(
        self, data: Any = None, *, organisation: Organisation, answers: Answers, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.organisation = organisation
        self.answers = answers
        for each in self.fields.values():
            if isinstance(each, PhoneNumber):
                each.country, each.line = organisation.country, organisation.phone
        self.prepare()

    def prepare(self) -> None:
        """Adapt the fields to what was answered before."""

    def may_wait(self) -> bool:
        """Whether what was sent may be put aside in the draft when something in it is wrong."""
        return True

    def answer(self) -> Answers:
        """What to keep, as JSON."""
        return dict(self.cleaned_data)

    def heading(self) -> str | Promise:
        """The question of the page."""
        return self.title

    @property
    def first(self) -> forms.BoundField | None:
        """The first field that is seen."""
        return next(iter(self.visible_fields()), None)


@dataclass(frozen=True)
class Step:
    """One question: its word in the address, its form, and whether these answers make it needed."""

    name: str
    form: type[Question]
    needed: Callable[[Answers], bool] = lambda answers: True
    # Whether the answer that is kept still holds.
    holds: Callable[[Answers], bool] = lambda answers: True
    # The part of the form to which it belongs: what is asked grows with the answers, its parts do not.
    part: str | Promise = ""


@dataclass(frozen=True)
class Flow:
    """Questions in their order, and the last page. `start` and `step` are names of addresses."""

    form: Draft.Form
    start: str
    step: str
    steps: tuple[Step, ...]
    last: str = "check"
    template: str = "public/question.html"

    def needed(self, answers: Answers) -> list[Step]:
        return [step for step in self.steps if step.needed(answers)]

    def parts(self) -> list[str | Promise]:
        """The parts of the form, in their order; none where its questions are always the same."""
        return list(dict.fromkeys(step.part for step in self.steps if step.part))

    def missing(self, answers: Answers) -> str:
        """The first question without an answer; the last page when there is none."""
        return next(
            (
                step.name
                for step in self.needed(answers)
                if step.name not in answers or not step.holds(answers)
            ),
            self.last,
        )

    def url(self, name: str, draft: Draft | None, **more: str) -> str:
        """The address of a question for this draft."""
        if draft is None:
            return reverse(self.start)
        return f"{reverse(self.step, args=[name])}?{urlencode({drafts.PARAMETER: draft.id.hex, **more})}"

    def after(self, name: str, answers: Answers) -> str:
        """The question that follows."""
        names = [step.name for step in self.needed(answers)]
        place = names.index(name) + 1 if name in names else len(names)
        return names[place] if place < len(names) else self.last

    def before(self, name: str, draft: Draft | None) -> str:
        """The address one page back."""
        names = [step.name for step in self.needed(draft.answers if draft else {})]
        place = names.index(name) if name in names else len(names)
        return self.url(names[place - 1], draft) if place > 0 and draft else reverse("home")


class WordsWait(HttpResponseRedirect):
    """To the page that shows again what was sent and not taken."""


def ask(
    request: HttpRequest,
    flow: Flow,
    step: Step,
    draft: Draft | None,
    *,
    initial: Answers | None = None,
    **more: Any,
) -> HttpResponse:
    """Show one question, or take its answer and go on. Without a draft, the answer begins one. `initial`: what it
    begins with where nothing was answered.

    What is sent is always answered with a redirect, so that the browser's way back never sends it again: words
    that are wrong wait in the draft for the page that shows them.
    """
    organisation: Organisation = request.organisation  # type: ignore[attr-defined]
    answers: Answers = dict(draft.answers or {}) if draft else {}
    sent = request.POST if request.method == "POST" else drafts.waiting(draft, step.name)
    form = step.form(
        sent, organisation=organisation, answers=answers, initial=answers.get(step.name) or initial
    )
    leaves = _leaves_for(sent)
    back = (
        flow.url(flow.last, draft) if draft and request.GET.get("change") else flow.before(step.name, draft)
    )
    if request.method == "POST":
        if form.is_valid() and not form.asks and not leaves:
            return keep(request, flow, step, draft, form.answer())
        again = ask_again(request, flow, step.name, draft) if form.may_wait() else None
        if leaves:
            again = _go_elsewhere(request, again, leaves, back)
        if again is not None:
            return again
    elif form.is_bound:
        form.is_valid()
    if leaves and not (request.method == "POST" and leaves == drafts.BACK):
        # Nobody has said yet that this is the answer.
        form.errors.clear()
    names = [each.name for each in flow.needed(answers)]
    context = {
        "form": form,
        "step": step.name,
        "number": names.index(step.name) + 1 if step.name in names else 1,
        "count": len(names),
        "parts": [(part, part == step.part) for part in flow.parts()],
        "back": back,
        "has_draft": draft is not None,
        "lost": bool(request.GET.get("lost")),
        **more,
    }
    response = render(request, flow.template, context, status=200)
    response["Cache-Control"] = "no-store"
    return response


def _leaves_for(sent: QueryDict | None) -> str:
    """Where somebody goes who has not answered yet: to a language (its code), or `drafts.BACK`; '' for nowhere."""
    leaves = sent.get(drafts.LEAVE_PARAMETER, "") if sent else ""
    return leaves if leaves == drafts.BACK or leaves in dict(settings.LANGUAGES) else ""


def _go_elsewhere(
    request: HttpRequest, waits: HttpResponse | None, leaves: str, back: str
) -> HttpResponse | None:
    """Lead on somebody whose words wait (`waits`: the way back to them). What may not wait is sent along to the other
    language, and drawn there; `None`: it is drawn here."""
    if waits is not None:
        waits["Location"] = back if leaves == drafts.BACK else translate_url(waits["Location"], leaves)
        return waits
    if leaves == drafts.BACK or leaves == get_language():
        return None
    return HttpResponseRedirect(translate_url(request.get_full_path(), leaves), preserve_request=True)


def ask_again(request: HttpRequest, flow: Flow, name: str, draft: Draft | None) -> HttpResponse | None:
    """Keep what was sent for a question in the draft, and go to the page that shows it; `None` where it is too long to
    be kept."""
    sent = drafts.as_waiting(request.POST)
    if sent is None:
        return None
    begun = draft is None
    if draft is None:
        draft = intake.start_draft(organisation=request.organisation, form=flow.form)  # type: ignore[attr-defined]
    try:
        draft = intake.save_draft(draft_id=draft.id, answers=drafts.with_waiting(draft, name, sent))
    except (intake.Overtaken, Draft.DoesNotExist):
        return HttpResponseRedirect(flow.url(flow.last, draft))
    more = {"change": "1"} if request.GET.get("change") else {}
    goes_to = name
    if begun and name != flow.steps[0].name:
        goes_to, more = flow.missing(draft.answers), {"lost": "1"}
    response = WordsWait(flow.url(goes_to, draft, **more))
    drafts.remember(request, response, draft)
    return response


def keep(
    request: HttpRequest, flow: Flow, step: Step, draft: Draft | None, answer: Answers
) -> HttpResponseRedirect:
    """Store an answer and go to the next question, or back to the last page after a change there."""
    begun = draft is None
    if draft is None:
        draft = intake.start_draft(organisation=request.organisation, form=flow.form)  # type: ignore[attr-defined]
    answers = {step.name: answer, **drafts.with_waiting(draft, step.name, {})}
    try:
        draft = intake.save_draft(draft_id=draft.id, answers=answers)
    except (intake.Overtaken, Draft.DoesNotExist):
        # Sent already, or deleted a moment ago: the draft's own page says which.
        return HttpResponseRedirect(flow.url(flow.last, draft))
    goes_to, more = flow.after(step.name, draft.answers), {}
    if request.GET.get("change"):
        goes_to, more = flow.missing(draft.answers), {"change": "1"}
    elif begun and step is not flow.steps[0]:
        goes_to, more = flow.missing(draft.answers), {"lost": "1"}
    response = HttpResponseRedirect(flow.url(goes_to, draft, **more))
    drafts.remember(request, response, draft)
    return response


def page(request: HttpRequest, flow: Flow, name: str, **more: Any) -> HttpResponse | None:
    """One question by its word in the address; `None` if there is no such question.

    A draft that was sent shows its receipt. One that is gone begins anew: an answer that was just given is kept.
    """
    step = next((step for step in flow.steps if step.name == name), None)
    if step is None:
        return None
    draft = drafts.opened(request, flow.form)
    if draft is None:
        if request.method != "POST":
            return HttpResponseRedirect(f"{reverse(flow.start)}?lost=1")
        return ask(request, flow, step, None, **more)
    if draft.submitted_at is not None:
        return HttpResponseRedirect(flow.url("done", draft))
    names = [each.name for each in flow.needed(draft.answers)]
    missing = flow.missing(draft.answers)
    if name not in names or (missing in names and names.index(missing) < names.index(name)):
        return HttpResponseRedirect(flow.url(missing, draft))
    return ask(request, flow, step, draft, **more)
