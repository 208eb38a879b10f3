"""Concerns: the list, one of them, and whom the group trusts outside of its team."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quartier.alerts import actions as alerts
from quartier.alerts.models import Alert
from quartier.alerts.queries import is_gathered, trustee_of
from quartier.concerns import actions, queries
from quartier.concerns.access import concern_for, sound_for, sounds_of
from quartier.concerns.models import Concern
from quartier.lib import clock, emergency, phone
from quartier.lib.text import one_line
from quartier.look.playing import played
from quartier.messaging.providers import ways_out
from quartier.people.actions import Who
from quartier.people.models import Person
from quartier.team.access import Actor
from quartier.team.models import Account

About = Concern.About
ABOUT = {
    About.TEAM: gettext_lazy("someone from the team"),
    About.VOLUNTEER: gettext_lazy("a volunteer"),
    About.NEIGHBOUR: gettext_lazy("someone from the neighbourhood"),
    About.HELPED: gettext_lazy("someone who is being helped"),
    About.PARTNER: gettext_lazy("another service"),
    About.UNKNOWN: gettext_lazy("it is not known who"),
}
BY = {
    Concern.By.HELPED: gettext_lazy("the person being helped"),
    Concern.By.VOLUNTEER: gettext_lazy("a volunteer"),
    Concern.By.TEAM: gettext_lazy("someone from the team"),
    Concern.By.ANYBODY: gettext_lazy("someone who did not sign in"),
    Concern.By.PHONE: gettext_lazy("a caller, by a key on the phone line"),
    Concern.By.WRITER: gettext_lazy("someone who has written to us"),
}


def show(request: HttpRequest) -> HttpResponse:
    """The list. Those that go around who reads it are not on it, and in no count."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = [(each, ABOUT[About(each.about)]) for each in queries.listed(actor)]
    closed = [row for row in rows if row[0].alert.state == Alert.State.CLOSED]
    context = {
        "open": [row for row in rows if row[0].alert.state != Alert.State.CLOSED],
        "closed": closed,
        "trustee": trustee_of(actor.organisation),
        "is_head": actor.has("admin"),
        "me": actor.id,
    }
    return render(request, "console/concerns.html", context)


def one(request: HttpRequest, concern_id: UUID) -> HttpResponse:
    """One concern. Who looks is written down."""
    return _page(request, concern_for(request.actor, concern_id))  # type: ignore[attr-defined]


def _page(request: HttpRequest, concern: Concern, typed: dict[str, str] | None = None) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    alert = concern.alert
    context = {
        "concern": concern,
        "alert": alert,
        "about": ABOUT[About(concern.about)],
        "by": BY[Concern.By(concern.by)],
        "tellings": alert.tellings.select_related("person").order_by("step"),
        "is_gathered": is_gathered(alert),
        "around": [row.account.name for row in alert.around.select_related("account")],
        "team": [member for member in queries.team(concern.organisation) if member.account != actor.id],
        "numbers": emergency.numbers(concern.organisation.country, concern.language),
        "mine": alert.taken_by_id == actor.id,
        "typed": typed or {},
        "me": actor.id,
        "sounds": sounds_of(actor, concern),
    }
    return render(request, "console/concern.html", context, status=422 if typed else 200)


