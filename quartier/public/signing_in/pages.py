"""Signing in with a code, and out. Nobody learns here whether somebody is known."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from quartier.audit import actions as audit
from quartier.lib import phone
from quartier.lib.text import one_line
from quartier.messaging import actions as messaging
from quartier.people import actions as people
from quartier.people import queries
from quartier.people.models import Person
from quartier.public import entrance
from quartier.team.access import Actor
from quartier.team.models import Account, Organisation, Role

BACKEND = "quartier.team.backend.AccountBackend"
KEPT = "signing_in"
DESK = (Role.Name.OPERATOR, Role.Name.COORDINATOR, Role.Name.ADMIN)


class To(forms.Form):
    """Where the code goes."""

    use_required_attribute = False
    to = forms.CharField(
        label=_("Your mail address or mobile number"),
        help_text=_("We send you a code of six digits. There is no password to remember."),
        widget=forms.TextInput(attrs={"autocomplete": "username webauthn", "inputmode": "email"}),
        error_messages={"required": _("Write your mail address or your mobile number.")},
    )

    def __init__(self, *args: Any, organisation: Organisation, **given: Any) -> None:
        super().__init__(*args, **given)
        self.organisation = organisation

    def clean_to(self) -> str:
        typed = one_line(self.cleaned_data["to"], 320)
        if "@" in typed:
            if not forms.EmailField().widget or not _is_mail(typed):
                raise forms.ValidationError(
                    _("This mail address is not complete. It looks like name@example.org.")
                )
            return typed
        try:
            return phone.parse(typed, self.organisation.country)
        except phone.NotANumber:
            raise forms.ValidationError(
                _("Write a mail address, or a mobile number with all its digits.")
            ) from None


def _is_mail(typed: str) -> bool:
    try:
        forms.EmailField().clean(typed)
    except forms.ValidationError:
        return False
    return True


class Code(forms.Form):
    """The code that came."""

    use_required_attribute = False
    code = forms.CharField(
        label=_("The code of six digits"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _("Write the code that we sent you.")},
    )

    def clean_code(self) -> str:
        typed = "".join(sign for sign in self.cleaned_data["code"][:40] if sign in "0123456789")
        if len(typed) != 6:
            raise forms.ValidationError(_("The code has six digits."))
        return typed


def ask(request: HttpRequest) -> HttpResponse:
    """Where shall the code go?"""
    organisation: Organisation = request.organisation  # type: ignore[attr-defined]
    goes_on = own_page(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.user.is_authenticated and request.method != "POST":
        return HttpResponseRedirect(goes_on or reverse("home_of_role"))
    form = To(request.POST if request.method == "POST" else None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["to"]
        if not entrance.may(request, "code") or not entrance.may(
            request, "code_to", f"{organisation.id} {to}"
        ):
            return entrance.refuse(request, reverse("sign_in"), kept=False)
        _send(request, organisation, to, goes_on)
        return HttpResponseRedirect(reverse("sign_in_code"))
    return _shown(request, "public/sign_in.html", {"form": form, "next": goes_on})


def _send(request: HttpRequest, organisation: Organisation, to: str, goes_on: str) -> None:
    """Write a code to whoever has an account here; a stranger's session looks the same."""
    where = {"email": to} if "@" in to else {"phone": to}
    person = queries.to_sign_in(organisation, **where)
    if person is not None:
        messaging.send_sign_in_code(person=person)
    request.session[KEPT] = {"person": str(person.id) if person else "", "to": _masked(to), "next": goes_on}


def _masked(to: str) -> str:
    """Enough to recognise one's own address."""
    if "@" in to:
        name, _at, domain = to.partition("@")
        return f"{name[:1]}…@{domain}"
    return f"… {to[-4:-2]} {to[-2:]}"


def code(request: HttpRequest) -> HttpResponse:
    """The code, and in."""
    kept = request.session.get(KEPT)
    if not isinstance(kept, dict):
        return HttpResponseRedirect(reverse("sign_in"))
    form = Code(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if not entrance.may(request, "try"):
            return entrance.refuse(request, reverse("sign_in_code"), kept=False)
        account = _opened(request, kept["person"], form.cleaned_data["code"])
        if account is not None:
            goes_on = own_page(request, kept.get("next", ""))
            enter(request, account, "code")
            return HttpResponseRedirect(goes_on or reverse("home_of_role"))
        form.add_error("code", _("This code does not fit, or it is older than 15 minutes."))
    return _shown(request, "public/sign_in_code.html", {"form": form, "to": kept.get("to", "")})


def _opened(request: HttpRequest, person_id: str, typed: str) -> Account | None:
    if not person_id:
        return None
    organisation: Organisation = request.organisation  # type: ignore[attr-defined]
    person = (
        Person.objects.select_related("account")
        .filter(pk=UUID(person_id), organisation=organisation, account__is_active=True)
        .first()
    )
    if person is None or not people.use_code(person=person, code=typed):
        return None
    return person.account


def enter(request: HttpRequest, account: Account, how: str) -> None:
    """Sign in: a new session key, a new token against forgery, and a line in the audit."""
    request.session.pop(KEPT, None)
    login(request, account, backend=BACKEND)
    audit.record(
        organisation_id=account.organisation_id,
        actor_kind="account",
        actor_id=account.id,
        verb="account.sign_in",
        subject_kind="account",
        subject_id=account.id,
        details={"how": how},
    )


def leave(request: HttpRequest) -> HttpResponse:
    """Out, by a form alone: a link on another site signs nobody out."""
    logout(request)
    return HttpResponseRedirect(reverse("home"))


def home_of_role(request: HttpRequest) -> HttpResponse:
    """The first page of who is signed in: the board for the team, the own page for volunteers."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    for name in _first_pages(actor):
        try:
            return HttpResponseRedirect(reverse(name))
        except NoReverseMatch:
            continue
    return HttpResponseRedirect(reverse("home"))


def _first_pages(actor: Actor) -> list[str]:
    """The pages with which somebody begins, the first that there is."""
    if actor.has(*DESK):
        return ["board"]
    if actor.has("supervisor"):
        return ["companions"]
    return ["volunteer_home"] if actor.has("volunteer") or not actor.has("listener") else ["listen"]


def own_page(request: HttpRequest, address: str) -> str:
    """The address if it is a page of ours, else ''. Nobody is sent elsewhere after signing in."""
    address = one_line(address, 500)
    if address.startswith(("http://", "https://")):
        here = f"{request.scheme}://{request.get_host()}"
        address = address.removeprefix(here) if address.startswith(f"{here}/") else ""
    fine = address.startswith("/") and url_has_allowed_host_and_scheme(
        address, allowed_hosts=None, require_https=request.is_secure()
    )
    return address if fine else ""


def _shown(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    return response
