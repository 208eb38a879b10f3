"""The operator's own phone, and whose it is: a code that the line says on it shows that. Until then it never rings."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from quartier.callcore import Outcome
from quartier.console.line.bar import REFUSED
from quartier.console.line.refusals import REFUSAL_TEXTS
from quartier.console.queries.own_phone import CodeCall, last_code_call
from quartier.lib import clock, phone
from quartier.people.models import Person
from quartier.team.access import Actor
from quartier.team.models import Role
from quartier.telephony import actions, queries
from quartier.telephony.rules import MayNotDial

# Call control was not there to take the wish, or does not know this line.
UNANSWERED = {"late", "no_line"}
OF_THE_NUMBER = {"no_number", "own_number", "demonstration", "not_allowed", "costly", "no_phone"}
NO_WAY_OUT = gettext_lazy(
    "This line cannot call out, so it cannot ring a phone: take calls in this browser. The person who "
    "looks after the installation can give the line a carrier for outgoing calls; then your phone can be "
    "called from here."
)


class CodeForm(forms.Form):
    """The digits that were heard."""

    use_required_attribute = False
    code = forms.CharField(
        label=gettext_lazy("The code you heard"),
        help_text=gettext_lazy("Six digits. They work for ten minutes."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": gettext_lazy("Enter the six digits you heard.")},
    )

    def clean_code(self) -> str:
        typed = "".join(sign for sign in self.cleaned_data["code"][:40] if sign in "0123456789")
        if len(typed) != actions.CODE_DIGITS:
            raise forms.ValidationError(_("The code has six digits."))
        return typed


@never_cache
def line_own_phone(request: HttpRequest) -> HttpResponse:
    """The page; asked by htmx, only what becomes of the call. POST `do`: `call` me, or the `code` that was heard."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method != "POST":
        part = request.htmx  # type: ignore[attr-defined]
        page = "console/line_own_phone_live.html" if part else "console/line_own_phone.html"
        return render(request, page, _context(actor, CodeForm()))
    match request.POST.get("do"):
        case "call":
            _call(request, actor)
            return redirect("line_own_phone")
        case "code":
            return _typed(request, actor)
    raise Http404


def _call(request: HttpRequest, actor: Actor) -> None:
    try:
        actions.ask_for_code(actor=actor)
    except MayNotDial as refused:
        messages.warning(request, _refusal(refused.reason))
    except actions.AlreadyCalled:
        messages.warning(request, _("Your phone is already being called, or is on the line with us."))
    except actions.TooManyCodes:
        messages.warning(
            request,
            _(
                "This was asked for several times already. Try again in an hour or tomorrow; until then take calls in "
                "the browser."
            ),
        )
    except ValueError:
        # Proven meanwhile, or no number any more: the page says which.
        return


def _typed(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = CodeForm(request.POST)
    if form.is_valid():
        if actions.use_code(actor=actor, typed=form.cleaned_data["code"]):
            messages.success(request, _("Thank you. The line can ring this phone now."))
            return redirect("line_own_phone")
        form.add_error(
            "code",
            _("This code is wrong. Check the six digits again.")
            if actions.open_code(actor, clock.now())
            else _("This code no longer works. Have us call you again."),
        )
    return render(request, "console/line_own_phone.html", _context(actor, form), status=422)


def _context(actor: Actor, form: CodeForm) -> dict[str, Any]:
    now = clock.now()
    person = Person.objects.select_related("organisation").filter(account=actor.id).first()
    context: dict[str, Any] = {
        "actor_id": actor.id,
        "number": phone.display(person.phone, actor.organisation.country) if person and person.phone else "",
        "can_change": actor.has(Role.Name.VOLUNTEER),
    }
    if person is None or not person.phone or person.is_phone_proven:
        return context | {"is_proven": bool(person and person.is_phone_proven)}
    reason = queries.dialling_of(actor.organisation).refusal(person.phone)
    call = last_code_call(actor, person, now)
    if call and call.refused in OF_THE_NUMBER:
        # It was another number, or the group calls more kinds now: what speaks against this one is `reason`.
        call = None
    code = actions.open_code(actor, now)
    return context | {
        "form": form,
        "refusal": _refusal(reason) if reason else "",
        "waits": bool(call and call.waits),
        "said": _said(call) if call and not reason else "",
        "is_wrong": bool(call and (call.refused or call.late or call.outcome == Outcome.UNREACHED)),
        "can_type": form.is_bound
        or bool(call and not call.refused)
        or bool(code and code.number_index == person.phone_index),
    }


def _refusal(reason: str) -> str:
    if reason in UNANSWERED:
        reason = "edge"
    if reason == "quiet":
        return " ".join(str(each) for each in REFUSAL_TEXTS[reason])
    return str(NO_WAY_OUT if reason == "no_calls_out" else REFUSED.get(reason, _("That did not work.")))


def _said(call: CodeCall) -> str:
    """What becomes of the call, in words."""
    if call.late:
        return str(REFUSED["edge"])
    if call.refused:
        return _refusal(call.refused)
    if call.outcome == Outcome.UNREACHED:
        return _(
            "The code was not heard to the end: no one answered, or the key 1 was not pressed. If you have "
            "the six digits, enter them."
        )
    if call.waits:
        return _("One moment: we are about to call you.")
    if call.outcome:
        return _("The call has ended. Enter the six digits you heard.")
    return _("We are calling you. Answer, press 1 and write down the six digits: a voice says them twice.")
