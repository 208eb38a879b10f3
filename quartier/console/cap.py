"""Alerts of authorities: one is brought, feeds are followed; what an alert proposes is set aside."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quartier.console.intake.boxes import LineField
from quartier.incidents import actions, queries
from quartier.incidents.access import proposal_for
from quartier.incidents.cap.reading import MOST_BYTES, NotAnAlert, read
from quartier.incidents.models import Feed
from quartier.lib import clock
from quartier.team.access import Actor

PROBLEMS = {
    "host": gettext_lazy("This host may no longer be read."),
    "answer": gettext_lazy("It did not answer the last time. We try again."),
    "long": gettext_lazy("What it returned was too long."),
    "shape": gettext_lazy("It did not return a warning or a list of warnings."),
}
CAME = {
    "proposed": gettext_lazy("Read. Look at what it proposes."),
    "known": gettext_lazy("This warning was read before."),
    "running": gettext_lazy("Read. What it is about is already running."),
    "withdrawn": gettext_lazy("Read. It withdraws what was proposed before."),
    "nothing": gettext_lazy(
        "Read. It proposes nothing: it is an exercise, or has ended, or is from another country, or is "
        "about something we have no template for."
    ),
}


class AlertForm(forms.Form):
    """An alert as text, or as a file."""

    use_required_attribute = False

    words = forms.CharField(
        label=gettext_lazy("The text of the warning"),
        help_text=gettext_lazy("A file in the format CAP 1.2: it begins with <?xml or <alert."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(label=gettext_lazy("Or the file"), required=False, widget=forms.FileInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        file = data.get("file")
        if file is not None and file.size > MOST_BYTES:
            self.add_error("file", _("This file is too long for a warning."))
            return data
        content = file.read() if file is not None else data.get("words", "").strip().encode(errors="replace")
        if not content:
            self.add_error("words", _("Paste a warning, or choose a file."))
            return data
        try:
            self.alert = read(content)
        except NotAnAlert:
            self.add_error(
                "file" if file else "words", _("This is not a CAP 1.2 warning. Is it the whole file?")
            )
        return data


class FeedForm(forms.Form):
    """The address of a feed."""

    use_required_attribute = False

    address = LineField(
        label=gettext_lazy("Address"),
        limit=300,
        required=True,
        error_messages={"required": gettext_lazy("Enter an address that begins with https.")},
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )


def show(request: HttpRequest) -> HttpResponse:
    """The page; sent, an alert is read, or a feed is followed or dropped."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form, address = AlertForm(), FeedForm()
    match request.POST.get("do"):
        case "bring":
            form = AlertForm(request.POST, request.FILES)
            if form.is_valid():
                came = actions.hear_alert(actor=actor, alert=form.alert, by_hand=True)
                messages.success(request, CAME[came])
                return redirect("incident_alerts")
        case "follow":
            address = FeedForm(request.POST)
            if address.is_valid() and _follow(actor, address):
                messages.success(request, _("We’ll read it from now on, every ten minutes."))
                return redirect("incident_alerts")
        case "drop":
            actions.drop_feed(actor=actor, feed_id=_uuid(request.POST.get("feed", "")))
            messages.success(request, _("We no longer follow it."))
            return redirect("incident_alerts")
    feeds = Feed.objects.filter(organisation=actor.organisation).order_by("address")
    context = {
        "form": form,
        "address": address,
        "feeds": [(feed, PROBLEMS.get(feed.problem, "")) for feed in feeds],
        "hosts": ", ".join(sorted(settings.CAP_HOSTS)),
        "alerted": queries.proposed(actor.organisation, clock.now()),
    }
    wrong = form.errors or address.errors
    return render(request, "console/incident_alerts.html", context, status=422 if wrong else 200)


def _follow(actor: Actor, form: FeedForm) -> bool:
    try:
        actions.add_feed(actor=actor, address=form.cleaned_data["address"])
    except actions.NotAllowed:
        form.add_error("address", _("Only https addresses of the hosts above can be read."))
    except actions.TooMany:
        form.add_error("address", _("You can follow at most three feeds. Remove one first."))
    return not form.errors


def act(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Set it aside."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    proposal = proposal_for(actor, proposal_id)
    if request.POST.get("do") != "dismiss":
        raise Http404
    actions.dismiss(actor=actor, proposal=proposal)
    messages.success(request, _("It is set aside, and its updates with it."))
    return redirect("incidents")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
