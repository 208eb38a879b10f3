"""Objecting to not being put on the list of volunteers. Whoever asks learns nothing about anybody's number."""

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quartier.public import entrance
from quartier.public.concern.pages import private
from quartier.public.questions import Answers, Mail, PhoneNumber, Question, Words
from quartier.team.models import Organisation
from quartier.trust import actions


class Objection(Question):
    """The number or the address with which they tried to join, and why it should not be so."""

    title = _("What should we look at again?")
    phone = PhoneNumber(required=False, label=_("The number with which you tried to join"))
    email = Mail(required=False, label=_("Or the mail address"))
    words = Words(
        max_length=2000,
        lines=True,
        label=_("Why, in your own words"),
        help_text=_("Somebody reads it who did not decide before, and answers you."),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write a few words.")},
    )

    def clean(self) -> Answers:
        given = super().clean() or self.cleaned_data
        if not self.errors and not given.get("phone") and not given.get("email"):
            self.add_error("phone", _("Write the number or the mail address: without it we cannot find it."))
        return given


def show(request: HttpRequest) -> HttpResponse:
    """The form, and that it has come. The same for everybody, whether they are on a list or not."""
    organisation: Organisation = request.organisation  # type: ignore[attr-defined]
    form = Objection(
        request.POST if request.method == "POST" else None, organisation=organisation, answers={}
    )
    if request.method == "POST" and form.is_valid():
        if not entrance.may(request, "objection"):
            return entrance.refuse(request, reverse("objection"), kept=False)
        actions.appeal(organisation=organisation, **form.cleaned_data)
        return HttpResponseRedirect(f"{reverse('objection')}?done=1")
    return private(render(request, "public/objection.html", {"form": form, "done": request.GET.get("done")}))
