"""The private page, and the pages behind its buttons. A link that opens nothing says so, with the number to call."""

from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from quartier.cases import actions as cases
from quartier.cases import rides
from quartier.cases.models import Request, Series, StatusLink
from quartier.cases.rules import NotPossible
from quartier.concerns import actions as concerns
from quartier.concerns.models import Concern
from quartier.conversation import actions as conversation
from quartier.conversation import danger, relayed_words
from quartier.conversation.actions import PageWords
from quartier.conversation.numbers import with_numbers
from quartier.expenses import access as expenses
from quartier.followup import actions as followup
from quartier.intake.models import Contact
from quartier.lib import clock
from quartier.lib.waiting_form import answer_by_redirect, sent_or_waiting
from quartier.people import wishes
from quartier.public.ask.when import urgency_of
from quartier.public.concern import forms as concern
from quartier.public.concern.pages import numbers
from quartier.public.questions import Question
from quartier.public.status import forms, showing, weekly
from quartier.public.status.frame import CLOSED_PARAMETER, after_call, of_person, private
from quartier.public.status.frame import actor_of as acting
from quartier.public.status.steps import first_name
from quartier.shopping import queries as shopping
from quartier.team.access import Actor
from quartier.telephony import queries as telephony
from quartier.visits import actions as visits
from quartier.visits.models import Assignment
from quartier.visits.queries import last_done

# Times of regular help that have taken place, on the page itself.
MAX_EARLIER_TIMES = 5


def back(token: str, done: str = "", one: Request | None = None) -> HttpResponseRedirect:
    """`one`: what was changed, where the page shows other help too and would seem to speak of that."""
    address = reverse("status", args=[token])
    if one is not None and _is_one_of_several(one):
        return HttpResponseRedirect(f"{address}?done={done}&of={one.pk}")
    return HttpResponseRedirect(f"{address}?done={done}" if done else address)


def _is_one_of_several(one: Request) -> bool:
    others = Request.objects.filter(case_id=one.case_id).exclude(pk=one.pk)
    return others.exclude(state=Request.State.CLOSED).exists()


def heard_words(
    found: StatusLink, words: str, about: UUID | None = None, *, is_read: bool = False
) -> PageWords:
    """What the holder of the link wrote, once it is heard whether somebody is in danger. `is_read`: the page says that
    our team reads it."""
    case = found.case
    return conversation.hear_on_page(
        person=found.person, words=words, about=about or case.pk, case=case, is_read=is_read
    )


def request_of(found: StatusLink, request_id: UUID) -> Request:
    requests = Request.objects.select_related("organisation", "series__organisation")
    one = requests.filter(pk=request_id, case_id=found.case_id).first()
    if one is None:
        raise Http404
    return one


def request_to_change(found: StatusLink, request_id: UUID) -> Request:
    """As `request_of`. What was said to be done ahead of its time stands for them as before."""
    one = request_of(found, request_id)
    showing.as_they_know(one, list(one.assignments.all()), clock.now())
    return one


def being_changed(found: StatusLink, shown: Request) -> Request:
    """The same once they change it: then it stands as before for all. Not where their form could not be taken."""
    with suppress(NotPossible):
        followup.undo_done_ahead(actor=acting(found), request=shown)
    return request_of(found, shown.pk)


@private
@after_call
def show(request: HttpRequest, token: str, found: StatusLink, until: datetime | None = None) -> HttpResponse:
    """What the holder of the link may know."""
    helps = showing.helps(found, until)
    if not helps:
        raise Http404
    if until is not None:
        return _as_it_was_asked(request, token, found, helps)
    listed = shopping.of_request(helps[0].request)
    changed = next((each for each in helps if str(each.request.pk) == request.GET.get("of", "")), None)
    showing.put_told(helps, listed)
    context = {
        "link": found,
        "token": token,
        "first": helps[0],
        "others": [each for each in helps[1:] if not weekly.is_earlier_time(each)],
        "earlier": [each for each in helps[1:] if weekly.is_earlier_time(each)][:MAX_EARLIER_TIMES],
        # The buttons say which one they are for, and after one is cancelled, what goes on.
        "is_one_of_several": sum(not each.is_over for each in helps) > 1,
        "going_on": [each.what for each in helps if not each.is_over and not each.is_past],
        "for_other": found.person_id != found.case.person_id,
        "person": first_name(found.case.person),
        "done": request.GET.get("done", "")[:10],
        "changed": f"{changed.what}, {changed.noted}." if changed else "",
        "again": weekly.series_of(helps),
        "can_begin": next((each for each in helps if weekly.can_begin(each)), None),
        "money": expenses.of_link(found),
        "most_cents": shopping.most_cents(
            helps[0].request.organisation, listed.budget_cents if listed else None
        ),
        "line_is_open": helps[0].at_night and telephony.is_open(found.organisation, clock.now()),
    }
    return render(request, "public/status/page.html", context)


