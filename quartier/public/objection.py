"""Objecting to not being put on the list of volunteers. Whoever asks learns nothing about anybody's number."""

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quartier.concerns import queries as concerns
from quartier.concerns import rules as names
from quartier.concerns.actions import Raised, raise_concern
from quartier.concerns.models import Concern
from quartier.conversation import danger
from quartier.conversation.numbers import with_numbers
from quartier.lib.waiting_form import answer_by_redirect, sent_or_waiting
from quartier.public import entrance
from quartier.public.concern.pages import private
from quartier.public.questions import Answers, Mail, PhoneNumber, Question, Words
from quartier.team.access import system
from quartier.team.models import Organisation
from quartier.trust import actions


class Objection(Question):
    """The number or the address with which they tried to join, and why it should not be so."""

    title = _("What should we look at again?")
    phone = PhoneNumber(required=False, label=_("The phone number you tried to sign up with"))
    email = Mail(required=False, label=_("Or the email address"))
    words = Words(
        max_length=2000,
        lines=True,
        label=_("Why, in your own words"),
        help_text=_("Someone who did not take the first decision will read it and answer you."),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write a few words.")},
    )

    def clean(self) -> Answers:
        given = super().clean() or self.cleaned_data
        if not self.errors and not given.get("phone") and not given.get("email"):
            self.add_error(
                "phone", _("Enter the number or the email address: without it we cannot find your case.")
            )
        return given


def _alarm(organisation: Organisation, given: Answers) -> None:
    """Whoever objects is perhaps nobody whom we know: their words of danger are a concern."""
    said = Raised(
        Concern.About.UNKNOWN,
        given["words"],
        Concern.By.ANYBODY,
        danger=True,
        contact=given["phone"] or given["email"],
    )
    raise_concern(actor=system(organisation), said=said)


@answer_by_redirect
def show(request: HttpRequest) -> HttpResponse:
    """The form, and that it has come. The same for everybody, whether they are on a list or not."""
    organisation: Organisation = request.organisation  # type: ignore[attr-defined]
    form = Objection(sent_or_waiting(request), organisation=organisation, answers={})
    if request.method == "POST" and form.is_valid():
        if not entrance.may(request, "objection"):
            return entrance.refuse(request, reverse("objection"), kept=False)
        words = form.cleaned_data["words"]
        signs = danger.signs(words)
        if signs:
            _alarm(organisation, form.cleaned_data)
        # Who is named in words of danger reads the list of objections too: then the concern alone has them.
        if not signs or not names.named(concerns.team(organisation), words):
            actions.appeal(organisation=organisation, **form.cleaned_data)
        return with_numbers(HttpResponseRedirect(f"{reverse('objection')}?done=1"), signs)
    return private(render(request, "public/objection.html", {"form": form, "done": request.GET.get("done")}))
