"""The last step of joining: the code that shows that the number or address is theirs signs them in.

They are on the list already. Whoever leaves here stays on it, with a number that nobody has proven. The page is the
same for who is new, who was known, and who may not join: it says what was typed, never what is known.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.forms.utils import ErrorList
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quartier.intake import actions as intake
from quartier.intake.models import Draft
from quartier.lib import clock
from quartier.lib.names import first_name_in
from quartier.messaging import actions as messaging
from quartier.people.actions import CODE_LIVES, Who
from quartier.people.models import Person, Volunteer
from quartier.people.queries import first_name
from quartier.public import drafts, entrance
from quartier.public.signing_in import pages as signing_in
from quartier.team.models import Organisation

SAID_PARAMETER = "said"
SAID_NEW_CODE = "new"
SAID_OTHER_PERSON = "other"
# In the receipt: what somebody answered whose number or address is already somebody else's, so that they need not
# write it again.
ANSWERS_KEY = "answers"
# In the receipt: which codes were asked for with this draft, see `signing_in.send_code`.
CODES_KEY = "codes"
# In the session: the draft whose code was typed rightly here, and when, though it is not said yet who typed it.
PROVEN_KEY = "joined_proven"
# What is wrong with a code, by the word for it in the address: after each POST comes a redirect.
WRONG_TEXTS: dict[str, str | Promise] = {
    "empty": _("Enter the sign-in code we sent you."),
    "short": _("The code has six digits."),
    "wrong": _("This code is wrong. Check the six digits, or ask for another code."),
    "late": _("This code has expired. Codes work for 15 minutes: ask for another one."),
    "often": _(
        "There have been too many attempts. Wait ten minutes, or call us. You are on the list anyway."
    ),
}


def code_goes_to(channel: str, number: str, mail: str) -> str:
    """Where the first code goes, as it was typed."""
    return number if channel == Person.Channel.TEXT else mail


def first_receipt(
    organisation: Organisation, who: Who, *, with_code: bool, codes: list[str]
) -> dict[str, Any]:
    """What the page says once the answers are gone from the draft, and by what further codes are counted: by what was
    typed, for everybody, so that the limit says nothing of who is known."""
    to = code_goes_to(who.channel, who.phone, who.email)
    return {
        "channel": who.channel,
        "to": signing_in.masked(to),
        "code_at": clock.now().isoformat() if with_code else "",
        "code_key": entrance.code_key(organisation, to),
        CODES_KEY: codes,
    }


def welcome_key(volunteer_id: UUID) -> str:
    """The key of the message that says that somebody is on the list."""
    return f"welcome:{volunteer_id}"


def led_to(draft: Draft) -> HttpResponseRedirect:
    """To the page of a draft that was sent. Where no code was, since too many were before, it says so."""
    return _back(draft, "" if (draft.receipt or {}).get("code_at") else "often")


def joined(request: HttpRequest, draft: Draft | None) -> HttpResponse:
    """They are on the list; the code opens their page."""
    if draft is None or draft.submitted_at is None:
        return HttpResponseRedirect(reverse("join"))
    if request.method == "POST":
        return _answered(request, draft)
    receipt = draft.receipt or {}
    said = request.GET.get(SAID_PARAMETER, "")
    if said == SAID_OTHER_PERSON and _is_proven(request, draft):
        return _ask_who(request, draft)
    form = signing_in.Code()
    form.fields["code"].widget.attrs["autofocus"] = True
    if said in WRONG_TEXTS:
        form = signing_in.Code({"code": ""})
        form.errors["code"] = ErrorList([str(WRONG_TEXTS[said])])
    context = {
        "form": form,
        "channel": receipt.get("channel"),
        "to": receipt.get("to", ""),
        "is_new_code": said == SAID_NEW_CODE,
        "is_code_sent": bool(receipt.get("code_at")),
    }
    response = render(request, "public/joined.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _answered(request: HttpRequest, draft: Draft) -> HttpResponse:
    if "again" in request.POST:
        return _send_another(request, draft)
    if _is_proven(request, draft) and "who" in request.POST:
        return _open_page(request, draft) if request.POST["who"] == "known" else _begin_again(request, draft)
    return _try_code(request, draft)


def _try_code(request: HttpRequest, draft: Draft) -> HttpResponse:
    form = signing_in.Code(request.POST)
    if not form.is_valid():
        return _back(draft, "short" if request.POST.get("code", "").strip() else "empty")
    if not entrance.may(request, "try"):
        return _back(draft, "often")
    person = _person(draft)
    if person is None or not signing_in.proves(
        person, form.cleaned_data["code"], (draft.receipt or {}).get(CODES_KEY, [])
    ):
        return _back(draft, "late" if _is_late(draft) else "wrong")
    if ANSWERS_KEY in (draft.receipt or {}):
        # The way is theirs, and the page behind it has another name: nobody is signed in unasked.
        request.session[PROVEN_KEY] = [draft.id.hex, clock.now().isoformat()]
        return _back(draft, SAID_OTHER_PERSON)
    return _open_page(request, draft)


def _is_proven(request: HttpRequest, draft: Draft) -> bool:
    """Whether the code was typed rightly here, no longer ago than a code lives: nobody is signed in yet, so nobody
    signs out of a computer that others use too."""
    found = request.session.get(PROVEN_KEY)
    if not isinstance(found, list) or found[0] != draft.id.hex:
        return False
    return clock.now() - datetime.fromisoformat(found[1]) <= CODE_LIVES


def _ask_who(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Two people have one number or mailbox: who is on the list, and how the other one gets a page of their own."""
    person, receipt = _person(draft), draft.receipt or {}
    if person is None:
        return HttpResponseRedirect(reverse("join"))
    names = first_name(person), first_name_in(receipt[ANSWERS_KEY]["reach"]["name"])
    context = {"known": names[0], "other": names[1], "channel": receipt.get("channel")}
    response = render(request, "public/joined_shared.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _begin_again(request: HttpRequest, draft: Draft) -> HttpResponse:
    """A form of their own with what they answered, on the page that asks for another number or address. They have said
    that the page is not theirs: it opens no more without another code."""
    request.session.pop(PROVEN_KEY, None)
    answers = (draft.receipt or {})[ANSWERS_KEY]
    # The page begins with the name; it is sent only with a way that is theirs.
    reach = {"name": answers["reach"]["name"], "phone": "", "email": ""}
    begun = intake.start_draft(organisation=draft.organisation, form=Draft.Form.JOIN)
    begun = intake.save_draft(draft_id=begun.id, answers={**answers, "reach": reach})
    where = reverse("join_step", args=["reach"])
    response = HttpResponseRedirect(f"{where}?{drafts.PARAMETER}={begun.id.hex}")
    drafts.remember(request, response, begun)
    return response


def _open_page(request: HttpRequest, draft: Draft) -> HttpResponse:
    person = _person(draft)
    if person is None:
        return HttpResponseRedirect(reverse("join"))
    request.session.pop(PROVEN_KEY, None)
    assert person.account is not None
    assert draft.result is not None
    if (draft.receipt or {}).get("channel") == Person.Channel.TEXT:
        # They read it on their page in a moment: no second text.
        messaging.cancel_by_key(organisation=draft.organisation, keys=[welcome_key(draft.result)])
    signing_in.enter(request, person.account, "code")
    return HttpResponseRedirect(reverse("volunteer_home"))


def _send_another(request: HttpRequest, draft: Draft) -> HttpResponse:
    """A new code, beside the one before. For who may not join there is none, and nothing says so."""
    receipt, person = draft.receipt or {}, _person(draft)
    if not entrance.may_send_code(request, receipt.get("code_key") or str(draft.id)):
        return _back(draft, "often")
    codes = receipt.get(CODES_KEY, [])[-signing_in.MOST_OPEN :]
    if person is not None:
        codes = [*codes, signing_in.send_code(person)]
    draft.receipt = {**receipt, "code_at": clock.now().isoformat(), CODES_KEY: codes}
    draft.save(update_fields=["receipt"])
    return _back(draft, SAID_NEW_CODE)


def _person(draft: Draft) -> Person | None:
    """Whoever the draft has put on the list, as long as their account is open."""
    if draft.result is None:
        return None
    volunteers = Volunteer.objects.select_related("person__account", "person__organisation")
    found = volunteers.filter(
        pk=draft.result, organisation=draft.organisation_id, person__account__is_active=True
    ).first()
    return found.person if found else None


def _is_late(draft: Draft) -> bool:
    sent: str = (draft.receipt or {}).get("code_at", "")
    return bool(sent) and clock.now() - datetime.fromisoformat(sent) > CODE_LIVES


def _back(draft: Draft, said: str) -> HttpResponseRedirect:
    where = f"{reverse('join_step', args=['done'])}?{drafts.PARAMETER}={draft.id.hex}"
    return HttpResponseRedirect(f"{where}&{SAID_PARAMETER}={said}" if said else where)
