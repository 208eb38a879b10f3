"""The passkeys of whoever is signed in: which there are, one more, one less. For both a code is typed first, so that a
minute at a browser that was left open makes no key for ever."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from quartier.lib import clock
from quartier.lib.waiting_form import add_error, answer_by_redirect, sent_or_waiting, show_errors
from quartier.messaging import sign_in_letters as letters
from quartier.messaging.models import Message
from quartier.people.models import Person
from quartier.public import entrance
from quartier.public.signing_in import pages
from quartier.team import actions as team
from quartier.team.access import Actor
from quartier.team.models import Account
from quartier.team.sessions import needs_passkey

# In the session: the codes that were asked for to change passkeys, and when one of them was typed.
ASKED, CONFIRMED = "passkey_codes", "passkey_confirmed"
CONFIRMED_LASTS = timedelta(minutes=10)


def frame(request: HttpRequest) -> dict[str, Any]:
    """What the page about one's own account shows of them."""
    account = own_account(request)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return {
        "passkeys": account.passkeys.order_by("created_at")[:50],
        "may_change": may_change(request),
        "needs_passkey": needs_passkey(request.session, actor),
        "can_confirm": not is_locked(request),
    }


def may_change(request: HttpRequest) -> bool:
    """Whether passkeys can be added and removed here now."""
    typed_at = request.session.get(CONFIRMED, "")
    recent = bool(typed_at) and clock.now() - datetime.fromisoformat(typed_at) <= CONFIRMED_LASTS
    return recent and not is_locked(request)


def is_locked(request: HttpRequest) -> bool:
    """Where the group demands passkeys, a code changes none of whoever has one: it would stand for both."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return needs_passkey(request.session, actor) and own_account(request).passkeys.exists()


@answer_by_redirect
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for a code (`send`), and type it."""
    account, back = own_account(request), reverse("sign_out_everywhere")
    person = Person.objects.filter(account=account).select_related("organisation").first()
    if person is None or is_locked(request):
        return HttpResponseRedirect(back)
    if "send" in request.POST:
        return _send(request, person)
    form = pages.Code(sent_or_waiting(request))
    if request.method == "POST" and form.is_valid():
        if not entrance.may(request, "try"):
            return entrance.refuse(request, back, kept=False)
        if pages.proves(person, form.cleaned_data["code"], request.session.get(ASKED, [])):
            request.session[CONFIRMED] = clock.now().isoformat()
            return HttpResponseRedirect(back)
        add_error(request, form, "code", pages.WRONG)
    show_errors(request, form)
    return pages.shown(request, "public/passkey_code.html", {"form": form, "to": _sent_to(request, person)})


def _sent_to(request: HttpRequest, person: Person) -> str:
    """Where the newest code went that was asked for here, which is not always the mailbox."""
    asked = request.session.get(ASKED, [])
    sent = Message.objects.filter(person=person, key=f"code:{asked[-1]}").first() if asked else None
    return pages.masked(sent.to if sent else person.email or person.phone)


def _send(request: HttpRequest, person: Person) -> HttpResponse:
    if not entrance.may(request, "code_own", str(person.pk)):
        return entrance.refuse(request, reverse("sign_out_everywhere"), kept=False)
    asked = request.session.get(ASKED, [])[-pages.MOST_OPEN :]
    request.session[ASKED] = [*asked, pages.send_code(person)]
    return HttpResponseRedirect(reverse("passkey_code"))


def remove(request: HttpRequest) -> HttpResponse:
    """One less (`passkey`: which), told to whoever it belongs to. One that is gone, or somebody else's, is left."""
    back = HttpResponseRedirect(reverse("sign_out_everywhere"))
    if not may_change(request):
        return back
    try:
        key = UUID(request.POST.get("passkey", ""))
    except ValueError:
        return back
    account = own_account(request)
    if team.remove_passkey(account=account, passkey_id=key):
        letters.tell_of_passkey(account=account, is_new=False)
    return back


def own_account(request: HttpRequest) -> Account:
    """Who is signed in: the gate has seen to it that somebody is."""
    account = request.user
    assert isinstance(account, Account)
    return account


def refused() -> str:
    """What is said where no code was typed before."""
    return _("Enter a code first: a passkey opens your account.")