def sound(request: HttpRequest, concern_id: UUID, audio_id: UUID) -> HttpResponse:
    """What a caller has said: heard here alone, by whom the concern does not go around."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return played(request, sound_for(actor, concern_for(actor, concern_id), audio_id))


def act(request: HttpRequest, concern_id: UUID) -> HttpResponse:
    """Take it, give it back, say whom it is about, that it is a danger, or what was done."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    concern = concern_for(actor, concern_id)
    try:
        match request.POST.get("do"):
            case "take":
                alerts.take(actor=actor, alert_id=concern.alert_id)
                messages.success(request, _("You are dealing with it. No one else will be alerted."))
            case "give_back":
                alerts.give_back(actor=actor, alert_id=concern.alert_id)
                messages.success(request, _("The next person in the team has been told."))
            case "danger":
                actions.is_danger(actor=actor, concern=concern)
                messages.success(
                    request, _("It is urgent now: one person after another is told within minutes.")
                )
            case "name":
                actions.name_whom(actor=actor, concern=concern, account=_account(request, actor))
                messages.success(request, _("From now on it is hidden from them."))
            case "close":
                given = {name: request.POST.get(name, "") for name in ("words", "answer")}
                try:
                    actions.close(actor=actor, concern=concern, **given)
                except actions.NothingSaid:
                    return _page(request, concern, given)
                messages.success(
                    request, _("It is closed. The person who raised it can read what you wrote for them.")
                )
            case _:
                raise Http404
    except alerts.NotYours:
        messages.warning(request, _("Someone else is already dealing with it."))
    return redirect("concern_page", concern.pk)


def _account(request: HttpRequest, actor: Actor) -> Account:
    try:
        key = UUID(request.POST.get("account", ""))
    except ValueError as error:
        raise Http404 from error
    found = Account.objects.filter(pk=key, organisation=actor.organisation).first()
    if found is None:
        raise Http404
    return found


# ---- whom the group trusts ----


class Trusted(forms.Form):
    """Somebody outside of the team, and a way to reach them."""

    use_required_attribute = False
    name = forms.CharField(
        max_length=120,
        label=gettext_lazy("Name"),
        error_messages={"required": gettext_lazy("Enter the name.")},
    )
    email = forms.EmailField(
        required=False,
        label=gettext_lazy("Email"),
        error_messages={"invalid": gettext_lazy("It should read like name@example.org.")},
    )
    phone = forms.CharField(required=False, max_length=60, label=gettext_lazy("Mobile number"))

    def __init__(self, *given: Any, country: str, **named: Any) -> None:
        super().__init__(*given, **named)
        self.country = country

    def clean_phone(self) -> str:
        typed = one_line(self.cleaned_data["phone"], 60)
        if not typed:
            return ""
        try:
            return phone.parse(typed, self.country)
        except phone.NotANumber as error:
            raise forms.ValidationError(_("We cannot read this number. Is a digit missing?")) from error

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        ways = ways_out.written_ways()
        if not self.errors and given.get("phone") and ways_out.TEXT not in ways and not given.get("email"):
            self.add_error("email", _("We do not send texts yet: enter an email address."))
        elif not self.errors and given.get("email") and ways_out.EMAIL not in ways and not given.get("phone"):
            self.add_error("phone", _("We do not send emails yet: enter a mobile number."))
        elif not self.errors and not given.get("email") and not given.get("phone"):
            self.add_error(
                "email", _("Enter an email address or a mobile number: they must be told within minutes.")
            )
        return given


def trustee(request: HttpRequest) -> HttpResponse:
    """Who is told of a concern when nobody of the team is left: outside of it, so that it goes around everybody."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    now = trustee_of(actor.organisation)
    before = {"name": now.person.name, "email": now.person.email, "phone": now.person.phone} if now else None
    form = Trusted(
        request.POST if request.method == "POST" else None, country=actor.organisation.country, initial=before
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        by_text = given["phone"] and (ways_out.TEXT in ways_out.written_ways() or not given["email"])
        channel = Person.Channel.TEXT if by_text else Person.Channel.EMAIL
        who = Who(given["name"], given["phone"], given["email"], request.LANGUAGE_CODE, channel)
        try:
            actions.trust(actor=actor, who=who)
        except ValueError:
            form.add_error("name", _("This is someone from the team. Choose someone outside it."))
        else:
            messages.success(request, _("Saved."))
            return redirect("concerns")
    status = 422 if form.is_bound else 200
    return render(
        request, "console/trustee.html", {"form": form, "now": now, "at": clock.now()}, status=status
    )