def _as_it_was_asked(
    request: HttpRequest, token: str, found: StatusLink, helps: list[showing.Help]
) -> HttpResponse:
    """How it is with what was asked with the form, for whoever cannot be written to and has called since. What was said
    then is not here, nor is anything of the household: whoever holds the page may be somebody else."""
    context = {
        "link": found,
        "token": token,
        "first": helps[0],
        "others": [each for each in helps[1:] if not weekly.is_earlier_time(each)],
        "for_other": found.person_id != found.case.person_id,
        "person": first_name(found.case.person),
        "most_cents": shopping.most_cents(helps[0].request.organisation, None),
        "parts": "public/status/after_call.html",
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
@answer_by_redirect
def time(request: HttpRequest, token: str, found: StatusLink, request_id: UUID) -> HttpResponse:
    """Another time."""
    one = request_to_change(found, request_id)
    form = forms.Time.of_request(sent_or_waiting(request), one)
    if request.method == "POST" and form.is_valid():
        one = being_changed(found, one)
        try:
            window, urgency = form.window_of(one)
            visits.move_request(actor=acting(found), request=one, window=window, urgency=urgency)
        except NotPossible:
            return back(token, "over")
        return back(token, "time" if _somebody_comes(one) else "time_bare", one)
    return form_page(request, token, found, form, one, "public/status/form.html")


def details(request: HttpRequest, token: str, found: StatusLink, one: Request) -> HttpResponse:
    """Other words, for help without a list (see `lists`, which has found the link)."""
    known = rides.read_ride(one.details) if one.kind == rides.RIDE_KIND else None
    if known is not None:
        return _ride_details(request, token, found, one, known)
    form = forms.List(
        sent_or_waiting(request),
        organisation=one.organisation,
        answers={},
        initial={"details": one.details},
    )
    if request.method == "POST" and form.is_valid():
        heard = heard_words(found, form.cleaned_data["details"], one.pk)
        try:
            # Words that an alert has alone change nothing here.
            if not heard.is_aside:
                one = being_changed(found, one)
                visits.change_details(actor=acting(found), request=one, details=heard.to_keep)
        except NotPossible:
            return with_numbers(back(token, "over"), heard.signs)
        return with_numbers(_changed(token, one, heard), heard.signs)
    return form_page(request, token, found, form, one, "public/status/form.html")


def _ride_details(
    request: HttpRequest, token: str, found: StatusLink, one: Request, known: rides.RideWords
) -> HttpResponse:
    """A ride: with another hour, whoever drives hears it as they hear of any other time."""
    is_other = found.person_id != found.case.person_id
    form = forms.RideDetails.of_request(sent_or_waiting(request), one, known, is_other=is_other)
    if request.method == "POST" and form.is_valid():
        heard = heard_words(found, form.cleaned_data["more"], one.pk)
        if heard.is_aside:
            form.cleaned_data["more"] = known.more
        one = being_changed(found, one)
        try:
            change_ride(actor=acting(found), request=one, form=form)
        except NotPossible:
            return with_numbers(back(token, "over"), heard.signs)
        return with_numbers(_changed(token, one, heard), heard.signs)
    return form_page(request, token, found, form, one, "public/status/form.html")


@transaction.atomic
def change_ride(*, actor: Actor, request: Request, form: forms.RideDetails) -> None:
    """Where it goes, and the hour with its window. Raises `NotPossible` when it is over."""
    if form.window is not None:
        urgency = urgency_of({"urgency": "date", "from": form.window[0].isoformat()}, clock.now())
        visits.move_request(actor=actor, request=request, window=form.window, urgency=urgency)
    visits.change_details(actor=actor, request=request, details=form.details())


def _changed(token: str, one: Request, heard: PageWords) -> HttpResponseRedirect:
    return back(token, "tell") if heard.is_aside else back(token, list_changed(one), one)


def list_changed(one: Request) -> str:
    """What is said of a change: that whoever comes sees it, where somebody does."""
    return "list" if _somebody_comes(one) else "list_alone"


def _somebody_comes(one: Request) -> bool:
    return one.assignments.filter(state__in=Assignment.ACTIVE).exists()


@private
def cancel(request: HttpRequest, token: str, found: StatusLink, request_id: UUID) -> HttpResponse:
    """No help needed any more: asked once, in kind words. Of help that comes again: this time, or all of it."""
    one = request_to_change(found, request_id)
    if one.state == Request.State.CLOSED:
        return back(token, "cancel" if one.closure == Request.Closure.WITHDRAWN else "over")
    series = one.series if one.series and one.series.state != Series.State.ENDED else None
    if request.method == "POST" and series is None:
        one = being_changed(found, one)
        if one.state == Request.State.CLOSED:
            return back(token, "over")
        visits.end_request(actor=acting(found), request=one, closure=Request.Closure.WITHDRAWN)
        return back(token, "cancel")
    if request.method == "POST" and series is not None:
        which = request.POST.get("do", "")
        if which in {"all", "once"}:
            one = being_changed(found, one)
        if which == "once" and one.state == Request.State.CLOSED:
            return back(token, "over")
        if which == "all":
            visits.end_series(actor=acting(found), series=series)
            return back(token, "end")
        if which == "once" and one.day:
            visits.leave_out(actor=acting(found), series=series, day=one.day)
            return back(token, "leave_out")
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
@answer_by_redirect
def tell(request: HttpRequest, token: str, found: StatusLink) -> HttpResponse:
    """A thank you, or what was not right."""
    came = last_done(found.case, clock.now() - visits.THANKED_WITHIN)
    helped = first_name(came.volunteer.person) if came else ""
    form = forms.Tell(
        sent_or_waiting(request),
        organisation=found.case.organisation,
        answers={"helped": helped},
    )
    if request.method == "POST" and form.is_valid():
        heard = heard_words(found, form.cleaned_data["words"], is_read=True)
        return with_numbers(back(token, _told(found, form.cleaned_data, heard)), heard.signs)
    return form_page(request, token, found, form, None, "public/status/form.html")


def _told(found: StatusLink, given: dict[str, Any], heard: PageWords) -> str:
    """Keep what was told, and do what is wished with it; what the page says then."""
    actor = acting(found)
    if given.get("thanks"):
        visits.thank(actor=actor, case=found.case, said=given["thanks"])
    if given["words"]:
        cases.hear(
            actor=actor,
            case=found.case,
            person=found.person,
            channel=Contact.Channel.WEB,
            words=heard.to_keep,
        )
        if given.get("pass_on") and not given["call"]:
            return "thanks" if not heard.is_aside and _pass_on(found, given["words"]) else "tell"
    elif not given["call"]:
        return "thanks"
    if given["call"]:
        visits.wants_call(actor=actor, case=found.case)
        return "call"
    return "tell"


def _pass_on(found: StatusLink, words: str) -> bool:
    """Whether these words have gone to whoever came. Words of danger are for the team alone, and so is a wish to be
    called: whoever came may be what it is about."""
    if danger.signs(words):
        return False
    passed = visits.pass_on_thanks(
        actor=acting(found), case=found.case, words=relayed_words.without_ways(words)
    )
    return passed is not None


@private
@answer_by_redirect
def wrong(request: HttpRequest, token: str, found: StatusLink) -> HttpResponse:
    """Something is wrong: a concern, about who was sent to her or anybody else. It stands nowhere in her file."""
    organisation = found.case.organisation
    helpers = showing.who_came(found)
    form = concern.Wrong(
        sent_or_waiting(request),
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
@of_person
@answer_by_redirect
def told(request: HttpRequest, token: str, found: StatusLink) -> HttpResponse:
    """How and when the holder of the link wants to be told things."""
    form = forms.Told(
        sent_or_waiting(request),
        organisation=found.case.organisation,
        person=found.person,
    )
    if request.method == "POST" and form.is_valid():
        wishes.write_down(actor=acting(found), person=found.person, page=form.page())
        return back(token, "told")
    return form_page(request, token, found, form, None, "public/status/form.html")


@private
@after_call
def revoke(
    request: HttpRequest, token: str, found: StatusLink, _until: datetime | None = None
) -> HttpResponse:
    """The link stops working, for a device that others use too."""
    if request.method == "POST":
        cases.close_page(actor=acting(found), link=found)
        # The link opens nothing from now on: its page says so, and that it was they who closed it.
        return HttpResponseRedirect(f"{reverse('status', args=[token])}?{CLOSED_PARAMETER}=1")
    form = forms.Cancel(organisation=found.case.organisation, answers={})
    return form_page(request, token, found, form, None, "public/status/revoke.html")
