"""Writing a concern down for somebody: during a call, from a file, or for oneself."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quartier.alerts.queries import is_gathered
from quartier.cases.access import case_for
from quartier.cases.models import Case
from quartier.concerns import actions, queries
from quartier.concerns.models import Concern
from quartier.console.concerns import ABOUT
from quartier.lib import clock, emergency, kept
from quartier.people.models import Person
from quartier.team.access import Actor
from quartier.team.models import Account
from quartier.telephony.access import call_for
from quartier.telephony.models import Call
from quartier.visits.models import Assignment

About = Concern.About
# Whom a caller is worried about, the likeliest first.
OFFERED_ABOUT = (
    *(About.NEIGHBOUR, About.HELPED, About.VOLUNTEER, About.TEAM),
    *(About.PARTNER, About.UNKNOWN),
)
# In the session: what is half written.
DRAFT_KEY = "concern_form"
# Where somebody can be found is asked of these alone.
HAS_ADDRESS = {About.NEIGHBOUR, About.HELPED}


class ConcernForm(forms.Form):
    """A concern that somebody of the team writes down: their own, or what somebody tells them. Whom it is about is
    chosen, never assumed: it decides who may read it."""

    use_required_attribute = False
    about = forms.ChoiceField(
        label=gettext_lazy("Who is it about?"),
        choices=[(code.value, ABOUT[code]) for code in OFFERED_ABOUT],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose who it is about, or “it is not known who”.")},
    )
    is_caller = forms.BooleanField(required=False)
    account = forms.UUIDField(required=False)
    volunteer = forms.UUIDField(required=False)
    named = forms.CharField(required=False, max_length=120)
    address = forms.CharField(required=False, max_length=200)
    words = forms.CharField(
        max_length=4000,
        error_messages={"required": gettext_lazy("Write down what was said, in a few words.")},
    )
    contact = forms.CharField(required=False, max_length=200)
    danger = forms.BooleanField(required=False)


def concern_tell(request: HttpRequest) -> HttpResponse:
    """Written down during a call (`call`), from a file (`case`), or for oneself; then back to where one came from."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case, call = _context(request, actor)
    visits = Assignment.objects.filter(request__case=case).select_related("volunteer__person") if case else []
    volunteers = {visit.volunteer_id: visit.volunteer for visit in visits}
    subject = f"{case.pk if case else ''} {call.pk if call else ''}"
    if request.method == "POST" and request.headers.get("X-Requested-With") == "fetch":
        is_kept = kept.keep(request.session, subject, request.POST, clock.now(), key=DRAFT_KEY)
        return JsonResponse({}, status=200 if is_kept else 409)
    if request.method == "POST":
        form = ConcernForm(request.POST)
    else:
        form = ConcernForm(initial=_half_written(request, subject))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        about = given["about"]
        team = {member.account for member in queries.team(actor.organisation)}
        account = Account.objects.get(pk=given["account"]) if given["account"] in team else None
        concern, token = actions.raise_concern(
            actor=actor,
            said=actions.Raised(
                about=about,
                words=given["words"],
                by=Concern.By.TEAM,
                danger=given["danger"],
                account=account if about == About.TEAM else None,
                volunteer=volunteers.get(given["volunteer"]) if about == About.VOLUNTEER else None,
                person=_person(given, case, call) if about == About.HELPED else None,
                named=given["named"],
                address=given["address"] if about in HAS_ADDRESS else "",
                contact=given["contact"],
                by_person=Person.objects.filter(account=actor.account).first(),
                case=case,
                call=call,
            ),
        )
        kept.forget(request.session, key=DRAFT_KEY)
        return _go_back(request, concern, token)
    context = {
        "form": form,
        "case": case,
        "call": call,
        "volunteers": volunteers.values(),
        "team": queries.team(actor.organisation),
        "numbers": emergency.numbers(actor.organisation.country, request.LANGUAGE_CODE),
    }
    return render(request, "console/concern_tell.html", context, status=422 if form.is_bound else 200)


def _half_written(request: HttpRequest, subject: str) -> dict[str, str]:
    """What was typed for this call or file and not sent: whoever leaves the page for a moment finds it again."""
    found = kept.read(request.session, clock.now(), key=DRAFT_KEY)
    return dict(found[1]) if found is not None and found[0] == subject else {}


def _person(given: dict[str, Any], case: Case | None, call: Call | None) -> Person | None:
    """Whose file it was written from; on a call the caller only where that was said, since most of those who call in
    worry are worried about somebody else."""
    if case is not None:
        return case.person
    return call.person if call is not None and given["is_caller"] else None


def _go_back(request: HttpRequest, concern: Concern, token: str) -> HttpResponse:
    """To the call, the file or the desk, with a word that it is noted. The page by which it is followed is another
    tab's, so that nobody leaves a call for it, and does not exist for whom the concern goes around."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not concern.alert.told and not is_gathered(concern.alert):
        words = _(
            "Saved. But at the moment no one may read it: in an emergency, call one of the numbers yourself."
        )
        messages.warning(request, words)
    else:
        words = (
            _("Saved. Someone is being told now, and if they do not answer, the next person.")
            if concern.alert.degree == "danger"
            else _("Saved. Someone will read it within a day.")
        )
        if not concern.alert.around.filter(account=actor.id).exists():
            words = format_html(
                '{} <a href="{}" target="_blank" rel="noopener">{}</a>',
                *(words, reverse("concern_follow", args=[token]), _("What happens with it")),
            )
        messages.success(request, words)
    if concern.call_id is not None:
        return redirect("line_call", concern.call_id)
    if concern.case_id is not None:
        return redirect("case_page", concern.case_id)
    return redirect("concerns" if actor.has("coordinator", "admin") else "board")


def _context(request: HttpRequest, actor: Actor) -> tuple[Case | None, Call | None]:
    """The file and the call in which it was said, each through its own gate."""
    given = request.POST if request.method == "POST" else request.GET
    try:
        case = case_for(actor, UUID(given["case"])) if given.get("case") else None
        call = call_for(actor, UUID(given["call"])) if given.get("call") else None
    except ValueError as error:
        raise Http404 from error
    return case, call
