"""The private page, and the pages behind its buttons. A link that opens nothing says so, with the number to call."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from quartier.cases import actions as cases
from quartier.cases.models import Request, StatusLink
from quartier.cases.rules import NotPossible
from quartier.concerns import actions as concerns
from quartier.concerns.models import Concern
from quartier.expenses import access as expenses
from quartier.followup import actions as followup
from quartier.intake.models import Contact
from quartier.lib import clock
from quartier.people import wishes
from quartier.public.concern import forms as concern
from quartier.public.concern.pages import numbers
from quartier.public.questions import Question
from quartier.public.status import forms, showing
from quartier.public.status.frame import actor_of as acting
from quartier.public.status.frame import private
from quartier.shopping import queries as shopping
from quartier.telephony import queries as telephony
from quartier.visits import actions as visits
from quartier.visits.queries import last_done


def back(token: str, done: str = "") -> HttpResponseRedirect:
    address = reverse("status", args=[token])
    return HttpResponseRedirect(f"{address}?done={done}" if done else address)


def request_of(found: StatusLink, request_id: UUID) -> Request:
    one = Request.objects.select_related("organisation").filter(pk=request_id, case_id=found.case_id).first()
    if one is None:
        raise Http404
    return one


@private
def show(request: HttpRequest, token: str, found: StatusLink) -> HttpResponse:
    """What the holder of the link may know."""
    helps = showing.helps(found)
    if not helps:
        raise Http404
    context = {
        "link": found,
        "token": token,
        "first": helps[0],
        "others": helps[1:],
        "for_other": found.person_id != found.case.person_id,
        "person": showing.first_name(found.case.person),
        "done": request.GET.get("done", "")[:10],
        "money": expenses.of_link(found),
        "shopping": shopping.of_request(helps[0].request),
        "line_is_open": helps[0].at_night and telephony.is_open(found.organisation, clock.now()),
    }
    return render(request, "public/status/page.html", context)


def form_page(
    request: HttpRequest, token: str, found: StatusLink, form: Question, one: Request | None, template: str
) -> HttpResponse:
    context = {"form": form, "token": token, "link": found, "back": reverse("status", args=[token])}
    if one is not None:
        context["help"] = next((each for each in showing.helps(found) if each.request.pk == one.pk), None)
    return render(request, template, context)


@private
def time(request: HttpRequest, token: str, found: StatusLink, request_id: UUID) -> HttpResponse:
    """Another time."""
    one = request_of(found, request_id)
    form = forms.Time(
        request.POST if request.method == "POST" else None, organisation=one.organisation, answers={}
    )
    if request.method == "POST" and form.is_valid():
        try:
            window, urgency = form.window_of(one)
            visits.move_request(actor=acting(found), request=one, window=window, urgency=urgency)
        except NotPossible:
            return back(token, "over")
        return back(token, "time")
    return form_page(request, token, found, form, one, "public/status/form.html")


def details(request: HttpRequest, token: str, found: StatusLink, one: Request) -> HttpResponse:
    """Other words, for help without a list (see `lists`, which has found the link)."""
    form = forms.List(
        request.POST if request.method == "POST" else None,
        organisation=one.organisation,
        answers={},
        initial={"details": one.details},
    )
    if request.method == "POST" and form.is_valid():
        try:
            cases.change_request(actor=acting(found), request=one, details=form.cleaned_data["details"])
        except NotPossible:
            return back(token, "over")
        return back(token, "list")
    return form_page(request, token, found, form, one, "public/status/form.html")


@private
def cancel(request: HttpRequest, token: str, found: StatusLink, request_id: UUID) -> HttpResponse:
    """No help needed any more: asked once, in kind words."""
    one = request_of(found, request_id)
    if one.state == Request.State.CLOSED:
        return back(token, "cancel" if one.closure == Request.Closure.WITHDRAWN else "over")
    if request.method == "POST":
        visits.end_request(actor=acting(found), request=one, closure=Request.Closure.WITHDRAWN)
        return back(token, "cancel")
    form = forms.Cancel(organisation=one.organisation, answers={})
    return form_page(request, token, found, form, one, "public/status/cancel.html")


@private
def past(request: HttpRequest, token: str, found: StatusLink, request_id: UUID) -> HttpResponse:
    """Its time is over: still needed, done, or not needed any more. Said after somebody else has, nothing changes."""
    one = request_of(found, request_id)
    if request.method == "POST":
        answered = followup.answer_overdue(actor=acting(found), request=one, said=request.POST.get("do", ""))
        return back(token, {"needed": "again", "done": "thanked"}.get(answered, answered))
    return back(token)


@private
def tell(request: HttpRequest, token: str, found: StatusLink) -> HttpResponse:
    """A thank you, or what was not right."""
    helped = last_done(found.case, clock.now() - visits.THANKED_WITHIN) is not None
    form = forms.Tell(
        request.POST if request.method == "POST" else None,
        organisation=found.case.organisation,
        answers={"helped": helped},
    )
    if request.method == "POST" and form.is_valid():
        actor = acting(found)
        if form.cleaned_data.get("thanks"):
            visits.thank(actor=actor, case=found.case, said=form.cleaned_data["thanks"])
        if form.cleaned_data["words"]:
            cases.hear(
                actor=actor,
                case=found.case,
                person=found.person,
                channel=Contact.Channel.WEB,
                words=form.cleaned_data["words"],
            )
        elif not form.cleaned_data["call"]:
            return back(token, "thanks")
        if form.cleaned_data["call"]:
            visits.wants_call(actor=actor, case=found.case)
        return back(token, "call" if form.cleaned_data["call"] else "tell")
    return form_page(request, token, found, form, None, "public/status/form.html")


@private
def wrong(request: HttpRequest, token: str, found: StatusLink) -> HttpResponse:
    """Something is wrong: a concern, about who was sent to her or anybody else. It stands nowhere in her file."""
    organisation = found.case.organisation
    helpers = showing.who_came(found)
    form = concern.Wrong(
        request.POST if request.method == "POST" else None,
        organisation=organisation,
        answers={},
        helpers=[(str(one.pk), name) for name, one in helpers],
    )
    if request.method == "POST" and form.is_valid():
        about = form.cleaned_data["about"]
        who = next((one for _name, one in helpers if str(one.pk) == about), None)
        said = form.said(
            about=Concern.About.VOLUNTEER if who else about,
            volunteer=who,
            by=Concern.By.HELPED,
            by_person=found.person,
            case=found.case,
        )
        _row, follow = concerns.raise_concern(actor=acting(found), said=said)
        return redirect("concern_follow", follow)
    context = {"form": form, "back": reverse("status", args=[token]), **numbers(organisation)}
    return render(request, "public/concern/wrong.html", context)


@private
def told(request: HttpRequest, token: str, found: StatusLink) -> HttpResponse:
    """How and when the holder of the link wants to be told things."""
    form = forms.Told(
        request.POST if request.method == "POST" else None,
        organisation=found.case.organisation,
        person=found.person,
    )
    if request.method == "POST" and form.is_valid():
        wishes.write_down(actor=acting(found), person=found.person, page=form.page())
        return back(token, "told")
    return form_page(request, token, found, form, None, "public/status/form.html")


@private
def revoke(request: HttpRequest, token: str, found: StatusLink) -> HttpResponse:
    """The link stops working, for a device that others use too."""
    if request.method == "POST":
        cases.revoke_links(actor=acting(found), case=found.case, person=found.person)
        return render(request, "public/status/gone.html", {"revoked": True})
    form = forms.Cancel(organisation=found.case.organisation, answers={})
    return form_page(request, token, found, form, None, "public/status/revoke.html")
