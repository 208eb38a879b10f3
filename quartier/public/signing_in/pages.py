"""Signing in with a code, and out. Nobody learns here whether somebody is known."""

from collections.abc import Sequence
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
from quartier.cases import actions as cases
from quartier.lib import phone
from quartier.lib.text import one_line
from quartier.lib.waiting_form import add_error, answer_by_redirect, sent_or_waiting, show_errors
from quartier.messaging import actions as messaging
from quartier.messaging import sign_in_letters as letters
from quartier.messaging.models import Message
from quartier.messaging.providers import ways_out
from quartier.people import actions as people
from quartier.people import queries
from quartier.people.codes import CODE_DIGITS, LONG_CODE_DIGITS
from quartier.people.models import Person
from quartier.public import entrance
from quartier.team.access import Actor
from quartier.team.models import Account, Organisation, Role
from quartier.team.sessions import HOW_KEY
from quartier.telephony.actions import shifts

BACKEND = "quartier.team.backend.AccountBackend"
KEPT = "signing_in"
# Codes that one browser may have open besides the newest.
MOST_OPEN = 5
WRONG = _("That code is wrong or has expired. Codes work for 15 minutes.")
WRONG_LONG = _("That code is wrong or has expired. The long code works for 24 hours.")
DESK = (Role.Name.OPERATOR, Role.Name.COORDINATOR, Role.Name.ADMIN)


