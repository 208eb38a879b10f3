"""The public page for whoever is worried, the page on which they follow it, and that of the trustee."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language

from quartier.alerts.models import Alert
from quartier.alerts.queries import is_gathered
from quartier.concerns import access, actions
from quartier.concerns.models import Concern
from quartier.lib import emergency
from quartier.lib.waiting_form import answer_by_redirect, sent_or_waiting
from quartier.look.playing import played
from quartier.public import entrance
from quartier.public.concern import forms
from quartier.team.access import system
from quartier.team.models import Organisation


@answer_by_redirect
def tell(request: HttpRequest) -> HttpResponse:
    """Anybody can raise one. Without the proof of work it is taken all the same, and marked."""
    organisation: Organisation = request.organisation  # type: ignore[attr-defined]
    form = forms.Worry(sent_or_waiting(request), organisation=organisation, answers={})
    if request.method == "POST" and form.is_valid():
        if not entrance.may(request, "concern"):
            return entrance.refuse(request, reverse("concern"), kept=False)
        said = form.said(by=Concern.By.ANYBODY, unproven=not entrance.is_proven(request, "concern"))
        _concern, token = actions.raise_concern(actor=system(organisation), said=said)
        return redirect("concern_follow", token)
    return private(
        render(
            request,
            "public/concern/tell.html",
            {"form": form, "challenge": entrance.challenge("concern"), **numbers(organisation)},
        )
    )


def follow(request: HttpRequest, token: str) -> HttpResponse:
    """How it stands, for whoever raised it: never the words again, for they may be read over a shoulder."""
    concern = access.by_token(token, request.actor)  # type: ignore[attr-defined]
    _here(request, concern)
    return private(
        render(
            request,
            "public/concern/follow.html",
            {
                "concern": concern,
                "alert": concern.alert,
                # Nobody was told yet, and somebody is, with another danger, within two minutes.
                "is_told": concern.alert.told or is_gathered(concern.alert),
                **numbers(concern.organisation),
            },
        )
    )


@answer_by_redirect
def trustee(request: HttpRequest, token: str) -> HttpResponse:
    """The concern for whom the group trusts outside of its team, who can close it as well."""
    concern, outside = access.for_trustee(token, request.actor)  # type: ignore[attr-defined]
    _here(request, concern)
    form = forms.Closing(sent_or_waiting(request), organisation=concern.organisation, answers={})
    form.reaches(concern)
    if request.method == "POST" and concern.alert.state != Alert.State.CLOSED and form.is_valid():
        given = form.cleaned_data
        actions.close(actor=outside, concern=concern, words=given["words"], answer=given["outcome"])
        return redirect("concern_trustee", token)
    return private(
        render(
            request,
            "public/concern/trustee.html",
            {
                "concern": concern,
                "alert": concern.alert,
                "form": form,
                "token": token,
                "sounds": access.sounds_of(outside, concern),
                **numbers(concern.organisation),
            },
        )
    )


def trustee_sound(request: HttpRequest, token: str, audio_id: UUID) -> HttpResponse:
    """What was said on the line when it was raised, for whom the group trusts outside of its team."""
    concern, outside = access.for_trustee(token, request.actor)  # type: ignore[attr-defined]
    _here(request, concern)
    return private(played(request, access.sound_for(outside, concern, audio_id)))


def _here(request: HttpRequest, concern: Concern) -> None:
    """The frame of the page is that of the organisation; another one's address opens nothing."""
    if concern.organisation_id != request.organisation.pk:  # type: ignore[attr-defined]
        raise Http404


def numbers(organisation: Organisation) -> dict[str, Any]:
    """Whom to call in danger, from the table with its dates."""
    return {"numbers": emergency.numbers(organisation.country, get_language() or "en")}


def private(response: HttpResponse) -> HttpResponse:
    """Kept by no cache, found by no search engine, told to no other site."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