class To(forms.Form):
    """Where the code goes."""

    use_required_attribute = False
    to = forms.CharField(
        label=_("Your email address or mobile number"),
        help_text=_("We’ll send you a six-digit sign-in code. There is no password to remember."),
        widget=forms.TextInput(attrs={"autocomplete": "username webauthn", "inputmode": "email"}),
        error_messages={"required": _("Enter your email address or your mobile number.")},
    )

    def __init__(self, *args: Any, organisation: Organisation, **given: Any) -> None:
        super().__init__(*args, **given)
        self.organisation = organisation
        ways = ways_out.written_ways()
        # Where a code cannot come, whoever looks after the machine shows one (`quartier code`): both are looked for.
        if ways == {ways_out.EMAIL}:
            self.fields["to"].label = _("Your email address")
        elif ways == {ways_out.TEXT}:
            self.fields["to"].label = _("Your mobile number")
        elif not ways:
            self.fields["to"].help_text = ""

    def clean_to(self) -> str:
        typed = one_line(self.cleaned_data["to"], 320)
        if "@" in typed:
            if not forms.EmailField().widget or not _is_mail(typed):
                raise forms.ValidationError(
                    _("This email address is not complete. It should look like name@example.org.")
                )
            return typed
        try:
            return phone.parse(typed, self.organisation.country)
        except phone.NotANumber:
            raise forms.ValidationError(
                _("Enter an email address, or a mobile number with all its digits.")
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
    wrong_length = _("The code has six digits.")
    code = forms.CharField(
        label=_("Your six-digit sign-in code"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _("Enter the sign-in code we sent you.")},
    )

    def clean_code(self) -> str:
        typed = "".join(sign for sign in self.cleaned_data["code"][:40] if sign in "0123456789")
        if len(typed) not in {CODE_DIGITS, LONG_CODE_DIGITS}:
            raise forms.ValidationError(self.wrong_length)
        return typed


class LongCode(Code):
    """The one that works for a day: no other is sent for now. A short one that came before works still."""

    wrong_length = _("The code has twelve digits.")

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["code"].label = _("Your twelve-digit sign-in code")


@answer_by_redirect
def ask(request: HttpRequest) -> HttpResponse:
    """Where shall the code go?"""
    organisation: Organisation = request.organisation  # type: ignore[attr-defined]
    sent = sent_or_waiting(request)
    goes_on = own_page(request, (sent.get("next") if sent else "") or request.GET.get("next", ""))
    # Somebody of another organisation is nobody here (`config.gate`): led on, they would come back for ever.
    if request.actor is not None and request.method != "POST":  # type: ignore[attr-defined]
        return HttpResponseRedirect(goes_on or reverse("home_of_role"))
    form = To(sent, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["to"]
        if not entrance.may(request, "code"):
            return entrance.refuse(request, reverse("sign_in"), kept=False)
        _send(request, organisation, to, goes_on)
        return HttpResponseRedirect(reverse("sign_in_code"))
    return shown(request, "public/sign_in.html", {"form": form, "next": goes_on})


def _send(request: HttpRequest, organisation: Organisation, to: str, goes_on: str) -> None:
    """Write a code to whoever has an account here, each their own where several share a mailbox, and to whoever asked
    for help the link to their page, unless their own page as a volunteer leads there; a stranger's session looks the
    same. Where too many were asked for, a long code goes instead, and another after a while: whoever asks in somebody's
    name keeps them out of nothing."""
    found = queries.to_sign_in(organisation, **({"email": to} if "@" in to else {"phone": to}))
    key = entrance.code_key(organisation, to)
    before = request.session.get(KEPT)
    # Several may be open here at once, in whatever order the messages come.
    codes = before.get("codes", [])[-MOST_OPEN:] if before and before.get("key") == key else []
    within = entrance.may_send_to(request, key)
    if within:
        codes += [send_code(person) for person in found]
        _send_links(organisation, to, found)
    else:
        for person in found:
            letters.tell_of_many_codes(person=person)
    kept = {"people": [str(person.id) for person in found], "codes": codes, "key": key}
    ways = ways_out.written_ways()
    is_sent, way = bool(ways), ways_out.EMAIL if "@" in to else ways_out.TEXT
    kept["lacks"] = way if ways and way not in ways else ""
    kept |= {"to": masked(to), "next": goes_on, "is_long": not (within and is_sent), "is_sent": is_sent}
    request.session[KEPT] = kept


def send_code(person: Person) -> str:
    """Write a code to this person. Returns by what the browser that asked proves that it did."""
    made = people.new_code(person=person)
    letters.send_sign_in_code(person=person, code=made)
    return str(made.id)


def _send_links(organisation: Organisation, to: str, found: list[Person]) -> None:
    by_mail, channel = "@" in to, Message.Channel
    find = queries.by_email if by_mail else queries.by_phone
    known = find(organisation, to, limit=queries.MOST_OF_ONE_WAY)
    if by_mail or phone.is_mobile(to):
        has_own_page = queries.active_volunteers(found)
        lost = [each for each in known if each.pk not in has_own_page]
        cases.send_links_again(people=lost, by=channel.EMAIL if by_mail else channel.TEXT)


def masked(to: str) -> str:
    """Enough to recognise one's own address."""
    if "@" in to:
        name, _at, domain = to.partition("@")
        return f"{name[:1]}…@{domain}"
    return f"… {to[-4:-2]} {to[-2:]}"


@answer_by_redirect
def code(request: HttpRequest) -> HttpResponse:
    """The code, and in."""
    kept = request.session.get(KEPT)
    if not isinstance(kept, dict):
        return HttpResponseRedirect(reverse("sign_in"))
    is_long = bool(kept.get("is_long"))
    form = (LongCode if is_long else Code)(sent_or_waiting(request))
    if request.method == "POST" and form.is_valid():
        if not entrance.may(request, "try"):
            return entrance.refuse(request, reverse("sign_in_code"), kept=False)
        account = _opened(request, kept, form.cleaned_data["code"])
        if account is not None:
            goes_on = own_page(request, kept.get("next", ""))
            enter(request, account, "code")
            return HttpResponseRedirect(goes_on or reverse("home_of_role"))
        add_error(request, form, "code", WRONG_LONG if is_long else WRONG)
    show_errors(request, form)
    context = {
        "form": form,
        "to": kept.get("to", ""),
        "is_long": is_long,
        "is_sent": kept.get("is_sent", True),
        "lacks": kept.get("lacks", ""),
    }
    return shown(request, "public/sign_in_code.html", context)


def _opened(request: HttpRequest, kept: dict[str, Any], typed: str) -> Account | None:
    """The account that this code opens: a code is one person's, also where it was asked for by a mailbox of several."""
    organisation: Organisation = request.organisation  # type: ignore[attr-defined]
    keys = [UUID(each) for each in kept.get("people", [])]
    if not keys:
        return None
    asked = Person.objects.filter(pk__in=keys, organisation=organisation, account__is_active=True)
    for person in asked.select_related("account").order_by("created_at", "id"):
        if proves(person, typed, kept.get("codes", [])):
            return person.account
    return None


def proves(person: Person, typed: str, codes: Sequence[str]) -> bool:
    """Use up the code: whether it is theirs, and one of those that were asked for here (`codes`, as `send_code` gave
    them). Where it came as a text, the number is theirs too from now on."""
    if not people.use_code(person=person, code=typed, asked_here=[UUID(each) for each in codes]):
        return False
    messaging.prove_phone_by_code(person=person)
    return True


def enter(request: HttpRequest, account: Account, how: str) -> None:
    """Sign in: a new session key, a new token against forgery, and a line in the audit."""
    request.session.pop(KEPT, None)
    login(request, account, backend=BACKEND)
    request.session[HOW_KEY] = how
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
    """Out, by a form alone: a link on another site signs nobody out. Whoever is on the line is asked first (`sure`:
    they have been), and is off it."""
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    if actor is not None:
        if _is_to_be_asked(request, actor):
            return HttpResponseRedirect(reverse("line_sign_out"))
        shifts.end_shift(actor)
    logout(request)
    return HttpResponseRedirect(reverse("home"))


def _is_to_be_asked(request: HttpRequest, actor: Actor) -> bool:
    """Whether they have not said yes to leaving the line, or did so before the call that they are on now (`call`: the
    one that the question was about)."""
    if "sure" not in request.POST:
        return shifts.is_on_line(actor)
    talk = shifts.own_talk(actor)
    return talk is not None and str(talk.call_id) != request.POST.get("call", "")


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


def shown(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page that no browser keeps."""
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    return response
